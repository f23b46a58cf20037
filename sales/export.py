"""The filtered list as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dealership import spreadsheet
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


def lines(rows: Iterable[dict[str, Any]], zone: ZoneInfo) -> Iterator[str]:
    """The file, a line at a time; times in the store's zone."""
    return spreadsheet.lines(HEADS, (_cells(row, zone) for row in rows))


def _cells(row: dict[str, Any], zone: ZoneInfo) -> list[object]:
    vehicle = " ".join(filter(None, (row["year"], row["make"], row["model"], row["trim"])))
    return [
        _time(row["received_at"], zone),
        row["customer__full_name"],
        vehicle,
        row["source"],
        Lead.State(row["state"]).label,
        row["owner__name"] or "",
        " ".join(row["comments"].split()),
        _time(row["first_automatic_at"], zone),
        _time(row["first_human_at"], zone),
        row["first_human_minutes"],
        row["first_human_open_minutes"],
        row["n_resent"],
        row["lost_why"],
    ]


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
