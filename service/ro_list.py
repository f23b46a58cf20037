"""The list of ROs, closed ones too: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Coalesce

from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from dealership.vehicles import said
from service.models import RepairOrder

STATES = (("open", "Open"), ("closed", "Closed"), ("voided", "Voided"))
OPENED = (
    ("7", "in the last 7 days"),
    ("30", "in the last 30 days"),
    ("365", "in the last year"),
    ("over365", "longer ago than a year"),
)
PAYS = (("customer", "the customer"), ("internal", "the store itself"))
WRITES = (Role.ADVISOR, Role.SERVICE_MANAGER)


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(state=value) if value in RepairOrder.State.values else None


def _advisors(staff: StaffMember) -> Options:
    people = StaffMember.objects.visible_to(staff).filter(is_active=True, role__in=WRITES)
    named = people.exclude(pk=staff.pk).order_by("name").values_list("pk", "name")
    return [("me", "Mine"), ("nobody", "Nobody’s"), *((str(pk), name) for pk, name in named)]


def _advisor(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "nobody":
        return rows.filter(advisor__isnull=True)
    if value == "me":
        return rows.filter(advisor=staff)
    return rows.filter(advisor_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _opened(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(OPENED):
        return None
    if value == "over365":
        return rows.filter(opened_at__lt=now - timedelta(days=365))
    return rows.filter(opened_at__gte=now - timedelta(days=int(value)))


def _pays(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(customer_pays=value == "customer") if value in dict(PAYS) else None


def _car(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(car=said.label("vehicle"))
    return added


def _customer(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(whose=Coalesce("customer__full_name", Value("Internal")))
    return added


def _is_closed(filters: Mapping[str, str]) -> bool:
    return filters["state"] == RepairOrder.State.CLOSED


ROS = registry.add(
    Shape(
        key="ros",
        page="service:repair_order_list",
        words=("RO", "ROs"),
        rows=RepairOrder.objects.visible_to,
        columns=(
            Column("ro_number", "RO", "link"),
            Column("customer", "Customer", source="whose", adds=_customer),
            Column("car", "Car", adds=_car),
            Column("state", "State", words=dict(RepairOrder.State.choices)),
            Column("stage", "Stage", words=dict(RepairOrder.Stage.choices), usual=False),
            Column("advisor", "Advisor", source="advisor__name"),
            Column("tag", "Tag", usual=False),
            Column("opened_at", "Opened", "moment"),
            Column("promised_at", "Promised", "moment", usual=False),
            Column("closed_at", "Closed", "moment"),
            Column("mileage", "Mileage", usual=False),
            Column("customer_pay_cents", "Customer pay", "money"),
            Column("warranty_cents", "Warranty", "money", usual=False),
            Column("internal_cents", "Internal", "money", usual=False),
            Column("total_cents", "Total", "money", usual=False),
        ),
        filters=(
            Filter("state", "State", "all", lambda staff: STATES, _state),
            Filter("advisor", "Advisor", "everybody’s", _advisors, _advisor),
            Filter("opened", "Opened", "any time", lambda staff: OPENED, _opened),
            Filter("pays", "Who pays", "all", lambda staff: PAYS, _pays),
        ),
        sorts=(
            Sort("newest", "Newest first", (("-opened_at", "time"), ("-pk", "int"))),
            Sort("oldest", "Oldest first", (("opened_at", "time"), ("pk", "int"))),
            Sort("closed", "Last closed first", (("-closed_at", "time"), ("-pk", "int")), fits=_is_closed),
        ),
    ),
    May.SEE_SERVICE,
)
