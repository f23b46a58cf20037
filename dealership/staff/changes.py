"""Who changed what about a person, and when: written by every function that changes one, in its transaction."""

from __future__ import annotations

from datetime import datetime

from dealership.staff.models import StaffChange, StaffMember


def record(
    staff: StaffMember, what: str, *, was: str = "", became: str = "", by: StaffMember | None, now: datetime
) -> StaffChange:
    """One line of this person's history."""
    return StaffChange.objects.create(
        store_id=staff.store_id, staff=staff, what=what, was=was, became=became, by=by, at=now
    )


def of(staff: StaffMember, *, limit: int = 30) -> list[StaffChange]:
    """This person's history, newest first."""
    rows = StaffChange.objects.of_store(staff.store_id).filter(staff=staff).select_related("by")
    return list(rows.order_by("-at", "-pk")[:limit])
