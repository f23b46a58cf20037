"""How many customers wait for a person: the figure beside Inbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership import rail
from dealership.messaging import put_away
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember

#: Who waits longer than this is late on the rail.
LATE_AFTER = timedelta(minutes=15)


@rail.counter("messaging:inbox")
def waiting(staff: StaffMember, now: datetime) -> rail.Count:
    """Conversations in which a customer waits and that nobody put away; late once the oldest waits a quarter of an hour."""
    since = list(
        Conversation.objects.visible_to(staff)
        .filter(put_away.is_here(now), waiting_since__isnull=False)
        .order_by("waiting_since")
        .values_list("waiting_since", flat=True)[:100]
    )
    oldest = since[0] if since else None
    return rail.Count(len(since), oldest is not None and now - oldest > LATE_AFTER)
