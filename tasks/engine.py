"""The engine hears every fact: it closes the promises that a fact ends and opens those it calls for. Set-based, in four steps.

1. Which promises could these facts concern (`_lives`)?  2. What else is known about those (`_tell_history`)?
3. Fold what is known into instances (`tasks.fold`).     4. Write the differences (`_Changes`).

Because step 3 starts from facts and their own times, facts may come in any order and any number of times.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.models import EventRecord
from tasks import due as due_times
from tasks import fold, opening, promises, rulebook
from tasks.fold import Entry, Ground, Heard, Instance, Key, Role
from tasks.models import Promise, Task
from tasks.opening import Desk, Wanted
from tasks.playbook import Rule, Same

STATE_OF = {
    Role.KEEPS: Promise.State.KEPT,
    Role.WAIVES: Promise.State.WAIVED,
    Role.VOIDS: Promise.State.VOID,
}
ROLE_OF = {state: role for role, state in STATE_OF.items()}
#: A batch with more facts than this locks its stores whole instead of every customer by itself.
MANY = 100


@dataclass
class Life:
    """One key: its rule, its ground, its promises so far, and the entries that must be folded."""

    key: Key
    rule: Rule
    ground: Ground
    first_at: datetime
    element: Any = None
    rows: list[Promise] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def settled(self) -> list[Promise]:
        """Promises that ended before anything new: they stand."""
        return [
            row
            for row in self.rows
            if row.closed_at and row.closed_at < self.first_at and row.closed_why != promises.MOVED_ORDER
        ]

    @property
    def moving(self) -> list[Promise]:
        """Promises that the new facts may change."""
        settled = {row.pk for row in self.settled}
        return [row for row in self.rows if row.pk not in settled]

    @property
    def since(self) -> datetime:
        """From when on facts matter to it."""
        moments = [self.first_at, *(row.opened_at for row in self.moving)]
        return min(moments)


def apply(records: Sequence[EventRecord], facts: Sequence[Fact]) -> None:
    """Opens and closes what these facts call for. Runs in the caller's transaction; raises if a rule fails."""
    book = rulebook.book()
    heard = [
        Heard(record.pk, fact)
        for record, fact in zip(records, facts, strict=True)
        if fact.kind in book.opened_by or fact.kind in book.ended_by or fact.kind in BY_HAND_ENDS
    ]
    if not heard:
        return
    _lock(heard)
    lives = _lives(heard)
    if not lives:
        return
    _tell_history(lives)
    changes = _Changes(lives)
    for life in lives.values():
        changes.compare(life)
    changes.write()


BY_HAND_ENDS = frozenset(trigger.fact.__name__ for trigger in rulebook.ending(rulebook.BY_HAND_RULE))


def _lock(heard: Sequence[Heard]) -> None:
    # Facts about the same customer, thing or car are applied one after the other; others do not wait. Small batches share
    # the store and lock their grounds; large ones take the store.
    stores = sorted({item.fact.store_id for item in heard})
    grounds = {ground for item in heard for ground in _grounds_of(item.fact)}
    alone = len(heard) > MANY
    lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    # One statement takes them in this order: what is selected is computed from left to right.
    wanted = [(f"{lock}(7101, %s)", store_id) for store_id in stores]
    if not alone:
        digests = {hashlib.blake2b(ground.encode(), digest_size=4).digest() for ground in grounds}
        numbers = sorted(int.from_bytes(digest, signed=True) for digest in digests)
        wanted += [("pg_advisory_xact_lock(7102, %s)", number) for number in numbers]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(call for call, _ in wanted)}", [number for _, number in wanted])


def _grounds_of(fact: Fact) -> Iterable[str]:
    yield f"{fact.store_id}|{fact.subject}"
    if fact.customer_id:
        yield f"{fact.store_id}|c{fact.customer_id}"
    if fact.vehicle_id:
        yield f"{fact.store_id}|v{fact.vehicle_id}"


def _lives(heard: Sequence[Heard]) -> dict[Key, Life]:
    book = rulebook.book()
    lives: dict[Key, Life] = {}
    for item in heard:
        for rule in book.opened_by.get(item.fact.kind, ()):
            for key, element in fold.openings(rule, item):
                _life(lives, key, rule, _ground(item.fact, key), item.fact.at).element = element
    near = _Near(heard)
    for row in _rows_touched(heard, lives):
        try:
            rule = rulebook.rule_of(row.rule)
        except KeyError:
            continue  # a rule that left the book: its promises are closed by people
        key = Key(row.store_id, row.rule, row.subject, row.about)
        ground = Ground(row.subject, row.about, row.customer_id, row.vehicle_id)
        ending_at = [fact.at for fact in near.around(row) if fold.ends(rule, ground, fact) is not None]
        if key in lives or ending_at:
            life = _life(lives, key, rule, ground, min(ending_at, default=None))
            life.rows.append(row)
    for life in lives.values():
        life.rows.sort(key=lambda row: row.epoch)
    return lives


