"""From facts to instances of a promise: a pure fold, so that any order and any repetition of facts ends the same. No Django queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from dealership.events.base import Fact
from tasks.playbook import Rule, Same, When


class Role(IntEnum):
    """What a fact does to a promise. At one and the same moment the smaller comes first."""

    OPENS = 0
    MOVES = 1
    KEEPS = 2
    WAIVES = 3
    VOIDS = 4


@dataclass(frozen=True)
class Heard:
    """A fact and its row in the log."""

    record_id: int
    fact: Fact


@dataclass(frozen=True)
class Key:
    """What is owed once at a time."""

    store_id: int
    rule: str
    subject: str
    about: str


@dataclass(frozen=True)
class Ground:
    """What later facts must share with a promise to end it."""

    subject: str
    about: str
    customer_id: int | None
    vehicle_id: int | None


@dataclass(frozen=True)
class Entry:
    """One fact in the life of one key."""

    role: Role
    at: datetime
    heard: Heard | None

    @property
    def order(self) -> tuple[datetime, int, int]:
        """Time first; the moment being the same, what opens comes before what ends."""
        return (self.at, int(self.role), self.heard.record_id if self.heard else 0)


@dataclass(frozen=True)
class Instance:
    """One time that it was owed: what opened it, what told another time, and what ended it if anything did."""

    opened: Entry
    ended: Entry | None
    moves: tuple[Entry, ...] = ()


def openings(rule: Rule, heard: Heard) -> Iterator[tuple[Key, Any]]:
    """The keys that this fact opens under this rule, each with its element (None without `for_each`)."""
    fact = heard.fact
    if fact.backfill or not any(trigger.fits(fact) for trigger in rule.opens_on):
        return
    if rule.only_if is not None and not rule.only_if(fact):
        return
    if not rule.for_each:
        yield Key(fact.store_id, rule.key, fact.subject, fact.about), None
        return
    for element in getattr(fact, rule.for_each):
        yield Key(fact.store_id, rule.key, fact.subject, element.key), element


def bears(rule: Rule, ground: Ground, fact: Fact) -> Role | None:
    """What this fact does to a promise on this ground, if anything: ends it, or moves its hour."""
    if _fits(rule.void_on, fact) and _shares(rule.ends_same, ground, fact):
        return Role.VOIDS
    if _fits(rule.kept_on, fact) and _shares(rule.same, ground, fact):
        return Role.KEEPS
    if _fits(rule.waived_on, fact) and _shares(rule.ends_same, ground, fact):
        return Role.WAIVES
    if _fits(rule.moved_on, fact) and _shares(Same.SUBJECT, ground, fact):
        return Role.MOVES
    return None


def fold(entries: Iterable[Entry], *, again: bool) -> list[Instance]:
    """The instances in order. While one is open, another opening changes nothing; what ends nothing changes nothing.

    `again`: what keeps it opens it anew at that moment.
    """
    instances: list[Instance] = []
    opened: Entry | None = None
    moves: list[Entry] = []
    for entry in _distinct(sorted(entries, key=lambda entry: entry.order)):
        if entry.role is Role.OPENS:
            opened = opened or entry
        elif entry.role is Role.MOVES:
            if opened is not None:
                moves.append(entry)
        elif opened is not None:
            if again and entry.role is Role.KEEPS and entry.at == opened.at:
                continue  # the proof that ended the time before: it is owed anew from this very moment
            instances.append(Instance(opened, entry, tuple(moves)))
            moves = []
            opened = Entry(Role.OPENS, entry.at, entry.heard) if again and entry.role is Role.KEEPS else None
    if opened is not None:
        instances.append(Instance(opened, None, tuple(moves)))
    return instances


def _distinct(entries: Iterable[Entry]) -> Iterator[Entry]:
    # The same fact told twice is one fact.
    seen = set()
    for entry in entries:
        fact = entry.heard.fact if entry.heard else None
        sign = (entry.role, entry.at, fact and (fact.kind, fact.subject, fact.about))
        if sign not in seen:
            seen.add(sign)
            yield entry


def _fits(triggers: tuple[When, ...], fact: Fact) -> bool:
    return any(trigger.fits(fact) for trigger in triggers)


def _shares(same: Same, ground: Ground, fact: Fact) -> bool:
    if fact.about and ground.about and fact.about != ground.about:
        return False
    if same is Same.CUSTOMER:
        return ground.customer_id is not None and fact.customer_id == ground.customer_id
    if same is Same.VEHICLE:
        return ground.vehicle_id is not None and fact.vehicle_id == ground.vehicle_id
    return fact.subject == ground.subject
