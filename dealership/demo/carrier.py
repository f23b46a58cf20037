"""Delivers history's texts within this process: what the gate lets go has arrived at once, and no carrier is called."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from dealership import clock
from dealership.demo import stage
from dealership.messaging import fates, sending
from dealership.messaging.models import Message

#: Of a hundred numbers so many do not get their texts: switched off, a landline.
LOST_IN_100 = 2
LOST_CODE = "30003"


@stage.passing(
    "texts leave",
    "SELECT min(send_after) FROM messaging_message WHERE store_id = {store} AND state = 'queued'",
)
def deliver(now: datetime) -> None:
    """Claims what may go at that moment, as the sender does, and tells its fate. Raises RealCarrier where phones are real."""
    clock.require_no_carrier()
    while True:
        tally: Counter[str] = Counter()
        claims = sending.claim_due(now, sending.BATCH, tally)
        # As the sender does before each call: written down first.
        Message.objects.across_stores("the texts of this claim").filter(
            pk__in=[claim.message.pk for claim in claims]
        ).update(called_at=now)
        for claim in claims:
            message = claim.message
            is_lost = int(message.conversation.their_number[-4:]) * 7 % 100 < LOST_IN_100
            fates.told(
                uuid=message.uuid,
                status="undelivered" if is_lost else "delivered",
                code=LOST_CODE if is_lost else "",
                sid=f"SM{message.uuid.hex}",
                at=now,
                now=now,
            )
        if tally["due"] < sending.BATCH:
            return
