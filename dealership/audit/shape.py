"""The trail as a list of the house: columns, orders, views, length of a page. Which entries it holds `trail` says."""

from __future__ import annotations

from dataclasses import replace

from dealership.audit import trail
from dealership.audit.models import Entry
from dealership.audit.trail import Asked
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Shape, Sort
from dealership.staff.roles import May

#: What an address says beside its list's own questions. The form understands it, all of it together.
KEYS = ("since", "until", "who", "action", "kind")
_FILTERS = tuple(
    Filter(key, "", "", lambda staff: (), lambda rows, value, staff, now: None, as_tabs=True) for key in KEYS
)

TRAIL = registry.add(
    Shape(
        key="trail",
        page="audit:trail",
        words=(later("act"), later("acts")),
        rows=Entry.objects.visible_to,
        objects=lambda rows: rows,
        draws_columns=True,
        # What they hold `words` says, on the page and in the file.
        columns=(
            Column("at", later("When"), "moment"),
            Column("who", later("Who"), source="staff_id"),
            Column("what", later("What"), source="action"),
            Column("record", later("Record"), source="kind"),
            Column("changed", later_as("what was changed", "Changed"), source="part"),
            Column("by", later_as("by what way", "By"), source="agent"),
            Column("ip", later("From")),
            # Of the file alone.
            Column("session", later("Session")),
            Column("request", later("Request")),
        ),
        filters=_FILTERS,
        sorts=(
            Sort("newest", later("Newest first"), (("-at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("at", "time"), ("pk", "int"))),
        ),
        sizes=(30, 60, 120, 240),
        size=60,
    ),
    May.SEE_TRAIL,
)


def bound(asked: Asked) -> Shape:
    """The list of what is asked."""
    return replace(TRAIL, rows=lambda staff: trail.asked_for(staff, asked).order_by())
