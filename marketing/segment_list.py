"""The list of segments: what it can be asked. Whom each means is said in words; how many are counted when one is opened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.lists import people, registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from marketing import conditions
from marketing.models import Campaign, Segment

USED = (("yes", later("in a campaign")), ("no", later("in no campaign yet")))
KEEPERS = (Role.MARKETING_MANAGER, Role.GENERAL_MANAGER)


def _means(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(means=JSONObject(match="match", conditions="conditions"))
    return added


def _in_words(means: Mapping[str, Any]) -> str:
    between = _("or") if means["match"] == Segment.Match.ANY else _("and")
    return f" {between} ".join(conditions.words(means["conditions"]))


def _used(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    written = Exists(Campaign.objects.visible_to(staff).filter(segment=OuterRef("pk")))
    return {"yes": rows.filter(written), "no": rows.filter(~written)}.get(value)


SEGMENTS = registry.add(
    Shape(
        key="segments",
        page="marketing:segment_list",
        words=(later("segment"), later("segments")),
        rows=Segment.objects.visible_to,
        columns=(
            Column("name", later("Name"), "link"),
            Column("who", later("Who"), source="means", adds=_means, words=Words(_in_words)),
            Column("changed", later("Changed"), "moment", source="changed_at"),
            Column("changed_by", later("Changed by"), source="changed_by__name"),
        ),
        filters=(
            people.by_person("by", later("Changed by"), "changed_by", KEEPERS, nobody=False),
            Filter("used", later_as("segments", "Used"), later("all"), lambda staff: USED, _used),
        ),
        sorts=(
            Sort("name", later("By name"), (("name", "text"), ("pk", "int"))),
            Sort(
                "newest",
                later_as("segments", "Last changed first"),
                (("-changed_at", "time"), ("-pk", "int")),
            ),
        ),
    ),
    May.SEE_MARKETING,
)
