"""The list of campaigns: what it can be asked; what came of each stands in its file as well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from marketing.models import Campaign, CampaignPerson
from marketing.results import SHOWN


def _counted(show: str) -> Callable[[Rows, StaffMember], Rows]:
    """Adds one figure, counted as `results` does."""

    def add(rows: Rows, staff: StaffMember) -> Rows:
        people = CampaignPerson.objects.visible_to(staff).filter(SHOWN[show][1], campaign=OuterRef("pk"))
        counted = people.order_by().values("campaign").annotate(n=Count("pk")).values("n")
        added: Rows = rows.annotate(**{f"n_{show}": Coalesce(Subquery(counted), 0)})
        return added

    return add


def _figure(show: str, label: str, *, usual: bool = True) -> Column:
    return Column(show, label, "count", source=f"n_{show}", adds=_counted(show), usual=usual)


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(state=value) if value in Campaign.State.values else None


def _speaks(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(department=value) if value in Campaign.About.values else None


CAMPAIGNS = registry.add(
    Shape(
        key="campaigns",
        page="marketing:campaign_list",
        words=(later("campaign"), later("campaigns")),
        rows=Campaign.objects.visible_to,
        objects=lambda rows: rows.select_related("segment", "written_by"),
        draws_columns=True,
        columns=(
            Column("name", later("Campaign")),
            Column("segment", later("Segment"), source="segment__name"),
            Column("department", later("Speaks"), words=dict(Campaign.About.choices), usual=False),
            Column("state", later("State"), words=cast(dict[str, str], dict(Campaign.State.choices))),
            _figure("people", later("People")),
            _figure("sent", later_as("people", "Sent")),
            _figure("delivered", later_as("people", "Received"), usual=False),
            _figure("failed", later_as("people", "Failed"), usual=False),
            _figure("answered", later_as("people", "Answered")),
            _figure("booked", later_as("people", "Booked")),
            _figure("opted_out", later_as("people", "Opted out")),
            Column("written", later_as("campaign", "Written"), "moment", source="written_at"),
            Column("written_by", later("Written by"), source="written_by__name"),
            Column("approved", later("Approved"), "moment", source="approved_at", usual=False),
        ),
        filters=(
            Filter("state", later("State"), later("all"), lambda staff: Campaign.State.choices, _state),
            Filter("speaks", later("Speaks"), later("all"), lambda staff: Campaign.About.choices, _speaks),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-written_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("written_at", "time"), ("pk", "int"))),
            Sort("name", later("By name"), (("name", "text"), ("pk", "int"))),
        ),
    ),
    May.SEE_MARKETING,
)
