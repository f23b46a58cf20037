"""The list of what came as a lead and no reader understood: what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from sales.models import LeadArrival
from sales.models.leads import came_words, why_words

State = LeadArrival.State
SHOW = (
    (State.UNREADABLE.value, later("Unreadable")),
    (State.SETTLED.value, later("Made leads by a person")),
    (State.NO_LEAD.value, later("No leads")),
)
CAME_BY = (
    ("post", later_as("how a lead came", "post")),
    ("mail", later_as("how a lead came", "mail")),
    ("person", later_as("how a lead came", "person")),
)
CAME = (
    ("1", later("in the last day")),
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
)
#: A name, a phone and an e-mail of what was found in it, as the database says them; the phone as pages do.
_PHONE = r"regexp_replace(%(expressions)s #>> '{phones,0}', '^\+1(\d{3})(\d{3})(\d{4})$', '(\1) \2-\3')"
_FOUND = f"concat_ws(', ', %(expressions)s #>> '{{names,0}}', {_PHONE}, %(expressions)s #>> '{{emails,0}}')"


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value in (State.SETTLED, State.NO_LEAD):
        return rows.filter(state=value, settled_at__isnull=False)
    return rows.filter(state=State.UNREADABLE)


def _came_by(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(came_by=value) if value in dict(CAME_BY) else None


def _came(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(received_at__gte=now - timedelta(days=int(value))) if value in dict(CAME) else None


def _found(rows: Rows, staff: StaffMember) -> Rows:
    said = Func(F("hints"), template=_FOUND, output_field=CharField())
    added: Rows = rows.annotate(found=Coalesce(NullIf(said, Value("")), Value(_("names nobody"))))
    return added


def _is_settled(filters: Mapping[str, str]) -> bool:
    return filters["show"] in (State.SETTLED, State.NO_LEAD)


def _is_waiting(filters: Mapping[str, str]) -> bool:
    return not _is_settled(filters)


ARRIVALS = registry.add(
    Shape(
        key="arrivals",
        page="sales:arrival_list",
        words=(later("arrival"), later("arrivals")),
        rows=LeadArrival.objects.visible_to,
        columns=(
            Column("found", later("Found in it"), "link", adds=_found),
            Column("why", later("What is wrong with it"), words=Words(why_words)),
            Column("received_at", later_as("leads", "Came"), "moment"),
            Column("came_by", later("Came by"), words=Words(came_words)),
            Column("n_times", later("Times"), "count", look=lambda n: "soon" if n > 1 else ""),
            Column("settled_by", later("Settled by"), source="settled_by__name", usual=False),
            Column("settled_at", later("Settled"), "moment", usual=False),
        ),
        filters=(
            Filter(
                "show", later("State"), "", lambda staff: SHOW, _show, usual=State.UNREADABLE, as_tabs=True
            ),
            Filter("by", later("Came by"), later("any way"), lambda staff: CAME_BY, _came_by),
            Filter(
                "came", later_as("leads", "Came"), later_as("leads", "any time"), lambda staff: CAME, _came
            ),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort(
                "settled",
                later("Last settled first"),
                (("-settled_at", "time"), ("-pk", "int")),
                fits=_is_settled,
            ),
            Sort(
                "newest",
                later_as("leads", "Newest first"),
                (("-received_at", "time"), ("-pk", "int")),
                fits=_is_waiting,
            ),
            Sort(
                "oldest",
                later_as("leads", "Oldest first"),
                (("received_at", "time"), ("pk", "int")),
                fits=_is_waiting,
            ),
        ),
    ),
    May.SEE_LEADS,
)
