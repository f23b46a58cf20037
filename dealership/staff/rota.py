"""Who is next, and why: the preferred person, then a fair turn among those on shift, present and with room, then the role above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from dealership.language import in_english
from dealership.staff.models import RotaTurn
from dealership.staff.roles import UP, Role


class NobodyWorksHere(RuntimeError):
    """A store without a single active person: nothing can be promised in its name."""


@dataclass(frozen=True)
class Choice:
    """Who it is, and the sentences that say why: first why this one, then what ruled the others out."""

    staff_id: int
    why: tuple[str, ...]
    #: Nobody was here with room: somebody answers all the same.
    is_last_resort: bool = False


@dataclass(frozen=True)
class Person:
    """What the rota must know of somebody. `shifts`: (weekday, starts, ends); `absences`: (from, until or None, why)."""

    pk: int
    store_id: int
    first_name: str
    role: str
    capacity: int
    zone: ZoneInfo
    shifts: tuple[tuple[int, time, time], ...]
    absences: tuple[tuple[datetime, datetime | None, str], ...]


#: Active people of some stores with their shifts, absences and load, in one statement.
_PEOPLE = """
    SELECT person.id, person.store_id, split_part(person.name, ' ', 1), person.role, person.capacity, store.zone,
        (SELECT json_agg(json_build_array(weekday, starts, ends)) FROM staff_shift WHERE staff_id = person.id),
        (SELECT json_agg(json_build_array(starts_at, ends_at, reason)) FROM staff_absence WHERE staff_id = person.id),
        {load}
    FROM staff_staffmember AS person JOIN stores_store AS store ON store.id = person.store_id
    WHERE person.is_active AND person.store_id = ANY(%s)
