"""Photos of a car in the shop: taken by whoever stands beside it, of the car or of one thing that was found, told as a fact."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.service import RepairOrderPhotographed
from dealership.messaging import photos
from dealership.messaging.models import Photo
from dealership.messaging.pictures import Picture
from dealership.staff.models import StaffMember
from service import facts
from service.models import Recommendation, RepairOrder

#: The same picture by the same person within this is one press too many.
AGAIN = timedelta(minutes=2)


@transaction.atomic
def keep(
    ro: RepairOrder, *, drawn: Sequence[Picture], line: Recommendation | None, by: StaffMember, now: datetime
) -> int:
    """These show the car, or what was found; pressed twice they stand once. Returns how many were new."""
    current = facts.lock(ro)
    told = facts.of_now(current, now)
    rows = Photo.objects.of_store(ro.store_id).filter(subject=told["subject"], by=by)
    known = {
        bytes(small) for small in rows.filter(created_at__gt=now - AGAIN).values_list("small", flat=True)
    }
    fresh = [one for one in drawn if one.small not in known]
    for one in fresh:
        photos.keep(
            store_id=ro.store_id,
            subject=told["subject"],
            about=about(line.pk) if line else "",
            drawn=one,
            by=by,
            now=now,
        )
    if fresh:
        of = line.description if line else "the car"
        bus.publish(RepairOrderPhotographed(**told, by=by.pk, n=len(fresh), of=of))
        live.bump(current.store_id, "service")
    return len(fresh)


def about(recommendation_id: int) -> str:
    """How a photo names the line that it shows."""
    return f"recommendation:{recommendation_id}"


def of_lines(ro: RepairOrder, keys: Collection[int]) -> list[Picture]:
    """What shows these lines, as many as go with one text, the first of each line first."""
    wanted = [about(key) for key in keys]
    rows = Photo.objects.of_store(ro.store_id).filter(subject=f"ro:{ro.ro_number}", about__in=wanted)
    turns: dict[str, list[int]] = {name: [] for name in wanted}
    for name, pk in rows.order_by("pk").values_list("about", "pk"):
        turns[name].append(pk)
    in_turn = [pks[n] for n in range(photos.MOST_PHOTOS) for pks in turns.values() if n < len(pks)]
    return photos.drawings(ro.store_id, in_turn[: photos.MOST_PHOTOS])
