"""Who changed what about a person, and when: written by every function that changes one, in its transaction."""

from __future__ import annotations

from datetime import datetime

from dealership.language import later
from dealership.staff.models import StaffChange, StaffMember

#: What is said of changes, and within them, in other languages.
WORDS = (
    later("Began here"),
    later("Left"),
    later("Works here again"),
    later("Away"),
    later("Does not go away"),
    later("here"),
    later("Shifts"),
    later("Name"),
    later("Role"),
    later("Team"),
    later("DMS number"),
    later("Languages"),
    later("Capacity"),
    later("E-mail"),
    later("none"),
    later("Second factor taken away"),
    later("Password link made"),
)


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
