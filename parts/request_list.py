"""The list of parts that were asked for, ended ones too: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dealership import clock
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.vehicles import said
from parts.models import COMING, ENDED, KnownRO, PartsRequest, SpecialOrderPart

State = PartsRequest.State

WAITED, EVERY = "waited", "all"
ROS = (
    ("ro", later("for a car in service")),
    ("open", later("the car’s RO is open")),
    ("over", later("the car’s RO has ended")),
    ("counter", later("over the counter")),
)
COMES = (
    ("late", later("its day has passed")),
    ("week", later("within 7 days")),
    ("later", later("after 7 days")),
    ("unknown", later("nobody knows when")),
)
#: As the board marks what lies here: remind, call again, send back.
LIES = (
    ("14", later("14 days or longer")),
    ("21", later("21 days or longer")),
    ("30", later("30 days or longer")),
)
#: What a customer knows of the day.
TOLD = {
    "late": later("not told in time"),
    "owed": later("not told yet"),
    "told": later("told"),
}
_MOST_SOURCES = 60


def _press(told: str) -> str:
    return {"late": "late", "owed": "soon", "told": "kept"}.get(told, "")


def _stands(state: str) -> str:
    return {State.BACKORDERED: "late", State.RECEIVED: "kept"}.get(State(state), "")


def _states(staff: StaffMember) -> Options:
    return [(WAITED, _("Somebody waits for it")), *State.choices, (EVERY, _("All, ended ones too"))]


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == EVERY:
        return rows
    return rows.filter(state=value) if value in State.values else rows.exclude(state__in=ENDED)


def _ro(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(ROS):
        return None
    if value == "counter":
        return rows.filter(ro_number="")
    if value == "ro":
        return rows.exclude(ro_number="")
    known = KnownRO.objects.visible_to(staff).filter(ro_number=OuterRef("ro_number"))
    is_open = Q(state=KnownRO.State.OPEN)
    return rows.exclude(ro_number="").filter(Exists(known.filter(is_open if value == "open" else ~is_open)))


def _sources(staff: StaffMember) -> Options:
    """Who sends what somebody waits for now."""
    orders = SpecialOrderPart.objects.visible_to(staff).exclude(request__state__in=ENDED).exclude(source="")
    names = orders.order_by("source").values_list("source", flat=True).distinct()[:_MOST_SOURCES]
    return [(name, name) for name in names]


def _source(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(special_order__source=value)


def _comes(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    week = now + timedelta(days=7)
    days = {
        "late": Q(special_order__eta_at__lt=now),
        "week": Q(special_order__eta_at__gte=now, special_order__eta_at__lt=week),
        "later": Q(special_order__eta_at__gte=week),
        "unknown": Q(special_order__eta_at__isnull=True),
    }
    return rows.filter(days[value], state__in=COMING) if value in days else None


def _lies(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(LIES):
        return None
    return rows.filter(state=State.RECEIVED, special_order__received_at__lte=now - timedelta(days=int(value)))


def _told(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    asks = {
        "owed": Q(special_order__tell_by_at__gte=now),
        "late": Q(special_order__tell_by_at__lt=now),
        "told": Q(special_order__tell_by_at__isnull=True, special_order__eta_told_at__isnull=False),
    }
    return rows.filter(asks[value]) if value in asks else None


def _advisors(staff: StaffMember) -> Options:
    people = StaffMember.objects.visible_to(staff).filter(is_active=True).exclude(pk=staff.pk)
    named = [(str(pk), name) for pk, name in people.order_by("name").values_list("pk", "name")]
    return [("me", _("Mine")), *named]


def _advisor(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "me":
        return rows.filter(advisor=staff)
    return rows.filter(advisor_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _car(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(car=said.label("vehicle"))
    return added


def _knows(rows: Rows, staff: StaffMember) -> Rows:
    """What the customer knows of its day; empty where there is nothing to tell."""
    known = Case(
        When(special_order__tell_by_at__lt=clock.now(), then=Value("late")),
        When(special_order__tell_by_at__isnull=False, then=Value("owed")),
        When(special_order__eta_told_at__isnull=False, then=Value("told")),
        default=Value(""),
        output_field=CharField(),
    )
    added: Rows = rows.annotate(told=known)
    return added


def _customer(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(whose=Coalesce("customer__full_name", Value(_("Nobody named"))))
    return added


def _with_orders(rows: Rows) -> Rows:
    """Whatever arrived was ordered: said, so that rows can be read in that order."""
    return rows.filter(special_order__isnull=False)


def _has_day(filters: Mapping[str, str]) -> bool:
    return filters["comes"] in ("late", "week", "later")


def _is_here(filters: Mapping[str, str]) -> bool:
    return filters["lies"] in dict(LIES) or filters["state"] == State.RECEIVED


REQUESTS = registry.add(
    Shape(
        key="parts",
        page="parts:request_list",
        words=(later("part"), later("parts")),
        rows=PartsRequest.objects.visible_to,
        always=("description",),
        columns=(
            Column("description", later("Part"), "link"),
            Column("part_number", later("Part number")),
            Column("quantity", later("How many"), "count", usual=False),
            Column("customer", later("Customer"), source="whose", adds=_customer),
            Column("car", later("Car"), adds=_car),
            Column("ro_number", "RO"),
            Column(
                "state", later("State"), "chip", words=cast(dict[str, str], dict(State.choices)), look=_stands
            ),
            Column("price_cents", later("Price"), "money", usual=False),
            Column("source", later_as("part", "From"), source="special_order__source"),
            Column("eta", later("ETA"), "day", source="special_order__eta_at"),
            Column("told", later("Customer knows"), "chip", adds=_knows, words=TOLD, look=_press),
            Column("known", later("Day they know"), "day", source="special_order__eta_told", usual=False),
            Column(
                "tell_by", later("To be told by"), "moment", source="special_order__tell_by_at", usual=False
            ),
            Column("ordered", later("Ordered"), "moment", source="special_order__ordered_at", usual=False),
            Column("received", later("Arrived"), "moment", source="special_order__received_at"),
            Column("bin", later("Bin"), source="special_order__bin"),
            Column("advisor", later("Tells the customer"), source="advisor__name", usual=False),
            Column("requested_at", later("Asked for"), "moment"),
            Column("ended_at", later("Ended"), "moment", usual=False),
        ),
        filters=(
            Filter("state", later("State"), "", _states, _state, usual=WAITED),
            Filter("ro", later("For"), later("whatever"), lambda staff: ROS, _ro),
            Filter("source", later_as("part", "From"), later("any source"), _sources, _source),
            Filter("comes", later("ETA"), later("any day"), lambda staff: COMES, _comes),
            Filter("lies", later("Lies here"), later("however long"), lambda staff: LIES, _lies),
            Filter(
                "told",
                later("Customer knows"),
                later("told or not"),
                lambda staff: list(TOLD.items()),
                _told,
            ),
            Filter("advisor", later("Tells the customer"), later("anybody"), _advisors, _advisor),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort(
                "eta",
                later("Soonest ETA first"),
                (("special_order__eta_at", "time"), ("pk", "int")),
                fits=_has_day,
            ),
            Sort(
                "arrived",
                later("Longest here first"),
                (("special_order__received_at", "time"), ("pk", "int")),
                _with_orders,
                fits=_is_here,
            ),
            Sort("newest", later("Newest first"), (("-requested_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("requested_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_PARTS,
)
