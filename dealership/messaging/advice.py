"""What to do about a text that did not reach the customer: one sentence beside the reason."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dealership.language import later
from dealership.messaging.fates import LOST
from dealership.messaging.models import Message

State = Message.State
CALL = later("Call them, or use another number.")
AGAIN = later("Write it again: the next try may arrive.")
#: By the carrier's own code.
FOR_CODE = {
    "21211": later("Correct the number on their page."),
    "21408": later("Call them: texts do not go to that country."),
    "21610": later("Call them. Only they can allow texts again, by writing START."),
    "21612": CALL,
    "21614": CALL,
    "21617": later("Make it shorter and write it again."),
    "30001": AGAIN,
    "30003": later("Try again later, or call: the phone is off or away."),
    "30004": later("Call them. They have blocked our number."),
    "30005": CALL,
    "30006": CALL,
    "30007": later("Write it in other words, without a link."),
    "30008": AGAIN,
    "30022": AGAIN,
    "30034": later("A manager must register our number with the carriers. Until then, call."),
    "30036": AGAIN,
    LOST: AGAIN,
}


def of(message: Message) -> str:
    """What to do now, "" where nothing is to be done: it went, it is on its way, or it was a machine's and is not owed."""
    if message.is_inbound:
        return ""
    if message.state == State.UNKNOWN:
        return _("Wait: the carrier is asked whether it has it. Sent again now, it may arrive twice.")
    if message.state in (State.FAILED, State.UNDELIVERED):
        return str(FOR_CODE.get(message.error_code, CALL))
    if message.state == State.SUPPRESSED and message.author_id is not None:
        return _("Call them, or write again when this has changed.")
    return ""


def can_be_written_again(message: Message) -> bool:
    """A person's text that did not arrive: its words may be used once more."""
    return message.author_id is not None and message.state in (
        State.FAILED,
        State.UNDELIVERED,
        State.SUPPRESSED,
    )
