"""The list of surveys: what it can be asked. Figures of the board open it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from dealership.language import later, later_as
from dealership.lists import people, registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from dealership.vehicles import said
from marketing.models import Survey

UNHAPPY = Q(is_unhappy=True, recovered_at__isnull=True)
#: Each list, which surveys stand there, and the moment that it goes by.
SHOWN: dict[str, tuple[str, Q, str]] = {
    "all": (later_as("surveys", "All"), Q(), "happened_at"),
    "unhappy": (later("Unhappy, open"), UNHAPPY, "answered_at"),
    "answered": (later_as("surveys", "Answered"), Q(answered_at__isnull=False), "answered_at"),
    "asked": (later_as("surveys", "Asked"), Q(asked_at__isnull=False), "asked_at"),
    "waiting": (
        later("To be asked"),
        Q(state__in=[Survey.State.WAITING, Survey.State.HELD]),
        "happened_at",
    ),
    "won_back": (later("Won back"), Q(recovered_at__isnull=False), "recovered_at"),
}
DAYS = (
    ("30", later("the last 30 days")),
    ("90", later("the last 90 days")),
    ("365", later("the last year")),
)
SAID = {
    "poor": (later("three of five or fewer"), Q(rating__lte=3)),
    "four": (later("four of five"), Q(rating=4)),
    "five": (later("five of five"), Q(rating=5)),
    "words": (later("words alone"), Q(rating__isnull=True) & ~Q(words="")),
}
DEALT = (Role.ADVISOR, Role.SERVICE_MANAGER, Role.SALESPERSON, Role.SALES_MANAGER)


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    _label, which, moment = SHOWN[value if value in SHOWN else "all"]
    found: Rows = rows.filter(which).annotate(at=F(moment))
    return found


def _kind(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(kind=value) if value in Survey.Kind.values else None


def _days(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(at__gte=now - timedelta(days=int(value))) if value in dict(DAYS) else None


def _said(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(SAID[value][1]) if value in SAID else None


def _car(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(car=said.label("vehicle"))
    return added


def _rated(rows: Rows) -> Rows:
    """Who only wrote words comes before who gave one of five."""
    added: Rows = rows.annotate(rated=Coalesce("rating", 0))
    return added


def _has_answers(filters: Mapping[str, str]) -> bool:
    return filters["show"] in ("unhappy", "answered", "won_back")


SURVEYS = registry.add(
    Shape(
        key="surveys",
        page="marketing:survey_list",
        words=(later("survey"), later("surveys")),
        rows=Survey.objects.visible_to,
        objects=lambda rows: rows.select_related("customer", "vehicle", "person"),
        draws_columns=True,
        columns=(
            Column("customer", later("Who"), source="customer__full_name"),
            Column("words", later("In their words"), "prose"),
            Column("kind", later("Department"), words=cast(dict[str, str], dict(Survey.Kind.choices))),
            Column("about", later("About"), source="about_subject"),
            Column("car", later("Car"), adds=_car),
            Column("rating", later("Said"), "count"),
            Column("state", later("State"), words=cast(dict[str, str], dict(Survey.State.choices))),
            Column("person", later("With"), source="person__name"),
            Column("happened", later("Closed or delivered"), "moment", source="happened_at", usual=False),
            Column("asked", later_as("surveys", "Asked"), "moment", source="asked_at", usual=False),
            Column("answered", later_as("surveys", "Answered"), "moment", source="answered_at"),
            Column("recovered", later("Won back"), "moment", source="recovered_at"),
        ),
        filters=(
            # Says by which moment the rest goes.
            Filter(
                "show",
                later("Surveys"),
                "",
                lambda staff: [(key, label) for key, (label, _which, _at) in SHOWN.items()],
                _show,
                usual="all",
                as_tabs=True,
            ),
            Filter("kind", later("Department"), later("both"), lambda staff: Survey.Kind.choices, _kind),
            Filter("days", later("When"), later("any time"), lambda staff: DAYS, _days),
            Filter(
                "said",
                later("Said"),
                later("whatever"),
                lambda staff: [(key, label) for key, (label, _which) in SAID.items()],
                _said,
            ),
            people.by_person("person", later("With"), "person", DEALT),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("at", "time"), ("pk", "int"))),
            Sort("worst", later("Worst first"), (("rated", "int"), ("pk", "int")), _rated, fits=_has_answers),
        ),
    ),
    May.SEE_MARKETING,
)
