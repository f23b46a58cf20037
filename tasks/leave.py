"""Somebody leaves or is away: what they owed moves to cover in the same transaction, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dealership.events import bus
from dealership.events.catalogue.staff import StaffAway, StaffLeft
from dealership.staff.roles import Role
from tasks import batches, rulebook
from tasks.models import Notice, Promise, Transition
from tasks.opening import Desk


@bus.remember(StaffLeft, must=True)
def cover_who_left(facts: Sequence[StaffLeft]) -> None:
    """Every open promise of somebody who left has another owner before the leaving is committed."""
    for fact in facts:
        move_all(fact.store_id, fact.staff_id, why=f"{fact.name} no longer works here.", now=fact.at)


@bus.remember(StaffAway, must=True)
def cover_who_is_away(facts: Sequence[StaffAway]) -> None:
    """The same for somebody who is away from now on."""
    for fact in facts:
        reason = f" ({fact.reason})" if fact.reason else ""
        move_all(fact.store_id, fact.staff_id, why=f"{fact.name} is away{reason}.", now=fact.at)


def move_all(store_id: int, staff_id: int, *, why: str, now: datetime) -> int:
    """Moves every open promise of this person to whoever is next for its role. Returns how many."""
    rows = list(
        Promise.objects.of_store(store_id)
        .select_for_update(of=("self",))
        .filter(owner_id=staff_id, state=Promise.State.OPEN)
        .order_by("pk")
    )
    if not rows:
        return 0
    desk = Desk.for_stores([store_id])
    without = frozenset({staff_id})
    acts, notices = [], []
    for row in rows:
        choice = desk.rota.choose(store_id=store_id, role=_role(row), at=now, without=without)
        batches.give(row, choice.staff_id, at=now)
        row.why = {**row.why, "owner": [why, *choice.why]}
        act = {"act": Transition.Act.MOVED, "at": now, "why": why, "owner_before_id": staff_id}
        acts.append((row, {**act, "owner_after_id": choice.staff_id}))
        notices.append(
            Notice(
                store_id=store_id,
                staff_id=choice.staff_id,
                promise=row,
                act=Transition.Act.MOVED,
                words=f"Now yours: {row.sentence}. {why}"[:200],
                at=now,
            )
        )
    desk.rota.keep_turns()
    batches.hold_active({row.owner_id for row in rows})
    batches.save_many(rows)
    batches.record_many(acts)
    batches.notify_many(notices)
    return len(rows)


def _role(row: Promise) -> Role:
    """Who answers for it now: the role of the rung that it has climbed to, else the rule's own."""
    try:
        rule = rulebook.rule_of(row.rule)
    except KeyError:
        return Role.GENERAL_MANAGER
    climbed = min(row.rung, len(rule.ladder.rungs))
    return rule.ladder.rungs[climbed - 1].role if climbed else rule.owed_by
