"""A customer's words come in: whose they are, what they mean, what follows at once, and what a person must answer.

STOP in any wording wins over everything. A sure answer goes to whoever owns what was asked about (`answers`); everything
else waits for a person, and is never guessed at.
"""

from __future__ import annotations

import logging
import re
import uuid as uuids
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from dealership import live
from dealership.clock import Clock
from dealership.customers.models import Customer, CustomerPerson
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import BookingRequested
from dealership.events.catalogue.messaging import (
    CustomerOptedIn,
    CustomerOptedOut,
    CustomerWrote,
    NumberProvedWrong,
)
from dealership.messaging import answers, consent, conversations, halves, numbers, outbox, photos
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.read_as import read_as
from dealership.messaging.replies import reading as reader
from dealership.messaging.replies.reply import Asked, Intent, Reply
from dealership.messaging.wording import clean, excerpt, in_list
from dealership.stores.models import Department, Store

log = logging.getLogger(__name__)

#: An older question is not what the customer answers.
QUESTION_STANDS = timedelta(days=7)
MOST_MEDIA = 10
ECHO_IS_OF_USE = timedelta(hours=12)
ABOUT_SERVICE = re.compile(
    r"\b(?:oil|tires?|brakes?|service|recall|check\s+engine|inspection|alignment|battery|repairs?|fix(?:ed)?|noise|"
    r"maintenance|wipers?|aceite|frenos?|llantas?|servicio|reparaci[oó]n|bater[ií]a|mantenimiento)\b",
    re.IGNORECASE,
)


class UnknownNumber(LookupError):
    """No store has the number that was texted."""


class NoSender(ValueError):
    """The call does not say who wrote."""


class NoId(ValueError):
    """The call does not say which text it is about."""


@dataclass(frozen=True)
class Verdict:
    """What was made of a text: whether a person must answer, what was settled in words, and what else became true."""

    needs_person: bool
    words: str = ""
    facts: tuple[Fact, ...] = ()
    settled: bool = False


@transaction.atomic
def receive(payload: Mapping[str, Any], *, received_at: datetime, now: datetime) -> Message:
    """Makes a message of the carrier's call; the same call again gives the same message.

    Publishes CustomerWrote, and CustomerOptedOut, CustomerOptedIn, NumberProvedWrong or BookingRequested where they are
    true. Raises UnknownNumber, NoSender and NoId.
    """
    store, number, sid = _store(payload), _sender(payload), _sid(payload)
    if (known := _known(store.pk, sid)) is not None:
        return known
    customer = numbers.owner_of(store.pk, number, now=now)
    words = clean(str(payload.get("Body") or payload.get("ButtonText") or ""))
    body = halves.joined(store.pk, number, words, sid=sid, at=received_at)
    conversation = conversations.open_with(
        store_id=store.pk,
        customer=customer,
        number=number,
        department=_topic(body) or _home(customer),
        now=received_at,
    )
    if (known := _known(store.pk, sid)) is not None:
        return known
    reply = _read(payload, body, store, conversation, received_at)
    message = Message.objects.create(
        store=store,
        conversation=conversation,
        customer=customer,
        is_inbound=True,
        body=body,
        media=_media(payload),
        purpose=Purpose.CONVERSATIONAL,
        state=Message.State.RECEIVED,
        subject=conversation.asked_about,
        uuid=uuids.uuid4(),
        dedupe_key=f"in:{sid}",
        carrier_sid=sid,
        reading=_written(reply, store),
        created_at=received_at,
        received_at=received_at,
    )
    photos.expect(message, now=now)
    verdict = _act(conversation, message, reply, received_at, now)
    message.needs_person = verdict.needs_person
    message.reasons = [verdict.words] if verdict.words else []
    message.save(update_fields=["needs_person", "reasons"])
    _note(conversation, message, verdict, received_at)
    bus.publish(_wrote(conversation, message, reply), *verdict.facts)
    return message


def honour_stop(payload: Mapping[str, Any], *, clock: Clock) -> bool:
    """Takes back consent and stops what is queued, in the transaction that keeps the call; True if it was a stop.

    It counts from the moment at which every sender can see that it is being written: this may be later than the call came,
    where the machine was held up. Whatever fails here is left to `receive`: keeping the call comes first.
    """
    try:
        with transaction.atomic():
            store, number = _store(payload), _sender(payload)
            body = clean(str(payload.get("Body") or ""))
            talk = Conversation.objects.of_store(store.pk).filter(their_number=number).first()
            reply = _read(payload, body, store, talk, clock())
            if reply.opt_out:
                consent.announce(number)
            return _take_back(store.pk, number, reply, body, clock())
    except (UnknownNumber, NoSender):
        return False
    except Exception:
        log.exception("A stop word could not be looked for at once; it is when the call is settled.")
        return False


