"""The list of leads: what it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Value
from django.db.models.functions import Concat, Trim
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from sales import board, routing
from sales.models import CLOSED, Lead

STATES = (
    ("open", later_as("leads", "Open")),
    (Lead.State.FRESH.value, later("Not answered")),
    (Lead.State.TALKING.value, later("Talking")),
    (Lead.State.APPOINTMENT.value, later("Visit set")),
    ("closed", later_as("leads", "Ended")),
)
CAME = (
    ("1", later("in the last day")),
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
    ("over30", later("longer ago than 30 days")),
)
NOBODY = "nobody"


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "closed":
        return rows.filter(state__in=CLOSED)
    return rows.filter(state=value) if value in board.OPEN else rows.filter(state__in=board.OPEN)


def _sources(staff: StaffMember) -> Options:
    return [(source, _(source)) for source in board.sources(staff)]


def _source(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(source=value)


def _owners(staff: StaffMember) -> Options:
    team = routing.team(staff.store_id).values_list("pk", "name")
    return [
        ("me", pgettext("leads", "Mine")),
        (NOBODY, pgettext("leads", "Nobody’s")),
        *((str(pk), name) for pk, name in team if pk != staff.pk),
    ]


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
        words=(later("lead"), later("leads")),
        rows=Lead.objects.visible_to,
        objects=lambda rows: rows.values(*board.LIST_COLUMNS),
        draws_columns=True,
        columns=(
            Column("received", later("Received"), "moment", source="received_at"),
            Column("customer", later("Customer"), source="customer__full_name"),
            Column("car", later("Vehicle"), "prose", adds=_car),
            Column("question", later("Question"), "prose", source="comments"),
            Column("source", later("Source")),
            Column("state", later("State"), words=dict(Lead.State.choices)),
            Column("owner", later("Owner"), source="owner__name"),
            Column("automatic", later("First automatic answer"), "moment", source="first_automatic_at"),
            Column("person", later("First person"), "moment", source="first_human_at"),
            Column("open_minutes", later("Open minutes to first person"), source="first_human_open_minutes"),
            Column("minutes", later("Minutes to first person"), source="first_human_minutes", usual=False),
            Column("again", later("Sent again"), source="n_resent", usual=False),
            Column("why", later("Closed because"), source="lost_why", usual=False),
        ),
        filters=(
            Filter("show", later("State"), "", lambda staff: STATES, _show, usual="open", as_tabs=True),
            Filter("source", later("Source"), later_as("leads", "every"), _sources, _source),
            Filter("owner", later("Owner"), later("everybody’s"), _owners, _owner),
            Filter(
                "came", later_as("leads", "Came"), later_as("leads", "any time"), lambda staff: CAME, _came
            ),
        ),
        sorts=(
            Sort("newest", later_as("leads", "Newest first"), (("-received_at", "time"), ("-pk", "int"))),
            Sort("oldest", later_as("leads", "Oldest first"), (("received_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_LEADS,
)
