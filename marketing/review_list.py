"""The list of public reviews: what it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.models import Department
from marketing.models import Review
from marketing.survey_list import DAYS

#: Poor reviews without a reply.
TO_ANSWER = Q(answered_at__isnull=True, stars__lte=3)
SHOWN: dict[str, tuple[str, Q]] = {
    "to_answer": (later("To answer"), TO_ANSWER),
    "all": (later_as("surveys", "All"), Q()),
    "answered": (later_as("surveys", "Answered"), Q(answered_at__isnull=False)),
}
STARS = {
    "poor": (later("three stars or fewer"), Q(stars__lte=3)),
    "four": (later("four stars"), Q(stars=4)),
    "five": (later("five stars"), Q(stars=5)),
}
KNOWN = (("known", later("a customer of ours")), ("unknown", later("nobody knows who it is")))
_MOST_SITES = 20


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(SHOWN[value if value in SHOWN else "to_answer"][1])


def _stars(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(STARS[value][1]) if value in STARS else None


def _department(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(department=value) if value in Department.values else None


def _known(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(customer__isnull=value == "unknown") if value in dict(KNOWN) else None


def _days(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(posted_at__gte=now - timedelta(days=int(value))) if value in dict(DAYS) else None


def _sites(staff: StaffMember) -> Options:
    names = Review.objects.visible_to(staff).order_by("site").values_list("site", flat=True).distinct()
    return [(name, name) for name in names[:_MOST_SITES]]


def _site(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(site=value)


def _whose(rows: Rows, staff: StaffMember) -> Rows:
    """The customer, or the name that stands on the site."""
    added: Rows = rows.annotate(whose=Coalesce("customer__full_name", NullIf("who", Value(""))))
    return added


REVIEWS = registry.add(
    Shape(
        key="reviews",
        page="marketing:review_list",
        words=(later("review"), later("reviews")),
        rows=Review.objects.visible_to,
        objects=lambda rows: rows.select_related("customer", "answered_by"),
        draws_columns=True,
        columns=(
            Column("posted", later("Written down"), "moment", source="posted_at"),
            Column("stars", later("Stars"), "count"),
            Column("words", later("What they wrote"), "prose"),
            Column("site", later("Site")),
            Column("department", later("About"), words=cast(dict[str, str], dict(Department.choices))),
            Column("who", later("Who"), source="whose", adds=_whose),
            Column("answered", later_as("surveys", "Answered"), "moment", source="answered_at"),
            Column("answered_by", later("Answered by"), source="answered_by__name"),
            Column("reply", later_as("review", "Reply"), "prose", usual=False),
        ),
        filters=(
            Filter(
                "show",
                later("Reviews"),
                "",
                lambda staff: [(key, label) for key, (label, _which) in SHOWN.items()],
                _show,
                usual="to_answer",
                as_tabs=True,
            ),
            Filter(
                "stars",
                later("Stars"),
                later("any number"),
                lambda staff: [(key, label) for key, (label, _which) in STARS.items()],
                _stars,
            ),
            Filter("site", later("Site"), later("every site"), _sites, _site),
            Filter("department", later("About"), later("all"), lambda staff: Department.choices, _department),
            Filter("known", later("Who"), later("anybody"), lambda staff: KNOWN, _known),
            Filter("days", later("Written down"), later("any time"), lambda staff: DAYS, _days),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-posted_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("posted_at", "time"), ("pk", "int"))),
            Sort("worst", later("Worst first"), (("stars", "int"), ("pk", "int"))),
        ),
    ),
    May.SEE_MARKETING,
)
