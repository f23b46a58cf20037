"""How fast each of our numbers may send: a bucket of segments per number, in the database, so that all workers share it.

The bucket fills at nine tenths of what the carrier lets the number send, and holds what it sends in five seconds: more is
never handed over, because what waits at the carrier can be neither stopped nor sent in another order. A number rests while
the carrier asks to slow down; all of them rest while it does not let us in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from dealership.messaging import copy
from dealership.messaging.models import Sender

SHARE = 0.9
SECONDS_AHEAD = 5.0
#: How long a number rests when the carrier asks to slow down, and all of them when it does not let us in.
SLOWER, SHUT_OUT = timedelta(seconds=30), timedelta(minutes=5)


@dataclass
class Turn:
    """The buckets of a claim's stores, held until its transaction ends."""

    buckets: dict[int, Sender]
    now: datetime

    def take(self, store_id: int, body: str, *, has_photos: bool = False) -> bool:
        """Whether this text may go now; its segments are taken out. A text longer than the bucket goes when it is full.

        With photos it is one message, however long its words are.
        """
        bucket = self.buckets[store_id]
        segments, most = 1 if has_photos else copy.size(body).segments, capacity(bucket)
        if bucket.tokens < min(segments, most):
            return False
        bucket.tokens -= segments
        return True

    def keep(self) -> None:
        """Writes what is left. One query."""
        rows = Sender.objects.across_stores("the buckets of a claim")
        rows.bulk_update(self.buckets.values(), ["tokens", "filled_at"])


def rate(sender: Sender) -> float:
    """Segments a second that the carrier lets this number send."""
    own = sender.segments_per_second
    return float(own) if own is not None else float(settings.TEXT_SEGMENTS_PER_SECOND)


def capacity(sender: Sender) -> float:
    """The most that is handed over at once, in segments; at least one."""
    return max(1.0, rate(sender) * SHARE * SECONDS_AHEAD)


def level(sender: Sender, now: datetime) -> float:
    """What the bucket holds at a moment."""
    if sender.filled_at is None:
        return capacity(sender)
    seconds = max(0.0, (now - sender.filled_at).total_seconds())
    return min(capacity(sender), sender.tokens + seconds * rate(sender) * SHARE)


def at_rest(now: datetime) -> list[int]:
    """Stores whose number sends nothing now: it rests, or its bucket is empty. One query."""
    rows = Sender.objects.across_stores("the sender serves all stores")
    return [row.store_id for row in rows if is_resting(row, now) or level(row, now) < 1]


def is_resting(sender: Sender, now: datetime) -> bool:
    """Whether the carrier has asked for patience that is not over."""
    return sender.rests_until is not None and sender.rests_until > now


def turn(store_ids: Collection[int], now: datetime) -> Turn:
    """Locks the buckets of these stores, filled up to now. In the caller's transaction; two queries at most."""
    found = _locked(store_ids)
    if missing := [key for key in store_ids if key not in found]:
        Sender.objects.bulk_create([Sender(store_id=key) for key in missing], ignore_conflicts=True)
        found = _locked(store_ids)
    for bucket in found.values():
        bucket.tokens, bucket.filled_at = level(bucket, now), now
    return Turn(found, now)


def _locked(store_ids: Collection[int]) -> dict[int, Sender]:
    rows = Sender.objects.across_stores("the sender serves all stores").filter(store_id__in=store_ids)
    return {row.store_id: row for row in rows.order_by("store_id").select_for_update()}


@transaction.atomic
def set_rate(store_id: int, segments_per_second: Decimal | None) -> None:
    """What the carrier lets the store's number send from now on; None: the usual."""
    Sender.objects.bulk_create([Sender(store_id=store_id)], ignore_conflicts=True)
    Sender.objects.of_store(store_id).update(segments_per_second=segments_per_second)


@transaction.atomic
def slow_down(store_id: int, *, why: str, now: datetime) -> None:
    """The carrier asks this number to slow down: it rests for half a minute, longer each time until a text is taken."""
    bucket = turn([store_id], now).buckets[store_id]
    bucket.n_rests = min(bucket.n_rests + 1, 6)
    _rest([bucket], SLOWER * 2 ** (bucket.n_rests - 1), why, now)


@transaction.atomic
def shut_out(*, why: str, now: datetime) -> None:
    """The carrier does not let us in: no number sends anything for five minutes; then one batch tries."""
    _rest(Sender.objects.across_stores("the account is everybody's").select_for_update(), SHUT_OUT, why, now)


def _rest(buckets: Iterable[Sender], length: timedelta, why: str, now: datetime) -> None:
    changed = list(buckets)
    for bucket in changed:
        bucket.rests_until, bucket.rests_why = now + length, f"{why[:198].rstrip('. ')}."
        bucket.rests_since = bucket.rests_since or now
    rows = Sender.objects.across_stores("numbers that rest")
    rows.bulk_update(changed, ["rests_until", "rests_why", "rests_since", "n_rests"])


def well_again(store_ids: Collection[int]) -> int:
    """A text was taken: whatever the carrier had asked for is over."""
    rested = Q(rests_since__isnull=False) | Q(n_rests__gt=0)
    rows = Sender.objects.across_stores("numbers that the carrier takes texts of").filter(
        rested, store_id__in=store_ids
    )
    return rows.update(rests_until=None, rests_why="", rests_since=None, n_rests=0)
