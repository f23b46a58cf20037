"""The lists behind the figures as lists of the house: columns, orders, views, acts on many. Which rows they hold `seam_lists` says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from django.http import QueryDict

from dealership.appointments.models import Appointment
from dealership.language import later
from dealership.lists import asking, registry
from dealership.lists.shape import Column, Filter, Shape, Sort
from dealership.retold import Words
from dealership.staff.roles import May
from dealership.stores.models import Department
from tasks import fates, promise_list, promise_rows, seam_lists
from tasks.seam_lists import OWED_NOW, Asked

#: What an address says beside its list's own questions. `seam_lists.read` understands it, all of it together.
KEYS = (
    "figure", "part", "period", "first", "last", "from", "to", "owner", "team", "bucket", "rule",
)  # fmt: skip
_FILTERS = tuple(
    Filter(key, "", "", lambda staff: (), lambda rows, value, staff, now: None, as_tabs=True) for key in KEYS
)


def _is_now(filters: Mapping[str, str]) -> bool:
    return filters["part"] == OWED_NOW


def _in_period(filters: Mapping[str, str]) -> bool:
    return not _is_now(filters)


def _in_time(column: str) -> tuple[Sort, ...]:
    return (
        Sort("newest", later("Newest first"), ((f"-{column}", "time"), ("-pk", "int"))),
        Sort("oldest", later("Oldest first"), ((column, "time"), ("pk", "int"))),
    )


PROMISES = registry.add(
    replace(
        promise_list.PROMISES,
        key="seam_promises",
        page="tasks:seam_list",
        objects=lambda rows: rows.values(*promise_rows.FIELDS, "original_due_at", "fate"),
        columns=(
            *promise_list.PROMISES.columns,
            Column("first_hour", later("First hour"), "moment", source="original_due_at", usual=False),
            Column("fate", later("What became of it"), words=fates.WORDS, usual=False),
        ),
        filters=_FILTERS,
        sorts=(
            # Each has its index: what is owed now stands by its hour alone.
            Sort("due", later("Soonest due first"), (("due_at", "time"), ("pk", "int")), fits=_is_now),
            *(replace(one, fits=_in_period) for one in _in_time("original_due_at")),
        ),
    ),
    May.SEE_SEAMS,
)
VISITS = registry.add(
    Shape(
        key="seam_visits",
        page="tasks:seam_list",
        words=(later("visit"), later("visits")),
        rows=Appointment.objects.visible_to,
        columns=(
            Column("customer", later("Customer"), "link", source="customer__full_name"),
            Column("starts_at", later("Visit"), "moment"),
            Column("department", later("Department"), words=dict(Department.choices)),
            Column("person", later("Person"), source="person__name"),
            Column("outcome", later("Outcome"), words=seam_lists.OUTCOMES),
            Column(
                "state",
                later("State"),
                words=cast(dict[str, str], dict(Appointment.State.choices)),
                usual=False,
            ),
        ),
        filters=_FILTERS,
        sorts=_in_time("starts_at"),
    ),
    May.SEE_SEAMS,
)
THINGS = registry.add(
    Shape(
        key="seam_things",
        page="tasks:seam_list",
        words=(later("row"), later("rows")),
        rows=seam_lists.happenings_of,
        columns=(
            Column("number", later("Number"), source="subject", words=Words(seam_lists.number_of)),
            Column("customer", later("Customer"), "link", source="customer__full_name", of="customer_id"),
            Column("words", later("What")),
            Column("at", later("When"), "moment"),
            Column("good_at", later("Came out well"), "moment"),
            Column("person", later("Person"), source="person__name"),
            Column("cents", later("Worth"), "money"),
        ),
        filters=_FILTERS,
        sorts=_in_time("at"),
        always=("customer_id",),
    ),
    May.SEE_SEAMS,
)
SHAPES = {"promises": PROMISES, "visits": VISITS, "happenings": THINGS}
#: What the rows of a figure are, and what came out well of them.
_CALLED = {
    "first_service": ((later("car"), later("cars")), later("First visit set")),
    "declined": ((later("line"), later("lines")), later("Bought")),
    "transit": ((later("contract"), later("contracts")), later("Funded")),
}


def shape_of(asked: Asked) -> Shape:
    """The list of what is asked: its rows alone."""
    shape = replace(SHAPES[asked.kind], rows=lambda staff: seam_lists.rows(staff, asked))
    if asked.figure.key not in _CALLED:
        return shape
    words, good = _CALLED[asked.figure.key]
    columns = [replace(one, label=good) if one.key == "good_at" else one for one in shape.columns]
    return replace(shape, words=words, columns=columns)


def question(asked: Asked, said: QueryDict) -> asking.Asked:
    """The same with its order, columns, page size and place, as the address says them."""
    told = QueryDict(mutable=True)
    told.update({**asked.query, **asked.period.query})
    for name in ("sort", "size", "cols", "after"):
        told.setlist(name, said.getlist(name))
    return asking.read(shape_of(asked), told)
