"""Tables of the Seams page, to take away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dealership.spreadsheet import Table
from dealership.staff.models import StaffMember
from tasks import fates, retold, seams
from tasks.periods import Period
from tasks.tallies import Tally

TABLES = ("grid", "people", "teams")
COUNTS = ("all", "due", "on_time", "moved", "recovered", "late", "waived_late", "waived", "open")


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


def _counts(tally: Tally) -> list[object]:
    percent = tally.percent()
    return ["" if percent is None else percent, *(tally.part(name) for name in COUNTS)]
