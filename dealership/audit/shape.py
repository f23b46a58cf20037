"""The trail, and whose records were opened, as lists of the house. Which acts they are about `trail` says."""

from __future__ import annotations

from dataclasses import replace

from dealership.audit import trail
from dealership.audit.models import Entry
from dealership.audit.trail import Asked
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Shape, Sort
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

#: What an address says beside its list's own questions. The form understands it, all of it together.
_DAYS_AND_WHO = ("since", "until", "who")
KEYS = (*_DAYS_AND_WHO, "action", "kind")


def _asked_by_the_form(*keys: str) -> tuple[Filter, ...]:
    return tuple(
        Filter(key, "", "", lambda staff: (), lambda rows, value, staff, now: None, as_tabs=True)
        for key in keys
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
        filters=_asked_by_the_form(*KEYS),
        sorts=(
            Sort("newest", later("Newest first"), (("-at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("at", "time"), ("pk", "int"))),
        ),
        sizes=(30, 60, 120, 240),
        size=60,
    ),
    May.SEE_TRAIL,
)

AFFECTED = registry.add(
    Shape(
        key="affected",
        page="audit:affected",
        words=(later("customer"), later("customers")),
        rows=lambda staff: trail.opened(staff, Entry.objects.visible_to(staff)),
        columns=(
            Column("name", later("Name"), "name", source="full_name"),
            Column("number", later("Number"), source="pk", usual=False),
            Column("city", later("City")),
            Column("state", later_as("of the USA", "State")),
            Column("n", later_as("how often", "Opened"), "count", source="n_opened"),
            Column("first", later_as("time", "First"), "moment", source="first_at"),
            Column("last", later_as("time", "Last"), "moment", source="last_at"),
        ),
        filters=_asked_by_the_form(*_DAYS_AND_WHO),
        sorts=(
            Sort("most", later("Opened most often first"), (("-n_opened", "int"), ("pk", "int"))),
            Sort("last", later("Last opened first"), (("-last_at", "time"), ("-pk", "int"))),
            Sort("first", later("First opened first"), (("first_at", "time"), ("pk", "int"))),
            Sort("name", later("By name"), (("full_name", "text"), ("pk", "int"))),
        ),
    ),
    May.SEE_TRAIL,
)


def bound(asked: Asked) -> Shape:
    """The list of what is asked."""
    return replace(TRAIL, rows=lambda staff: trail.asked_for(staff, asked).order_by())


def affected(asked: Asked) -> Shape:
    """Whose records the person who is asked for opened; nobody's, as long as no person is."""

    def entries(staff: StaffMember) -> ScopedQuerySet[Entry]:
        rows = trail.asked_for(staff, replace(asked, action="", kind=""))
        return rows if asked.who else rows.none()

    return replace(AFFECTED, rows=lambda staff: trail.opened(staff, entries(staff)))
