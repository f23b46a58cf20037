"""What people write down about a car for each other: told as a fact, so that it stands in the story, and sent to nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.service import RepairOrderNoted
from dealership.events.models import EventRecord
from dealership.staff.models import StaffMember
from service import facts
from service.models import RepairOrder

LONGEST = 600
#: The same words by the same person within this are one press too many.
AGAIN = timedelta(minutes=2)


class NothingNoted(ValueError):
    """A note without words."""


@transaction.atomic
def write(ro: RepairOrder, *, text: str, by: StaffMember, now: datetime) -> None:
    """A note on this RO, whatever its state: what is learnt after the car has left is worth a line as well.

    Pressed twice it stands once. Raises NothingNoted.
    """
    words = " ".join(text.split())[:LONGEST]
    if not words:
        raise NothingNoted(_("Write a few words first."))
    current = facts.lock(ro)
    told = facts.of_now(current, now)
    before = EventRecord.objects.of_store(ro.store_id).filter(subject=told["subject"], at__gt=now - AGAIN)
    if before.filter(kind=RepairOrderNoted.__name__, by=by.pk, payload__note=words).exists():
        return
    bus.publish(RepairOrderNoted(**told, by=by.pk, note=words))
    live.bump(current.store_id, "service")
