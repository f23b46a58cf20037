"""Visits as a grid: a week by time, with how full each slot is, or by the person who expects the customer; a day by both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dealership.appointments import board, slots
from dealership.appointments.board import Row
from dealership.appointments.capacity import FreeSlot
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.hours import spoken_time
from dealership.stores.models import Department

#: Who is shown though nobody comes to them yet.
EXPECTS = {
    Department.SERVICE: [Role.ADVISOR],
    Department.SALES: [Role.SALESPERSON],
    Department.PARTS: [Role.PARTS_COUNTER],
    Department.FNI: [Role.FNI_MANAGER],
}
NOBODY = later("whoever is free")


@dataclass
class Cell:
    """Where visits stand: a day, and the time that a visit put here gets ("" for its own), of one person (None: of anybody)."""

    day: date
    wall: str = ""
    who: int | None = None
    slot: FreeSlot | None = None
    rows: list[Row] = field(default_factory=list)
    is_ahead: bool = False
    is_open: bool = True


@dataclass(frozen=True)
class Column:
    """A day, or on a single day a person by key (0: whoever is free)."""

    day: date
    n: int
    is_open: bool = True
    closed_because: str = ""
    who: int | None = None
    label: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the grid: a time with how full it is, or a person."""

    label: str
    cells: list[Cell | None]
    note: str = ""


@dataclass(frozen=True)
class Grid:
    """What the page shows; `more` where there are more visits than it holds."""

    columns: list[Column]
    lines: list[Line]
    more: bool


def of_week(staff: StaffMember, department: str, day: date, *, by_person: bool, now: datetime) -> Grid:
    """The week of `day`, Monday first. Five queries."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    rows, more = board.rows_of_days(staff, department, monday, monday + timedelta(days=7), now=now)
    places = slots.of_days(staff.store_id, department, days)
    by_day: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.appointment.starts_at.astimezone(staff.store.tz).date()].append(row)
    columns = [Column(at, len(by_day[at]), places[at].is_open, places[at].closed_because) for at in days]
    if not by_person:
        return Grid(columns, _times(staff, columns, places, [by_day[at] for at in days], now), more)
    today = now.astimezone(staff.store.tz).date()
    lines = []
    for key, name in _people(staff, department, rows):
        cells: list[Cell | None] = [
            Cell(at.day, who=key, rows=[row for row in by_day[at.day] if _who(row) == key],
                 is_ahead=at.day >= today, is_open=at.is_open)
            for at in columns
        ]  # fmt: skip
        lines.append(Line(name, cells))
    return Grid(columns, lines, more)


def of_day(staff: StaffMember, department: str, day: date, *, now: datetime) -> Grid:
    """One day, a column a person. Five queries."""
    rows, more = board.rows_of_days(staff, department, day, day + timedelta(days=1), now=now)
    places = slots.of_days(staff.store_id, department, [day])
    people = _people(staff, department, rows)
    theirs = [[row for row in rows if _who(row) == key] for key, _ in people]
    columns = [
        Column(day, len(mine), places[day].is_open, who=key, label=name)
        for (key, name), mine in zip(people, theirs, strict=True)
    ]
    return Grid(columns, _times(staff, columns, places, theirs, now), more)


def _times(
    staff: StaffMember,
    columns: Sequence[Column],
    places: Mapping[date, slots.Day],
    rows: Sequence[Sequence[Row]],
    now: datetime,
) -> list[Line]:
    """A line a time; a visit stands where its slot begins, and at its own time where no slot holds it."""
    zone = staff.store.tz
    grid: dict[time, dict[int, Cell]] = defaultdict(dict)
    notes: dict[time, str] = {}
    for n, column in enumerate(columns):
        found = places[column.day].slots
        for slot in found:
            at = slot.starts_at.astimezone(zone).time()
            is_ahead = slot.starts_at > now
            grid[at][n] = Cell(column.day, f"{at:%H:%M}", column.who, slot, is_ahead=is_ahead)
            if column.who is not None and slot.capacity is not None:
                notes[at] = f"{slot.n_taken}/{slot.capacity}"
        for row in rows[n]:
            at = _start(row, found).astimezone(zone).time()
            grid[at].setdefault(n, Cell(column.day, who=column.who)).rows.append(row)
    every = range(len(columns))
    return [Line(spoken_time(at), [grid[at].get(n) for n in every], notes.get(at, "")) for at in sorted(grid)]


def _start(row: Row, found: Sequence[FreeSlot]) -> datetime:
    starts_at = row.appointment.starts_at
    for slot in found:
        if slot.starts_at <= starts_at < slot.starts_at + timedelta(minutes=slot.minutes):
            return slot.starts_at
    return starts_at


def _people(staff: StaffMember, department: str, rows: Sequence[Row]) -> list[tuple[int, str]]:
    """Who expects customers, by name, and last whoever is free where somebody has nobody. One query."""
    roles = EXPECTS.get(Department(department), [])
    known = StaffMember.objects.visible_to(staff).filter(is_active=True, role__in=roles)
    people = {person.pk: person.name for person in known}
    for row in rows:
        person = row.appointment.person
        people.setdefault(_who(row), person.name if person else str(NOBODY))
    return sorted(people.items(), key=lambda item: (item[0] == 0, item[1]))


def _who(row: Row) -> int:
    return row.appointment.person_id or 0
