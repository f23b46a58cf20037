"""What becomes of a text after it was handed over. Fates only move forward: the carrier's word may come late, twice and
in any order, and the first final one stands."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.messaging import (
    CustomerHeardFromMachine,
    CustomerHeardFromPerson,
    CustomerOptedOut,
    MessageFailed,
)
from dealership.messaging import consent, conversations, numbers, pace, steps
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.wording import excerpt, in_list

State = Message.State

RANK = {
    State.QUEUED: 0,
    State.SUPPRESSED: 0,
    State.SENDING: 1,
    State.UNKNOWN: 1,
    State.ACCEPTED: 2,
    State.SENT: 3,
    State.DELIVERED: 4,
    State.UNDELIVERED: 4,
    State.FAILED: 4,
}
#: Twilio's statuses as ours; what is not named here says nothing new.
MEANT = {
    "accepted": State.ACCEPTED,
    "scheduled": State.ACCEPTED,
    "queued": State.ACCEPTED,
    "sending": State.ACCEPTED,
    "sent": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "partially_delivered": State.SENT,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
#: The steps forward, in words.
TOLD = {
    State.ACCEPTED: "The carrier took it.",
    State.SENT: "The carrier sent it.",
    State.DELIVERED: "Their phone has it.",
}
OPTED_OUT = "21610"
#: The phone is off or gone: a person finds another way to this customer.
NEEDS_ANOTHER_WAY = frozenset({"21211", "21614", "30003", "30004", "30005", "30006"})
#: The carrier has too much of us: the number rests before it sends more.
TOO_FAST = frozenset({"21611", "30001", "30022"})
#: The carriers do not want these words, or not from this number: sending more of them makes it worse.
UNWANTED = frozenset({"30007", "30034"})
#: Our own guess, where the carrier never knew of it: its later word overrules this.
LOST = "lost"

WORDS = {
    "21211": "this is no phone number",
    "30001": "too much waits at the carrier",
    "30022": "we sent faster than the carrier lets us",
    "21408": "texts to this country are not allowed",
    "21610": "they opted out with the carrier",
    "21612": "the carrier cannot reach this number",
    "21614": "this number cannot take texts",
    "21617": "the text is too long",
    "30003": "their phone cannot be reached now",
    "30004": "they block our texts",
    "30005": "the number is not in service",
    "30006": "it is a landline",
    "30007": "the carrier filtered it as unwanted",
    "30008": "the carrier does not say why",
    "30034": "our number is not registered with the carriers",
    "30036": "it waited too long at the carrier",
    LOST: "the carrier never got it",
}


def accepted(row: Message, *, sid: str, now: datetime) -> None:
    """The carrier took it under this id. The row is locked."""
    if not row.carrier_sid:
        row.carrier_sid = sid
        row.save(update_fields=["carrier_sid"])
    _advance(row, State.ACCEPTED, "", "", now, now)


def failed(row: Message, *, code: str, why: str, now: datetime) -> None:
    """It will not reach them. The row is locked."""
    _advance(row, State.FAILED, code, why, now, now)


@transaction.atomic
def told(*, uuid: UUID | str, status: str, code: str, sid: str, at: datetime, now: datetime) -> str:
    """The carrier's word about one of our texts, `at` the moment it reached us. Returns what was made of it, in words.

    Late, repeated and out of order it changes nothing; a word about another send of the same text is noted only.
    """
    row = (
        Message.objects.across_stores("a callback names our text by its uuid")
        .filter(uuid=uuid, is_inbound=False)
        .select_for_update(of=("self",))
        .select_related("conversation", "customer", "author")
        .first()
    )
    if row is None:
        return "It names no text of ours."
    meant = MEANT.get(status.lower())
    if meant is None:
        return f"“{status[:20]}” says nothing new."
    if sid and row.carrier_sid and row.carrier_sid != sid and not _was_namesake(row, sid):
        return f"It speaks of {sid[:40]}, and this text is {row.carrier_sid}."
    if sid and not row.carrier_sid:
        row.carrier_sid = sid[:40]
        row.save(update_fields=["carrier_sid"])
    return "" if _advance(row, meant, code, "", at, now) else "It was known already."


def _was_namesake(row: Message, sid: str) -> bool:
    """Two texts in doubt with the same words to the same number: the carrier's list cannot tell which is which, its callback
    can. Their ids change places. True where that was so."""
    other = (
        Message.objects.across_stores("a carrier's id belongs to one text of any store")
        .filter(carrier_sid=sid, conversation_id=row.conversation_id, is_inbound=False, body=row.body)
        .select_for_update(of=("self",))
        .first()
    )
    if other is None:
        return False
    wrong, row.carrier_sid, other.carrier_sid = row.carrier_sid, sid, ""
    other.save(update_fields=["carrier_sid"])
    row.save(update_fields=["carrier_sid"])
    other.carrier_sid = wrong
    other.save(update_fields=["carrier_sid"])
    return True


def _advance(row: Message, to: State, code: str, why: str, at: datetime, now: datetime) -> bool:
    """Moves forward, once; False where the row is there already or beyond."""
    was = State(row.state)
    guessed = was == State.FAILED and row.error_code == LOST
    if RANK[to] <= RANK[was] and not (guessed and RANK[to] >= RANK[State.ACCEPTED]):
        return False
    row.state = to
    fields = ["state", "error_code", "reasons", "needs_person", "steps"]
    row.error_code, row.needs_person = code[:10], False
    left = RANK[was] < RANK[State.ACCEPTED] or guessed
    if left and to in (State.ACCEPTED, State.SENT, State.DELIVERED):
        row.sent_at = row.sent_at or row.called_at or at
        fields.append("sent_at")
        _went(row, now)
    if to == State.DELIVERED:
        row.received_at = at
        fields.append("received_at")
    if to in (State.FAILED, State.UNDELIVERED):
        row.reasons = [*row.reasons, f"It did not arrive: {_said(code, why)}."]
        # What a person wrote, they see to; what a machine wrote is seen to where this phone will take no other text either.
        row.needs_person = row.author_id is not None or (
            code in NEEDS_ANOTHER_WAY and row.purpose != Purpose.MARKETING
        )
        steps.note(row, at, row.reasons[-1])
    else:
        steps.note(row, at, TOLD[to])
    row.save(update_fields=fields)
    if row.author_id is not None:
        conversations.count_waiting(row.conversation)
    else:
        conversations.touched(row.conversation)
    _publish(row, at)
    return True


def _said(code: str, why: str) -> str:
    return WORDS.get(code) or why or (f"the carrier says {code}" if code else "the carrier does not say why")


def _went(row: Message, now: datetime) -> None:
    """It is with the customer, as far as we know: what it asks is asked from now on, and a person's words end older questions."""
    conversation = row.conversation
    fields = ["last_at", "last_body", "asked", "asked_about", "asked_at"]
    conversation.last_at = now
    conversation.last_body = in_list(row.body, len(row.media))
    if row.asks != Conversation.Asked.NONE:
        conversation.asked, conversation.asked_at = row.asks, now
        conversation.asked_about = row.asked_about or row.subject
    elif row.author_id is not None:
        conversation.asked, conversation.asked_about, conversation.asked_at = (
            Conversation.Asked.NONE,
            "",
            None,
        )
    if row.department and conversation.waiting_since is None:
        conversation.department = row.department
        fields.append("department")
    conversation.save(update_fields=fields)