"""
#: So many people are looked up one by one; whoever asks for more gets the whole store at once.
FEW = 3


@dataclass
class Rota:
    """The people of some stores at one moment, looked up as they are needed: one query for a person who is preferred, one
    for everybody, and a lock a role.

    `load` is an SQL expression of `person.id`: how much they carry; it is kept up to date as choices are made. Call inside
    a transaction: the turn is a row lock, so two leads at the same moment cannot take the same one. End a batch with
    `keep_turns()`.
    """

    store_ids: frozenset[int]
    load: str
    _people: dict[int, Person | None] = field(default_factory=dict)
    _carried: dict[int, int] = field(default_factory=dict)
    _has_all: bool = False
    _by_store: dict[int, list[Person]] = field(default_factory=dict)
    _by_role: dict[tuple[int, str], list[Person]] = field(default_factory=dict)
    _turns: dict[tuple[int, str], RotaTurn] = field(default_factory=dict)

    @classmethod
    def of_stores(cls, store_ids: Iterable[int], load: str) -> Rota:
        """Everybody active at these stores."""
        return cls(frozenset(store_ids), load)

    def choose(
        self,
        *,
        store_id: int,
        role: Role,
        at: datetime,
        preferred: Iterable[tuple[int | None, str]] = (),
        without: frozenset[int] = frozenset(),
    ) -> Choice:
        """The owner of something that falls due soon after `at`. Raises NobodyWorksHere if the store has no active person.

        `preferred` are (staff id, "holds the conversation"), asked in order and no further than the
        first who can; the reason is a verb. `without` are never chosen if anybody else is.
        """
        notes: list[str] = []
        for staff_id, reason in preferred:
            person = self._person(staff_id) if staff_id else None
            if person is None or person.store_id != store_id:
                continue
            against = self._against(person, at, without)
            if not against:
                return self._chosen(person, [f"{person.first_name} {reason}.", *notes])
            notes.append(f"Not {person.first_name}, who {reason}: {against}.")
        seeking: Role | None = role
        while seeking is not None:
            found = self._fair_turn(store_id, seeking, at, without, notes)
            if found:
                return found
            seeking = UP.get(seeking)
        return self._last_resort(store_id, role, without, notes)

    def keep_turns(self) -> None:
        """Writes whose turn it was. Call once, when the batch is chosen."""
        for turn in self._turns.values():
            RotaTurn.objects.of_store(turn.store_id).filter(pk=turn.pk).update(
                last_staff_id=turn.last_staff_id
            )

    def _person(self, staff_id: int) -> Person | None:
        if staff_id not in self._people and not self._has_all:
            if len(self._people) < FEW:
                self._fetch([staff_id])
                self._people.setdefault(staff_id, None)
            else:
                self._everybody(0)
        return self._people.get(staff_id)

    def _of_role(self, store_id: int, role: str) -> list[Person]:
        self._everybody(store_id)
        return self._by_role.get((store_id, role), [])

    def _everybody(self, store_id: int) -> list[Person]:
        if not self._has_all:
            self._fetch()
            for pk in sorted(self._people):
                person = self._people[pk]
                if person is not None:
                    self._by_store.setdefault(person.store_id, []).append(person)
                    self._by_role.setdefault((person.store_id, person.role), []).append(person)
        return self._by_store.get(store_id, [])

    def _fetch(self, staff_ids: list[int] | None = None) -> None:
        sql, values = _PEOPLE.format(load=self.load), [sorted(self.store_ids)]
        if staff_ids is not None:
            sql, values = f"{sql} AND person.id = ANY(%s)", [*values, staff_ids]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        for pk, store_id, first_name, role, capacity, zone, shifts, absences, load in rows:
            self._people[pk] = Person(
                pk, store_id, first_name, role, capacity, ZoneInfo(zone), _shifts(shifts), _absences(absences)
            )
            # Whom this batch has given something already carries that too.
            self._carried.setdefault(pk, load)
        self._has_all = staff_ids is None

    def _fair_turn(
        self, store_id: int, role: Role, at: datetime, without: frozenset[int], notes: list[str]
    ) -> Choice | None:
        people = self._of_role(store_id, role)
        if not people:
            notes.append(f"Nobody works here as {in_english(role.label)}.")
            return None
        busy = [(person, self._against(person, at, without)) for person in people]
        if all(against for _, against in busy):
            # Nobody can: no turn is taken, and nobody else waits for it.
            notes.extend(f"Not {person.first_name}: {against}." for person, against in busy)
            return None
        turn = self._turn(store_id, role)
        after = [person for person in people if person.pk > (turn.last_staff_id or 0)]
        in_turn = after + [person for person in people if person not in after]
        ruled_out: list[str] = []
        for person in in_turn:
            against = self._against(person, at, without)
            if not against:
                turn.last_staff_id = person.pk
                reason = "the only" if len(people) == 1 else "the next in turn as"
                return self._chosen(
                    person, [f"{person.first_name} is {reason} {in_english(role.label)}.", *notes, *ruled_out]
                )
            ruled_out.append(f"Not {person.first_name}: {against}.")
        return None

    def _last_resort(self, store_id: int, role: Role, without: frozenset[int], notes: list[str]) -> Choice:
        # Nobody is here and free. Somebody must answer all the same: the role's own people, then the way up, then anyone.
        roles: list[str] = [role]
        while Role(roles[-1]) in UP:
            roles.append(UP[Role(roles[-1])])
        for name in roles:
            people = [p for p in self._of_role(store_id, name) if p.pk not in without]
            if people:
                person = min(people, key=lambda p: (self._carried.get(p.pk, 0), p.pk))
                return self._chosen(
                    person,
                    [f"{person.first_name} answers: nobody is here with room, and somebody must.", *notes],
                    is_last_resort=True,
                )
        anyone = self._everybody(store_id)
        if not anyone:
            raise NobodyWorksHere(
                f"Store {store_id} has no active person: add one before anything can be promised."
            )
        person = min(anyone, key=lambda p: (p.pk in without, p.pk))
        return self._chosen(
            person, [f"{person.first_name} is the only one left to answer.", *notes], is_last_resort=True
        )

    def _chosen(self, person: Person, why: list[str], *, is_last_resort: bool = False) -> Choice:
        self._carried[person.pk] = self._carried.get(person.pk, 0) + 1
        return Choice(person.pk, tuple(why[:12]), is_last_resort)

    def _against(self, person: Person, at: datetime, without: frozenset[int]) -> str:
        if person.pk in without:
            return "had it before"
        away = _away(person, at)
        if away:
            return away
        carried = self._carried.get(person.pk, 0)
        return f"carries {carried} of {person.capacity}" if carried >= person.capacity else ""

    def _turn(self, store_id: int, role: Role) -> RotaTurn:
        key = (store_id, role)
        if key not in self._turns:
            rows = RotaTurn.objects.of_store(store_id).select_for_update().filter(role=role)
            turn = rows.first()
            if turn is None:
                RotaTurn.objects.bulk_create([RotaTurn(store_id=store_id, role=role)], ignore_conflicts=True)
                turn = rows.get()
            self._turns[key] = turn
        return self._turns[key]


def _away(person: Person, at: datetime) -> str:
    for starts_at, ends_at, reason in person.absences:
        if starts_at <= at and (ends_at is None or at < ends_at):
            return f"away ({reason})" if reason else "away"
    return "off shift" if person.shifts and not _on_shift(person, at) else ""


def _on_shift(person: Person, at: datetime) -> bool:
    local = at.astimezone(person.zone)
    clock = local.time()
    return any(day == local.weekday() and starts <= clock < ends for day, starts, ends in person.shifts)


def _shifts(rows: list[list[Any]] | None) -> tuple[tuple[int, time, time], ...]:
    return tuple(
        (day, time.fromisoformat(starts), time.fromisoformat(ends)) for day, starts, ends in rows or ()
    )


def _absences(rows: list[list[Any]] | None) -> tuple[tuple[datetime, datetime | None, str], ...]:
    return tuple(
        (datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None, reason)
        for start, end, reason in rows or ()
    )
