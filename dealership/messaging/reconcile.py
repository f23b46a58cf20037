"""Settles what is in doubt: texts that may or may not have reached the carrier. Nothing is sent again on a guess.

After 2, 10 and 30 minutes the carrier's own list is read. Found: it went, and its id is known. Three times not found: it
never arrived there. Then a service or sales text is queued once more, marketing is dropped, and a person decides about
words of a person. A callback that names the text settles it at any time (fates.told).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dealership.clock import Clock, shown_length
from dealership.clock import now as now_here
from dealership.messaging import conversations, fates, requeue, steps
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import CannotLook, Listed, Transport

STALE = timedelta(minutes=2)
LOOKS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
BATCH = 50
LONGEST_ROUND = timedelta(seconds=20)
#: The carrier's clock and ours may differ by so much.
SLACK = timedelta(minutes=2)


def look(*, transport: Transport, clock: Clock = now_here) -> dict[str, int]:
    """One round: stale claims are judged, and every text whose look is due is looked up. Returns small figures."""
    now = clock()
    tally = {"stale": _judge_stale(now), "found": 0, "missed": 0, "unread": 0}
    for message in _due(now):
        if clock() - now > shown_length(LONGEST_ROUND):
            break
        try:
            listed = transport.sent_to(
                message.conversation.their_number, since=(message.called_at or now) - timedelta(days=1)
            )
        except CannotLook:
            tally["unread"] += 1
            continue
        tally["found" if _conclude(message, listed, clock()) else "missed"] += 1
    return tally


@transaction.atomic
def _judge_stale(now: datetime) -> int:
    """A worker died, or was stopped: not begun is surely not sent, begun is in doubt."""
    stale = Message.objects.across_stores("the reconciler serves all stores").filter(
        state=Message.State.SENDING, claimed_at__lt=now - shown_length(STALE)
    )
    why = "The worker stopped before the carrier was called."
    never_called = list(
        stale.filter(called_at__isnull=True)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("conversation")[:BATCH]
    )
    for row in never_called:
        requeue.back(row, at=now, why=why, now=now)
    why = "The worker stopped while the carrier was called. It may have gone: we ask the carrier."
    in_doubt = stale.filter(called_at__isnull=False).update(
        state=Message.State.UNKNOWN, reasons=[why], steps=steps.noted(now, why)
    )
    return len(never_called) + in_doubt


def _due(now: datetime) -> list[Message]:
    rounds = Q()
    for done in range(2 * len(LOOKS)):
        rounds |= Q(lookups=done, called_at__lte=now - shown_length(LOOKS[done % len(LOOKS)]))
    return list(
        Message.objects.across_stores("the reconciler serves all stores")
        .filter(rounds, state=Message.State.UNKNOWN)
        .select_related("conversation")
        .order_by("claimed_at")[:BATCH]
    )


@transaction.atomic
def _conclude(message: Message, listed: Sequence[Listed], now: datetime) -> bool:
    """Writes down what the list says about a text; True if it is there. Somebody else's conclusion stands."""
    row = (
        Message.objects.of_store(message.store_id)
        .select_for_update(of=("self",))
        .select_related("conversation", "customer", "author")
        .get(pk=message.pk)
    )
    if row.state != Message.State.UNKNOWN or row.lookups != message.lookups:
        return row.state != Message.State.UNKNOWN
    if found := _match(row, listed):
        row.carrier_sid = found.sid
        row.reasons = [*row.reasons, "The carrier has it."]
        steps.note(row, now, "Found in the carrier's own list.")
        row.save(update_fields=["carrier_sid", "reasons", "steps"])
        fates.accepted(row, sid=found.sid, now=now)
        if found.status in fates.MEANT:
            fates.told(
                uuid=row.uuid, status=found.status, code=found.error_code, sid=found.sid, at=now, now=now
            )
        return True
    row.lookups += 1  # the row is locked
    steps.note(row, now, f"Not in the carrier's list, looked at for the {_nth(row.lookups)} time.")
    row.save(update_fields=["lookups", "steps"])
    if row.lookups % len(LOOKS) == 0:
        _given_up(row, now)
    return False


def _match(row: Message, listed: Sequence[Listed]) -> Listed | None:
    """The carrier's row that is this text: same words to the same number, made about when we called, and no other text's."""
    begun = row.called_at
    if begun is None:
        return None
    alike = [
        item
        for item in listed
        if item.sid
        and item.from_number == row.conversation.our_number
        and item.to_number == row.conversation.their_number
        and item.body.strip() == row.body.strip()
        and item.created_at is not None
        and item.created_at >= begun - SLACK
    ]
    taken = set(
        Message.objects.across_stores("a carrier's id belongs to one text of any store")
        .filter(carrier_sid__in=[item.sid for item in alike])
        .exclude(pk=row.pk)
        .values_list("carrier_sid", flat=True)
    )
    free = [item for item in alike if item.sid not in taken]
    return min(free, key=lambda item: abs(item.created_at - begun), default=None)  # type: ignore[operator]


def _given_up(row: Message, now: datetime) -> None:
    """Three looks, and the carrier does not know of it: once more, or dropped, or a person decides."""
    if row.purpose == Purpose.MARKETING:
        row.state = Message.State.SUPPRESSED
        row.reasons = ["The carrier never got it, and an offer is not sent twice."]
        steps.note(row, now, row.reasons[0])
        row.save(update_fields=["state", "reasons", "steps"])
        conversations.touched(row.conversation)
        return
    by_itself = row.author_id is None and row.purpose in (Purpose.SERVICE, Purpose.SALES)
    if by_itself and row.lookups == len(LOOKS):
        requeue.back(row, at=now, why="The carrier never got it: sent late, once more.", now=now)
        return
    fates.failed(row, code=fates.LOST, why="", now=now)
    Message.objects.of_store(row.store_id).filter(pk=row.pk).update(needs_person=True)


def _nth(n: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(n, f"{n}th")
