"""What follows at once from what others told: a question that was received, an answer in words, a delivery to an unhappy customer.

These facts are of messages and deliveries: whatever fails here must not undo them, so it is logged. A text whose answer could
not be kept still waits for a person, and a question that was not marked as received is still owed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.db import transaction

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.marketing import ReviewRequested, SurveyWithheld
from dealership.events.catalogue.messaging import CustomerHeardFromMachine, CustomerWrote
from dealership.events.catalogue.sales import VehicleDelivered
from dealership.messaging.inbound import QUESTION_STANDS
from dealership.messaging.models import Conversation, Message
from marketing import sentiment, surveys
from marketing.models import Survey

log = logging.getLogger(__name__)
F = TypeVar("F", bound=Fact)
#: Texts that ask for a public review are known by this.
REVIEW_KEY = "review:"


def _each(facts: Sequence[F], follows: Callable[[F], list[Fact]]) -> list[Fact]:
    """What follows from each; one that fails is logged, and undoes neither its own fact nor what follows from others."""
    found: list[Fact] = []
    for fact in facts:
        try:
            with transaction.atomic():
                found += follows(fact)
        except Exception:
            log.exception("What follows for marketing from %s could not be done.", fact.kind)
    return found


@bus.entails(CustomerHeardFromMachine)
def question_received(facts: Sequence[CustomerHeardFromMachine]) -> Iterable[Fact]:
    """The text that asked how it was reached their phone, or the one that asked for a public review did."""
    return _each([fact for fact in facts if fact.subject.startswith(("ro:", "deal:"))], _received)


@bus.entails(CustomerWrote)
def answer_in_words(facts: Sequence[CustomerWrote]) -> Iterable[Fact]:
    """They answered the question in words, which no machine settles: kept on the survey, and unhappy if the words say so."""
    return _each(facts, _answer)


@bus.entails(VehicleDelivered)
def delivered(facts: Sequence[VehicleDelivered]) -> Iterable[Fact]:
    """Nobody is asked how the delivery was while they are unhappy about something else, or a second time."""
    return _each([fact for fact in facts if fact.customer_id and not fact.backfill], _hold)


def _received(fact: CustomerHeardFromMachine) -> list[Fact]:
    message = Message.objects.of_store(fact.store_id).filter(pk=fact.message_id).first()
    if message is None:
        return []
    if message.dedupe_key.startswith(REVIEW_KEY):
        return _review_received(message, fact)
    if message.asks != Conversation.Asked.SURVEY:
        return []
    survey = surveys.find(fact.store_id, message.asked_about or fact.subject)
    return surveys.asked(survey, at=fact.at) if survey else []


def _hold(fact: VehicleDelivered) -> list[Fact]:
    survey = surveys.find(fact.store_id, fact.subject)
    if survey is None:
        return []
    if survey.asked_at or survey.answered_at:
        return [SurveyWithheld(**surveys.common(survey, fact.at), why="they were asked already")]
    known = surveys.family(survey.customer)
    if survey.state == Survey.State.WAITING and surveys.unhappy_open(fact.store_id, known):
        return surveys.hold_back(fact.store_id, known, at=fact.at)
    return []


def _answer(fact: CustomerWrote) -> list[Fact]:
    message = (
        Message.objects.of_store(fact.store_id)
        .filter(pk=fact.message_id, conversation__asked=Conversation.Asked.SURVEY)
        .select_related("conversation")
        .first()
    )
    if message is None or not message.subject or message.subject != message.conversation.asked_about:
        return []
    asked_at = message.conversation.asked_at
    if asked_at is None or fact.at - asked_at > QUESTION_STANDS:
        return []
    survey = surveys.find(fact.store_id, message.subject)
    reading = message.reading
    feeling = sentiment.read(
        message.body,
        rating=reading.get("rating"),
        sure=bool(reading.get("sure")),
        intent=str(reading.get("intent") or ""),
    )
    if survey is None or feeling is None:
        return []
    return surveys.answered(survey, feeling, words=message.body, at=fact.at)


def _review_received(message: Message, fact: CustomerHeardFromMachine) -> list[Fact]:
    pk = int(message.dedupe_key.removeprefix(REVIEW_KEY))
    rows = Survey.objects.of_store(fact.store_id).select_for_update(of=("self",)).select_related("vehicle")
    survey = rows.filter(pk=pk, review_asked_at__isnull=True).first()
    if survey is None:
        return []
    survey.review_asked_at = fact.at
    survey.save(update_fields=["review_asked_at"])
    return [ReviewRequested(**surveys.common(survey, fact.at))]