def _publish(row: Message, at: datetime) -> None:
    common = {
        "store_id": row.store_id,
        "at": at,
        "subject": row.subject or f"conversation:{row.conversation_id}",
        "customer_id": row.customer_id,
        "message_id": row.pk,
        "conversation_id": row.conversation_id,
    }
    department = row.department or row.conversation.department
    if row.state == State.DELIVERED and row.author_id is not None:
        bus.publish(
            CustomerHeardFromPerson(
                **common,  # type: ignore[arg-type]
                by=row.author_id,
                department=department,
                excerpt=excerpt(row.body) or "a photo",
                sent_at_iso=row.sent_at.isoformat() if row.sent_at else "",
            )
        )
    elif row.state == State.DELIVERED:
        bus.publish(CustomerHeardFromMachine(**common, excerpt=excerpt(row.body) or "a photo"))  # type: ignore[arg-type]
    elif row.state in (State.FAILED, State.UNDELIVERED):
        _learn_from(row, at)
        bus.publish(
            MessageFailed(
                **common,  # type: ignore[arg-type]
                department=department,
                why=WORDS.get(row.error_code)
                or (row.reasons[-1] if row.reasons else "the carrier does not say why"),
                was_automatic=row.is_automatic,
            )
        )


def _learn_from(row: Message, at: datetime) -> None:
    """An error that says something about the number is noted; one that says they opted out counts as their own words."""
    number = row.conversation.their_number
    numbers.note_trouble(row.store_id, number, row.error_code)
    if row.error_code in TOO_FAST:
        pace.slow_down(
            row.store_id, why=f"The carrier says: {WORDS.get(row.error_code, row.error_code)}.", now=at
        )
    if row.error_code != OPTED_OUT:
        return
    words = "the carrier blocks texts to them (21610)"
    if consent.revoke(store_id=row.store_id, number=number, how=consent.How.CARRIER, words=words, now=at):
        bus.publish(
            CustomerOptedOut(
                store_id=row.store_id,
                at=at,
                subject=f"conversation:{row.conversation_id}",
                customer_id=row.customer_id,
                number=number,
                words=words,
                department=row.conversation.department,
            )
        )
