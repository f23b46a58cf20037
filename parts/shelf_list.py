"""The list of what lies on the shelf: what it can be asked. The cost is a column for people of parts alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from parts.models import StockPart

LIES = (
    ("there", later("on the shelf")),
    ("none", later("none on the shelf")),
    ("coming", later("on order")),
)
SOLD = (
    ("90", later("in the last 90 days")),
    ("over180", later("not for 180 days")),
    ("over365", later("not for a year")),
    ("never", later_as("part", "never")),
)
REPLACED = (("yes", later("replaced by a newer number")), ("no", later("not replaced")))


def _lies(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "there":
        return rows.filter(on_hand__gt=0)
    if value == "none":
        return rows.filter(Q(on_hand__isnull=True) | Q(on_hand__lte=0))
    return rows.filter(on_order__gt=0) if value == "coming" else None


def _sold(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(SOLD):
        return None
    if value == "never":
        return rows.filter(last_sale_date__isnull=True)
    day = now.astimezone(staff.store.tz).date() - timedelta(days=int(value.removeprefix("over")))
    return (
        rows.filter(last_sale_date__lt=day)
        if value.startswith("over")
        else rows.filter(last_sale_date__gte=day)
    )


def _replaced(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(REPLACED):
        return None
    return rows.filter(superseded_by="") if value == "no" else rows.exclude(superseded_by="")


def _was_sold(filters: Mapping[str, str]) -> bool:
    return filters["sold"] in dict(SOLD) and filters["sold"] != "never"


_COLUMNS = (
    Column("part_number", later("Part number"), "head"),
    Column("make", later("Make")),
    Column("description", later("Part")),
    Column("on_hand", later("On hand"), "count"),
    Column("on_order", later("On order"), "count"),
    Column("bin", later("Bin")),
    Column("source", later_as("part", "From"), usual=False),
    Column("price_cents", later("Price"), "money"),
    Column("last_sale_date", later("Last sold"), "day"),
    Column("superseded_by", later("Replaced by"), usual=False),
)

SHELF = registry.add(
    Shape(
        key="shelf",
        page="parts:stock_list",
        words=(later("part number"), later("part numbers")),
        rows=StockPart.objects.visible_to,
        columns=_COLUMNS,
        always=("part_number", "description"),
        filters=(
            Filter("lies", later("Lies here"), later("all of them"), lambda staff: LIES, _lies),
            Filter("sold", later("Last sold"), later("any time"), lambda staff: SOLD, _sold),
            Filter(
                "replaced", later("Newer number"), later("all of them"), lambda staff: REPLACED, _replaced
            ),
        ),
        sorts=(
            # Within a store no two rows have both.
            Sort("number", later("By number"), (("part_key", "text"), ("make", "text"))),
            Sort("bin", later("By bin"), (("bin", "text"), ("pk", "int"))),
            Sort(
                "unsold",
                later("Longest unsold first"),
                (("last_sale_date", "day"), ("pk", "int")),
                fits=_was_sold,
            ),
        ),
    ),
    May.SEE_PARTS,
)

#: The same for people of parts, who see what a part cost.
SHELF_WITH_COST = registry.add(
    replace(
        SHELF, key="shelf_cost", columns=(*_COLUMNS, Column("cost_cents", later("Cost"), "money")),
    ),
    May.WORK_PARTS,
)  # fmt: skip


def shape_for(staff: StaffMember) -> Shape:
    """The shelf as this person may see it."""
    return SHELF_WITH_COST if staff.may(May.WORK_PARTS) else SHELF
