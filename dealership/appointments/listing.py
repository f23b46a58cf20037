"""The list of visits, whatever the day and the department: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from dealership.appointments import slots
from dealership.appointments.booking import AWAITED
from dealership.appointments.models import Appointment
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import MATRIX, May
from dealership.stores.models import Department
from dealership.vehicles import said

State = Appointment.State
EXPECTS = tuple(role for role, may in MATRIX.items() if May.BOOK in may)
#: In days from today: from the first on, before the second; open where there is none.
WHEN: Mapping[str, tuple[int | None, int | None]] = {
    "ahead": (0, None),
    "today": (0, 1),
    "tomorrow": (1, 2),
    "week": (0, 7),
    "past7": (-7, 0),
    "past30": (-30, 0),
    "past90": (-90, 0),
    "all": (None, None),
}
WHEN_SAID = (
    ("ahead", later("from today on")),
    ("today", later("today")),
    ("tomorrow", later("tomorrow")),
    ("week", later("in the next 7 days")),
    ("past7", later("in the last 7 days")),
    ("past30", later("in the last 30 days")),
    ("past90", later("in the last 90 days")),
    ("all", later("any time")),
)
PAST = frozenset({"past7", "past30", "past90", "all"})
STATES = (*State.choices, ("coming", later("still awaited")))
_LOOKS = {State.CONFIRMED: "info", State.ARRIVED: "kept", State.MISSED: "late"}


def _when(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in WHEN:
        return None
    first, end = WHEN[value]
    if first is not None:
        rows = rows.filter(starts_at__gte=_midnight(staff, now, first))
    return rows if end is None else rows.filter(starts_at__lt=_midnight(staff, now, end))


def _midnight(staff: StaffMember, now: datetime, days: int) -> datetime:
    """As the day so many days from today begins at the store."""
    day = now.astimezone(staff.store.tz).date() + timedelta(days=days)
    return slots.day_start(day, staff.store.tz)


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "coming":
        return rows.filter(state__in=AWAITED)
    return rows.filter(state=value) if value in State.values else None


def _department(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(department=value) if value in Department.values else None


def _transport(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(transport=value) if value in Appointment.Transport.values else None


def _car(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(car=said.label("vehicle"))
    return added


def _is_past(filters: Mapping[str, str]) -> bool:
    return filters["when"] in PAST


VISITS = registry.add(
    Shape(
        key="visits",
        page="appointments:appointment_list",
        words=(later_as("rows of a list", "visit"), later_as("rows of a list", "visits")),
        rows=Appointment.objects.visible_to,
        columns=(
            Column("customer", later("Customer"), "link", source="customer__full_name"),
            Column("starts_at", later("Time"), "moment"),
            Column("department", later("Department"), words=cast(dict[str, str], dict(Department.choices))),
            Column("car", later("Car"), adds=_car),
            Column("concern", later("What for"), "prose"),
            Column("person", later("With"), source="person__name"),
            Column(
                "state",
                later("State"),
                "chip",
                words=cast(dict[str, str], dict(State.choices)),
                look=lambda state: _LOOKS.get(state, ""),
            ),
            Column(
                "transport",
                later("Meanwhile"),
                usual=False,
                words=cast(dict[str, str], dict(Appointment.Transport.choices)),
            ),
            Column("minutes", later("Minutes"), "count", usual=False),
            Column("created_at", later("Booked at"), "moment", usual=False),
            Column("booked_by", later("Booked by"), source="booked_by__name", usual=False),
            Column("confirmed_at", later("Confirmed at"), "moment", usual=False),
            Column("arrived_at", later("Arrived at"), "moment", usual=False),
            Column("cancelled_at", later("Cancelled at"), "moment", usual=False),
            Column("ro_number", later("RO"), usual=False),
            Column("dms_number", later("Number in the DMS"), usual=False),
        ),
        filters=(
            Filter("when", later("When"), "", lambda staff: WHEN_SAID, _when, usual="ahead"),
            Filter("state", later("State"), later("any"), lambda staff: STATES, _state),
            Filter(
                "department", later("Department"), later("all"), lambda staff: Department.choices, _department
            ),
            by_person("person", later("With"), "person", EXPECTS),
            Filter(
                "transport",
                later("Meanwhile"),
                later("whatever"),
                lambda staff: Appointment.Transport.choices,
                _transport,
            ),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort("latest", later("Latest first"), (("-starts_at", "time"), ("-pk", "int")), fits=_is_past),
            Sort("first", later("Earliest first"), (("starts_at", "time"), ("pk", "int"))),
            Sort("booked", later("Booked last, first"), (("-created_at", "time"), ("-pk", "int"))),
        ),
    ),
    May.SEE_CUSTOMERS,
)
