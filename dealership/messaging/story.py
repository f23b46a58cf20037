"""The story of one text: each step with its time and its reason, ours from the text's own row, the carrier's from its calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from dealership.messaging import fates
from dealership.messaging.models import CarrierCall, Message
from dealership.messaging.retold import retold

MOST_CALLS = 30


@dataclass(frozen=True)
class Step:
    """One step: when, what in a sentence, and whether the carrier said it."""

    at: datetime
    what: str
    by_carrier: bool = False


def of(message: Message) -> list[Step]:
    """Oldest first. One query."""
    told = _came_in(message) if message.is_inbound else [*_ours(message), *_calls(message)]
    return sorted(told, key=lambda step: step.at)


def _ours(message: Message) -> Iterator[Step]:
    if message.steps:
        yield from (Step(datetime.fromisoformat(at), retold(what)) for at, what in message.steps)
        return
    # Texts that are older than their steps: the times on the row tell as much as they can.
    yield Step(message.created_at, _("It was written."))
    for at, what in (
        (message.called_at, _("Handed to the carrier.")),
        (message.sent_at, _("It went.")),
        (message.received_at, _("Their phone has it.")),
    ):
        if at is not None:
            yield Step(at, what)


def _calls(message: Message) -> Iterator[Step]:
    calls = CarrierCall.objects.filter(
        kind=CarrierCall.Kind.STATUS, external_id__startswith=f"{message.uuid}:"
    ).order_by("received_at")
    for call in calls[:MOST_CALLS]:
        status = str(call.payload.get("MessageStatus") or call.payload.get("SmsStatus") or "nothing")
        code = str(call.payload.get("ErrorCode") or "")
        words = (
            _("The carrier called: %(status)s, %(why)s (%(code)s).")
            if code
            else _("The carrier called: %(status)s.")
        )
        why = retold(fates.WORDS[code]) if code in fates.WORDS else _("error")
        said = words % {"status": status, "why": why, "code": code}
        remark = f" {retold(call.last_error)}" if call.settled_at and call.last_error else ""
        yield Step(call.received_at, f"{said}{remark}", by_carrier=True)


def _came_in(message: Message) -> list[Step]:
    steps = [Step(message.created_at, _("They wrote it."))]
    call = CarrierCall.objects.filter(kind=CarrierCall.Kind.INBOUND, external_id=message.carrier_sid).first()
    if call is not None:
        came = (
            _("It came in: found in the carrier's list.")
            if call.payload.get("FoundBy")
            else _("It came in: the carrier called.")
        )
        steps.append(Step(call.received_at, came, by_carrier=True))
        if call.settled_at is not None:
            read = message.reading.get("as", "")
            said = _("Read as: %(what)s.") % {"what": retold(read)} if read else _("It was read.")
            steps.append(Step(call.settled_at, said))
    return steps
