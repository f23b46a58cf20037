"""The list of declined work: what it can be asked, and whose promises hang on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce

from dealership.language import later
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.vehicles import said
from service import board
from service.models import DeclinedLine
from tasks.hand_offs import Thing

#: The promises to offer it again.
RULES = ("offer_safety_work_again", "offer_work_again")
COLOURS = (("red", later("safety")), ("yellow", later("soon")))
WORTH = (("100", later("$100 or more")), ("300", later("$300 or more")), ("1000", later("$1,000 or more")))
CLOSED = (
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
    ("over30", later("longer ago than 30 days")),
)
_SHOWN = ("ro", "customer", "vehicle")


def _colour(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(colour=value) if value in DeclinedLine.Colour.values else None


def _worth(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(price_cents__gte=int(value) * 100) if value in dict(WORTH) else None


def _closed(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(CLOSED):
        return None
    if value == "over30":
        return rows.filter(ro__closed_at__lt=now - timedelta(days=30))
    return rows.filter(ro__closed_at__gte=now - timedelta(days=int(value)))


def _car(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(car=said.label("vehicle"))
    return added


def _with_worth(rows: Rows) -> Rows:
    added: Rows = rows.annotate(worth=Coalesce("price_cents", 0))
    return added


DECLINED = registry.add(
    Shape(
        key="declined",
        page="service:declined_work_list",
        words=(later("line"), later("lines")),
        rows=board.open_declined,
        objects=lambda rows: rows.select_related(*_SHOWN).defer("ro__history"),
        draws_columns=True,
        columns=(
            Column("description", later("Work")),
            Column("op_code", later("Op code")),
            Column("colour", later("Colour"), words={"red": later("red"), "yellow": later("yellow")}),
            Column("price_cents", later("Price"), "money"),
            Column("customer", later("Customer"), source="customer__full_name"),
            Column("car", later("Car"), adds=_car),
            Column("ro", "RO", source="ro__ro_number"),
            Column("closed", later("Closed"), "moment", source="ro__closed_at"),
        ),
        filters=(
            Filter("colour", later("How soon"), later("all"), lambda staff: COLOURS, _colour),
            Filter("worth", later("Worth"), later("any"), lambda staff: WORTH, _worth),
            Filter("closed", later("RO closed"), later("any time"), lambda staff: CLOSED, _closed),
        ),
        sorts=(
            Sort("safety", later("Safety first"), (("colour", "text"), ("pk", "int"))),
            Sort("newest", later("Newest first"), (("-pk", "int"),)),
            Sort("worth", later("Worth most first"), (("-worth", "int"), ("-pk", "int")), _with_worth),
        ),
        sizes=(25, 50, 100),
        size=25,
    ),
    May.SEE_SERVICE,
)


def things(lines: Iterable[DeclinedLine]) -> list[Thing]:
    """What the promises about these lines are about."""
    return [(f"ro:{line.ro.ro_number}", line.key) for line in lines]
