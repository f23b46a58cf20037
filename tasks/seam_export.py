"""Tables of the Seams page, to take away."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dealership import spreadsheet
from dealership.language import later
from dealership.spreadsheet import Table
from dealership.staff.models import StaffMember
from tasks import fates, retold, seam_lists, seams
from tasks.periods import Period
from tasks.seam_lists import THING_FIELDS, VISIT_FIELDS, Asked
from tasks.tallies import Tally

TABLES = ("grid", "people", "teams", "list")
MOST_ROWS = 10_000
COUNTS = ("all", "due", "on_time", "moved", "recovered", "late", "waived_late", "waived", "open")
PROMISE_FIELDS = (
    "original_due_at", "sentence", "detail", "customer__full_name", "seam_from", "seam_to", "owner__name", "fate",
    "opened_at", "due_at", "broken_at", "closed_at", "closed_why",
)  # fmt: skip
#: What is kept in the code's own language.
TOLD = {
    "sentence": retold.title,
    "seam_from": retold.end,
    "seam_to": retold.end,
    "closed_why": retold.told,
}
HEADS = {
    "original_due_at": later("First hour"),
    "sentence": later("Promise"),
    "detail": later("About"),
    "customer__full_name": later("Customer"),
    "seam_from": later("From"),
    "seam_to": later("To"),
    "owner__name": later("Owner"),
    "fate": later("What became of it"),
    "opened_at": later("Promised"),
    "due_at": later("Due"),
    "broken_at": later("Broken"),
    "closed_at": later("Closed"),
    "closed_why": later("Why"),
    "starts_at": later("Visit"),
    "department": later("Department"),
    "state": later("State"),
    "person__name": later("Person"),
    "outcome": later("Outcome"),
    "kind": later("Kind"),
    "subject": later("Number"),
    "words": later("What"),
    "at": later("When"),
    "good_at": later("Came out well"),
    "cents": later("Cents"),
}


def of_page(table: str, staff: StaffMember, period: Period) -> Table:
    """The grid, the people or the teams of a period."""
    facts = seams.promises(staff, period, compare=False)
    counts = [str(fates.WORDS[name]) for name in COUNTS]
    if table == "grid":
        rows = seams.grid(facts)[1]
        cells = [cell for _, line in rows for cell in line if cell.tally.part("all")]
        return Table(
            (_("From"), _("To"), _("On time %"), *counts),
            (
                [retold.end(cell.group_from), retold.end(cell.group_to), *_counts(cell.tally)]
                for cell in cells
            ),
        )
    known = seams.people(staff)
    if table == "teams":
        return Table(
            (_("Team"), _("On time %"), *counts, _("Open now")),
            ([line.name, *_counts(line.tally), line.n_open] for line in seams.lines_of_teams(facts, known)),
        )
    people = seams.lines_of_people(facts, known, seams.medians(staff, period))
    return Table(
        (_("Person"), _("Team"), _("On time %"), *counts, _("Median minutes"), _("Open now")),
        (
            [
                line.name,
                line.note,
                *_counts(line.tally),
                "" if line.median is None else line.median // 60,
                line.n_open,
            ]
            for line in people
        ),
    )


def of_list(staff: StaffMember, asked: Asked, now: datetime) -> Table:
    """The list behind a figure, newest first, at most MOST_ROWS; times in the store's zone."""
    fields = {
        "promises": tuple(
            name for name in PROMISE_FIELDS if name != "fate" or asked.part != seam_lists.OWED_NOW
        ),
        "visits": VISIT_FIELDS[1:],
        "happenings": tuple(name for name in THING_FIELDS[1:] if name != "customer_id"),
    }[asked.kind]
    column = {"promises": "original_due_at", "visits": "starts_at", "happenings": "at"}[asked.kind]
    rows = seam_lists.rows(staff, asked).order_by(f"-{column}", "-pk").values_list(*fields)[:MOST_ROWS]
    zone = staff.store.tz
    return Table(
        [HEADS[name] for name in fields],
        ([_cell(name, value, zone) for name, value in zip(fields, row, strict=True)] for row in rows),
    )


def _counts(tally: Tally) -> list[object]:
    percent = tally.percent()
    return ["" if percent is None else percent, *(tally.part(name) for name in COUNTS)]


def _cell(name: str, value: object, zone: ZoneInfo) -> object:
    if isinstance(value, str) and name in TOLD:
        return TOLD[name](value)
    if isinstance(value, datetime):
        return spreadsheet.time(value, zone)
    return "" if value is None else value
