"""What waits behind the links of the rail that lead to pages of promises. Registered when the app is ready."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from dealership.rail import Count, counter
from dealership.staff import carried
from dealership.staff.models import StaffMember
from tasks import fact_list, queues
from tasks.models import Promise

MOST = 99


@counter("tasks:my_day")
def my_day(staff: StaffMember, now: datetime) -> Count:
    """What this person owes until midnight."""
    n, late = queues.open_for(staff, now)
    return Count(n, late)


@counter("tasks:failed_facts")
def failed_facts(staff: StaffMember, now: datetime) -> Count:
    """Facts that no rule could be made of yet."""
    n = len(fact_list.failed(staff).values_list("pk")[:MOST])
    return Count(n, n > 0)


@carried.counting
def open_promises(store_id: int) -> dict[int, int]:
    """By owner, what they owe: People shows it, and it moves when they leave."""
    rows = Promise.objects.of_store(store_id).filter(state=Promise.State.OPEN)
    return dict(rows.values_list("owner_id").annotate(n=models.Count("pk")))
