"""Work that no person starts: visits to which nobody came."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from dealership import clock
from dealership.appointments import booking, freshness
from dealership.appointments.models import Appointment
from dealership.periodic import periodic

BATCH = 200
BATCHES = 25


@periodic()
def declare_missed() -> dict[str, Any]:
    """Declares missed what is an hour over its time, all stores, in batches. What a stale feed may know better waits."""
    return declare(now=clock.now())


def declare(*, now: datetime) -> dict[str, Any]:
    """As declare_missed, at a moment that is given. One query where nobody is missed."""
    waiting = _whose(now)
    held_back = [whose for whose in waiting if not freshness.may_declare(*whose, now)]
    missed = 0
    for _ in range(BATCHES if len(held_back) < len(waiting) else 0):
        done = _batch(now, held_back)
        missed += done
        if done < BATCH:
            break
    return {"missed": missed, "held_back": len(held_back)}


def _overdue(now: datetime) -> Any:
    return Appointment.objects.across_stores("no-shows of all stores").filter(
        state__in=booking.AWAITED, starts_at__lte=now - booking.GRACE
    )


def _whose(now: datetime) -> list[tuple[int, str]]:
    """Stores' departments of which something is over its time."""
    return list(_overdue(now).values_list("store_id", "department").distinct())


@transaction.atomic
def _batch(now: datetime, held_back: list[tuple[int, str]]) -> int:
    rows = _overdue(now)
    for store_id, department in held_back:
        rows = rows.exclude(Q(store_id=store_id) & Q(department=department))
    # Whoever is being checked in at this moment is locked, and skipped until the next turn.
    batch = list(rows.order_by("starts_at").select_for_update(skip_locked=True)[:BATCH])
    if batch:
        booking.miss_many(batch, now=now)
    return len(batch)
