"""From single times to what is wanted: a set of slots in the store's zone, and every doubt about them.

Opening hours decide between morning and afternoon ("3" is 15:00, "9" is 09:00). Alternatives become several slots. A time
that is refused in its clause ("I can't do 3") or only echoed ("instead of 3", "my 10am") is no slot.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from dealership.messaging.replies.atoms import Atom, Kind, Scene
from dealership.messaging.replies.reply import Slot
from dealership.messaging.replies.scanning import scan

_RANGE_GAP = re.compile(r"^\s*(?:-|to|until|till?|thru|through|al?|hasta)\s*(?:las?|about|around|the)?\s*$")
_AND_GAP = re.compile(r"^\s*(?:and|&|y)\s*(?:las?)?\s*$")
_JOIN_GAP = re.compile(r"^[\s,]*(?:or|and|o|y|/|,|&|either)?[\s,]*(?:maybe|on|el|the)?\s*$")
_BETWEEN = re.compile(r"\b(?:between|btwn|btw|from|entre|de|desde)\s*(?:las?)?\s*$")
_NEGATIVE = re.compile(
    r"\b(?:not|cant|cannot|wont|dont|doesnt|couldnt|wouldnt|isnt|unable|unavailable|busy|no puedo|no podre|"
    r"no voy|no me|nope|except|never|conflict|out of town|booked|no estoy|no estare|working (?:all|until)|"
    r"have work|cancel|instead of|rather than|en vez de|en lugar de|other than|besides)\b"
)
_NEW_CLAUSE = re.compile(
    r"[.;!?]|,|\b(?:but|pero|how about|what about|can (?:we|i|you)|could (?:we|i|you)|do you|is there|does|"
    r"so|and|then|(?<!no )puedo|podria|mejor|prefer|ok with|works?|good)\b"
)
_ECHO = re.compile(
    r"\b(?:instead of|rather than|than|en vez de|en lugar de)(?: the| my| mi| las?| el| at| on| del?)*\s*$|"
    r"\b(?:my|our|mi)\s*$|\b(?:my|the|our|mi|la) (?:appointment|appt|apt|booking|visit|reservation|slot|"
    r"cita|time)(?: is| was)?(?: at| on| for| from| de| del| a)*(?: las?)?\s*$"
)
_WISHED = re.compile(
    r"\b(?:want|like|need|make|book|get|have|set|schedule|try|quiero|necesito) (?:my|the|our|mi|la) \w+(?: "
    r"at| on| for| a)*(?: las?)?\s*$"
)
_ECHO_AFTER = re.compile(
    r"^\s*(?:appt|appointment|appointments|apt|slot|time|booking|reservation|cita|service)\b"
)
_NOT_BOUND = re.compile(r"\b(?:not|cant|cannot|wont|dont|no puedo|couldnt|no)\b[^.,;!?]{0,25}$")
_MOVE_THIS = re.compile(
    r"\b(?:move|change|switch|cambiar|cambie|mover|mueva)(?: (?:it|my|the|mi|la|el))?\s*$"
)
_REFUSED_AFTER = re.compile(r"\s*(?:does(?:nt| not)|wont|will not|isnt|is not|no longer|no me|is bad|no)\b")
_JOINED = re.compile(r"^[\s,]*(?:at|@|on|around|a las?)?\s*$")
_MOVE_FROM = re.compile(
    r"\b(?:move|change|switch|resched\w*|push|bump|cambi\w*|mov\w*|pas\w*|reprogram\w*)\b"
)


@dataclass(slots=True)
class Wanted:
    """`slots` in time order as written; `exact` is true for one clear point; `spans` are the characters that were times."""

    slots: tuple[Slot, ...] = ()
    doubts: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    speaks_of_past: bool = False

    @property
    def exact(self) -> bool:
        return len(self.slots) == 1 and self.slots[0].is_point and not self.doubts


@dataclass(slots=True)
class _Clock:
    """One clock time or clock range, with the day and the part of the day it belongs to."""

    first: Atom
    last: Atom | None = None
    days: list[Atom] = field(default_factory=list)
    part: Atom | None = None


class _Combiner:
    def __init__(self, text: str, scene: Scene) -> None:
        self.text, self.scene = text, scene
        self.doubts: list[str] = []
        self.atoms = scan(text, scene)
        self.kept: list[Atom] = []

    def doubt(self, *reasons: str) -> None:
        self.doubts += [r for r in reasons if r not in self.doubts]

    def wanted(self) -> Wanted:
        spans = tuple((a.start, a.end) for a in self.atoms if a.kind is not Kind.PAST)
        gone = [a.end for a in self.atoms if a.kind is Kind.PAST]
        past = bool(gone)
        if past:
            self.doubt("speaks of the past")
        told = [
            a
            for a in self.atoms
            if any(_JOINED.match(self.text[end : a.start]) for end in gone if end <= a.start)
        ]
        self.kept = self._not_refused(
            [a for a in self.atoms if a.kind not in (Kind.PAST, Kind.IDLE) and a not in told]
        )
        slots: list[Slot] = []
        for slot in self._slots():
            if slot not in slots:
                slots.append(slot)
        if len(slots) > 1:
            self.doubt("several times")
        if any(a.kind is Kind.SHIFT for a in self.kept):
            self.doubt("earlier or later, by how much?")
        if any(s.start < self.scene.now and s.is_point for s in slots):
            self.doubt("that time has passed")
        return Wanted(tuple(slots), tuple(self.doubts), spans, past)

    # Refused and echoed times

    def _clause_before(self, at: int) -> str:
        lead = self.text[:at]
        cuts = [m.end() for m in _NEW_CLAUSE.finditer(lead)]
        return lead[cuts[-1] if cuts else 0 :]

    def _not_refused(self, atoms: list[Atom]) -> list[Atom]:
        kept: list[Atom] = []
        echoed: Atom | None = None
        for atom in atoms:
            lead, after = self.text[: atom.start], self.text[atom.end :]
            turned = atom.bound in ("after", "before") and _NOT_BOUND.search(lead)
            refused = bool(
                (_NEGATIVE.search(self._clause_before(atom.start)) and not turned)
                or _REFUSED_AFTER.match(after)
            )
            echo = self._echoes(atom, lead, after) or (
                echoed is not None and _JOINED.match(self.text[echoed.end : atom.start])
            )
            if refused or echo:
                self.doubt("a time is refused") if refused and not echo else None
                echoed = atom if echo else None
                continue
            echoed = None
            kept.append(atom)
        return self._without_echo(kept)

    def _echoes(self, atom: Atom, lead: str, after: str) -> bool:
        """ "Instead of 3", "my 10am", "the Friday appointment": what is booked, not what is wanted."""
        if _ECHO_AFTER.match(after) and re.search(r"\b(?:the|my|our|mi|that)\s*$", lead):
            return True
        if _WISHED.search(lead):
            return False
        match = _ECHO.search(lead)
        return bool(match) and not re.search(r"\b(?:for|to|para) \S*$", match.group() if match else "")

    def _without_echo(self, atoms: list[Atom]) -> list[Atom]:
        """ "Move it from 10 to 3": the booked time is where it moves from."""
        for a, b in pairwise(atoms):
            gap = self.text[a.end : b.start]
            leaving = (
                a.bound == "after"
                or _MOVE_THIS.search(self.text[: a.start])
                or re.search(r"\b(?:from|de|del|desde)(?: las?| el)?\s*$", self.text[: a.start])
            )
            if (
                a.kind is b.kind
                and leaving
                and _MOVE_FROM.search(self.text[: a.start])
                and _RANGE_GAP.match(gap)
            ):
                if not (a.kind is Kind.CLOCK and self._is_booked(a)):
                    self.doubt("from one time to another")
                return [x for x in atoms if x is not a]
        return atoms

    def _is_booked(self, atom: Atom) -> bool:
        booked = self.scene.appointment
        return booked is not None and self._minutes(atom, None) == booked.hour * 60 + booked.minute

    # Clock times

    def _minutes(self, atom: Atom, part: Atom | None, *, edge: bool = False, quiet: bool = True) -> int:
        """Minutes after midnight that `atom` means; doubts are noted unless `quiet`."""
        minute = atom.hour * 60 + atom.minute
        if atom.half == "24":
            chosen, notes = minute, []
        elif atom.half or part:
            half = atom.half or (part.half if part else "")
            chosen = minute % 720 + (720 if half == "pm" else 0)
            clash = bool(atom.half and part and part.half and atom.half != part.half and atom.hour != 12)
            notes = (
                ["the half of the day does not fit"]
                if clash or (part and half == "am" and atom.hour == 12)
                else []
            )
        else:
            chosen, notes = self._by_opening_hours(minute % 720, edge)
        first, last = self.scene.opens[0] * 60, self.scene.opens[1] * 60
        if not first <= chosen < last and not (edge and chosen == last):
            notes = [*notes, "outside opening hours"]
        if not quiet:
            self.doubt(*notes)
        return chosen

    def _by_opening_hours(self, morning: int, edge: bool) -> tuple[int, list[str]]:
        first, last = self.scene.opens[0] * 60, self.scene.opens[1] * 60
        fits = [m for m in (morning, morning + 720) if first <= m < last or (edge and m == last)]
        if len(fits) == 1:
            return fits[0], []
        return (fits or [morning + 720 if morning < 420 else morning])[0], ["morning or evening?"]

    def _at(self, day: date, minutes: int) -> datetime:
        return datetime.combine(day, time(0), self.scene.zone) + timedelta(minutes=min(minutes, 1439))

    # Putting together

    def _slots(self) -> list[Slot]:
        days = [a for a in self.kept if a.first is not None]
        clocks = self._clocks()
        parts = [a for a in self.kept if a.kind is Kind.PART]
        slots = [Slot(a.moment, a.moment) for a in self.kept if a.kind is Kind.MOMENT and a.moment]
        self.doubt(*(d for a in self.kept for d in a.doubts))
        if clocks:
            for found in clocks:
                slots += self._clock_slots(found)
            covered = {id(d) for c in clocks for d in c.days}
            lone = [d for d in days if id(d) not in covered and d.kind is Kind.DAY]
            return slots + [self._day_slot(d) for d in lone]
        if parts:
            for found_part in parts:
                slots += self._part_slots(found_part, days)
            return slots
        slots += self._day_ranges(days)
        return slots or self._shifted()

    def _clocks(self) -> list[_Clock]:
        clocks, skip = [], False
        atoms = [a for a in self.kept if a.kind is Kind.CLOCK]
        for i, atom in enumerate(atoms):
            if skip:
                skip = False
                continue
            found = _Clock(atom)
            if i + 1 < len(atoms) and self._is_range(atom, atoms[i + 1]):
                found.last, skip = atoms[i + 1], True
            clocks.append(found)
        for found in clocks:
            found.part = self._part_of(found)
            found.days = self._days_of(found, clocks)
        return clocks

    def _is_range(self, a: Atom, b: Atom) -> bool:
        gap = self.text[a.end : b.start] if b.start > a.end else ""
        until = b.bound == "before" and re.search(r"\b(?:until|till?|hasta)", self.text[b.start : b.end])
        if (gap.strip() and _RANGE_GAP.match(gap)) or (until and not gap.strip()):
            return True
        lead = self.text[: a.end]
        between = _BETWEEN.search(self.text[: a.start]) or re.search(
            r"\b(?:between|entre)\b[^.;]{0,12}$", lead
        )
        return bool(between and _AND_GAP.match(gap))

    def _part_of(self, found: _Clock) -> Atom | None:
        end = (found.last or found.first).end
        for part in (a for a in self.kept if a.kind is Kind.PART):
            gap = (
                self.text[end : part.start] if part.start >= end else self.text[part.end : found.first.start]
            )
            crossed = any(
                min(end, part.end) <= c.start < max(found.first.start, part.start)
                for c in self.kept
                if c.kind is Kind.CLOCK and c not in (found.first, found.last)
            )
            if len(gap) <= 16 and not crossed and not re.search(r"\b(?:or|o)\b", gap):
                return part
        parts = [a for a in self.kept if a.kind is Kind.PART]
        return parts[0] if len(parts) == 1 and not re.search(r"\b(?:or|o)\b", self.text) else None

    def _days_of(self, found: _Clock, clocks: list[_Clock]) -> list[Atom]:
        days = [a for a in self.kept if a.first is not None]
        if len(days) <= 1:
            return days
        before = [d for d in days if d.start < found.first.start]
        after = [d for d in days if d.start > found.first.start]
        if before and (not after or days[0].start < clocks[0].first.start):
            chosen = [before[-1]]
            for earlier, later in zip(before[-2::-1], before[::-1], strict=False):
                if not _JOIN_GAP.match(self.text[earlier.end : later.start]):
                    break
                chosen.append(earlier)
            return self._same_or_each(chosen)
        return after[:1]

    def _same_or_each(self, chosen: list[Atom]) -> list[Atom]:
        """ "Tomorrow, Wednesday, at 3" names one day twice."""
        kept: list[Atom] = []
        for day in chosen:
            if all(day.first != k.first for k in kept):
                kept.append(day)
        return kept

    def _clock_slots(self, found: _Clock) -> list[Slot]:
        days: list[date | None] = [d.first for d in found.days] or [None]
        for atom in found.days:
            if atom.first != atom.last:
                self.doubt("several days")
        return [self._clock_slot(found, day) for day in days]

    def _clock_slot(self, found: _Clock, day: date | None) -> Slot:
        first, bound = found.first, found.first.bound
        if bound in ("after", "before") and _NOT_BOUND.search(self.text[: first.start]):
            bound = "before" if bound == "after" else "after"
        opening, closing = self.scene.opens[0] * 60, self.scene.opens[1] * 60
        if found.last is not None:
            start, end = self._range(first, found.last, found.part)
            on = self._day_or_default(day, start)
            return Slot(self._at(on, start), self._at(on, end))
        at = self._minutes(first, found.part, edge=bound in ("after", "before"), quiet=False)
        on = self._day_or_default(day, at)
        if bound == "after":
            return Slot(self._at(on, at), self._at(on, closing if at < closing else 1439))
        if bound == "before":
            return Slot(self._at(on, min(opening, at)), self._at(on, at))
        if bound == "around":
            self.doubt("about that time")
        return Slot(self._at(on, at), self._at(on, at))

    def _range(self, first: Atom, last: Atom, part: Atom | None) -> tuple[int, int]:
        end = self._minutes(last, part if not last.half else None, edge=True, quiet=False)
        if first.half or part:
            start = self._minutes(first, part if not first.half else None, edge=True)
        else:
            plain = (first.hour * 60 + first.minute) % 720
            options = [m for m in (plain, plain + 720) if m < end]
            near = [m for m in options if last.half or self.scene.opens[0] * 60 <= m]
            start = (near or options or [plain])[-1]
        if start > end:
            self.doubt("the range ends before it starts")
            start, end = end, start
        return start, end

    def _day_or_default(self, day: date | None, minutes: int) -> date:
        if day is not None:
            return day
        if self.scene.appointment is not None:
            return self.scene.appointment.date()
        self.doubt("no day named")
        today = self.scene.today
        return today if self._at(today, minutes) > self.scene.now else today + timedelta(days=1)

    def _day_slot(self, atom: Atom, last: date | None = None) -> Slot:
        first = atom.first or self.scene.today
        start = self._at(first, self.scene.opens[0] * 60)
        end = self._at(last or atom.last or first, self.scene.opens[1] * 60)
        if atom.bound == "after" and start < self.scene.now < end:
            start = self.scene.now.replace(second=0, microsecond=0)
        return Slot(start, end)

    def _day_ranges(self, days: list[Atom]) -> list[Slot]:
        slots, skip = [], False
        for i, atom in enumerate(days):
            if skip:
                skip = False
                continue
            following = days[i + 1] if i + 1 < len(days) else None
            if following and following.last and _RANGE_GAP.match(self.text[atom.end : following.start]):
                slots.append(self._day_slot(atom, max(following.last, atom.first or following.last)))
                skip = True
            else:
                slots.append(self._day_slot(atom))
        return slots

    def _part_slots(self, part: Atom, days: list[Atom]) -> list[Slot]:
        named = [d for d in days if d.kind is Kind.DAY] or ([part] if part.first else [])
        if not named:
            on = self._day_or_default(None, part.high)
            return [Slot(self._at(on, part.low), self._at(on, part.high))]
        return [Slot(self._at(d.first, part.low), self._at(d.first, part.high)) for d in named if d.first]

    def _shifted(self) -> list[Slot]:
        booked = self.scene.appointment
        moves = [a for a in self.kept if a.kind is Kind.SHIFT]
        if booked is None or not moves:
            return []
        if moves[0].bound == "before":
            return [Slot(min(booked, self._at(booked.date(), self.scene.opens[0] * 60)), booked)]
        return [Slot(booked, max(booked, self._at(booked.date(), self.scene.opens[1] * 60)))]


def read_slots(folded: str, scene: Scene) -> Wanted:
    """The times that a folded text asks for. Never raises: a time beyond the calendar is no time."""
    try:
        return _Combiner(folded, scene).wanted()
    except (OverflowError, ValueError):
        return Wanted(doubts=("a time beyond the calendar",))
