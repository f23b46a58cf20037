"""What sales' pages show: reads only. The list itself is asked as `lead_list` says."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import datetime
from typing import Any

from dealership import rail
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.messaging.wording import excerpt
from dealership.staff.models import StaffMember
from sales.models import Lead, LeadArrival

PER_PAGE = 50
#: Counted up to here: beyond it the number tells nobody anything.
MOST_COUNTED = 100
#: Sources offered in the filter are those of so many newest leads.
RECENT = 300
RAW_SHOWN = 20_000
OPEN = (Lead.State.FRESH, Lead.State.TALKING, Lead.State.APPOINTMENT)

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


LIST_COLUMNS = (
    "pk", "state", "source", "year", "make", "model", "trim", "comments", "received_at", "n_resent",
    "first_automatic_at", "first_human_at", "first_human_minutes", "first_human_open_minutes",
    "lost_why", "customer__full_name", "owner_id", "owner__name",
)  # fmt: skip


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with what the page says of it."""
    automatic = row["first_automatic_at"]
    return {
        **row,
        "vehicle": " ".join(filter(None, (row["year"], row["make"], row["model"], row["trim"]))),
        "question": excerpt(row["comments"], 90),
        "state_label": Lead.State(row["state"]).label,
        "is_fresh": row["state"] == Lead.State.FRESH,
        "automatic_after": automatic - row["received_at"] if automatic else None,
    }


def counts(staff: StaffMember) -> dict[str, int]:
    """How many leads are in each open state, and how many arrivals wait for a person; each up to `MOST_COUNTED`. One query."""
    arrivals = LeadArrival.objects.visible_to(staff).filter(state=LeadArrival.State.UNREADABLE)
    parts = [
        Lead.objects.visible_to(staff).filter(state=state).values_list("state")[:MOST_COUNTED]
        for state in OPEN
    ]
    states = arrivals.values_list("state")[:MOST_COUNTED].union(*parts, all=True)
    return dict(Counter(state for (state,) in states))


def sources(staff: StaffMember) -> list[str]:
    """Where recent leads came from, by name. One query."""
    recent = Lead.objects.visible_to(staff).order_by("-received_at").values_list("source", flat=True)[:RECENT]
    # Told apart here: asked of the database, it read every lead of the store.
    return sorted({source for source in recent if source}, key=str.lower)


def of_customer(staff: StaffMember, customer: Customer, *, limit: int = 6) -> list[dict[str, Any]]:
    """The newest leads of this customer and of whoever was merged into them. Two queries."""
    rows = Lead.objects.visible_to(staff).filter(customer__in=merging.family(customer))
    return [shown(row) for row in rows.order_by("-received_at").values(*LIST_COLUMNS)[:limit]]


def raw_text(arrival: LeadArrival) -> tuple[str, int]:
    """What came, as text that is safe to look at, cut; and how many characters are not shown."""
    text = "".join(mark if _is_showable(mark) else "\N{REPLACEMENT CHARACTER}" for mark in arrival.raw_text)
    return text[:RAW_SHOWN], max(0, len(text) - RAW_SHOWN)


@rail.counter("sales:lead_list")
def waiting(staff: StaffMember, now: datetime) -> rail.Count:
    """Leads that nobody has answered yet. One query, capped."""
    fresh = Lead.objects.visible_to(staff).filter(state=Lead.State.FRESH)
    return rail.Count(len(fresh.values_list("pk")[:MOST_COUNTED]))


def _is_showable(mark: str) -> bool:
    return mark in "\n\t" or (mark not in _BIDI and unicodedata.category(mark) not in ("Cc", "Cs", "Cn"))
