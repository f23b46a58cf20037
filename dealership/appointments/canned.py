"""What appointments know for an answer that is often given: when the customer is expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dealership.appointments import when
from dealership.appointments.models import Appointment
from dealership.messaging import canned
from dealership.messaging.models import Conversation


@canned.knows
def next_visit(conversation: Conversation, now: datetime) -> Mapping[str, str]:
    """`when`: their next visit. One query."""
    visit = (
        Appointment.objects.of_store(conversation.store_id)
        .filter(
            customer=conversation.customer_id,
            starts_at__gt=now,
            state__in=[Appointment.State.BOOKED, Appointment.State.CONFIRMED],
        )
        .order_by("starts_at")
        .first()
    )
    if visit is None:
        return {}
    language = conversation.customer.language[:2]
    return {"when": when.words(visit.starts_at, conversation.store.tz, language)}
