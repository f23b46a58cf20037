"""Sends what is due: claim, commit, then call the carrier. A text leaves at most once, and none is lost.

    queued -> sending -> accepted | failed | queued again (surely not taken) | unknown (in doubt: see reconcile)
           -> suppressed (refused by the gate), or later (deferred by it)

The gate is asked at the claim, in the transaction that reads consent. Between claim and call consent is read once more,
in the write that marks the call as begun, and where an opt-out is just being written the text is given back; that write
also fails for a worker that slept through its claim. A worker that sleeps between that write and the call finds out by its
clock, and gives the text back uncalled.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from dealership.clock import Clock, shown_length
from dealership.clock import now as now_here
from dealership.messaging import (
    circumstances,
    consent,
    conversations,
    fates,
    gate,
    pace,
    photos,
    requeue,
    steps,
    zones,
)
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import (
    Accepted,
    InDoubt,
    NotNow,
    Outcome,
    Parcel,
    Refused,
    Transport,
)
from dealership.scope import ScopedQuerySet

log = logging.getLogger(__name__)

BATCH = 25
#: A batch gives back what it has not begun by then; a claim is stale two minutes after it was made.
BATCH_SECONDS = 15
BACKOFF = (5, 15, 45, 135, 405, 900)
MOST_TRIES = 40
LONGEST_VALID = 4 * 3600
#: Consent was read so long ago at most when the carrier is called.
FRESH_SECONDS = 0.5
#: The carrier's clock and ours, and its own haste: it may hold a text until a minute before its hours end, and it must
#: have a while in which to send it.
SPARE, LEAST_VALID = 60, 30
SHUT_OUT = "The carrier does not let us in."


@dataclass(frozen=True)
class Claim:
    """A text that this worker may hand over, and until when it is of use."""

    message: Message
    attempt: int
    good_until: datetime | None


def send_due(*, transport: Transport, clock: Clock = now_here, limit: int = BATCH) -> dict[str, int]:
    """Sends one batch of what is due. Returns how many were claimed, and what became of them. One query where nothing is."""
    zones.load()
    began = clock()
    tally = {
        "due": 0,
        "claimed": 0,
        "accepted": 0,
        "failed": 0,
        "unknown": 0,
        "again": 0,
        "suppressed": 0,
        "later": 0,
    }
    if not _waiting(began).exists():
        return tally
    claims = claim_due(began, limit, tally)
    tally["claimed"] = len(claims)
    taken: set[int] = set()
    for place, claim in enumerate(claims):
        now = clock()
        if now - began > shown_length(timedelta(seconds=BATCH_SECONDS)):
            _give_back(claims[place:], now, "The batch took too long.")
            tally["again"] += len(claims) - place
            break
        word = _hand_over(claim, transport, clock)
        if word == "halt":
            _give_back(claims[place + 1 :], now, SHUT_OUT, seconds=300)
            tally["again"] += len(claims) - place
            break
        if word == "accepted":
            taken.add(claim.message.store_id)
        tally[word] += 1
    if taken:
        pace.well_again(taken)
    return tally


@transaction.atomic
def claim_due(now: datetime, limit: int, tally: dict[str, int]) -> list[Claim]:
    """Takes a batch that no other worker holds, asks the gate about each, and writes the answers down."""
    due = _due(now, limit)
    tally["due"] = len(due)
    if not due:
        return []
    bearing = circumstances.of(due, now=now)
    turn = pace.turn({message.store_id for message in due}, now)
    claims = []
    for message in due:
        decision = gate.decide(bearing.request(message), now)
        if decision.verdict is gate.Verdict.ALLOW:
            if not turn.take(message.store_id, message.body, has_photos=bool(message.media)):
                _waits_its_turn(message, now)
                continue
            message.reasons = list(decision.reasons)
            message.state, message.claimed_at, message.called_at = Message.State.SENDING, now, None
            message.attempts += 1
            bearing.goes(message)
            claims.append(Claim(message, message.attempts, decision.good_until))
        elif decision.verdict is gate.Verdict.DEFER:
            message.send_after, message.reasons = decision.until, list(decision.reasons)
            tally["later"] += 1
        else:
            message.state, message.reasons = Message.State.SUPPRESSED, list(decision.reasons)
            tally["suppressed"] += 1
        steps.note(message, now, " ".join(decision.reasons))
    Message.objects.across_stores("the rows of this claim").bulk_update(
        due, ["state", "claimed_at", "called_at", "attempts", "reasons", "send_after", "steps"]
    )
    turn.keep()
    conversations.touched(*(message.conversation for message in due))
    return claims


def _waiting(now: datetime) -> ScopedQuerySet[Message]:
    return Message.objects.across_stores("the sender serves all stores").filter(
        state=Message.State.QUEUED, send_after__lte=now
    )


def _due(now: datetime, limit: int) -> list[Message]:
    """The next texts of numbers that may send, locked; offers only where nothing else waits."""
    rows = (
        _waiting(now)
        .exclude(store_id__in=pace.at_rest(now))
        .order_by("send_after", "pk")
        .select_for_update(skip_locked=True, of=("self", "conversation"))
        .select_related("conversation", "customer", "store", "author")
    )
    due = list(rows.exclude(purpose=Purpose.MARKETING)[:limit])
    if len(due) < limit:
        due += rows.filter(purpose=Purpose.MARKETING)[: limit - len(due)]
    return due


def _waits_its_turn(message: Message, now: datetime) -> None:
    """It may go, but its number has sent enough for now: the next claim finds it where it is."""
    message.reasons = ["Waits for its turn: the carrier takes only so many texts a second from this number."]
    steps.note(message, now, message.reasons[0])


def _hand_over(claim: Claim, transport: Transport, clock: Clock) -> str:
    """Marks the call as begun, calls, and writes down what came of it. Returns the word for the tally."""
    message = claim.message
    now, read_at = clock(), time.monotonic()
    if _closes_too_soon(claim, now):
        return _give_back([claim], now, "Its hours are about to end.", seconds=SPARE + LEAST_VALID)
    if stopped := _begin(claim, now):
        return stopped
    outcome = transport.send(_parcel(claim, now, call_by=read_at + FRESH_SECONDS))
    if isinstance(outcome, NotNow) and outcome.everything:
        log.error("Nothing can be sent: %s", outcome.why)
        pace.shut_out(why=outcome.why, now=clock())
    elif isinstance(outcome, NotNow) and outcome.slower:
        pace.slow_down(message.store_id, why=outcome.why, now=clock())
    return _settle(message.pk, message.store_id, claim.attempt, outcome, clock())


def _closes_too_soon(claim: Claim, now: datetime) -> bool:
    """What the carrier would have to send within seconds is not handed over any more: the gate is asked again."""
    if claim.good_until is None:
        return False
    return claim.good_until - now < timedelta(seconds=SPARE + LEAST_VALID)


@transaction.atomic
def _begin(claim: Claim, now: datetime) -> str:
    """Writes that the carrier is called now. Returns "" if it may be: the claim still stands and consent was not taken back.

    `now` was read before: an opt-out that is not seen here is later.
    """
    message = claim.message
    row = (
        Message.objects.of_store(message.store_id)
        .filter(pk=message.pk, state=Message.State.SENDING, attempts=claim.attempt, called_at__isnull=True)
        .select_for_update()
        .first()
    )
    if row is None:
        return "again"
    number = message.conversation.their_number
    if consent.being_taken_back(number):
        return _give_back([claim], now, "They may have opted out at this moment.")
    standing = consent.state(message.store_id, number)
    if standing.forbids(message.purpose):
        said = f": {standing.opted_out_words}" if standing.opted_out_words else ""
        row.state = Message.State.SUPPRESSED
        row.reasons = [f"Not sent: they opted out{said}."]
        steps.note(row, now, row.reasons[0])
        row.save(update_fields=["state", "reasons", "steps"])
        return "suppressed"
    row.called_at = now
    steps.note(row, now, "Handed to the carrier.")
    row.save(update_fields=["called_at", "steps"])
    return ""


def _parcel(claim: Claim, now: datetime, *, call_by: float | None = None) -> Parcel:
    valid = LONGEST_VALID
    if claim.good_until is not None:
        valid = min(valid, int((claim.good_until - now).total_seconds()) - SPARE)
    message = claim.message
    return Parcel(
        uuid=message.uuid,
        from_number=message.conversation.our_number,
        to_number=message.conversation.their_number,
        body=message.body,
        valid_seconds=max(valid, 1),
        call_by=call_by,
        media=tuple(photos.address_for_carrier(one["photo"], message.store_id) for one in message.media),
    )


@transaction.atomic
def _settle(pk: int, store_id: int, attempt: int, outcome: Outcome, now: datetime) -> str:
    """Writes down the carrier's answer, unless something newer is known: its callback may have been faster."""
    row = (
        Message.objects.of_store(store_id)
        .select_for_update(of=("self",))
        .select_related("conversation", "customer", "author")
        .get(pk=pk)
    )
    if isinstance(outcome, Accepted):
        fates.accepted(row, sid=outcome.sid, now=now)
        return "accepted"
    if row.state not in (Message.State.SENDING, Message.State.UNKNOWN) or row.attempts != attempt:
        return "again"
    if isinstance(outcome, InDoubt):
        row.state = Message.State.UNKNOWN
        row.reasons = [
            *row.reasons,
            f"{outcome.why} It may have gone: we ask the carrier before anything else.",
        ]
        steps.note(row, now, row.reasons[-1])
        row.save(update_fields=["state", "reasons", "steps"])
        conversations.touched(row.conversation)
        return "unknown"
    if isinstance(outcome, Refused):
        fates.failed(row, code=outcome.code, why=outcome.why, now=now)
        return "failed"
    if row.attempts >= MOST_TRIES:
        fates.failed(row, code="", why=outcome.why, now=now)
        return "failed"
    wait = 300 if outcome.everything else BACKOFF[min(row.attempts, len(BACKOFF)) - 1]
    requeue.back(row, at=now + timedelta(seconds=wait), why=outcome.why, now=now)
    return "halt" if outcome.everything else "again"


@transaction.atomic
def _give_back(claims: Sequence[Claim], now: datetime, why: str, *, seconds: int = 1) -> str:
    """Puts what was claimed and surely not called back into the queue."""
    for claim in claims:
        row = (
            Message.objects.of_store(claim.message.store_id)
            .filter(pk=claim.message.pk, state=Message.State.SENDING)
            .filter(attempts=claim.attempt, called_at__isnull=True)
            .select_for_update(of=("self",))
            .select_related("conversation")
            .first()
        )
        if row is not None:
            requeue.back(row, at=now + timedelta(seconds=seconds), why=why, now=now)
    return "again"
