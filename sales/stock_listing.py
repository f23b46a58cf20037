"""The list of cars in stock: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Q, Value, When
from django.db.models.functions import Coalesce, NullIf

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.vehicles import said
from sales.models import InventoryUnit

STATES = (("in_stock", later("In stock")), ("not_ready", later("Not ready")), ("sold", later("Sold")))
CONDITIONS = (("new", later("New")), ("used", later("Used")))
STANDS = (
    ("30", later("30 days or longer")),
    ("60", later("60 days or longer")),
    ("90", later("90 days or longer")),
)
IN_STOCK = Q(state=InventoryUnit.State.IN_STOCK)


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "sold":
        return rows.filter(state=InventoryUnit.State.SOLD, sold_at__isnull=False)
    return (
        rows.filter(IN_STOCK, front_line_ready_at__isnull=True)
        if value == "not_ready"
        else rows.filter(IN_STOCK)
    )


def _condition(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(condition=value) if value in dict(CONDITIONS) else None


def _how(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(how=value) if value in InventoryUnit.How.values else None


def _stands(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(acquired_at__lt=now - timedelta(days=int(value))) if value in dict(STANDS) else None


def _label(rows: Rows, staff: StaffMember) -> Rows:
    """As `InventoryUnit.label` says it."""
    known = said.label("vehicle")
    typed = Coalesce(NullIf("car", Value("")), known, output_field=CharField())
    added: Rows = rows.annotate(
        label=Case(When(Q(vehicle__model__gt=""), then=known), default=typed, output_field=CharField())
    )
    return added


def _is_sold(filters: Mapping[str, str]) -> bool:
    return filters["show"] == "sold"


def _stands_here(filters: Mapping[str, str]) -> bool:
    return filters["show"] != "sold"


STOCK = registry.add(
    Shape(
        key="stock",
        page="sales:stock_list",
        words=(later("car"), later("cars")),
        rows=InventoryUnit.objects.visible_to,
        objects=lambda rows: rows.select_related("vehicle"),
        draws_columns=True,
        columns=(
            Column("stock_number", later("Stock")),
            Column("car", later("Car"), source="label", adds=_label),
            Column("vin", "VIN"),
            Column("condition", later("Condition")),
            Column("how", later("How"), words=dict(InventoryUnit.How.choices)),
            Column("acquired_at", later_as("cars", "Came"), "moment"),
            Column("ready", later("Front-line ready"), "moment", source="front_line_ready_at"),
            Column("sold_at", later("Sold"), "moment"),
            Column("deal_number", later("Deal")),
        ),
        filters=(
            Filter("show", later("Cars"), "", lambda staff: STATES, _show, usual="in_stock", as_tabs=True),
            Filter(
                "condition", later("Condition"), later("new and used"), lambda staff: CONDITIONS, _condition
            ),
            Filter(
                "how",
                later("How they came"),
                later_as("cars", "any"),
                lambda staff: InventoryUnit.How.choices,
                _how,
            ),
            Filter("stands", later("Stands"), later("however long"), lambda staff: STANDS, _stands),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort("sold", later("Last sold first"), (("-sold_at", "time"), ("-pk", "int")), fits=_is_sold),
            Sort(
                "oldest",
                later_as("cars", "Oldest first"),
                (("acquired_at", "time"), ("pk", "int")),
                fits=_stands_here,
            ),
            Sort(
                "newest",
                later_as("cars", "Newest first"),
                (("-acquired_at", "time"), ("-pk", "int")),
                fits=_stands_here,
            ),
        ),
    ),
    May.SEE_DEALS,
)
