"""A day, a week and a month after each delivery: told once each, when that day opens, also after an outage."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.sales import OwnershipMilestone
from dealership.scope import ScopedQuerySet
from dealership.stores import calendars
from dealership.stores.models import Department
from sales import deals, deliveries
from sales.models import Deal

BATCH = 200


def tell(*, now: datetime) -> int:
    """Tells of every mark whose day has come, each at its own time. Returns how many. One query where there is none."""
    told = 0
    while _due(now).exists() and (n := _batch(now)):
        told += n
    return told


def _due(now: datetime) -> ScopedQuerySet[Deal]:
    return Deal.objects.across_stores("the deliveries of all stores").filter(next_milestone_at__lte=now)


@transaction.atomic
def _batch(now: datetime) -> int:
    rows = list(
        _due(now)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("customer__merged_into__merged_into", "vehicle")
        .defer("history")
        .order_by("next_milestone_at")[:BATCH]
    )
    if not rows:
        return 0
    hours = calendars.of_stores({row.store_id for row in rows})
    facts = []
    for row in rows:
        milestone, at = deliveries.MILESTONES[row.n_milestones][0], row.next_milestone_at or now
        facts.append(
            OwnershipMilestone(**deals.common(row, at=at, by=None), about=milestone, milestone=milestone)
        )
        row.n_milestones += 1
        calendar = calendars.calendar_of(hours, row.store_id, Department.SALES)
        deliveries.set_next_milestone(row, told_at=at, calendar=calendar)
    Deal.objects.across_stores("the deliveries of all stores").bulk_update(
        rows, ["n_milestones", "next_milestone_at"]
    )
    bus.publish(*facts)
    return len(rows)
