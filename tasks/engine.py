"""The engine hears every fact: it closes the promises that a fact ends and opens those it calls for. Set-based, in four steps.

1. Which promises could these facts concern (`_lives`)?  2. What else is known about those (`_tell_history`)?
3. Fold what is known into instances (`tasks.fold`).     4. Write the differences (`tasks.differences`).

Because step 3 starts from facts and their own times, facts may come in any order and any number of times.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Q

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.models import EventRecord
from tasks import batches, fold, rulebook
from tasks.differences import Differences, Life
from tasks.fold import Entry, Ground, Heard, Key, Role
from tasks.models import Promise
from tasks.playbook import Rule, Same

#: A batch with more facts than this locks its stores whole instead of every customer by itself.
MANY = 100


def apply(records: Sequence[EventRecord], facts: Sequence[Fact]) -> None:
    """Opens and closes what these facts call for. Runs in the caller's transaction; raises if a rule fails."""
    book = rulebook.book()
    heard = [
        Heard(record.pk, fact)
        for record, fact in zip(records, facts, strict=True)
        if fact.kind in book.opened_by or fact.kind in book.borne_on or fact.kind in BY_HAND_ENDS
    ]
    if not heard:
        return
    _lock(heard)
    lives = _lives(heard)
    if not lives:
        return
    _tell_history(lives)
    changes = Differences(lives)
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
        bearing_at = [fact.at for fact in near.around(row) if fold.bears(rule, ground, fact) is not None]
        if key in lives or bearing_at:
            life = _life(lives, key, rule, ground, min(bearing_at, default=None))
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
        rules = book.borne_on.get(item.fact.kind, ())
        for rule in (*rules, rulebook.BY_HAND_RULE):
            ending[rule.same].add(rule.key)
            ending[rule.ends_same].add(rule.key)
            if rule.moved_on:
                ending[Same.SUBJECT].add(rule.key)
    earliest = min(item.fact.at for item in heard)
    still = Q(state=Promise.State.OPEN) | Q(closed_at__gte=earliest) | Q(closed_why=batches.MOVED_ORDER)
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
        for trigger in life.rule.opens_on + rulebook.bearing(life.rule)
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
    role = fold.bears(life.rule, life.ground, item.fact)
    if role is not None:
        life.entries.append(Entry(role, item.fact.at, item))
