"""Facts that the engine could not apply: found again, tried again, shown to people when they keep failing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from dealership import clock
from dealership.events import bus
from dealership.events.models import EventRecord

BATCH = 200
#: After this many tries in a row a fact is a matter for people: it is tried once an hour and stands on a page.
MANY = 5


def due(now: datetime) -> int:
    """Tries every unapplied fact whose time has come, oldest first, each by itself. Returns how many are applied now."""
    ids = list(
        EventRecord.objects.across_stores("the replay serves all stores")
        .filter(Q(next_try_at__lte=now) | Q(next_try_at__isnull=True), applied_at__isnull=True)
        .order_by("at", "pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    return sum(replay(pk) for pk in ids)


def replay(record_id: int) -> bool:
    """Tries one fact again, now. True if it is applied, also if somebody else just did it."""
    with transaction.atomic():
        record = (
            EventRecord.objects.across_stores("one fact by its key")
            .select_for_update(skip_locked=True, of=("self",))
            .filter(pk=record_id)
            .first()
        )
        if record is None:
            return False
        if record.applied_at is not None:
            return True
        try:
            fact = bus.revive(record)
        except (KeyError, TypeError, ValueError) as error:
            # A fact that the code no longer knows: people see it on the page; it must not stop the others.
            bus.leave(record, error, now=clock.database_now())
            return False
        return bus.apply([record], [fact])