class _Near:
    """The facts of a batch by what they are about, so that a promise meets only those that could concern it."""

    def __init__(self, heard: Sequence[Heard]) -> None:
        self.by_ground: dict[str, list[Fact]] = defaultdict(list)
        for item in heard:
            for ground in _grounds_of(item.fact):
                self.by_ground[ground].append(item.fact)

    def around(self, row: Promise) -> Iterable[Fact]:
        """Facts that share the promise's subject, customer or car; one may come twice."""
        yield from self.by_ground.get(f"{row.store_id}|{row.subject}", ())
        yield from self.by_ground.get(f"{row.store_id}|c{row.customer_id}", ())
        yield from self.by_ground.get(f"{row.store_id}|v{row.vehicle_id}", ())


def _life(lives: dict[Key, Life], key: Key, rule: Rule, ground: Ground, at: datetime | None) -> Life:
    life = lives.get(key)
    if life is None:
        if at is None:
            raise ValueError("A life begins with a fact.")
        life = lives[key] = Life(key, rule, ground, at)
    elif at is not None:
        life.first_at = min(life.first_at, at)
    return life


def _ground(fact: Fact, key: Key) -> Ground:
    return Ground(key.subject, key.about, fact.customer_id, fact.vehicle_id)


def _rows_touched(heard: Sequence[Heard], lives: dict[Key, Life]) -> Iterable[Promise]:
    book = rulebook.book()
    stores = {item.fact.store_id for item in heard}
    where = Q(pk__in=[])
    if lives:
        where |= Q(rule__in={key.rule for key in lives}, subject__in={key.subject for key in lives})
    ending: dict[Same, set[str]] = defaultdict(set)
    for item in heard:
        rules = book.ended_by.get(item.fact.kind, ())
        for rule in (*rules, rulebook.BY_HAND_RULE):
            ending[rule.same].add(rule.key)
            ending[rule.ends_same].add(rule.key)
    earliest = min(item.fact.at for item in heard)
    still = Q(state=Promise.State.OPEN) | Q(closed_at__gte=earliest) | Q(closed_why=promises.MOVED_ORDER)
    facts = [item.fact for item in heard]
    where |= still & Q(rule__in=ending[Same.SUBJECT], subject__in={fact.subject for fact in facts})
    customers = {fact.customer_id for fact in facts if fact.customer_id}
    if customers:
        where |= still & Q(rule__in=ending[Same.CUSTOMER], customer_id__in=customers)
    vehicles = {fact.vehicle_id for fact in facts if fact.vehicle_id}
    if vehicles:
        where |= still & Q(rule__in=ending[Same.VEHICLE], vehicle_id__in=vehicles)
    return (
        Promise.objects.across_stores("facts of several stores may come in one batch")
        .filter(where, store_id__in=stores)
        .select_for_update(of=("self",))
        .order_by("pk")
    )


def _tell_history(lives: dict[Key, Life]) -> None:
    by_subject, by_customer, by_vehicle = _lives_by_ground(lives.values())
    kinds = {
        trigger.fact.__name__
        for life in lives.values()
        for trigger in life.rule.opens_on + rulebook.ending(life.rule)
    }
    rows = (
        EventRecord.objects.across_stores("facts of several stores may come in one batch")
        .filter(
            Q(subject__in=set(by_subject))
            | Q(customer_id__in=set(by_customer))
            | Q(vehicle_id__in=set(by_vehicle)),
            store_id__in={key.store_id for key in lives},
            kind__in=kinds,
            at__gte=min(life.since for life in lives.values()),
        )
        .order_by("at", "pk")
    )
    # A server-side cursor costs three trips: it pays for long histories alone.
    for row in rows.iterator(chunk_size=2000) if len(lives) > MANY else rows:
        item = Heard(row.pk, bus.revive(row))
        concerned = {
            id(life): life
            for life in (
                *by_subject.get(row.subject, ()),
                *by_customer.get(row.customer_id or 0, ()),
                *by_vehicle.get(row.vehicle_id or 0, ()),
            )
        }
        for life in concerned.values():
            if row.store_id == life.key.store_id and row.at >= life.since:
                _enter(life, item)


def _lives_by_ground(
    lives: Iterable[Life],
) -> tuple[dict[str, list[Life]], dict[int, list[Life]], dict[int, list[Life]]]:
    by_subject: dict[str, list[Life]] = defaultdict(list)
    by_customer: dict[int, list[Life]] = defaultdict(list)
    by_vehicle: dict[int, list[Life]] = defaultdict(list)
    for life in lives:
        by_subject[life.key.subject].append(life)
        grounds = {life.rule.same, life.rule.ends_same}
        if Same.CUSTOMER in grounds and life.ground.customer_id:
            by_customer[life.ground.customer_id].append(life)
        if Same.VEHICLE in grounds and life.ground.vehicle_id:
            by_vehicle[life.ground.vehicle_id].append(life)
    return by_subject, by_customer, by_vehicle


def _enter(life: Life, item: Heard) -> None:
    for key, element in fold.openings(life.rule, item):
        if key == life.key:
            life.element = element
            life.entries.append(Entry(Role.OPENS, item.fact.at, item))
    role = fold.ends(life.rule, life.ground, item.fact)
    if role is not None:
        life.entries.append(Entry(role, item.fact.at, item))


