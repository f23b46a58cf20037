"""The one door through which departments hear of each other: publish(), remember(), entails(), and the doorbell after commit."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from dealership import clock, line, live
from dealership.events.base import CATALOGUE, Fact
from dealership.events.models import EventRecord

log = logging.getLogger(__name__)

F = TypeVar("F", bound=Fact)
Remembering = Callable[[Sequence[F]], None]
_rememberings: dict[type[Fact], list[Remembering[Fact]]] = defaultdict(list)
_musts: dict[type[Fact], list[Remembering[Fact]]] = defaultdict(list)
Consequence = Callable[[Sequence[F]], Iterable[Fact]]
_consequences: dict[type[Fact], list[Consequence[Fact]]] = defaultdict(list)


class NotInTransaction(RuntimeError):
    """A fact was published outside the transaction that made it true."""


def remember(kind: type[F], *, must: bool = False) -> Callable[[Remembering[F]], Remembering[F]]:
    """Registers a function that copies what its department must know from facts of this kind (given in batches).

    It writes its own rows and publishes nothing. Its failure leaves the fact unapplied, to be replayed; with `must`
    its failure undoes what was published (a person may not leave without their promises).
    """

    def register(function: Remembering[F]) -> Remembering[F]:
        (_musts if must else _rememberings)[kind].append(function)  # type: ignore[arg-type]
        return function

    return register


def entails(kind: type[F]) -> Callable[[Consequence[F]], Consequence[F]]:
    """Registers a function that does at once what a fact of this kind entails, and returns what has become true by it.

    Its facts are published right after, in the same transaction; its failure undoes the publishing. It runs once, when the
    fact is published, never when it is replayed.
    """

    def register(function: Consequence[F]) -> Consequence[F]:
        _consequences[kind].append(function)  # type: ignore[arg-type]
        return function

    return register


def publish(*facts: Fact) -> list[EventRecord]:
    """Writes facts to the log and hands them to whoever listens, in the caller's transaction.

    Raises NotInTransaction outside one. If a rule or a remembering fails, the facts stand, their rows stay unapplied
    with the error, and the replay job tries again.
    """
    if not facts:
        return []
    if not connection.in_atomic_block:
        raise NotInTransaction(f"{facts[0].kind} must be published in the transaction that made it true.")
    told_at = clock.database_now()
    # Written as applied: only what cannot be applied is written again.
    records = EventRecord.objects.bulk_create([_record(fact, told_at) for fact in facts])
    for kind, functions in _musts.items():
        of_kind = [fact for fact in facts if isinstance(fact, kind)]
        for function in functions if of_kind else ():
            function(of_kind)
    _hear(records, list(facts), now=told_at)
    publish(*_entailed(facts))
    return records


def _entailed(facts: Sequence[Fact]) -> list[Fact]:
    found: list[Fact] = []
    for kind, functions in _consequences.items():
        of_kind = [fact for fact in facts if isinstance(fact, kind)]
        for function in functions if of_kind else ():
            found.extend(function(of_kind))
    return found


def apply(records: Sequence[EventRecord], facts: Sequence[Fact]) -> bool:
    """Lets the rememberings and the engine hear these facts; marks the rows applied, or leaves them with the error."""
    now = clock.database_now()
    if not _hear(records, facts, now=now):
        return False
    done = {"applied_at": now, "last_error": "", "next_try_at": None, "parked_at": None}
    for record in records:
        vars(record).update(done)
    pks = [record.pk for record in records]
    was_waiting = {record.store_id for record in records if record.attempts}
    EventRecord.objects.across_stores("records just written").filter(pk__in=pks).update(**done)
    for store_id in was_waiting:
        live.bump(store_id, "facts")
    return True


def _hear(records: Sequence[EventRecord], facts: Sequence[Fact], *, now: datetime) -> bool:
    """As `apply`, for rows that say already that they were applied."""
    try:
        with transaction.atomic():
            for kind, functions in _rememberings.items():
                of_kind = [fact for fact in facts if isinstance(fact, kind)]
                for function in functions if of_kind else ():
                    function(of_kind)
            import_string(settings.FACT_ENGINE)(records, facts)
    except Exception as error:  # the fact is true whatever a rule makes of it
        log.exception("A fact could not be applied; it waits for its replay.")
        for record in records:
            leave(record, error, now=now)
        return False
    return True


def leave(record: EventRecord, error: Exception, *, now: datetime) -> None:
    """Notes why a fact could not be applied, and when it is tried again: later each time, and parked in the end."""
    # To be told is the first try; each later one was counted when it was claimed.
    record.attempts, record.applied_at = max(record.attempts, 1), None
    state = line.after_failure(record.attempts, f"{type(error).__name__}: {error}", now=now)
    vars(record).update(state)
    record.save(update_fields=["attempts", "applied_at", *state])
    live.bump(record.store_id, "facts")


def revive(record: EventRecord) -> Fact:
    """The fact that a row of the log holds. Raises KeyError for a kind that is no longer in the catalogue."""
    return CATALOGUE[record.kind].from_payload(
        record.payload,
        store_id=record.store_id,
        at=record.at,
        subject=record.subject,
        about=record.about,
        customer_id=record.customer_id,
        vehicle_id=record.vehicle_id,
        by=record.by,
    )


def _record(fact: Fact, told_at: datetime) -> EventRecord:
    return EventRecord(
        store_id=fact.store_id,
        kind=fact.kind,
        subject=fact.subject,
        about=fact.about,
        customer_id=fact.customer_id,
        vehicle_id=fact.vehicle_id,
        by=fact.by,
        at=fact.at,
        told_at=told_at,
        applied_at=told_at,
        payload=fact.payload(),
    )
