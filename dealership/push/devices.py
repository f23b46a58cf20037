"""Which devices ring for whom: switched on and off by the person who sits there."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from dealership import sight
from dealership.push.models import Device
from dealership.staff.models import StaffMember

#: The services of the makers of browsers. Nothing else is ever called: an address is what a browser says it is.
SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
LONGEST = 1000
#: Of one person; the oldest is forgotten for the newest.
MOST = 10


class NoService(ValueError):
    """The address is none of a push service that is known."""


@transaction.atomic
def turn_on(staff: StaffMember, *, endpoint: str, browser: str, now: datetime) -> Device:
    """This browser rings for this person from now on, and for nobody else. Raises NoService."""
    if not is_service(endpoint):
        raise NoService("This browser's maker has no push service that is known here.")
    with sight.beyond_the_store("a browser rings for one person, wherever they work"):
        Device.objects.across_stores("whoever had this browser before").filter(endpoint=endpoint).delete()
    made = Device.objects.create(
        store_id=staff.store_id, staff=staff, endpoint=endpoint, browser=browser[:80], since=now
    )
    mine = Device.objects.visible_to(staff).filter(staff=staff).order_by("-since", "-pk")
    Device.objects.visible_to(staff).filter(pk__in=list(mine.values_list("pk", flat=True)[MOST:])).delete()
    return made


def turn_off(staff: StaffMember, pk: int) -> bool:
    """It rings no more; False where this person has no such device."""
    gone, _ = Device.objects.visible_to(staff).filter(staff=staff, pk=pk).delete()
    return bool(gone)


def is_service(endpoint: str) -> bool:
    """Whether the address is one of a push service, over HTTPS, with nothing in it that leads elsewhere."""
    if not 0 < len(endpoint) <= LONGEST or not endpoint.isascii() or any(map(str.isspace, endpoint)):
        return False
    try:
        where = urlsplit(endpoint)
        port = where.port
    except ValueError:
        return False
    host = where.hostname or ""
    is_known = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    return is_known and where.scheme == "https" and port in (None, 443) and "@" not in where.netloc
