"""The inbox as a list: what an address means, what stands in each of its lists, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.messaging import put_away
from dealership.messaging.models import NEVER, Conversation
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, May, Role
from dealership.stores.models import Department

LONG = timedelta(hours=1)

SHOWS = {
    "all": later_as("conversations", "All"),
    "waiting": later("Waiting"),
    "hour": later("Over an hour"),
    "mine": later_as("conversations", "Mine"),
    "team": later("Team"),
    "unowned": later("Unowned"),
    "unhappy": later("Unhappy"),
    "away": later_as("conversations", "Put away"),
}


def within(staff: StaffMember, show: str, now: datetime) -> Q:
    """What a conversation of this list is; of one that is not known, as of all."""
    return put_away.is_away(now) if show == "away" else put_away.is_here(now) & _condition(staff, show, now)


def _condition(staff: StaffMember, show: str, now: datetime) -> Q:
    return {
        "waiting": Q(waiting_since__isnull=False),
        "hour": Q(waiting_since__lte=now - LONG),
        "mine": Q(holder=staff),
        "team": Q(department=team_of(staff)),
        "unowned": Q(holder__isnull=True),
        "unhappy": Q(unhappy_since__isnull=False),
    }.get(show, Q())


def team_of(staff: StaffMember) -> str:
    """The department whose queue is theirs; "" for who answers for the whole store."""
    return DEPARTMENT_OF[Role(staff.role)] or ""


def shows_of(staff: StaffMember) -> Options:
    """The lists that mean something to this person."""
    return [(show, words) for show, words in SHOWS.items() if show != "team" or team_of(staff)]


def _rows(staff: StaffMember) -> Rows:
    return Conversation.objects.visible_to(staff).filter(last_at__isnull=False)


def _drawn(rows: Rows) -> Rows:
    return rows.select_related("customer", "holder", "put_away_by").only(
        "store_id", "last_body", "last_at", "waiting_since", "department", "unhappy_since",
        "put_away_until", "customer__full_name", "holder__name", "put_away_by__name",
    )  # fmt: skip


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows:
    return rows.filter(within(staff, value, now))


def _of(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(department=value) if value in Department.values else None


def _with_wait(rows: Rows) -> Rows:
    """Those who do not wait stand behind all who do."""
    added: Rows = rows.annotate(waits=Coalesce("waiting_since", Value(NEVER)))
    return added


def _is_away(filters: Mapping[str, str]) -> bool:
    return filters["show"] == "away"


def _is_here(filters: Mapping[str, str]) -> bool:
    return not _is_away(filters)


INBOX = registry.add(
    Shape(
        key="inbox",
        page="messaging:inbox",
        words=(
            later_as("rows of a list", "conversation"),
            later_as("rows of a list", "conversations"),
        ),
        rows=_rows,
        objects=_drawn,
        sizes=(20, 40, 100, 200),
        size=40,
        columns=(
            Column("customer", later("Customer"), source="customer__full_name"),
            Column("phone", later("Phone"), source="their_number"),
            Column("last_body", later("Last text"), "prose"),
            Column("last_at", later("Last text at"), "moment"),
            Column("waiting_since", later("Waits since"), "moment"),
            Column("department", later("Department"), words=cast(dict[str, str], dict(Department.choices))),
            Column("holder", later("Held by"), source="holder__name"),
            Column("unhappy_since", later("Unhappy since"), "moment"),
            Column("put_away_until", later("Put away until"), "moment"),
            Column("put_away_by", later("Put away by"), source="put_away_by__name"),
        ),
        filters=(
            Filter("show", later("Which"), "", shows_of, _show, usual="all", as_tabs=True),
            Filter(
                "of", later("Department"), later("All departments"), lambda staff: Department.choices, _of
            ),
        ),
        sorts=(
            Sort(
                "waiting",
                later("Who waits longest first"),
                (("waits", "time"), ("-last_at", "time"), ("-pk", "int")),
                _with_wait,
                fits=_is_here,
            ),
            Sort(
                "back", later("First back, first"), (("put_away_until", "time"), ("pk", "int")), fits=_is_away
            ),
            Sort("newest", later("Newest text first"), (("-last_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest text first"), (("last_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_CUSTOMERS,
)
