"""What customers are told about their visits, by automatic text: set, moved. The DMS's own bookings are told by the DMS."""

from __future__ import annotations

import logging
from datetime import datetime

from dealership.appointments import when
from dealership.appointments.models import Appointment
from dealership.messaging import copy, outbox
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.stores.models import Department

log = logging.getLogger(__name__)

COPY = "dealership/appointments/copy"


def booked(appointment: Appointment, *, now: datetime) -> None:
    """The customer is told that their visit is set, and asked to confirm it. Without a usable phone nobody is."""
    _send(appointment, "booked", now=now)


def moved(appointment: Appointment, *, now: datetime) -> None:
    """The customer is told the new time, and asked to confirm it. A text of another time that has not left is stopped."""
    hush(appointment, now=now)
    _send(appointment, "moved", now=now)


def hush(appointment: Appointment, *, now: datetime) -> bool:
    """What waits to tell of a move is not sent: the time is another again. Whether the customer has heard of none."""
    subject, key = f"appointment:{appointment.pk}", f"appointment:{appointment.pk}:moved:"
    outbox.withdraw_about(store_id=appointment.store_id, subject=subject, why="moved again", now=now, key=key)
    texts = Message.objects.of_store(appointment.store_id).filter(subject=subject, dedupe_key__startswith=key)
    last = texts.order_by("-pk").values_list("state", flat=True).first()
    return last in (None, Message.State.SUPPRESSED, Message.State.FAILED)


def words(name: str, appointment: Appointment, *, at: datetime | None = None, **more: str) -> str:
    """The copy of this name, in the customer's language, about this visit, as if it were `at` then."""
    customer, store = appointment.customer, appointment.store
    language = customer.language
    return copy.render(
        f"{COPY}/{name}",
        language,
        first=customer.call_name,
        store=store.name,
        department=Department(appointment.department).in_texts(language),
        when=when.words(at or appointment.starts_at, store.tz, language),
        **more,
    )


def _send(appointment: Appointment, name: str, *, now: datetime) -> None:
    is_sales = appointment.department in (Department.SALES, Department.FNI)
    try:
        outbox.send(
            store_id=appointment.store_id,
            customer=appointment.customer,
            body=words(name, appointment),
            purpose=Purpose.SALES if is_sales else Purpose.SERVICE,
            subject=f"appointment:{appointment.pk}",
            dedupe_key=f"appointment:{appointment.pk}:{name}:{appointment.version}",
            now=now,
            asks=Conversation.Asked.CONFIRM,
            asked_about=f"appointment:{appointment.pk}",
            department=appointment.department,
            useless_after=appointment.starts_at,
        )
    except outbox.NoNumber:
        log.info("Appointment %s is not told by text: the customer has no phone for it.", appointment.pk)
