"""Contracts in transit, to take away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dealership.spreadsheet import Table, time
from fni import jackets
from fni.models import DealJacket

MOST_ROWS = 5_000


def table(rows: Iterable[DealJacket], *, zone: ZoneInfo, now: datetime) -> Table:
    """Times in the store's zone; amounts in dollars."""
    return Table(_heads(), (_cells(row, zone, now) for row in rows))


def _heads() -> list[str]:
    return [
        _("Deal"), _("Customer"), _("Car"), _("Stock"), _("Salesperson"), _("Type"), _("Stage"), _("Delivered"),
        _("Days in transit"), _("Sent"), _("Stips open"), _("Lender"), _("Amount financed"),
    ]  # fmt: skip


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
        time(row.delivered_at, zone),
        max(0, (now - row.delivered_at).days) if row.delivered_at else "",
        time(row.sent_at, zone),
        getattr(row, "n_stips", 0),
        row.lender,
        Decimal(cents).scaleb(-2) if cents is not None else "",
    ]
