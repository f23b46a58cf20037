"""The inbox as a list: what an address means, what its file holds. The page draws its rows itself (`lists`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from django.db.models import Value
from django.db.models.functions import Coalesce

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.messaging import lists
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.models import Department

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _rows(staff: StaffMember) -> Rows:
    return Conversation.objects.visible_to(staff).filter(last_at__isnull=False)


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(lists.within(staff, value, now)) if value in lists.SHOWS else None


def _of(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(department=value) if value in Department.values else None


def _with_wait(rows: Rows) -> Rows:
    """Those who do not wait stand behind all who do."""
    added: Rows = rows.annotate(waits=Coalesce("waiting_since", Value(_NEVER)))
    return added


def _is_away(filters: Mapping[str, str]) -> bool:
    return filters["show"] == "away"


INBOX = registry.add(
    Shape(
        key="inbox",
        page="messaging:inbox",
        words=(
            later_as("rows of a list", "conversation"),
            later_as("rows of a list", "conversations"),
        ),
        rows=_rows,
        objects=lambda rows: rows,
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
            Filter("show", later("Which"), "", lambda staff: list(lists.SHOWS.items()), _show, usual="all"),
            Filter("of", later("Department"), later("all"), lambda staff: Department.choices, _of),
        ),
        sorts=(
            # As the page shows them; of its files alone.
            Sort(
                "back", later("First back, first"), (("put_away_until", "time"), ("pk", "int")), fits=_is_away
            ),
            Sort(
                "waiting",
                later("Who waits longest first"),
                (("waits", "time"), ("-last_at", "time"), ("-pk", "int")),
                _with_wait,
            ),
        ),
    ),
    May.SEE_CUSTOMERS,
)
