"""The playbook's figures, and the lists behind them: both from one definition, so that they agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from dealership.language import later
from dealership.staff.models import StaffMember
from tasks.models import Promise

WINDOW = timedelta(days=30)
_OPEN, _KEPT = Q(state=Promise.State.OPEN), Q(state=Promise.State.KEPT)

#: What a figure counts, by the word that the address uses.
STATES: dict[str, Q] = {
    "opened": Q(),
    "on_time": _KEPT & Q(broken_at__isnull=True),
    "recovered": _KEPT & Q(broken_at__isnull=False),
    "broken": Q(broken_at__isnull=False),
    "open": _OPEN,
    "waived": Q(state=Promise.State.WAIVED),
    "void": Q(state=Promise.State.VOID),
}
LABELS = {
    "opened": later("Promised"),
    "on_time": later("Kept on time"),
    "recovered": later("Kept late"),
    "broken": later("Broken"),
    "open": later("Still owed"),
    "waived": later("Waived"),
    "void": later("No longer owed"),
}


@dataclass(frozen=True)
class Figures:
    """What became of the promises of a rule that were opened in the window.

    `on_time_percent` is of those whose outcome is known: kept, or broken; None before there is one.
    """

    opened: int = 0
    on_time: int = 0
    recovered: int = 0
    broken: int = 0
    open: int = 0
    waived: int = 0
    void: int = 0

    @property
    def on_time_percent(self) -> int | None:
        """Kept on time, of all that were kept or broken."""
        settled = self.on_time + self.broken
        return round(100 * self.on_time / settled) if settled else None

    @property
    def look(self) -> str:
        """How the percentage is coloured: kept from 90, soon from 75, late below."""
        percent = self.on_time_percent
        if percent is None:
            return ""
        return "kept" if percent >= 90 else "soon" if percent >= 75 else "late"


def of_store(staff: StaffMember, now: datetime) -> dict[str, Figures]:
    """The figures of each rule over the last 30 days. One query."""
    counts: dict[str, Any] = {
        name: Count("pk", filter=condition) for name, condition in STATES.items() if name != "opened"
    }
    rows: Any = (
        Promise.objects.visible_to(staff)
        .filter(opened_at__gte=now - WINDOW)
        .values("rule")
        .annotate(opened=Count("pk"), **counts)
    )
    return {row["rule"]: Figures(**{name: row[name] for name in STATES}) for row in rows}
