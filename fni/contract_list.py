"""The list of contracts in transit: what it can be asked. Lender and amount are for F&I and for managers alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Coalesce, ExtractDay, Greatest
from django.utils.translation import gettext as _

from dealership import clock
from dealership.language import later
from dealership.lists import registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from fni import board
from fni.jacket_list import SELLS, STIPS, WHOSE, narrow_stips, with_stips
from fni.models import DealJacket

Stage = DealJacket.Stage
MARKS = (board.SOON, board.LATE, board.GRAVE)
STANDS = (
    ("unsent", later("not sent")),
    (Stage.SENT.value, later("with the lender")),
    (Stage.KICKED_BACK.value, later("kicked back")),
)
#: What is said of each stage; whatever is not with a lender is not sent.
_WORDS = dict.fromkeys(Stage.values, STANDS[0][1]) | dict(STANDS[1:])
_LOOKS = {Stage.SENT: "info", Stage.KICKED_BACK: "late"}
TYPES = tuple(one for one in DealJacket.DealType.choices if one[0] != DealJacket.DealType.CASH)
#: Columns, filters and orders that tell of money.
_MONEY = frozenset({"lender", "amount"})


def _ages(staff: StaffMember) -> Options:
    return [(str(n), _("%(n)s days or older") % {"n": n}) for n in MARKS]


def _over(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in map(str, MARKS):
        return None
    return rows.filter(delivered_at__lte=now - timedelta(days=int(value)))


def _stands(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(STANDS):
        return None
    sent = dict(STANDS[1:])
    return rows.filter(stage=value) if value in sent else rows.exclude(stage__in=sent)


def _type(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(deal_type=value) if value in dict(TYPES) else None


def _lenders(staff: StaffMember) -> Options:
    rows = board.in_transit_rows(staff).exclude(lender="").order_by("lender")
    return [(name, name) for name in rows.values_list("lender", flat=True).distinct()[:100]]


def _lender(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(lender=value)


def _days(rows: Rows, staff: StaffMember) -> Rows:
    since = ExpressionWrapper(Value(clock.now()) - F("delivered_at"), output_field=DurationField())
    added: Rows = rows.annotate(days=Greatest(ExtractDay(since), 0))
    return added


def _with_amount(rows: Rows) -> Rows:
    added: Rows = rows.annotate(amount=Coalesce("amount_financed_cents", 0))
    return added


def _press(days: int) -> str:
    return "late" if days >= board.LATE else "soon" if days >= board.SOON else ""


IN_TRANSIT = registry.add(
    Shape(
        key="in_transit",
        page="fni:in_transit_list",
        words=(later("contract"), later("contracts")),
        rows=board.in_transit_rows,
        always=("deal_number",),
        columns=(
            *WHOSE,
            Column(
                "type",
                later("Type"),
                source="deal_type",
                usual=False,
                words=cast(dict[str, str], dict(DealJacket.DealType.choices)),
            ),
            Column("delivered_at", later("Delivered"), "day"),
            Column("days", later("Days"), "count", adds=_days, look=_press),
            Column(
                "stage",
                later("Stands"),
                "chip",
                words=_WORDS,
                look=lambda stage: _LOOKS.get(stage, "soon"),
            ),
            Column("sent_at", later("Sent"), "moment", usual=False),
            Column(
                "stips",
                later("Stips open"),
                "count",
                source="n_stips",
                adds=with_stips,
                look=lambda n: "soon" if n else "",
            ),
            Column("lender", later("Lender")),
            Column("amount", later("Financed"), "money", source="amount_financed_cents"),
        ),
        filters=(
            Filter("over", later("How old"), later("All"), _ages, _over, as_tabs=True),
            Filter("stands", later("Stands"), later("any"), lambda staff: STANDS, _stands),
            by_person("salesperson", later("Salesperson"), "salesperson", SELLS),
            Filter("type", later("Type"), later("any"), lambda staff: TYPES, _type),
            Filter("stips", later("Stips"), later("any"), lambda staff: STIPS, narrow_stips),
            Filter("lender", later("Lender"), later("any"), _lenders, _lender),
        ),
        sorts=(
            Sort("oldest", later("Oldest first"), (("delivered_at", "time"), ("pk", "int"))),
            Sort("newest", later("Newest first"), (("-delivered_at", "time"), ("-pk", "int"))),
            Sort("amount", later("Largest first"), (("-amount", "int"), ("-pk", "int")), _with_amount),
        ),
    ),
    May.SEE_FNI,
)
_WITHOUT_MONEY = replace(
    IN_TRANSIT,
    columns=[one for one in IN_TRANSIT.columns if one.key not in _MONEY],
    filters=[one for one in IN_TRANSIT.filters if one.key not in _MONEY],
    sorts=[one for one in IN_TRANSIT.sorts if one.key not in _MONEY],
)


def seen_by(staff: StaffMember) -> Shape:
    """The list as this person may ask it."""
    return IN_TRANSIT if board.sees_money(staff) else _WITHOUT_MONEY
