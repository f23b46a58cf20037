"""The naive designs. Each patches the product for as long as it is in force, as a hurried hand might have written it."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from dealership import clock, doorbell, limits, line, sight, ticker
from dealership.appointments import slots
from dealership.appointments.models import CapacityPlan, Slot
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.database import base
from dealership.events import bus
from dealership.events.catalogue.staff import StaffLeft
from dealership.events.models import EventRecord
from dealership.hooks import delivery
from dealership.messaging import (
    carrier_calls,
    circumstances,
    consent,
    conversations,
    fates,
    inbound,
    sending,
    zones,
)
from dealership.messaging.models import Conversation, Message
from dealership.messaging.transports.carrier import InDoubt, NotNow
from dealership.models import Bucket
from dealership.staff.models import RotaTurn
from dealership.staff.rota import Rota
from dealership.stores import hours
from service import lives
from tasks import batches, promises, steps
from tasks.models import Promise


def _any_key(_: object) -> str:
    return uuid.uuid4().hex


@contextmanager
def the_carrier_is_answered_before_its_text_is_kept() -> Iterator[None]:
    """P1: 200 is said, and whether it can be kept is found out afterwards."""
    keep = carrier_calls.keep_inbound

    def naive(fields: Mapping[str, str], **more: Any) -> bool:
        with suppress(DatabaseError):
            return keep(fields, **more)
        return True

    with patch.object(carrier_calls, "keep_inbound", naive):
        yield


@contextmanager
def each_delivery_is_a_text_of_its_own() -> Iterator[None]:
    """P2: keyed by the delivery's token, which differs each time, not by the carrier's id for the message."""
    with patch.object(carrier_calls, "_short", _any_key), patch.object(inbound, "_sid", _any_key):
        yield


@contextmanager
def a_lost_answer_is_tried_again() -> Iterator[None]:
    """P3: a retry loop takes a timeout for a failure."""
    settle = sending._settle

    def naive(pk: int, store_id: int, attempt: int, outcome: Any, now: datetime) -> str:
        outcome = NotNow(outcome.why) if isinstance(outcome, InDoubt) else outcome
        return settle(pk, store_id, attempt, outcome, now)

    with patch.object(sending, "_settle", naive):
        yield


class _EveryWordIsNews(dict[object, int]):
    """Ranks as a writer has them who lets the last word win: whatever comes is further than what was."""

    asked = 0

    def __getitem__(self, state: object) -> int:
        self.asked -= 1
        return self.asked


@contextmanager
def the_last_word_wins() -> Iterator[None]:
    """P5: whatever the carrier says last is the status."""
    with patch.object(fates, "RANK", _EveryWordIsNews()):
        yield


@contextmanager
def what_the_code_does_not_know_is_dropped() -> Iterator[None]:
    """P8: a kind of work that this version has no name for is marked as done."""

    def naive(record: EventRecord, error: Exception, *, now: datetime) -> None:
        record.applied_at = now
        record.save(update_fields=["applied_at"])

    with patch.object(bus, "leave", naive):
        yield


@contextmanager
def the_ticker_trusts_the_broker() -> Iterator[None]:
    """P9: a wake-up that cannot be delivered is work that is not done."""

    def naive(job: str) -> None:
        try:
            doorbell.knock(job)
        except Exception:
            return

    with patch.object(ticker, "wake", naive):
        yield


@contextmanager
def consent_is_read_when_the_batch_is_built() -> Iterator[None]:
    """P11: what stops later stops the next campaign."""
    standing = consent.Standing()
    with (
        patch.object(consent, "state", lambda *_: standing),
        patch.object(consent, "being_taken_back", lambda _: False),
        patch.object(consent, "withdraw_queued", lambda *_: 0),
    ):
        yield


@contextmanager
def a_stop_counts_once_it_is_committed() -> Iterator[None]:
    """P11: who is about to call the carrier reads what stands, and not what is being written."""
    with patch.object(consent, "being_taken_back", lambda _: False):
        yield


@contextmanager
def hours_are_the_servers() -> Iterator[None]:
    """P14: quiet hours by the clock of the machine."""
    there = zones.where("", "", "", ZoneInfo("UTC"))
    with patch.object(circumstances.zones, "where", lambda *_, **__: there):
        yield


@contextmanager
def a_merge_copies_and_deletes() -> Iterator[None]:
    """P16: the loser's rows are given to the winner, and the loser is gone."""
    merge = merging.merge

    def naive(*, winner: Customer, loser: Customer, **more: Any) -> Any:
        Message.objects.of_store(loser.store_id).filter(customer=loser).update(customer=winner)
        Conversation.objects.of_store(loser.store_id).filter(customer=loser).update(customer=winner)
        return merge(winner=winner, loser=loser, **more)

    with patch.object(merging, "merge", naive):
        yield


