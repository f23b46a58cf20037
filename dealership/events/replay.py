"""Facts that the engine could not apply: found again, tried again, parked for people when they keep failing (`dealership.line`)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from dealership import clock, doorbell, line
from dealership.events import bus
from dealership.events.models import EventRecord
from dealership.line import Claim

BATCH = 200
#: After this many tries in a row a fact is a matter for people, though it is tried a few times more.
MANY = 5


def due(now: datetime) -> int:
    """Tries every unapplied fact whose time has come, oldest first, each by itself. Returns how many are applied now."""
    n = 0
    # A store gets a quarter of a round: where one alone has work, the rounds are its.
    for _ in range(line.SHARES):
        waiting = _unapplied().filter(
            Q(next_try_at__lte=now) | Q(next_try_at__isnull=True), parked_at__isnull=True
        )
        keys = line.peek(waiting, limit=BATCH, order="at")
        for pk in keys:
            claim = line.take(waiting, pk, now=now)
            n += _apply(claim) if claim else 0
        if not keys:
            break
    return n


def replay(record_id: int) -> bool:
    """Tries one fact again, now, on a person's word. True if it is applied, also if somebody else just did it."""
    now = clock.database_now()
    rows = _unapplied().filter(pk=record_id)
    line.again(rows, now=now)
    claim = line.take(rows, record_id, now=now)
    if claim is not None:
        return _apply(claim)
    return (
        EventRecord.objects.across_stores("one fact by its key")
        .filter(pk=record_id, applied_at__isnull=False)
        .exists()
    )


def again(pk: int, store_id: int, now: datetime) -> bool:
    """What is parked waits in line again; False where this store has no such fact."""
    rows = EventRecord.objects.of_store(store_id).filter(
        pk=pk, applied_at__isnull=True, parked_at__isnull=False
    )
    doorbell.ring("facts")
    return bool(line.again(rows, now=now))


def _unapplied() -> QuerySet[EventRecord]:
    return EventRecord.objects.across_stores("the replay serves all stores").filter(applied_at__isnull=True)


@transaction.atomic
def _apply(claim: Claim) -> bool:
    record = line.held(_unapplied(), claim).select_for_update(of=("self",)).first()
    if record is None:
        return False
    try:
        fact = bus.revive(record)
    except (KeyError, TypeError, ValueError) as error:
        # A fact that the code no longer knows: people see it on the page; it must not stop the others.
        bus.leave(record, error, now=clock.database_now())
        return False
    return bus.apply([record], [fact])
