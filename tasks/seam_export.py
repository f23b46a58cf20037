"""Tables of the Seams page, to take away."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dealership import spreadsheet
from dealership.spreadsheet import Table
from dealership.staff.models import StaffMember
from tasks import fates, seam_lists, seams
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
HEADS = {
    "original_due_at": "First hour", "sentence": "Promise", "detail": "About", "customer__full_name": "Customer",
    "seam_from": "From", "seam_to": "To", "owner__name": "Owner", "fate": "What became of it", "opened_at": "Promised",
    "due_at": "Due", "broken_at": "Broken", "closed_at": "Closed", "closed_why": "Why", "starts_at": "Visit",
    "department": "Department", "state": "State", "person__name": "Person", "outcome": "Outcome", "kind": "Kind",
    "subject": "Number", "words": "What", "at": "When", "good_at": "Came out well", "cents": "Cents",
}  # fmt: skip


def of_page(table: str, staff: StaffMember, period: Period) -> Table:
    """The grid, the people or the teams of a period."""
    facts = seams.promises(staff, period, compare=False)
    counts = [fates.WORDS[name] for name in COUNTS]
    if table == "grid":
        _, rows = seams.grid(facts)
        cells = [cell for _, line in rows for cell in line if cell.tally.part("all")]
        return Table(
            ("From", "To", "On time %", *counts),
            ([cell.group_from, cell.group_to, *_counts(cell.tally)] for cell in cells),
        )
    known = seams.people(staff)
    if table == "teams":
        return Table(
            ("Team", "On time %", *counts, "Open now"),
            ([line.name, *_counts(line.tally), line.n_open] for line in seams.lines_of_teams(facts, known)),
        )
    people = seams.lines_of_people(facts, known, seams.medians(staff, period))
    return Table(
        ("Person", "Team", "On time %", *counts, "Median minutes", "Open now"),
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
    return Table([HEADS[name] for name in fields], ([_cell(value, zone) for value in row] for row in rows))


def _counts(tally: Tally) -> list[object]:
    percent = tally.percent()
    return ["" if percent is None else percent, *(tally.part(name) for name in COUNTS)]


def _cell(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return spreadsheet.time(value, zone)
    return "" if value is None else value
