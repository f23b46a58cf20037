"""The list of stips: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from fni import stipulations
from fni.jacket_list import SELLS, car
from fni.models import DealJacket, Stipulation

OPEN, UNASKED, ASKED, ENDED = "open", "unasked", "asked", "ended"
SHOW = (
    (OPEN, later("All open")),
    (UNASKED, later("Not asked for yet")),
    (ASKED, later_as("stip", "Asked")),
    (ENDED, later("Here or dropped")),
)
WANTED = (
    ("1", later("for a day or longer")),
    ("2", later("for 2 days or longer")),
    ("5", later("for 5 days or longer")),
)
OTHER = "other"
#: A paper by its words: those that lenders ask for most have some in each language.
PAPERS = Words(_)
STANDS = {
    "here": later("here"),
    "dropped": later_as("stip", "dropped"),
    "text": later("asked by text"),
    "phone": later("asked on the phone"),
    "in person": later("asked in person"),
    "coming": later("a text is on its way"),
    "unasked": later("not asked yet"),
}
_LOOKS = {"here": "kept", "unasked": "soon", "coming": "info"}
_IS_OPEN = Q(collected_at__isnull=True, dropped_at__isnull=True)


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == ENDED:
        return rows.exclude(_IS_OPEN)
    rows = rows.filter(_IS_OPEN).exclude(jacket__stage=DealJacket.Stage.UNWOUND)
    if value in (UNASKED, ASKED):
        return rows.filter(asked_at__isnull=value == UNASKED)
    return rows


def _papers(staff: StaffMember) -> Options:
    return [*((paper, _(paper)) for paper in stipulations.COMMON), (OTHER, _("another paper"))]


def _paper(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == OTHER:
        return rows.exclude(what__in=stipulations.COMMON)
    return rows.filter(what=value) if value in stipulations.COMMON else None


def _wanted(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(issued_at__lte=now - timedelta(days=int(value))) if value in dict(WANTED) else None


def _with_stand(rows: Rows, staff: StaffMember) -> Rows:
    coming = Q(text__isnull=False) & ~Q(text__state__in=stipulations.CAME_TO_NOTHING)
    added: Rows = rows.annotate(
        stands=Case(
            When(collected_at__isnull=False, then=Value("here")),
            When(dropped_at__isnull=False, then=Value("dropped")),
            When(asked_at__isnull=False, then=F("asked_how")),
            When(coming, then=Value("coming")),
            default=Value("unasked"),
            output_field=CharField(),
        )
    )
    return added


def _is_ended(filters: Mapping[str, str]) -> bool:
    return filters["show"] == ENDED


def _is_wanted(filters: Mapping[str, str]) -> bool:
    return not _is_ended(filters)


STIPS = registry.add(
    Shape(
        key="stips",
        page="fni:stip_list",
        words=(later("stip"), later("stips")),
        rows=Stipulation.objects.visible_to,
        always=("what", "jacket_id"),
        columns=(
            Column("what", later("Paper"), words=PAPERS),
            Column("deal", later("Deal"), "link", source="jacket__deal_number", of="jacket_id"),
            Column("customer", later("Customer"), source="jacket__customer__full_name"),
            Column("car", later("Car"), adds=car("jacket__")),
            Column("salesperson", later("Salesperson"), source="jacket__salesperson__name"),
            Column("issued_at", later("Wanted since"), "moment"),
            Column(
                "stands",
                later("Stands"),
                "chip",
                adds=_with_stand,
                words=STANDS,
                look=lambda stands: _LOOKS.get(stands, "" if stands == "dropped" else "kept"),
            ),
            Column("asked_at", later_as("stip", "Asked"), "moment"),
            Column("asked_by", later("Asked by"), source="asked_by__name", usual=False),
            Column("issued_by", later("Noted by"), source="issued_by__name", usual=False),
            Column("collected_at", later("Here since"), "moment", usual=False),
            Column("verified_by", later("Verified by"), source="verified_by__name", usual=False),
            Column("dropped_why", later("Dropped because"), usual=False),
        ),
        filters=(
            Filter("show", later("Stips"), "", lambda staff: SHOW, _show, usual=OPEN, as_tabs=True),
            Filter("paper", later("Paper"), later("any"), _papers, _paper),
            by_person("salesperson", later("Salesperson"), "jacket__salesperson", SELLS),
            Filter("wanted", later("Wanted"), later("since any time"), lambda staff: WANTED, _wanted),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort("oldest", later("Oldest first"), (("issued_at", "time"), ("pk", "int")), fits=_is_wanted),
            Sort("newest", later("Newest first"), (("-issued_at", "time"), ("-pk", "int"))),
        ),
    ),
    May.SEE_FNI,
)
