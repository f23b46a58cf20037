"""All that bears on whether a text may go, laid out for the gate: consent, place, hours, and what went there today.

A batch costs a fixed number of queries. What is let through counts at once for the rest of the batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from dealership.messaging import consent, numbers, owed, zones
from dealership.messaging.gate import Consent, GateRequest
from dealership.messaging.models import Message, Purpose
from dealership.messaging.purposes import Purpose as GatePurpose

#: States in which a text counts as having gone to the customer.
WENT = (
    Message.State.SENDING,
    Message.State.ACCEPTED,
    Message.State.SENT,
    Message.State.DELIVERED,
    Message.State.UNDELIVERED,
    Message.State.UNKNOWN,
)
#: A text may wait this long in the queue and still count for the day on which it goes.
LONGEST_WAIT = timedelta(days=16)

Household = tuple[int, str, str]
Sent = tuple[datetime, str]


@dataclass
class Circumstances:
    """What was read for a batch. `request()` lays it out for one message; `goes()` notes that one is let through."""

    now: datetime
    standings: dict[tuple[int, str], consent.Standing]
    troubles: dict[tuple[int, str], str]
    owed: set[int]
    by_conversation: dict[int, list[Sent]] = field(default_factory=dict)
    by_household: dict[Household, list[Sent]] = field(default_factory=dict)

    def request(self, message: Message) -> GateRequest:
        """What the gate must know of this message. Its conversation, customer and store are at hand."""
        conversation, customer, store = message.conversation, message.customer, message.store
        key = (message.store_id, conversation.their_number)
        standing, trouble = self.standings[key], self.troubles.get(key, "")
        place = zones.where(customer.state, customer.postal_code, conversation.their_number, store.tz)
        zone = place.zones[0] if place.zones else store.tz
        household = _household(message)
        return GateRequest(
            purpose=GatePurpose(message.purpose),
            whereabouts=place,
            store_zone=store.tz,
            consent=_consent(message, standing),
            opted_out=standing.opted_out,
            opt_out_words=standing.opted_out_words,
            number_valid=not trouble or trouble == numbers.BLOCKED,
            number_blocked=trouble == numbers.BLOCKED,
            out_of_reach=numbers.out_of_reach(conversation.their_number),
            texting_on=store.texting_on,
            still_owed=message.promise_ref is None or message.promise_ref in self.owed,
            by_person=message.author_id is not None,
            last_inbound_at=conversation.last_in_at,
            useful_until=message.useless_after,
            attempts_today=self._today(self.by_conversation.get(conversation.pk, []), zone),
            household_attempts_today=self._today(self.by_household.get(household, []), zone),
            solicitations_24h=self._marketing(self.by_conversation.get(conversation.pk, [])),
        )

    def goes(self, message: Message) -> None:
        """It is let through: it counts for whatever else is in this batch."""
        if _counts(message):
            sent = (self.now, message.purpose)
            self.by_conversation.setdefault(message.conversation_id, []).append(sent)
            self.by_household.setdefault(_household(message), []).append(sent)

    def _today(self, sent: list[Sent], zone: ZoneInfo) -> int:
        today = self.now.astimezone(zone).date()
        return sum(at.astimezone(zone).date() == today for at, _ in sent)

    def _marketing(self, sent: list[Sent]) -> int:
        return Counter(purpose for at, purpose in sent if at > self.now - timedelta(hours=24))[
            Purpose.MARKETING
        ]


def of(messages: Sequence[Message], *, now: datetime) -> Circumstances:
    """Reads what bears on these messages, in at most six queries. They come with conversation, customer and store."""
    keys = [(message.store_id, message.conversation.their_number) for message in messages]
    refs = {message.promise_ref for message in messages if message.promise_ref is not None}
    found = Circumstances(
        now=now,
        standings=consent.states(keys),
        troubles=numbers.troubles(keys),
        owed=owed.still_owed(refs),
    )
    _read_sent(found, messages)
    return found


def _read_sent(found: Circumstances, messages: Sequence[Message]) -> None:
    by_itself = Q(author__isnull=True) & ~Q(purpose=Purpose.CONVERSATIONAL)
    sent = (
        Message.objects.across_stores("a batch of messages of several stores")
        .filter(
            by_itself | Q(purpose=Purpose.MARKETING),
            is_inbound=False,
            state__in=WENT,
            created_at__gte=found.now - LONGEST_WAIT,
            claimed_at__gte=found.now - timedelta(days=2),
        )
        .exclude(pk__in=[message.pk for message in messages if message.pk])
    )
    talks = {message.conversation_id for message in messages}
    for key, at, purpose in sent.filter(conversation__in=talks).values_list(
        "conversation_id", "claimed_at", "purpose"
    ):
        if at is not None:
            found.by_conversation.setdefault(key, []).append((at, purpose))
    homes = {_household(message) for message in messages if message.customer.street}
    if not homes:
        return
    near = sent.filter(
        store_id__in={home[0] for home in homes},
        customer__store_id__in={home[0] for home in homes},
        customer__postal_code__in={home[1] for home in homes},
        customer__street__in={home[2] for home in homes},
    ).exclude(customer__street="")
    for store_id, postal_code, street, at, purpose in near.values_list(
        "store_id", "customer__postal_code", "customer__street", "claimed_at", "purpose"
    ):
        if at is not None:
            found.by_household.setdefault((store_id, postal_code, street), []).append((at, purpose))


def _counts(message: Message) -> bool:
    by_itself = message.author_id is None and message.purpose != Purpose.CONVERSATIONAL
    return by_itself or message.purpose == Purpose.MARKETING


def _household(message: Message) -> Household:
    customer = message.customer
    if not customer.street:
        return (message.store_id, "", f"customer:{customer.pk}")
    return (message.store_id, customer.postal_code, customer.street)


def _consent(message: Message, standing: consent.Standing) -> Consent | None:
    if message.customer.dms_blocks.get("text"):
        return Consent(granted=False, words="the DMS says no texts")
    return standing.of(message.purpose)
