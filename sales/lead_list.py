"""The list of leads: what it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Concat, Trim

from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from sales import board, routing
from sales.models import CLOSED, Lead

STATES = (
    ("open", "Open"),
    (Lead.State.FRESH.value, "Not answered"),
    (Lead.State.TALKING.value, "Talking"),
    (Lead.State.APPOINTMENT.value, "Visit set"),
    ("closed", "Ended"),
)
CAME = (
    ("1", "in the last day"),
    ("7", "in the last 7 days"),
    ("30", "in the last 30 days"),
    ("over30", "longer ago than 30 days"),
)
NOBODY = "nobody"


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "closed":
        return rows.filter(state__in=CLOSED)
    return rows.filter(state=value) if value in board.OPEN else rows.filter(state__in=board.OPEN)


def _sources(staff: StaffMember) -> Options:
    return [(source, source) for source in board.sources(staff)]


def _source(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(source=value)


def _owners(staff: StaffMember) -> Options:
    team = routing.team(staff.store_id).values_list("pk", "name")
    return [("me", "Mine"), (NOBODY, "Nobody’s"), *((str(pk), name) for pk, name in team if pk != staff.pk)]


def _owner(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "me":
        return rows.filter(owner=staff)
    if value == NOBODY:
        return rows.filter(owner__isnull=True)
    return rows.filter(owner_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _came(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(CAME):
        return None
    if value == "over30":
        return rows.filter(received_at__lt=now - timedelta(days=30))
    return rows.filter(received_at__gte=now - timedelta(days=int(value)))


def _car(rows: Rows, staff: StaffMember) -> Rows:
    space = Value(" ")
    said = Concat("year", space, "make", space, "model", space, "trim")
    added: Rows = rows.annotate(car=Trim(said))
    return added


LEADS = registry.add(
    Shape(
        key="leads",
        page="sales:lead_list",
        words=("lead", "leads"),
        rows=Lead.objects.visible_to,
        objects=lambda rows: rows.values(*board.LIST_COLUMNS),
        draws_columns=True,
        columns=(
            Column("received", "Received", "moment", source="received_at"),
            Column("customer", "Customer", source="customer__full_name"),
            Column("car", "Vehicle", "prose", adds=_car),
            Column("question", "Question", "prose", source="comments"),
            Column("source", "Source"),
            Column("state", "State", words=dict(Lead.State.choices)),
            Column("owner", "Owner", source="owner__name"),
            Column("automatic", "First automatic answer", "moment", source="first_automatic_at"),
            Column("person", "First person", "moment", source="first_human_at"),
            Column("open_minutes", "Open minutes to first person", source="first_human_open_minutes"),
            Column("minutes", "Minutes to first person", source="first_human_minutes", usual=False),
            Column("again", "Sent again", source="n_resent", usual=False),
            Column("why", "Closed because", source="lost_why", usual=False),
        ),
        filters=(
            Filter("show", "State", "", lambda staff: STATES, _show, usual="open", as_tabs=True),
            Filter("source", "Source", "every", _sources, _source),
            Filter("owner", "Owner", "everybody’s", _owners, _owner),
            Filter("came", "Came", "any time", lambda staff: CAME, _came),
        ),
        sorts=(
            Sort("newest", "Newest first", (("-received_at", "time"), ("-pk", "int"))),
            Sort("oldest", "Oldest first", (("received_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_LEADS,
)
