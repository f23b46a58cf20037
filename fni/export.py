"""Contracts in transit as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from fni import jackets
from fni.models import DealJacket

MOST_ROWS = 5_000
HEADS = (
    "Deal", "Customer", "Car", "Stock", "Salesperson", "Type", "Stage", "Delivered", "Days in transit", "Sent", "Stips open",
    "Lender", "Amount financed",
)  # fmt: skip
#: A cell that starts like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """A file of one line: what `csv` writes is handed on."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[DealJacket], *, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """The file, a line at a time; times in the store's zone. Starts with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(HEADS)
    for row in rows:
        yield writer.writerow([safe(cell) for cell in _cells(row, zone, now)])


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    starts = value.lstrip(" \u00a0\u200b\ufeff")
    return f"'{value}" if starts.startswith(_FORMULA) else value


def _cells(row: DealJacket, zone: ZoneInfo, now: datetime) -> list[object]:
    cents = row.amount_financed_cents
    return [
        row.deal_number,
        row.customer.full_name if row.customer else "",
        jackets.label(row),
        row.stock_number,
        row.salesperson.name if row.salesperson else "",
        row.get_deal_type_display(),
        row.get_stage_display(),
        _time(row.delivered_at, zone),
        max(0, (now - row.delivered_at).days) if row.delivered_at else "",
        _time(row.sent_at, zone),
        getattr(row, "n_stips", 0),
        row.lender,
        f"{cents / 100:.2f}" if cents is not None else "",
    ]


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
