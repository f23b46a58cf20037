"""What becomes true about visits is told here: the fact, and the overrun beside it; and how a visit came to its time is read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments import when
from dealership.appointments.models import Appointment
from dealership.appointments.slots import Place
from dealership.events import bus
from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentConfirmed,
    AppointmentFact,
    AppointmentMoved,
    SlotOverrun,
)
from dealership.events.models import EventRecord
from dealership.staff.models import StaffMember

F = TypeVar("F", bound=AppointmentFact)


@dataclass(frozen=True)
class LastMove:
    """What a visit was before its last move: its time, and since when it was confirmed."""

    moved_from: datetime
    confirmed_at: datetime | None


def tell(
    appointment: Appointment,
    kind: type[F],
    place: Place | None = None,
    *,
    by: StaffMember | None,
    now: datetime,
    backfill: bool = False,
    **own: Any,
) -> None:
    """Publishes the fact, and the overrun beside it where the place is beyond capacity."""
    words = when.words(appointment.starts_at, appointment.store.tz)
    shared = common(appointment, by, now, backfill, words)
    facts: list[AppointmentFact] = [kind(**shared, **own)]
    if place is not None and place.is_over:
        facts.append(SlotOverrun(**shared))
    bus.publish(*facts)
    live.bump(appointment.store_id, "appointments")


def common(
    appointment: Appointment, by: StaffMember | None, at: datetime, backfill: bool, words: str
) -> dict[str, Any]:
    return {
        "store_id": appointment.store_id,
        "at": at,
        "subject": f"appointment:{appointment.pk}",
        "customer_id": appointment.customer_id,
        "vehicle_id": appointment.vehicle_id,
        "by": by.pk if by else None,
        "backfill": backfill,
        "appointment_id": appointment.pk,
        "department": appointment.department,
        "starts_at": appointment.starts_at,
        "person_id": appointment.person_id,
        "when_words": words,
    }


def state_words(appointment: Appointment) -> str:
    return {
        Appointment.State.ARRIVED: _("has taken place"),
        Appointment.State.CANCELLED: _("was cancelled"),
        Appointment.State.MISSED: _("was missed"),
    }.get(Appointment.State(appointment.state), _("is booked"))


def last_move(appointment: Appointment) -> LastMove | None:
    """Its last move, while nothing has been told of it since; else None. One query."""
    kinds = [AppointmentBooked, AppointmentConfirmed, AppointmentMoved]
    told = EventRecord.objects.of_store(appointment.store_id).filter(
        subject=f"appointment:{appointment.pk}", kind__in=[kind.__name__ for kind in kinds]
    )
    moved, before = [*told.order_by("-pk")[:2], None, None][:2]
    if moved is None or moved.kind != AppointmentMoved.__name__:
        return None
    fact = bus.revive(moved)
    assert isinstance(fact, AppointmentMoved)  # noqa: S101 - of that kind
    confirmed = before is not None and before.kind == AppointmentConfirmed.__name__
    return LastMove(fact.moved_from, before.at if confirmed and before else None)
