"""The list of leads as marketing counts them: what it can be asked. Every figure of the sources opens it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from marketing.models import SourceLead
from marketing.sources import STAGES
from marketing.survey_list import DAYS

#: How a lead is asked for that came from nowhere known: an empty answer is none.
UNKNOWN = "?"
#: Stands where nobody has reached them yet: longer than anybody takes.
_NOT_YET = 2**31 - 1


def _sources(staff: StaffMember) -> Options:
    """All that ever brought a lead, by name."""
    rows = SourceLead.objects.visible_to(staff).order_by("source").values_list("source", flat=True)
    return [(source or UNKNOWN, source or _("unknown")) for source in rows.distinct()]


def _source(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(source="" if value == UNKNOWN else value)


def _what(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(STAGES[value][1]) if value in STAGES else None


def _days(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    days = int(value) if value in dict(DAYS) else int(DAYS[0][0])
    return rows.filter(received_at__gte=now - timedelta(days=days), received_at__lt=now)


def _waited(rows: Rows) -> Rows:
    added: Rows = rows.annotate(waited=Coalesce("person_minutes", _NOT_YET))
    return added


SOURCE_LEADS = registry.add(
    Shape(
        key="source_leads",
        page="marketing:source_leads",
        words=(later("lead"), later("leads")),
        rows=SourceLead.objects.visible_to,
        objects=lambda rows: rows.select_related("customer"),
        draws_columns=True,
        columns=(
            Column("came", later_as("lead", "Came"), "moment", source="received_at"),
            Column("customer", later("Who"), source="customer__full_name"),
            Column("vehicle", later("Car")),
            Column("source", later("Source"), words={"": later("unknown")}),
            Column("minutes", later("Open minutes to first person"), "count", source="person_minutes"),
            Column("booked", later("Visit set"), "moment", source="booked_at"),
            Column("shown", later("Came in"), "moment", source="shown_at"),
            Column("delivered", later("Delivered"), "moment", source="delivered_at"),
        ),
        filters=(
            Filter("source", later("Source"), later("all sources"), _sources, _source),
            Filter(
                "what",
                later("What came of it"),
                "",
                lambda staff: [(key, label) for key, (label, _which) in STAGES.items()],
                _what,
                usual="leads",
            ),
            Filter("days", later_as("lead", "Came"), "", lambda staff: DAYS, _days, usual=DAYS[0][0]),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-received_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("received_at", "time"), ("pk", "int"))),
            Sort("fastest", later("Fastest answered first"), (("waited", "int"), ("pk", "int")), _waited),
        ),
    ),
    May.SEE_MARKETING,
)
