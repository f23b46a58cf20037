"""Who is next, and why: the preferred person, then a fair turn among those on shift, present and with room, then the role above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from dealership.staff.models import Absence, RotaTurn, Shift, StaffMember
from dealership.staff.roles import UP, Role


class NobodyWorksHere(RuntimeError):
    """A store without a single active person: nothing can be promised in its name."""


@dataclass(frozen=True)
class Choice:
    """Who it is, and the sentences that say why: first why this one, then what ruled the others out."""

    staff_id: int
    why: tuple[str, ...]


@dataclass
class Rota:
    """The people of some stores at one moment. Loaded once for a batch of choices; three queries, plus one lock a role.

    `load`: open promises by staff id, kept up to date as choices are made. Call inside a transaction: the turn is a row
    lock, so two leads at the same moment cannot take the same one. End a batch with `keep_turns()`.
    """

    people: dict[int, StaffMember]
    load: dict[int, int]
    shifts: dict[int, list[Shift]] = field(default_factory=dict)
    absences: dict[int, list[Absence]] = field(default_factory=dict)
    _turns: dict[tuple[int, str], RotaTurn] = field(default_factory=dict)
    _by_role: dict[tuple[int, str], list[StaffMember]] = field(default_factory=dict)

    @classmethod
    def of_stores(cls, store_ids: Iterable[int], load: Mapping[int, int]) -> Rota:
        """Everybody active at these stores."""
        ids = set(store_ids)
        why = "the rota of several stores at once"
        people = (
            StaffMember.objects.across_stores(why)
            .filter(store_id__in=ids, is_active=True)
            .select_related("store")
        )
        shifts: dict[int, list[Shift]] = defaultdict(list)
        for shift in Shift.objects.across_stores(why).filter(store_id__in=ids):
            shifts[shift.staff_id].append(shift)
        absences: dict[int, list[Absence]] = defaultdict(list)
        for absence in Absence.objects.across_stores(why).filter(store_id__in=ids):
            absences[absence.staff_id].append(absence)
        rota = cls({person.pk: person for person in people}, dict(load), dict(shifts), dict(absences))
        for person in rota.people.values():
            rota._by_role.setdefault((person.store_id, person.role), []).append(person)
        return rota

    def choose(
        self,
        *,
        store_id: int,
        role: Role,
        at: datetime,
        preferred: Sequence[tuple[int | None, str]] = (),
        without: frozenset[int] = frozenset(),
    ) -> Choice:
        """The owner of something that falls due soon after `at`. Raises NobodyWorksHere if the store has no active person.

        `preferred` are (staff id, "holds the conversation"), asked in order; the reason is a verb. `without` are never chosen if anybody else is.
        """
        notes: list[str] = []
        for staff_id, reason in preferred:
            person = self.people.get(staff_id) if staff_id else None
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
        RotaTurn.objects.bulk_update(self._turns.values(), ["last_staff"])

    def is_here(self, person: StaffMember, at: datetime) -> bool:
        """Active, not absent, and on shift where shifts are kept."""
        return not self._away(person, at)

    def _fair_turn(
        self, store_id: int, role: Role, at: datetime, without: frozenset[int], notes: list[str]
    ) -> Choice | None:
        people = sorted(self._by_role.get((store_id, role), []), key=lambda person: person.pk)
        if not people:
            notes.append(f"Nobody works here as {role.label}.")
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
                    person, [f"{person.first_name} is {reason} {role.label}.", *notes, *ruled_out]
                )
            ruled_out.append(f"Not {person.first_name}: {against}.")
        notes.extend(ruled_out)
        return None

    def _last_resort(self, store_id: int, role: Role, without: frozenset[int], notes: list[str]) -> Choice:
        # Nobody is here and free. Somebody must answer all the same: the role's own people, then the way up, then anyone.
        roles: list[str] = [role]
        while Role(roles[-1]) in UP:
            roles.append(UP[Role(roles[-1])])
        for name in roles:
            people = [p for p in self._by_role.get((store_id, name), []) if p.pk not in without]
            if people:
                person = min(people, key=lambda p: (self.load.get(p.pk, 0), p.pk))
                return self._chosen(
                    person,
                    [f"{person.first_name} answers: nobody is here with room, and somebody must.", *notes],
                )
        anyone = [p for p in self.people.values() if p.store_id == store_id]
        if not anyone:
            raise NobodyWorksHere(
                f"Store {store_id} has no active person: add one before anything can be promised."
            )
        person = min(anyone, key=lambda p: (p.pk in without, p.pk))
        return self._chosen(person, [f"{person.first_name} is the only one left to answer.", *notes])

    def _chosen(self, person: StaffMember, why: list[str]) -> Choice:
        self.load[person.pk] = self.load.get(person.pk, 0) + 1
        return Choice(person.pk, tuple(why[:12]))

    def _against(self, person: StaffMember, at: datetime, without: frozenset[int]) -> str:
        if person.pk in without:
            return "had it before"
        away = self._away(person, at)
        if away:
            return away
        carried = self.load.get(person.pk, 0)
        return f"carries {carried} of {person.capacity}" if carried >= person.capacity else ""

    def _away(self, person: StaffMember, at: datetime) -> str:
        for absence in self.absences.get(person.pk, []):
            if absence.starts_at <= at and (absence.ends_at is None or at < absence.ends_at):
                return f"away ({absence.reason})" if absence.reason else "away"
        shifts = self.shifts.get(person.pk)
        if shifts and not _on_shift(shifts, at, person.store.tz):
            return "off shift"
        return ""

    def _turn(self, store_id: int, role: Role) -> RotaTurn:
        key = (store_id, role)
        if key not in self._turns:
            RotaTurn.objects.bulk_create([RotaTurn(store_id=store_id, role=role)], ignore_conflicts=True)
            self._turns[key] = RotaTurn.objects.of_store(store_id).select_for_update().get(role=role)
        return self._turns[key]


def _on_shift(shifts: Sequence[Shift], at: datetime, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    clock: time = local.time()
    return any(shift.weekday == local.weekday() and shift.starts <= clock < shift.ends for shift in shifts)
