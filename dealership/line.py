"""One way to wait in line, for rows that a worker does one by one: facts to apply, steps to take, calls of the carrier.

Claimed in a transaction of its own, committed before the work begins, and counted there: what kills its worker is counted too, and
is parked for a person instead of killing one worker after the other. A claim is over after a minute, and then the row is due
again. Its number is its fence: what a worker writes that woke too late finds another number, and changes nothing. What fails
waits longer each time (15 s, 45 s … three hours), and is parked at the eighth. Of one round a store gets a quarter at most,
so that one store's trouble is not everybody's. Parked rows stand on the page *Operations*, with their reason.

Three kinds share only the words. The sweep of promises claims, does and writes a batch in one transaction with SKIP LOCKED: a lease would
add a write to each and protect nothing. Texts have a claim of their own (`messaging/sending.py`), because after the carrier was
called nothing may simply be tried again. Records of the DMS are applied in the DMS's order, set-based, and counted in
`dms/pulling.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from dealership.clock import shown_length

LEASE = timedelta(seconds=60)
MOST_TRIES = 8
#: Seconds; three times as many after each further try.
FIRST_WAIT = 5
#: Of a round, one store gets at most one part in so many.
SHARES = 4
KILLED = "It never came back: each time it was tried, its worker ended."
_LONGEST = 6 * 3600


class InLine(models.Model):
    """A row that waits to be done. What says that it is done is the row's own."""

    attempts = models.PositiveSmallIntegerField(
        default=0,
        help_text="How often it was claimed; the number of a claim fences what is written under it.",
    )
    next_try_at = models.DateTimeField(
        null=True,
        help_text="When it may be claimed; while it is, when the claim is over. None: done, or parked.",
    )
    last_error = models.TextField(blank=True)
    parked_at = models.DateTimeField(null=True, help_text="Since when a person must look at it.")

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=InLine)


@dataclass(frozen=True)
class Claim:
    """A row that this worker may do now."""

    pk: int
    attempt: int


def peek(
    due: models.QuerySet[Row], *, limit: int, order: str = "next_try_at", fair: bool = True
) -> list[int]:
    """The keys of the next of these rows, which are all due; of one store a quarter at most. Nobody is kept from them."""
    if not fair:
        return list(due.order_by(order, "pk").values_list("pk", flat=True)[:limit])
    turn = Window(RowNumber(), partition_by=[F("store_id")], order_by=[order, "pk"])
    in_turn = due.annotate(turn=turn).filter(turn__lte=max(1, limit // SHARES))
    return list(in_turn.order_by(order, "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def take(due: models.QuerySet[Row], pk: int, *, now: datetime) -> Claim | None:
    """This row for a minute, counted; None where somebody else has it, or it is parked now because it never came back.

    One at a time: whoever stands behind a row that kills its worker is not counted with it.
    """
    row = due.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).only("pk", "attempts").first()
    if row is None:
        return None
    if row.attempts >= MOST_TRIES:
        due.filter(pk=pk).update(parked_at=now, next_try_at=None, last_error=KILLED)
        return None
    due.filter(pk=pk).update(attempts=row.attempts + 1, next_try_at=now + shown_length(LEASE))
    return Claim(pk, row.attempts + 1)


def held(rows: models.QuerySet[Row], claim: Claim) -> models.QuerySet[Row]:
    """The row, if this claim on it still stands. Lock it, do the work and write the end in one transaction."""
    return rows.filter(pk=claim.pk, attempts=claim.attempt, parked_at__isnull=True)


def wait(attempts: int) -> timedelta:
    """How long something waits that has failed so often."""
    return timedelta(seconds=min(FIRST_WAIT * 3 ** min(attempts, 9), _LONGEST))


def failed(rows: models.QuerySet[Row], claim: Claim, why: str, *, now: datetime) -> bool:
    """Notes why it failed: it waits for its next turn, or is parked. False where the claim no longer stands."""
    return bool(held(rows, claim).update(**after_failure(claim.attempt, why, now=now)))


def after_failure(attempts: int, why: str, *, now: datetime) -> dict[str, Any]:
    """What a row says that has failed at this attempt."""
    if attempts >= MOST_TRIES:
        return {"last_error": why[:2000], "parked_at": now, "next_try_at": None}
    return {"last_error": why[:2000], "next_try_at": now + wait(attempts)}


def again(rows: models.QuerySet[Row], *, now: datetime) -> int:
    """A person has looked: these wait in line again, as if for the first time. Returns how many."""
    return rows.update(attempts=0, next_try_at=now, parked_at=None)
