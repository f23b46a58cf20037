"""Who hears of what at once, on their own devices: an offer that runs out, a promise that is late, climbed or handed to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import F
from django.urls import reverse

from dealership.push import ringing, vapid
from dealership.push.models import Nudge
from tasks.models import Notice, Promise, Transition

_Act = Transition.Act
#: Offers are read off the promise, which knows until when; a warning waits for the next look at My day.
ACTS = (_Act.BROKEN, _Act.CLIMBED, _Act.HANDED_OFF, _Act.MOVED)


def ring(*, now: datetime, real: datetime, post: ringing.Post | None = None) -> dict[str, int]:
    """Notes what is new for whoever has a device, and wakes the devices. Safe to run twice."""
    if not vapid.is_on():
        return {"off": 1}
    people = ringing.people()
    if people:
        ringing.note([*_told(people, now), *_offered(people, now)])
    ringing.forget(now=now)
    return ringing.ring(now=now, real=real, post=post or ringing.by_https)


def _told(people: Sequence[int], now: datetime) -> Iterator[Nudge]:
    """What somebody was told, has not seen, and still owes."""
    rows = Notice.objects.across_stores("people of all stores have devices").filter(
        staff_id__in=people,
        seen_at__isnull=True,
        at__gt=now - ringing.OLD,
        act__in=ACTS,
        promise__state=Promise.State.OPEN,
        promise__owner_id=F("staff_id"),
    )
    for row in rows:
        yield _nudge(row.store_id, row.staff_id, f"notice:{row.pk}", row.words, row.promise_id, now)


def _offered(people: Sequence[int], now: datetime) -> Iterator[Nudge]:
    """What waits for somebody to take it on."""
    rows = Promise.objects.across_stores("people of all stores have devices").filter(
        owner_id__in=people,
        state=Promise.State.OPEN,
        accepted_at__isnull=True,
        offered_until__gt=now,
        assigned_at__gt=now - ringing.OLD,
    )
    for row in rows:
        words = f"Offered to you: {row.sentence}"
        yield _nudge(row.store_id, row.owner_id, f"offer:{row.pk}:{row.n_offers}", words, row.pk, now)


def _nudge(store_id: int, staff_id: int, key: str, words: str, promise_id: int, now: datetime) -> Nudge:
    path = reverse("tasks:promise_detail", args=[promise_id])
    return Nudge(store_id=store_id, staff_id=staff_id, key=key, words=words[:200], path=path, at=now)
