"""Making the calls: claimed and settled in transactions of their own, and called between them.

At least once: a call that was taken and whose taking could not be written down is made again, under the same `Kept-Id`. Calls about
one subject follow one another. A hook whose last call failed gets one call at a time until one is taken, so whoever hangs costs
everybody else five seconds at each of its rare tries.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dealership import clock, line
from dealership.hooks import egress, signing
from dealership.hooks.models import Hook, HookCall
from dealership.line import Claim

#: Calls that are made at the same moment; a quarter of them for one store at most.
AT_ONCE = 16
#: No new calls are begun after so many seconds of a turn: the next turn goes on.
TURN = 20.0
#: A hook of which no call was taken for so long is switched off.
GIVEN_UP_AFTER = timedelta(days=1)
#: Calls that were taken are shown for so long.
KEPT = timedelta(days=30)
GONE = 410


@dataclass(frozen=True)
class Outcome:
    """How a call ended: taken, or why not."""

    trouble: str = ""
    status: int | None = None
    ms: int | None = None
    words: str = ""

    @property
    def is_taken(self) -> bool:
        """Answered with 2xx."""
        return not self.trouble


@dataclass(frozen=True)
class Letter:
    """What is posted where."""

    address: str
    body: bytes
    headers: dict[str, str]


def make_due(now: datetime) -> dict[str, int]:
    """Makes the calls that are due, until none is or the turn is over."""
    tally, until = {"taken": 0, "failed": 0}, time.monotonic() + TURN
    while time.monotonic() < until:
        keys = line.peek(_due(now), limit=AT_ONCE)
        claims = [claim for pk in keys if (claim := line.take(_due(now), pk, now=now))]
        for claim, outcome in _made(claims):
            if _settle(claim, outcome, now=clock.now()):
                tally["taken" if outcome.is_taken else "failed"] += 1
        if not keys:
            break
    return tally


def ping(hook: Hook) -> Outcome:
    """A call that means nothing, made at once: to see whether the other side takes it."""
    now = clock.now().astimezone(UTC)
    key = f"ping-{hook.pk}-{now:%Y%m%d%H%M%S}"
    body = {
        "version": 1, "id": key, "kind": "Ping", "at": f"{now:%Y-%m-%dT%H:%M:%S.%fZ}", "store": hook.store.slug,
        "subject": f"hook:{hook.pk}", "about": "", "customer": None, "vehicle": None, "by": None, "more": {},
    }  # fmt: skip
    return _post(_letter(hook, key, body))


def forget(now: datetime) -> int:
    """Calls that were taken long ago are gone. Returns how many."""
    old = HookCall.objects.across_stores("calls that were taken long ago").filter(answered_at__lt=now - KEPT)
    n, _ = old.delete()
    return n


def _due(now: datetime) -> QuerySet[HookCall]:
    """What may be claimed: of one subject only the first, of a hook that fails only the first at all."""
    waiting = HookCall.objects.across_stores("calls of all stores").filter(
        answered_at__isnull=True, parked_at__isnull=True
    )
    before = waiting.filter(hook=OuterRef("hook"), pk__lt=OuterRef("pk"))
    return waiting.filter(
        Q(hook__failing_since__isnull=True) | ~Exists(before),
        ~Exists(before.filter(subject=OuterRef("subject"))),
        next_try_at__lte=now,
        hook__is_on=True,
    )


def _made(claims: Sequence[Claim]) -> list[tuple[Claim, Outcome]]:
    """Makes these calls at the same time. What is said is written down first: whoever calls touches no database."""
    if not claims:
        return []
    rows = HookCall.objects.across_stores("calls that were claimed").select_related("hook")
    calls = {call.pk: call for call in rows.filter(pk__in=[claim.pk for claim in claims])}
    letters = [
        _letter(calls[claim.pk].hook, calls[claim.pk].key, calls[claim.pk].body, claim.attempt)
        for claim in claims
    ]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(zip(claims, pool.map(_post, letters), strict=True))


def _letter(hook: Hook, key: str, said: object, attempt: int = 1) -> Letter | None:
    """None where its secret cannot be read."""
    body = json.dumps(said, separators=(",", ":")).encode()
    try:
        secrets = signing.secrets_of(hook, now=clock.now())
    except signing.Unreadable:
        return None
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kept-Hooks/1",
        "Kept-Id": key,
        "Kept-Attempt": str(attempt),
        # Receivers have clocks of their own, also while a demo's day is played faster.
        "Kept-Signature": signing.signature(secrets, body, t=int(clock.real().timestamp())),
    }
    return Letter(hook.address, body, headers)


def _post(letter: Letter | None) -> Outcome:
    if letter is None:
        return Outcome("Its secret can no longer be read here: make a new one.")
    try:
        answer = egress.post(letter.address, letter.body, letter.headers)
    except (egress.Refused, egress.NotReached) as error:
        return Outcome(str(error))
    trouble = "" if 200 <= answer.status < 300 else _why_not(answer.status)
    return Outcome(trouble, answer.status, answer.ms, answer.words)


def _why_not(status: int) -> str:
    if 300 <= status < 400:
        return f"It answered {status}: redirects are not followed."
    if status == GONE:
        return "It answered 410: it wants no more calls."
    return f"It answered {status}."


@transaction.atomic
def _settle(claim: Claim, outcome: Outcome, *, now: datetime) -> bool:
    """Writes how it ended; False where another has claimed it since."""
    rows = HookCall.objects.across_stores("a call that was made")
    call = line.held(rows, claim).select_for_update(of=("self",)).first()
    if call is None:
        return False
    answered = {"status": outcome.status, "ms": outcome.ms}
    if outcome.is_taken:
        rows.filter(pk=claim.pk).update(**answered, answered_at=now, next_try_at=None, last_error="")
    else:
        rows.filter(pk=claim.pk).update(
            **answered, **line.after_failure(claim.attempt, outcome.trouble, now=now)
        )
    _mark(call.hook_id, outcome, now)
    return True


def _mark(hook_id: int, outcome: Outcome, now: datetime) -> None:
    """What the call says of its hook: it takes calls, it fails, it is switched off."""
    hooks = Hook.objects.across_stores("whose call was made").filter(pk=hook_id, is_on=True)
    if outcome.is_taken:
        hooks.filter(failing_since__isnull=False).update(failing_since=None)
        return
    if outcome.status == GONE:
        hooks.update(is_on=False, off_why=outcome.trouble)
        return
    hooks.filter(failing_since__isnull=True).update(failing_since=now)
    why = f"No call was taken for a day. {outcome.trouble}"[:200]
    hooks.filter(failing_since__lte=now - GIVEN_UP_AFTER).update(is_on=False, off_why=why)