class _Changes:
    """What must be written so that the promises are what the facts say."""

    def __init__(self, lives: dict[Key, Life]) -> None:
        self.desk = Desk.for_stores(
            {key.store_id for key in lives}, (life.ground.customer_id for life in lives.values())
        )
        self.made: list[tuple[Promise, list[Task]]] = []
        self.changed: dict[int, Promise] = {}
        self.acts: list[tuple[Promise, dict[str, Any]]] = []

    def compare(self, life: Life) -> None:
        """Folds one life and notes the differences to its rows."""
        settled, moving = life.settled, {row.epoch: row for row in life.moving}
        epoch = settled[-1].epoch + 1 if settled else min(moving, default=0)
        instances = fold.fold([*life.entries, *_written(life, moving)], again=life.rule.again)
        before = settled[-1] if settled else None
        for n, instance in enumerate(instances, start=epoch):
            row = moving.pop(n, None)
            before = self._make(life, instance, n, before) if row is None else self._mend(life, row, instance)
        for row in moving.values():
            self._drop(row)

    def write(self) -> None:
        """Writes it all: new promises, changed ones, and an act for each."""
        if self.made:
            self.desk.rota.keep_turns()
            promises.open_many(self.made)
        if self.changed:
            promises.save_many(list(self.changed.values()))
        if self.acts:
            promises.record_many(self.acts)

    def _make(self, life: Life, instance: Instance, epoch: int, before: Promise | None) -> Promise | None:
        opened = instance.opened.heard
        if opened is None:
            return None
        again = life.rule.again and instance.opened.heard is not None and not _opens(life.rule, opened)
        wanted = Wanted(
            life.rule, opened.fact, opened.record_id, life.key.subject, life.key.about, life.element, epoch,
            instance.opened.at, before if again else None,
        )  # fmt: skip
        made = self.desk.make(wanted)
        if made is None:
            return None
        self.made.append(made)
        self._end(made[0], instance.ended)
        if made[0].state != Promise.State.OPEN:
            for task in made[1]:
                task.state, task.why = Task.State.SKIPPED, "No longer needed."
        return made[0]

    def _mend(self, life: Life, row: Promise, instance: Instance) -> Promise:
        opened = instance.opened
        if row.opened_at != opened.at and opened.heard is not None:
            self._move_opening(life, row, opened)
        ended = instance.ended
        if ended is None:
            if row.state != Promise.State.OPEN:
                self._note(row, promises.reopen(row))
        elif row.state != STATE_OF[ended.role] or row.closed_at != ended.at:
            self._end(row, ended)
        return row

    def _move_opening(self, life: Life, row: Promise, opened: Entry) -> None:
        # An earlier fact than the one that opened it came late: its clock began then.
        heard = opened.heard
        rule = self.desk.rule(life.rule, row.store_id) or life.rule
        if heard is None:
            return
        calendar = self.desk.calendar(row.store_id, row.department)
        expression = rule.due
        if callable(expression):
            expression = expression(heard.fact, life.element) if rule.for_each else expression(heard.fact)  # type: ignore[call-arg]
        due = due_times.compute(expression, start=opened.at, calendar=calendar, fact=heard.fact)
        row.opened_at, row.opened_by_id, row.assigned_at = opened.at, heard.record_id, opened.at
        renegotiated = row.due_at if row.renegotiated_at else None
        opening.set_times(row, rule, due, calendar)
        if renegotiated:
            row.due_at = renegotiated
            row.next_step_at = opening.next_step(row)
        self.changed[row.pk] = row

    def _end(self, row: Promise, ended: Entry | None) -> None:
        if ended is None:
            return
        heard = ended.heard
        if heard is None:
            return  # a person ended it, and the row says so already
        act = promises.close(
            row,
            STATE_OF[ended.role],
            at=ended.at,
            event_id=heard.record_id,
            why=heard.fact.story().strip() or heard.fact.kind,
        )
        self._note(row, act)

    def _drop(self, row: Promise) -> None:
        if row.state == Promise.State.VOID:
            return
        act = promises.close(
            row, Promise.State.VOID, at=row.opened_at, event_id=None, why=promises.MOVED_ORDER
        )
        self._note(row, act)

    def _note(self, row: Promise, act: dict[str, Any]) -> None:
        if row.pk:
            self.changed[row.pk] = row
        self.acts.append((row, act))


def _written(life: Life, moving: dict[int, Promise]) -> Iterable[Entry]:
    # What the log does not hold: promises made by hand, those owed anew, and what people ended.
    for row in moving.values():
        if row.closed_why == promises.MOVED_ORDER:
            continue
        if row is next(iter(moving.values())) and (row.opened_by_id is None or row.epoch > 0):
            yield Entry(Role.OPENS, row.opened_at, None)
        if row.state != Promise.State.OPEN and row.closed_by_event_id is None and row.closed_at:
            yield Entry(ROLE_OF[Promise.State(row.state)], row.closed_at, None)


def _opens(rule: Rule, heard: Heard) -> bool:
    return any(trigger.fits(heard.fact) for trigger in rule.opens_on)
