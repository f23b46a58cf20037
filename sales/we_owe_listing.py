"""The list of what is owed with deals: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from dealership import clock
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.vehicles import said
from sales.deal_listing import SELLS
from sales.models import WeOwe

State = WeOwe.State
LATE = "late"
SHOW = (
    (State.OPEN.value, later_as("we-owe", "All that is owed")),
    (LATE, later("Late")),
    (State.DELIVERED.value, later("Delivered")),
    (State.DROPPED.value, later("No longer owed")),
)
DUE = (("0", later("by now")), ("1", later("within a day")), ("7", later("within 7 days")))
MOVED = (("yes", later("was moved")), ("no", later("as it was promised")))
_LOOKS = {LATE: "late", State.OPEN.value: "info", State.DELIVERED.value: "kept"}


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value in (State.DELIVERED, State.DROPPED):
        return rows.filter(state=value, settled_at__isnull=False)
    rows = rows.filter(state=State.OPEN)
    return rows.filter(promised_at__lt=now) if value == LATE else rows


def _due(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(promised_at__lte=now + timedelta(days=int(value))) if value in dict(DUE) else None


def _moved(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(MOVED):
        return None
    return rows.filter(n_moved__gt=0) if value == "yes" else rows.filter(n_moved=0)


def _car(rows: Rows, staff: StaffMember) -> Rows:
    """As `Deal.label` says it."""
    known = NullIf(said.label("deal__vehicle"), Value(""))
    label = Coalesce(known, NullIf("deal__car", Value("")), Value(_("a car")), output_field=CharField())
    added: Rows = rows.annotate(label=label)
    return added


def _stands(rows: Rows, staff: StaffMember) -> Rows:
    late = When(state=State.OPEN, promised_at__lt=clock.now(), then=Value(LATE))
    added: Rows = rows.annotate(stands=Case(late, default=F("state"), output_field=CharField()))
    return added


def _is_settled(filters: Mapping[str, str]) -> bool:
    return filters["show"] in (State.DELIVERED, State.DROPPED)


def _is_owed(filters: Mapping[str, str]) -> bool:
    return not _is_settled(filters)


WE_OWES = registry.add(
    Shape(
        key="we_owes",
        page="sales:we_owe_list",
        words=(later("we-owe"), later("we-owes")),
        rows=WeOwe.objects.visible_to,
        always=("deal_id",),
        columns=(
            Column("item", later_as("a thing", "Owed"), "link", of="deal_id"),
            Column("customer", later("To"), source="deal__customer__full_name"),
            Column("car", later("Car"), source="label", adds=_car),
            Column("owner", later("From"), source="owner__name"),
            Column("promised_at", later_as("a day", "By"), "day"),
            Column(
                "stands",
                later("Stands"),
                "chip",
                adds=_stands,
                words={
                    LATE: later("late"),
                    State.OPEN.value: later("owed"),
                    State.DELIVERED.value: later("delivered"),
                    State.DROPPED.value: later_as("we-owe", "dropped"),
                },
                look=lambda stands: _LOOKS.get(stands, ""),
            ),
            Column("moved", later("Moved"), "count", source="n_moved"),
            Column("deal", later("Deal"), source="deal__deal_number"),
            Column("written_at", later_as("we-owe", "Written"), "moment", usual=False),
            Column("written_by", later_as("we-owe", "Written by"), source="written_by__name", usual=False),
            Column("settled_at", later("Settled"), "moment", usual=False),
            Column("signed_by", later("Signed for by"), usual=False),
            Column("dropped_why", later("No longer owed because"), usual=False),
        ),
        filters=(
            Filter("show", later("We-owes"), "", lambda staff: SHOW, _show, usual=State.OPEN, as_tabs=True),
            by_person("owner", later("From"), "owner", SELLS, nobody=False),
            Filter("due", later("Due"), later("any time"), lambda staff: DUE, _due),
            Filter("moved", later("Moved"), later("all"), lambda staff: MOVED, _moved),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort("due", later("Next day first"), (("promised_at", "time"), ("pk", "int")), fits=_is_owed),
            Sort(
                "farthest",
                later("Farthest day first"),
                (("-promised_at", "time"), ("-pk", "int")),
                fits=_is_owed,
            ),
            Sort(
                "settled",
                later("Last settled first"),
                (("-settled_at", "time"), ("-pk", "int")),
                fits=_is_settled,
            ),
        ),
    ),
    May.SEE_DEALS,
)
