"""Many parked rows of a line (`dealership/line.py`) are tried again at once, and parked again where that has not begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from dealership import line
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember


@transaction.atomic
def again(rows: QuerySet[Any], *, act: str, noun: str, by: StaffMember, now: datetime) -> BulkAct:
    """Those that are parked wait in line again."""
    parked = rows.filter(parked_at__isnull=False).order_by("pk").select_for_update(of=("self",), no_key=True)
    before = [
        (pk, tries, at.isoformat()) for pk, tries, at in parked.values_list("pk", "attempts", "parked_at")
    ]
    n = line.again(rows.filter(pk__in=[pk for pk, _tries, _at in before]), now=now)
    says = f"{n:,} {noun}{'' if n == 1 else 's'} tried again"
    return bulk.note(act=act, says=says, n=n, before=before, by=by, now=now)


def park(rows: QuerySet[Any], act: BulkAct) -> int:
    """Those that wait as that act left them are parked as they were; the number of them."""
    return sum(
        rows.filter(pk=pk, attempts=0, next_try_at=act.at).update(
            attempts=tries, next_try_at=None, parked_at=datetime.fromisoformat(at)
        )
        for pk, tries, at in act.before
    )
