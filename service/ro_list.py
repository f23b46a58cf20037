"""The list of ROs, closed ones too: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.language import later
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from dealership.vehicles import said
from service.models import RepairOrder

OPENED = (
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
    ("365", later("in the last year")),
    ("over365", later("longer ago than a year")),
)
PAYS = (("customer", later("the customer")), ("internal", later("the store itself")))
WRITES = (Role.ADVISOR, Role.SERVICE_MANAGER)


def _states(staff: StaffMember) -> Options:
    words = (pgettext("RO", "Open"), pgettext("RO", "Closed"), pgettext("RO", "Voided"))
    return list(zip(("open", "closed", "voided"), words, strict=True))


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(state=value) if value in RepairOrder.State.values else None


def _advisors(staff: StaffMember) -> Options:
    people = StaffMember.objects.visible_to(staff).filter(is_active=True, role__in=WRITES)
    named = people.exclude(pk=staff.pk).order_by("name").values_list("pk", "name")
    return [("me", _("Mine")), ("nobody", _("Nobody’s")), *((str(pk), name) for pk, name in named)]


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
    added: Rows = rows.annotate(whose=Coalesce("customer__full_name", Value(_("Internal"))))
    return added


def _is_closed(filters: Mapping[str, str]) -> bool:
    return filters["state"] == RepairOrder.State.CLOSED


ROS = registry.add(
    Shape(
        key="ros",
        page="service:repair_order_list",
        words=(later("RO"), later("ROs")),
        rows=RepairOrder.objects.visible_to,
        always=("ro_number",),
        columns=(
            Column("ro_number", "RO", "link"),
            Column("customer", later("Customer"), source="whose", adds=_customer),
            Column("car", later("Car"), adds=_car),
            Column("state", later("State"), words=cast(dict[str, str], dict(RepairOrder.State.choices))),
            Column("stage", later("Stage"), words=dict(RepairOrder.Stage.choices), usual=False),
            Column("advisor", later("Advisor"), source="advisor__name"),
            Column("tag", later("Tag"), usual=False),
            Column("opened_at", later("Opened"), "moment"),
            Column("promised_at", later("Promised"), "moment", usual=False),
            Column("closed_at", later("Closed"), "moment"),
            Column("mileage", later("Mileage"), usual=False),
            Column("customer_pay_cents", later("Customer pay"), "money"),
            Column("warranty_cents", later("Warranty"), "money", usual=False),
            Column("internal_cents", later("Internal"), "money", usual=False),
            Column("total_cents", later("Total"), "money", usual=False),
        ),
        filters=(
            Filter("state", later("State"), later("all"), _states, _state),
            Filter("advisor", later("Advisor"), later("everybody’s"), _advisors, _advisor),
            Filter("opened", later("Opened"), later("any time"), lambda staff: OPENED, _opened),
            Filter("pays", later("Who pays"), later("all"), lambda staff: PAYS, _pays),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-opened_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("opened_at", "time"), ("pk", "int"))),
            Sort(
                "closed",
                later("Last closed first"),
                (("-closed_at", "time"), ("-pk", "int")),
                fits=_is_closed,
            ),
        ),
    ),
    May.SEE_SERVICE,
)
