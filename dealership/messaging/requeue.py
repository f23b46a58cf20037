"""Back into the queue: a text that surely did not leave waits again, unless its customer has opted out meanwhile."""

from __future__ import annotations

from datetime import datetime

from dealership.messaging import consent, conversations, steps
from dealership.messaging.models import Message


def back(row: Message, *, at: datetime, why: str, now: datetime) -> bool:
    """It may be tried again from `at` on; False where consent was taken back since. The row is locked."""
    standing = consent.state(row.store_id, row.conversation.their_number)
    row.called_at = None
    if standing.forbids(row.purpose):
        row.state = Message.State.SUPPRESSED
        said = f" ({standing.opted_out_words})" if standing.opted_out_words else ""
        row.reasons = [f"Not sent: they opted out{said} before it could be tried again."]
    else:
        row.state, row.send_after, row.reasons = Message.State.QUEUED, at, [why]
    steps.note(row, now, row.reasons[0])
    row.save(update_fields=["state", "send_after", "called_at", "reasons", "steps"])
    conversations.touched(row.conversation)
    return row.state == Message.State.QUEUED
