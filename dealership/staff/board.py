"""What the page of people shows: each with where they are now, and what they have open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dealership.staff import absences, carried
from dealership.staff.models import Shift, StaffMember, Team
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.staff.shifts import on_shift
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.said import moment


@dataclass(frozen=True)
class Row:
    """One person. `tone` is the chip's look, `state` its words."""

    person: StaffMember
    state: str
    tone: str
    n_open: int

    @property
    def is_full(self) -> bool:
        """No new promise goes to them while others have room."""
        return self.n_open >= self.person.capacity


@dataclass(frozen=True)
class Board:
    """Everybody who works here, those who did, and the teams."""

    here: list[Row]
    left: list[StaffMember]
    teams: list[Team]


def board(store_id: int, now: datetime) -> Board:
    """The whole page. Eight queries, whatever the number of people."""
    people = list(
        StaffMember.objects.of_store(store_id).select_related("store", "team", "user").order_by("name", "pk")
    )
    away, open_of = absences.current(store_id, now), carried.open_of(store_id)
    shifts: dict[int, list[Shift]] = {}
    for shift in Shift.objects.of_store(store_id):
        shifts.setdefault(shift.staff_id, []).append(shift)
    hours = calendars.of_stores([store_id])
    rows = []
    for person in people:
        if not person.is_active:
            continue
        department = DEPARTMENT_OF[Role(person.role)] or ""
        calendar = calendars.calendar_of(hours, store_id, department)
        absence = away.get(person.pk)
        if absence:
            ends = absence.ends_at
            when = moment(ends.astimezone(person.store.tz)) if ends else _("further notice")
            state, tone = _("away until %(when)s") % {"when": when}, "soon"
        else:
            state, tone = _presence(shifts.get(person.pk, []), calendar, now)
        rows.append(Row(person, state, tone, open_of.get(person.pk, 0)))
    teams = Team.objects.of_store(store_id).select_related("lead").order_by("name")
    return Board(rows, [person for person in people if not person.is_active], list(teams))


def _presence(shifts: list[Shift], calendar: Calendar, now: datetime) -> tuple[str, str]:
    if shifts:
        return (_("on shift"), "kept") if on_shift(shifts, now, calendar.zone) else (_("off shift"), "")
    return (_("here now"), "kept") if calendar.is_open(now) else (_("closed now"), "")
