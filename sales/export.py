"""The filtered list, to take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from dealership.spreadsheet import Table, time
from sales.models import Lead

MOST_ROWS = 10_000
HEADS = (
    "Received", "Customer", "Vehicle", "Source", "State", "Owner", "Question", "First automatic answer",
    "First person", "Minutes to first person", "Open minutes to first person", "Sent again", "Closed because",
)  # fmt: skip
COLUMNS = (
    "received_at", "customer__full_name", "year", "make", "model", "trim", "source", "state", "owner__name", "comments",
    "first_automatic_at", "first_human_at", "first_human_minutes", "first_human_open_minutes", "n_resent", "lost_why",
)  # fmt: skip


def table(rows: Iterable[dict[str, Any]], zone: ZoneInfo) -> Table:
    """Times in the store's zone."""
    return Table(HEADS, (_cells(row, zone) for row in rows))


def _cells(row: dict[str, Any], zone: ZoneInfo) -> list[object]:
    vehicle = " ".join(filter(None, (row["year"], row["make"], row["model"], row["trim"])))
    return [
        time(row["received_at"], zone),
        row["customer__full_name"],
        vehicle,
        row["source"],
        Lead.State(row["state"]).label,
        row["owner__name"] or "",
        " ".join(row["comments"].split()),
        time(row["first_automatic_at"], zone),
        time(row["first_human_at"], zone),
        row["first_human_minutes"],
        row["first_human_open_minutes"],
        row["n_resent"],
        row["lost_why"],
    ]
