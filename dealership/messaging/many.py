"""Many conversations at once: to one person, or put away until a time; and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.messaging import conversations, put_away
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

ASSIGN = "messaging.assign"
PUT_AWAY = "messaging.put_away"
#: Each is told as a fact, which what is promised about it follows: more is narrowed first.
MOST = 200


@transaction.atomic
def assign(*, keys: Collection[int], to: StaffMember, by: StaffMember, now: datetime) -> BulkAct:
    """Each as `conversations.hold`; those that are theirs already stay so. Raises HeldByAnother, CannotHold."""
    given = []
    for row in _locked(by.store_id, keys):
        if row.holder_id == to.pk:
            continue
        conversations.hold(conversation=row, holder=to, by=by, now=now, take_over=by.may(May.REASSIGN))
        given.append(row.pk)
    kept = {"to": to.pk, "rows": given}
    says = f"{_count(len(given))} assigned to {to.name}"
    return bulk.note(act=ASSIGN, says=says, n=len(given), before=kept, by=by, now=now)


@bulk.undoes(ASSIGN)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still theirs by that act go back to whoever held them, or to nobody."""
    n = 0
    for row in _locked(act.store_id, act.before["rows"]):
        if row.holder_id != act.before["to"]:
            continue
        try:
            with transaction.atomic():
                conversations.take_back(conversation=row, by=by, now=now)
        except conversations.CannotTakeBack:
            continue
        n += 1
    return n


@transaction.atomic
def keep_until(*, keys: Collection[int], until: datetime, by: StaffMember, now: datetime) -> BulkAct:
    """Each as `put_away.keep_until`, by the hours of its department. Raises BadTime."""
    before = []
    for row in _locked(by.store_id, keys):
        was = row.put_away_until
        away = put_away.keep_until(conversation=row, until=until, by=by, now=now)
        before.append([row.pk, _said(was), _said(away.put_away_until)])
    says = f"{_count(len(before))} put away"
    return bulk.note(act=PUT_AWAY, says=says, n=len(before), before=before, by=by, now=now)


@bulk.undoes(PUT_AWAY)
def bring_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still away until that time are here again, or away until the time before."""
    was = {key: (before, after) for key, before, after in act.before}
    n = 0
    for row in _locked(act.store_id, was):
        before, after = was[row.pk]
        if _said(row.put_away_until) != after:
            continue
        earlier = datetime.fromisoformat(before) if before else None
        if earlier and earlier >= now + put_away.LEAST:
            put_away.keep_until(conversation=row, until=earlier, by=by, now=now)
        else:
            put_away.bring_back(conversation=row, by=by, now=now)
        n += 1
    return n


def _locked(store_id: int, keys: Collection[int]) -> list[Conversation]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = Conversation.objects.of_store(store_id).filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update())


def _said(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""


def _count(n: int) -> str:
    return f"{n:,} conversation{'' if n == 1 else 's'}"
