"""The carrier's word may come late, twice and in any order: fates only move forward."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations

import pytest
from django.db import transaction

from dealership.events.models import EventRecord
from dealership.messaging import fates, sending
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import Accepted
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import FakeCarrier, clock_at, maria, queue
from tests.promises import promise

State = Message.State
Order = tuple[tuple[str, str], ...]
#: Five words that Twilio may say about one text; the two final ones contradict each other on purpose.
WORDS: Order = (("queued", ""), ("sending", ""), ("sent", ""), ("delivered", ""), ("undelivered", "30003"))


def sent_message(cast: Cast, **more) -> Message:
    message = queue(maria(cast.northside), **more)
    sending.send_due(transport=FakeCarrier(Accepted("SM1")), clock=clock_at(MONDAY_TEN))
    message.refresh_from_db()
    return message


def tell(message: Message, status: str, code: str = "", sid: str = "SM1", minutes: int = 1) -> str:
    at = MONDAY_TEN + timedelta(minutes=minutes)
    return fates.told(uuid=message.uuid, status=status, code=code, sid=sid, at=at, now=at)


def facts(message: Message, *kinds: str) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(message.store_id).filter(kind__in=kinds))


@promise("P5", saboteur=saboteurs.the_last_word_wins)
def test_in_every_order_and_each_word_twice_the_first_final_word_stands(cast: Cast) -> None:
    message = sent_message(cast)
    assert set(orders_from(message, (), [])) == set(permutations(WORDS))


def orders_from(message: Message, said: Order, seen: list[int]) -> Iterator[Order]:
    """Every order that begins so, each told to its end and judged. What several orders begin with is told once."""
    for word in WORDS:
        if word in said:
            continue
        order, ranks = (*said, word), list(seen)
        here = transaction.savepoint()
        for _ in range(2):
            tell(message, *word)
            message.refresh_from_db(fields=["state"])
            ranks.append(fates.RANK[State(message.state)])
        if len(order) < len(WORDS):
            yield from orders_from(message, order, ranks)
        else:
            first_final = next(status for status, _ in order if status in ("delivered", "undelivered"))
            assert message.state == first_final, order
            assert ranks == sorted(ranks), order
            assert len(facts(message, "CustomerHeardFromMachine", "MessageFailed")) == 1, order
            yield order
        transaction.savepoint_rollback(here)


def test_a_persons_text_that_was_received_is_told_with_the_moment_of_receipt(cast: Cast) -> None:
    message = sent_message(cast, author=cast.dana, purpose=Purpose.CONVERSATIONAL, subject="lead:7")

    tell(message, "delivered", minutes=3)

    message.refresh_from_db()
    (heard,) = facts(message, "CustomerHeardFromPerson")
    assert heard.at == message.received_at == MONDAY_TEN + timedelta(minutes=3)
    assert (heard.subject, heard.by, heard.payload["message_id"]) == ("lead:7", cast.dana.pk, message.pk)
    assert facts(message, "CustomerHeardFromMachine") == []


def test_a_machines_text_is_never_told_as_a_persons(cast: Cast) -> None:
    message = sent_message(cast)

    tell(message, "delivered")

    (heard,) = facts(message, "CustomerHeardFromMachine", "CustomerHeardFromPerson")
    assert heard.kind == "CustomerHeardFromMachine"
    assert heard.subject == f"conversation:{message.conversation_id}"


@pytest.mark.parametrize(
    ("code", "trouble"), [("30003", ""), ("30005", "not in service"), ("30006", "landline"), ("30007", "")]
)
def test_a_failure_is_told_and_says_what_is_lasting_about_the_number(
    cast: Cast, code: str, trouble: str
) -> None:
    message = sent_message(cast)

    tell(message, "undelivered", code)

    (failed,) = facts(message, "MessageFailed")
    assert failed.payload["why"] == fates.WORDS[code]
    assert message.customer.contact_points.get().trouble == trouble


def test_an_opt_out_that_comes_as_a_status_opts_out_here(cast: Cast) -> None:
    message = sent_message(cast)

    tell(message, "failed", "21610")

    assert len(facts(message, "CustomerOptedOut")) == 1


def test_a_text_that_was_given_up_as_lost_may_still_turn_out_received(cast: Cast) -> None:
    message = sent_message(cast)
    Message.objects.of_store(message.store_id).filter(pk=message.pk).update(
        state=State.FAILED, error_code=fates.LOST
    )

    tell(message, "delivered")

    message.refresh_from_db()
    assert (message.state, message.error_code) == (State.DELIVERED, "")


def test_a_word_about_another_send_changes_nothing(cast: Cast) -> None:
    message = sent_message(cast)

    remark = tell(message, "failed", "30007", sid="SM2")

    message.refresh_from_db()
    assert (message.state, "SM2" in remark) == (State.ACCEPTED, True)


@pytest.mark.parametrize("status", ["", "receiving", "☃" * 500, "DELIVERED "])
def test_a_status_that_says_nothing_is_noted_and_no_more(cast: Cast, status: str) -> None:
    message = sent_message(cast)

    assert tell(message, status)
    message.refresh_from_db()
    assert message.state == State.ACCEPTED


def test_a_word_about_no_text_of_ours_is_noted(cast: Cast) -> None:
    remark = fates.told(
        uuid="00000000-0000-4000-8000-000000000000",
        status="sent",
        code="",
        sid="x",
        at=MONDAY_TEN,
        now=MONDAY_TEN,
    )

    assert "no text of ours" in remark


def test_who_waited_is_answered_when_a_persons_text_goes_and_waits_again_when_it_fails(cast: Cast) -> None:
    from tests.messaging.test_inbound import text_in

    customer = maria(cast.northside)
    talk = text_in(cast, "Is my car ready?", at=MONDAY_TEN - timedelta(minutes=5)).conversation
    message = queue(customer, "Yes", author=cast.ana, purpose=Purpose.CONVERSATIONAL)
    sending.send_due(transport=FakeCarrier(Accepted("SM1")), clock=clock_at(MONDAY_TEN))
    talk.refresh_from_db()
    assert talk.waiting_since is None

    tell(message, "undelivered", "30003")

    talk.refresh_from_db()
    message.refresh_from_db()
    assert talk.waiting_since == MONDAY_TEN - timedelta(minutes=5)
    assert message.needs_person
