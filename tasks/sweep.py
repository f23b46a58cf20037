"""The sweep: what time does to promises. Warns, offers on, breaks, climbs, reminds; set-based, several workers at once.

Rows are claimed with SKIP LOCKED on one partial index and written in one statement a batch. A row that fails is tried by
itself, and set aside when it fails again and again; it stops nobody. After an outage everything due is done in order, each
act stamped with the time at which it was due, not the time of the sweep.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dealership import doorbell
from dealership.language import in_english
from dealership.staff.roles import Role
from tasks import batches, opening, rulebook
from tasks import due as due_times
from tasks.models import Notice, Promise, Transition
from tasks.opening import Desk
from tasks.playbook import Rule

log = logging.getLogger(__name__)

BATCH = 500
#: A promise that fails this often is set aside for a person.
PARK_AFTER = 5
#: Offered to so many people by turn; after that the ladder takes over.
OFFERS = 3

Acts = list[tuple[Promise, dict[str, Any]]]


def run(now: datetime, *, batch: int = BATCH) -> dict[str, int]:
    """Everything that is due by `now`. Returns how many promises were swept and how many failed."""
    swept = failed = 0
    while True:
        ids = _due(now, batch)
        if not ids:
            return {"swept": swept, "failed": failed}
        try:
            swept += _sweep(ids, now)
        except Exception:
            log.exception("A batch of promises failed; each is tried by itself.")
            for pk in ids:
                try:
                    swept += _sweep([pk], now)
                except Exception as error:
                    failed += 1
                    _set_aside(pk, error, now)


def _due(now: datetime, batch: int) -> list[int]:
    return list(
        Promise.objects.across_stores("the sweep serves all stores")
        .filter(state=Promise.State.OPEN, parked_at__isnull=True, next_step_at__lte=now)
        .order_by("next_step_at")
        .values_list("pk", flat=True)[:batch]
    )


@transaction.atomic
def _sweep(ids: Sequence[int], now: datetime) -> int:
    rows = list(
        Promise.objects.across_stores("the sweep serves all stores")
        .select_for_update(skip_locked=True, of=("self",))
        .filter(pk__in=ids, state=Promise.State.OPEN, parked_at__isnull=True, next_step_at__lte=now)
        .order_by("next_step_at", "pk")
    )
    if not rows:
        return 0
    desk = Desk.for_stores({row.store_id for row in rows})
    acts: Acts = []
    notices: list[Notice] = []
    for row in rows:
        _step_through(row, desk, now, acts, notices)
    desk.rota.keep_turns()
    batches.hold_active({row.owner_id for row in rows})
    batches.save_many(rows)
    batches.record_many(acts)
    batches.notify_many(notices)
    return len(rows)


def _step_through(row: Promise, desk: Desk, now: datetime, acts: Acts, notices: list[Notice]) -> None:
    rule = rulebook.rule_of(row.rule)
    while (moment := opening.next_step(row)) is not None and moment <= now:
        if row.warn_at and row.warned_at is None and row.broken_at is None and moment == row.warn_at:
            row.warned_at = moment
            _note(row, Transition.Act.WARNED, moment, "Its hour is near.", acts)
            _tell(row, row.owner_id, Transition.Act.WARNED, "Due soon: " + row.sentence, now, notices)
        elif row.offered_until and row.accepted_at is None and moment == row.offered_until:
            _offer_on(row, rule, desk, moment, acts, notices)
        elif row.broken_at is None and moment == row.due_at:
            row.broken_at = row.due_at
            _note(row, Transition.Act.BROKEN, row.due_at, "Not kept in time. It is still owed.", acts)
            _tell(row, row.owner_id, Transition.Act.BROKEN, "Late: " + row.sentence, now, notices)
        else:
            _climb(row, rule, desk, moment, acts, notices)
    row.next_step_at = opening.next_step(row)
    row.sweep_attempts, row.sweep_error = 0, ""


def _offer_on(
    row: Promise, rule: Rule, desk: Desk, moment: datetime, acts: Acts, notices: list[Notice]
) -> None:
    """Nobody took it: the next in turn gets it, and the acceptance clock begins anew."""
    row.offered_until = None
    if row.n_offers >= OFFERS:
        return
    choice = desk.rota.choose(
        store_id=row.store_id, role=rule.owed_by, at=moment, without=frozenset({row.owner_id})
    )
    if choice.staff_id == row.owner_id:
        return
    before = batches.give(row, choice.staff_id, at=moment)
    calendar = desk.calendar(row.store_id, row.department)
    if rule.accept_within is not None:
        row.offered_until = due_times.compute(rule.accept_within, start=moment, calendar=calendar).at
    row.why = {**row.why, "owner": list(choice.why)}
    _note(row, Transition.Act.OFFERED, moment, f"Not taken on in time. {choice.why[0]}", acts, before=before)
    _tell(row, choice.staff_id, Transition.Act.OFFERED, "Offered to you: " + row.sentence, moment, notices)


def _climb(row: Promise, rule: Rule, desk: Desk, moment: datetime, acts: Acts, notices: list[Notice]) -> None:
    """The next named person owns it; past the last rung whoever owns it is reminded each open day."""
    rungs = rule.ladder.rungs
    n, row.rung = row.rung, row.rung + 1
    if row.rung >= max(len(rungs), len(row.rung_ats)):
        calendar = desk.calendar(row.store_id, row.department)
        row.rung_ats = [*row.rung_ats, calendar.open_days_after(moment, 1)]
    role: Role | None = rungs[n].role if n < len(rungs) else None
    if role is None:
        _note(row, Transition.Act.REMINDED, moment, "Still owed.", acts)
        _tell(row, row.owner_id, Transition.Act.REMINDED, "Still owed: " + row.sentence, moment, notices)
        return
    choice = desk.rota.choose(store_id=row.store_id, role=role, at=moment)
    before = row.owner_id
    if choice.staff_id != before:
        batches.give(row, choice.staff_id, at=moment)
        row.why = {**row.why, "owner": list(choice.why)}
    _note(
        row,
        Transition.Act.CLIMBED,
        moment,
        f"Climbed to the {in_english(role.label).lower()}.",
        acts,
        before=before,
    )
    _tell(row, row.owner_id, Transition.Act.CLIMBED, "Climbed to you: " + row.sentence, moment, notices)
    if before != row.owner_id:
        _tell(row, before, Transition.Act.CLIMBED, "No longer with you: " + row.sentence, moment, notices)


def _note(
    row: Promise, act: Transition.Act, at: datetime, why: str, acts: Acts, *, before: int | None = None
) -> None:
    acts.append(
        (row, {"act": act, "at": at, "why": why, "owner_before_id": before, "owner_after_id": row.owner_id})
    )


def _tell(
    row: Promise, staff_id: int, act: Transition.Act, words: str, at: datetime, notices: list[Notice]
) -> None:
    notices.append(
        Notice(store_id=row.store_id, staff_id=staff_id, promise=row, act=act, words=words[:200], at=at)
    )


@transaction.atomic
def again(pk: int, store_id: int, now: datetime) -> bool:
    """What is parked is swept again; False where this store has no such promise."""
    rows = Promise.objects.of_store(store_id).select_for_update(of=("self",))
    row = rows.filter(pk=pk, state=Promise.State.OPEN, parked_at__isnull=False).first()
    if row is None:
        return False
    row.parked_at, row.sweep_attempts, row.next_step_at = None, 0, opening.next_step(row)
    batches.save_many([row])
    doorbell.ring("promises")
    return True


@transaction.atomic
def _set_aside(pk: int, error: Exception, now: datetime) -> None:
    rows = Promise.objects.across_stores("the sweep serves all stores")
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    row.sweep_attempts += 1
    row.sweep_error = f"{type(error).__name__}: {error}"[:1000]
    if row.sweep_attempts >= PARK_AFTER:
        row.parked_at = now
    else:
        row.next_step_at = now + timedelta(seconds=5 * 3**row.sweep_attempts)
    batches.save_many([row])
