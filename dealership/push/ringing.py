"""Telling devices that there is something to hear. At most once: whoever is woken twice trusts no third time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import requests
from django.db import transaction

from dealership.push import vapid
from dealership.push.models import Device, Nudge
from dealership.staff.models import StaffMember

log = logging.getLogger(__name__)

#: What could not be told for so long is old: its place is My day.
OLD = timedelta(minutes=10)
KEPT = timedelta(days=1)
#: Of one turn; a service that does not answer takes its three seconds from nobody else for long.
MOST = 40
SECONDS = 3
GONE = frozenset({404, 410})
#: Takes an endpoint and its headers, gives the status that the service answers. Raises OSError.
Post = Callable[[str, dict[str, str]], int]


def by_https(endpoint: str, headers: dict[str, str]) -> int:
    """The call itself. Follows no redirect: a service answers for itself."""
    answer = requests.post(endpoint, headers=headers, timeout=SECONDS, allow_redirects=False)
    return answer.status_code


def people() -> list[int]:
    """Who has a device: for whom alone anything need be looked up."""
    rows = Device.objects.across_stores("who may be nudged").filter(staff__is_active=True)
    return list(rows.values_list("staff_id", flat=True).distinct())


def note(nudges: Iterable[Nudge]) -> None:
    """These are to be told; what was noted before is not noted again."""
    Nudge.objects.bulk_create(nudges, ignore_conflicts=True, batch_size=500)


def ring(*, now: datetime, real: datetime, post: Post = by_https) -> dict[str, int]:
    """Wakes the devices of whoever has something to hear. The note is taken before the call: nothing rings twice.

    `real`: what time it is outside, also while a demo's day is played faster.
    """
    devices = _taken(now)
    tally = {"rang": 0, "failed": 0, "gone": 0}
    for device in devices:
        tally[_wake(device, now, real, post)] += 1
    return tally


def forget(*, now: datetime) -> None:
    """Nudges of yesterday, and devices of whoever has left."""
    Nudge.objects.across_stores("old nudges").filter(at__lt=now - KEPT).delete()
    Device.objects.across_stores("whoever has left").filter(staff__is_active=False).delete()


def heard(staff: StaffMember, *, now: datetime) -> list[Nudge]:
    """What this person's device was woken for, the newest first."""
    rows = Nudge.objects.visible_to(staff).filter(staff=staff, sent_at__gt=now - OLD)
    return list(rows.order_by("-sent_at", "-pk")[:5])


@transaction.atomic
def _taken(now: datetime) -> list[Device]:
    nudges = Nudge.objects.across_stores("nudges of all stores")
    waiting = nudges.filter(sent_at__isnull=True, at__gt=now - OLD).select_for_update(skip_locked=True)
    taken = list(waiting.order_by("at").values_list("pk", "staff_id")[:MOST])
    if not taken:
        return []
    nudges.filter(pk__in=[pk for pk, _ in taken]).update(sent_at=now)
    devices = Device.objects.across_stores("devices of whoever is nudged")
    return list(devices.filter(staff_id__in={staff_id for _, staff_id in taken}, staff__is_active=True))


def _wake(device: Device, now: datetime, real: datetime, post: Post) -> str:
    row = Device.objects.across_stores("a device that was called").filter(pk=device.pk)
    headers = {
        "Authorization": vapid.authorization(device.endpoint, real),
        "TTL": str(int(OLD.total_seconds())),
        "Urgency": "high",
        "Content-Length": "0",
    }
    try:
        status = post(device.endpoint, headers)
    except OSError as error:
        row.update(trouble=f"Not reached: {type(error).__name__}.")
        return "failed"
    if status in GONE:
        row.delete()
        return "gone"
    if status >= 300:
        row.update(trouble=f"Its service answered {status}.")
        log.warning("A push service answered %s.", status)
        return "failed"
    row.update(rang_at=now, trouble="")
    return "rang"
