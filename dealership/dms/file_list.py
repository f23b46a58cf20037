"""The list of files that the DMS sent: what it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from dealership.dms.models import Feed, FeedFile
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

State = FeedFile.State
CAME = (
    ("1", later("in the last 24 hours")),
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
)
ROWS = (
    ("parked", later("with parked rows")),
    ("new", later("with something new")),
    ("none", later("with nothing new")),
)


def _kind(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(feed__kind=value) if value in Feed.Kind.values else None


def _state(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(state=value) if value in State.values else None


def _came(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(received_at__gte=now - timedelta(days=int(value))) if value in dict(CAME) else None


def _rows(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "parked":
        return rows.filter(n_parked__gt=0)
    if value == "new":
        return rows.filter(n_applied__gt=0)
    return rows.filter(state=State.APPLIED, n_applied=0) if value == "none" else None


def _look(state: str) -> str:
    return {State.REFUSED: "late", State.HELD: "late", State.APPLIED: "kept"}.get(State(state), "live")


def _parked(n: int) -> str:
    return "late" if n else ""


FILES = registry.add(
    Shape(
        key="files",
        page="dms:file_list",
        words=(later("file"), later("files")),
        rows=FeedFile.objects.visible_to,
        columns=(
            Column("name", later("File"), "link"),
            Column(
                "kind",
                later("What it holds"),
                source="feed__kind",
                words=cast(dict[str, str], dict(Feed.Kind.choices)),
            ),
            Column(
                "state", later("State"), "chip", words=cast(dict[str, str], dict(State.choices)), look=_look
            ),
            Column("received", later_as("file", "Came"), "moment", source="received_at"),
            Column("settled", later("Done with"), "moment", source="settled_at", usual=False),
            Column("n_records", later("Rows"), "count"),
            Column("n_applied", later("Applied"), "count"),
            Column("n_same", later("Same"), "count"),
            Column("n_older", later_as("rows", "Older"), "count"),
            Column("n_parked", later("Parked"), "count", look=_parked),
            Column("decided", later("Decided by"), source="decided_by__name", usual=False),
        ),
        filters=(
            Filter("kind", later("What it holds"), later("all"), lambda staff: Feed.Kind.choices, _kind),
            Filter("state", later("State"), later("all"), lambda staff: State.choices, _state),
            Filter("rows", later("Rows"), later("whatever"), lambda staff: ROWS, _rows),
            Filter("came", later_as("file", "Came"), later("any time"), lambda staff: CAME, _came),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-received_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("received_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_IMPORTS,
)
