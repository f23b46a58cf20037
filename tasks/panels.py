"""Parts of other pages: what is owed, by the thing that it is owed about."""

from __future__ import annotations

from typing import Any

from dealership import clock
from dealership.staff.models import StaffMember
from tasks import queues


def about(staff: StaffMember, subject: str) -> dict[str, Any]:
    """What `tasks/_subject_panel.html` shows: what is and was promised about one thing, by its subject ("lead:17", "ro:48213")."""
    now = clock.now()
    rows = queues.about(staff, subject, now)
    return {
        "now": now,
        "subject": subject,
        "rows": rows,
        "n_late": sum(row.look == "late" for row in rows),
    }
