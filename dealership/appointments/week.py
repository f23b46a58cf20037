"""A week of visits as a grid: by time, with how full each slot is, or by the person who expects the customer. Pure but for its reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dealership.appointments import board, slots
from dealership.appointments.board import Row
from dealership.appointments.capacity import FreeSlot
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


@dataclass
class Cell:
    """One slot of one day, or one day of one person; `wall` is the time that a visit put here gets, "" for its own."""

    day: date
    wall: str = ""
    slot: FreeSlot | None = None
    rows: list[Row] = field(default_factory=list)
    is_ahead: bool = False
    is_open: bool = True


@dataclass(frozen=True)
class Column:
    """One day of the week."""

    day: date
    n: int
    is_open: bool
    closed_because: str


@dataclass(frozen=True)
class Line:
    """A line of the grid: a time, or a person (0: whoever is free)."""

    label: str
    person_id: int
    cells: list[Cell | None]


@dataclass(frozen=True)
class Week:
    """What the page shows; `more` where there are more visits than it holds."""

    columns: list[Column]
    lines: list[Line]
    more: bool


def read(staff: StaffMember, department: str, day: date, *, by_person: bool, now: datetime) -> Week:
    """The week of `day`, Monday first. Five queries."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    rows, more = board.rows_of_days(staff, department, monday, monday + timedelta(days=7), now=now)
    places = slots.of_days(staff.store_id, department, days)
    zone = staff.store.tz
    by_day: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        by_day[row.appointment.starts_at.astimezone(zone).date()].append(row)
    columns = [Column(at, len(by_day[at]), places[at].is_open, places[at].closed_because) for at in days]
    lines = (
        _people(staff, department, columns, by_day, now)
        if by_person
        else _times(days, places, by_day, zone, now)
    )
    return Week(columns, lines, more)


def _times(
    days: Sequence[date],
    places: dict[date, slots.Day],
    by_day: dict[date, list[Row]],
    zone: ZoneInfo,
    now: datetime,
) -> list[Line]:
    grid: dict[time, dict[date, Cell]] = defaultdict(dict)
    for day in days:
        for slot in places[day].slots:
            at = slot.starts_at.astimezone(zone).time()
            grid[at][day] = Cell(day, f"{at:%H:%M}", slot, is_ahead=slot.starts_at > now)
        for row in by_day[day]:
            starts_at = row.appointment.starts_at
            slot_of = next(
                (s for s in places[day].slots if s.starts_at <= starts_at < s.starts_at + timedelta(minutes=s.minutes)),
                None,
            )  # fmt: skip
            at = (slot_of.starts_at if slot_of else starts_at).astimezone(zone).time()
            grid[at].setdefault(day, Cell(day)).rows.append(row)
    return [Line(spoken_time(at), 0, [grid[at].get(day) for day in days]) for at in sorted(grid)]


def _people(
    staff: StaffMember,
    department: str,
    columns: Sequence[Column],
    by_day: dict[date, list[Row]],
    now: datetime,
) -> list[Line]:
    today = now.astimezone(staff.store.tz).date()
    known = StaffMember.objects.visible_to(staff).filter(
        is_active=True, role__in=EXPECTS.get(Department(department), [])
    )
    people: dict[int, StaffMember | None] = {person.pk: person for person in known}
    theirs: dict[tuple[int, date], list[Row]] = defaultdict(list)
    for day in [column.day for column in columns]:
        for row in by_day[day]:
            person = row.appointment.person
            people.setdefault(person.pk if person else 0, person)
            theirs[person.pk if person else 0, day].append(row)
    order = sorted(people.items(), key=lambda item: (item[1] is None, item[1].name if item[1] else ""))
    return [
        Line(
            person.name if person else "whoever is free",
            key,
            [
                Cell(at.day, rows=theirs[key, at.day], is_ahead=at.day >= today, is_open=at.is_open)
                for at in columns
            ],
        )
        for key, person in order
    ]
