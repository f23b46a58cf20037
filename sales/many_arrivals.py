"""Many that came and could not be read at once: no leads, and maybe some after all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from sales import arrivals
from sales.models import LeadArrival

NO_LEAD = "sales.no_lead"
#: Each is told as a fact: more is narrowed first.
MOST = 200
State = LeadArrival.State


@transaction.atomic
def dismiss(*, keys: Collection[int], why: str, by: StaffMember, now: datetime) -> BulkAct:
    """Each as `arrivals.dismiss`; what somebody has settled meanwhile stays so. Raises NoReason."""
    done = [
        arrivals.dismiss(arrival=row, by=by, why=why, now=now).pk
        for row in _locked(by.store_id, keys)
        if row.state == State.UNREADABLE
    ]
    n = len(done)
    says = f"{n:,} arrival{'' if n == 1 else 's'} put away as no lead"
    return bulk.note(act=NO_LEAD, says=says, n=n, before=done, by=by, now=now)


@bulk.undoes(NO_LEAD)
def bring_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still no lead by that act wait for a person again."""
    rows = [
        row
        for row in _locked(act.store_id, act.before)
        if row.state == State.NO_LEAD and row.settled_at == act.at
    ]
    for row in rows:
        arrivals.bring_back(arrival=row, by=by, now=now)
    return len(rows)


def _locked(store_id: int, keys: Collection[int]) -> list[LeadArrival]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = LeadArrival.objects.of_store(store_id).filter(pk__in=list(keys)).order_by("pk").defer("raw")
    return list(rows.select_for_update(of=("self",), no_key=True))