@contextmanager
def a_job_moves_what_they_owed() -> Iterator[None]:
    """P18: whoever leaves is marked as gone, and a job is to see to the rest."""
    with patch.dict(bus._musts, {StaffLeft: []}):
        yield


def _together(barrier: Barrier) -> None:
    """The worst order of events: everybody has read before anybody writes."""
    try:
        barrier.wait()
    except BrokenBarrierError:
        return


@contextmanager
def a_claim_reads_then_writes() -> Iterator[None]:
    """P19: whether it is free is asked without a lock."""
    all_have_read = Barrier(4, timeout=2)

    def naive(promise: Promise, *, must_be_open: bool = True) -> Promise:
        found = Promise.objects.of_store(promise.store_id).select_related("owner").get(pk=promise.pk)
        _together(all_have_read)
        return found

    with patch.object(promises, "_locked", naive):
        yield


@contextmanager
def who_holds_it_is_read_without_a_lock() -> Iterator[None]:
    """P19, of a conversation: whoever asks at the same moment is told that it is free."""
    all_have_read = Barrier(4, timeout=2)

    def naive(conversation: Conversation) -> Conversation:
        found = (
            Conversation.objects.of_store(conversation.store_id)
            .select_related("holder")
            .get(pk=conversation.pk)
        )
        _together(all_have_read)
        return found

    with patch.object(conversations, "_alone", naive):
        yield


@contextmanager
def the_turn_is_not_locked() -> Iterator[None]:
    """P20: whose turn it is is read, and written when the choice is made."""
    all_have_read = Barrier(4, timeout=2)

    def naive(self: Rota, store_id: int, role: str) -> RotaTurn:
        turn = RotaTurn.objects.of_store(store_id).filter(role=role).first()
        found = turn or RotaTurn(store_id=store_id, role=role)
        self._turns[store_id, role] = found
        _together(all_have_read)
        return found

    with patch.object(Rota, "_turn", naive):
        yield


@contextmanager
def places_are_counted_then_taken() -> Iterator[None]:
    """P21: count, compare, write."""
    all_have_counted = Barrier(12, timeout=2)

    def naive(*, store_id: int, department: str, starts_at: datetime, force: bool = False) -> slots.Place:
        plan = CapacityPlan.objects.of_store(store_id).get(department=department)
        slot, _ = Slot.objects.of_store(store_id).get_or_create(
            store_id=store_id,
            department=department,
            starts_at=starts_at,
            defaults={"capacity": plan.per_slot},
        )
        _together(all_have_counted)
        if slot.n_booked >= plan.per_slot and not force:
            raise slots.NoRoom("Full.")
        Slot.objects.of_store(store_id).filter(pk=slot.pk).update(n_booked=slot.n_booked + 1)
        return slots.Place(slot.pk)

    with patch.object(slots, "take", naive):
        yield