def _take_back(store_id: int, number: str, reply: Reply, body: str, at: datetime) -> bool:
    """Consent ends as far as these words go: for everything where they are sure, for offers where they may mean it."""
    if not reply.opt_out:
        return False
    purpose = consent.EVERYTHING if reply.sure else Purpose.MARKETING
    consent.revoke(
        store_id=store_id,
        number=number,
        purpose=purpose,
        how=consent.How.TEXT,
        words=excerpt(body) or reply.because,
        now=at,
    )
    return True


def _act(conversation: Conversation, message: Message, reply: Reply, at: datetime, now: datetime) -> Verdict:
    store_id, number = conversation.store_id, conversation.their_number
    _take_back(store_id, number, reply, message.body, at)
    common: dict[str, Any] = {
        "store_id": store_id,
        "at": at,
        "subject": f"conversation:{conversation.pk}",
        "customer_id": message.customer_id,
    }
    words = excerpt(message.body)
    if reply.intent is Intent.OPT_OUT and reply.sure:
        return _opted_out(conversation, reply, words, at, common)
    if reply.intent is Intent.WRONG_NUMBER and reply.sure:
        numbers.give_up(store_id, number)
        return Verdict(
            False, "The number was given up.", (NumberProvedWrong(**common, number=number),), settled=True
        )
    numbers.clear_trouble(store_id, number)
    if reply.intent is Intent.OPT_IN and reply.sure:
        consent.give(store_id=store_id, number=number, how=consent.How.TEXT, words=words or "START", now=at)
        fact = CustomerOptedIn(**common, number=number, words=words)
        return Verdict(False, "Texts are allowed again.", (fact,), settled=True)
    if reply.intent is Intent.HELP and reply.sure:
        return Verdict(False, "The carrier answers HELP.", settled=True)
    if not reply.opt_out:
        consent.give(
            store_id=store_id, number=number, how=consent.How.WROTE_FIRST, words=words or "a picture", now=at
        )
    about = _question(conversation, at)[1]
    answer = answers.settle(conversation, message, reply, about, now)
    _echo(message, answer, about, now)
    facts: tuple[Fact, ...] = ()
    if _wants_a_visit(reply, about) and not answer.settled:
        department = _topic(message.body) or conversation.department
        facts = (BookingRequested(**common, department=department, how="text", wish=words),)
    return Verdict(not answer.settled, facts=facts, settled=answer.settled)


def _wants_a_visit(reply: Reply, about: str) -> bool:
    """A new visit; or another time where nothing was asked about, so that there is nothing to move."""
    return reply.intent is Intent.BOOK or (reply.intent is Intent.MOVE and not about)


def _echo(message: Message, answer: answers.Answer, about: str, now: datetime) -> None:
    """Tells the customer what stands now; or lays the answer half written before whoever answers."""
    if not answer.words:
        return
    if not answer.settled:
        message.reading = {**message.reading, "draft": answer.words}
        message.save(update_fields=["reading"])
        return
    outbox.send(
        store_id=message.store_id,
        customer=message.customer,
        number=message.conversation.their_number,
        body=answer.words,
        purpose=Purpose.CONVERSATIONAL,
        subject=about,
        dedupe_key=f"echo:{message.pk}",
        now=now,
        useless_after=now + ECHO_IS_OF_USE,
    )


def _opted_out(
    conversation: Conversation, reply: Reply, words: str, at: datetime, common: dict[str, Any]
) -> Verdict:
    """A person is told as well where the word may have been the answer about an appointment."""
    maybe = reply.maybe_meant_appointment
    said = "Texts to this number are stopped."
    if maybe:
        said += " They may have meant the appointment: a person asks, by phone."
    standing = consent.state(conversation.store_id, conversation.their_number)
    facts: tuple[Fact, ...] = ()
    if standing.opted_out_at == at:
        facts = (
            CustomerOptedOut(
                **common,
                number=conversation.their_number,
                words=words,
                department=conversation.department,
                maybe_meant_appointment=maybe,
            ),
        )
    return Verdict(maybe, said, facts, settled=not maybe)


def _note(conversation: Conversation, message: Message, verdict: Verdict, at: datetime) -> None:
    """What the inbox shows; a question that was settled is no longer asked."""
    conversation.last_in_at = max(filter(None, (conversation.last_in_at, at)))
    conversation.last_at = max(filter(None, (conversation.last_at, at)))
    conversation.last_body = in_list(message.body, len(message.media))
    # Whoever put it away did not know of these words.
    conversation.put_away_until = conversation.put_away_by = None
    fields = ["last_in_at", "last_at", "last_body", "version", "put_away_until", "put_away_by"]
    if verdict.needs_person:
        conversation.waiting_since = min(filter(None, (conversation.waiting_since, at)))
        fields.append("waiting_since")
    if verdict.settled:
        conversation.asked, conversation.asked_about, conversation.asked_at = (
            Conversation.Asked.NONE,
            "",
            None,
        )
        fields += ["asked", "asked_about", "asked_at"]
    conversation.version += 1
    conversation.save(update_fields=fields)
    live.bump(conversation.store_id, "inbox")