@contextmanager
def what_is_left_is_read_and_then_written_back() -> Iterator[None]:
    """P31: a bucket as it is often written."""
    all_have_read = Barrier(50, timeout=20)

    def naive(limit: limits.Limit, who: object) -> None:
        bucket = Bucket(key=limits._key(limit, who), tokens=limit.at_once, filled_at=clock.real())
        Bucket.objects.bulk_create([bucket], ignore_conflicts=True)
        bucket.refresh_from_db()
        _together(all_have_read)
        if bucket.tokens < 1:
            raise limits.TooMany(limit, 1)
        Bucket.objects.filter(key=bucket.key).update(tokens=bucket.tokens - 1)

    with patch.object(limits, "take", naive):
        yield


@contextmanager
def kept_and_broken_are_two_marks() -> Iterator[None]:
    """P22: evidence sets one mark and the sweep the other, and neither looks at its time."""
    close = batches.close

    def naive(promise: Promise, state: Promise.State, *, at: datetime, **more: Any) -> dict[str, Any]:
        broken_at = promise.broken_at
        act = close(promise, state, at=at, **more)
        promise.broken_at = broken_at
        return act

    with patch.object(batches, "close", naive):
        yield


@contextmanager
def each_worker_has_its_own_clock() -> Iterator[None]:
    """P23: the machine on which a job happens to run says what is due."""
    with patch.object(clock, "database_now", clock.now):
        yield


@contextmanager
def an_offset_is_a_zone() -> Iterator[None]:
    """P24: the store's offset of today, all year round."""
    to_utc = hours.to_utc

    def naive(zone: ZoneInfo, local: datetime) -> datetime:
        winter = to_utc(zone, local.replace(month=1, day=15))
        return (winter + (local - local.replace(month=1, day=15))).astimezone(UTC)

    with patch.object(hours, "to_utc", naive):
        yield


@contextmanager
def the_file_that_came_last_wins() -> Iterator[None]:
    """P25: versions count in the order in which they arrive."""

    def as_they_came(versions: Sequence[Any], key: Callable[..., Any]) -> list[Any]:
        return list(versions)

    with (
        patch.object(lives, "sorted", as_they_came, create=True),
        patch.object(lives, "set", functools.partial(dict.fromkeys), create=True),
    ):
        yield


@contextmanager
def a_step_is_marked_as_done_afterwards() -> Iterator[None]:
    """P7: the text is written first, under a new key each time, and the step is ticked off in a transaction of its own."""
    send = steps.outbox.send

    def naive(**more: Any) -> Message:
        return send(**{**more, "dedupe_key": _any_key(None)})

    with patch.object(steps, "_take", steps._take.__wrapped__), patch.object(steps.outbox, "send", naive):
        yield


@contextmanager
def tries_are_counted_at_the_end() -> Iterator[None]:
    """P6: what failed is counted; what never comes back is not."""
    take = line.take

    def naive(due: Any, pk: int, *, now: datetime) -> line.Claim | None:
        claim = take(due, pk, now=now)
        if claim is not None:
            due.model.objects.across_stores("a test").filter(pk=pk).update(attempts=claim.attempt - 1)
            return line.Claim(pk, claim.attempt - 1)
        return None

    with patch.object(line, "take", naive):
        yield


class Blind:
    """What the connection is told in place of `dealership.sight`: whoever asks sees all."""

    NOTHING = sight.NOTHING
    now = staticmethod(lambda: sight.EVERYTHING)


@contextmanager
def only_the_query_keeps_stores_apart() -> Iterator[None]:
    """P26: the database shows every store, and whoever forgets a filter shows them all."""
    with patch.object(base, "sight", Blind):
        yield


@contextmanager
def a_call_is_marked_as_taken_before_it_is_made() -> Iterator[None]:
    """P39: so that nothing is told twice; whoever dies between tells nobody."""
    made = delivery._made

    def naive(claims: Sequence[line.Claim]) -> list[tuple[line.Claim, delivery.Outcome]]:
        for claim in claims:
            delivery._settle(claim, delivery.Outcome(status=200, ms=0), now=clock.now())
        return made(claims)

    with patch.object(delivery, "_made", naive):
        yield