def _wrote(conversation: Conversation, message: Message, reply: Reply) -> CustomerWrote:
    said = excerpt(message.body) or conversation.last_body
    return CustomerWrote(
        store_id=conversation.store_id,
        at=message.created_at,
        subject=f"conversation:{conversation.pk}",
        customer_id=message.customer_id,
        message_id=message.pk,
        conversation_id=conversation.pk,
        department=conversation.department,
        excerpt=said,
        intent=reply.intent,
        read_as=f"({message.reading['as']})",
        needs_person=message.needs_person,
        maybe_meant_appointment=reply.maybe_meant_appointment,
    )


def _read(
    payload: Mapping[str, Any], body: str, store: Store, conversation: Conversation | None, at: datetime
) -> Reply:
    asked, about = _question(conversation, at)
    scene = answers.scene(store.pk, about)
    reply = reader.read(
        body,
        asked=Asked(asked),
        now=at,
        zone=store.tz,
        appointment=scene.appointment,
        opens=scene.opens,
    )
    return _as_carrier_says(reply, str(payload.get("OptOutType") or ""))


def _as_carrier_says(reply: Reply, opt_out_type: str) -> Reply:
    """Where the carrier itself has acted on the word, it is so, however we would have read it."""
    said = {"STOP": Intent.OPT_OUT, "START": Intent.OPT_IN, "HELP": Intent.HELP}.get(opt_out_type.upper())
    if said is None or (reply.intent is said and reply.sure):
        return reply
    return replace(
        reply, intent=said, sure=True, opt_out=said is Intent.OPT_OUT, because="the carrier took it as such"
    )


def _question(conversation: Conversation | None, at: datetime) -> tuple[str, str]:
    """What the customer answers, and what it is about; nothing where the question is old."""
    if conversation is None or conversation.asked_at is None or at - conversation.asked_at > QUESTION_STANDS:
        return Conversation.Asked.NONE, ""
    return conversation.asked, conversation.asked_about


def _written(reply: Reply, store: Store) -> dict[str, Any]:
    """The reading as the message keeps it; `as` in words."""
    kept = asdict(reply)
    del kept["text"]
    kept["slots"] = [{"from": slot.start.isoformat(), "to": slot.end.isoformat()} for slot in reply.slots]
    kept["intent"] = reply.intent.value
    kept["as"] = read_as(reply, store.tz)
    return kept


def _topic(body: str) -> str:
    return Department.SERVICE if ABOUT_SERVICE.search(body[:2000]) else ""


def _home(customer: Customer) -> str:
    """The department of the person who last became theirs: where their first words go if these do not say."""
    people = CustomerPerson.objects.of_store(customer.store_id).filter(customer=customer)
    return people.order_by("-since").values_list("department", flat=True).first() or ""


def _known(store_id: int, sid: str) -> Message | None:
    return Message.objects.of_store(store_id).filter(dedupe_key=f"in:{sid}").first()


def _sid(payload: Mapping[str, Any]) -> str:
    sid = str(payload.get("MessageSid") or payload.get("SmsSid") or "").strip()[:40]
    if not sid:
        raise NoId("The call names no message: ask the carrier what it meant.")
    return sid


def _store(payload: Mapping[str, Any]) -> Store:
    to = _number(payload.get("To"))
    store = Store.objects.filter(text_number=to).first() if to else None
    if store is None:
        raise UnknownNumber(
            f"No store has the number {to or '(none)'}: enter it at the store, then this is read again."
        )
    return store


def _sender(payload: Mapping[str, Any]) -> str:
    number = _number(payload.get("From"))
    if not number or len(number) > 16:
        raise NoSender(f"This is no number that can be answered: {number[:40]!r}.")
    return number


def _number(value: object) -> str:
    return re.sub(r"[\s\x00]", "", str(value or "").rpartition(":")[2])


def _media(payload: Mapping[str, Any]) -> list[dict[str, str]]:
    found = []
    for index in range(MOST_MEDIA):
        url = str(payload.get(f"MediaUrl{index}") or "")
        if url:
            kind = str(payload.get(f"MediaContentType{index}") or "")
            found.append({"url": url[:2000], "type": kind[:80]})
    return found
