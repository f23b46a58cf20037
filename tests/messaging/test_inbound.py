"""A customer's words come in, once, whatever the carrier does; a stop wins; what is unsure waits for a person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import count

import pytest
from django.utils import timezone

from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.events.models import EventRecord
from dealership.messaging import answers, carrier_calls, consent, conversations, inbound, sending
from dealership.messaging.models import CarrierCall, ConsentEvent, Conversation, Message, Purpose
from dealership.messaging.replies.reply import Intent
from dealership.messaging.transports.carrier import Accepted
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue
from tests.promises import promise
from tests.racing import race

sids = count(1)
State = Message.State


def call(store: Store, body: str, *, sid: str = "", number: str = PHONE, **more: str) -> dict[str, str]:
    return {
        "MessageSid": sid or f"SMF{next(sids):031x}",
        "From": number,
        "To": store.text_number,
        "Body": body,
        "NumMedia": "0",
    } | more


@promise("P19", saboteur=saboteurs.who_holds_it_is_read_without_a_lock)
@pytest.mark.django_db(transaction=True)
def test_of_four_who_take_the_same_conversation_one_has_it_and_the_others_see_who(cast: Cast) -> None:
    talk = text_in(cast, "is it still there?").conversation
    agents = [cast.dana, cast.sam, cast.lia, cast.ana]

    def take(agent: StaffMember) -> StaffMember:
        conversations.hold(conversation=talk, holder=agent, by=agent, now=MONDAY_TEN)
        return agent

    results = race([partial(take, agent) for agent in agents])
    winners = [result for result in results if isinstance(result, StaffMember)]
    told = [result.holder for result in results if isinstance(result, conversations.HeldByAnother)]
    talk.refresh_from_db()
    assert (len(winners), len(told)) == (1, 3)
    assert {talk.holder, *told} == set(winners)


def text_in(cast: Cast, body: str, *, at=MONDAY_TEN, **more: str) -> Message:
    return inbound.receive(call(cast.northside, body, **more), received_at=at, now=at)


def facts(cast: Cast, kind: str) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind).order_by("pk"))


def asked(cast: Cast, about: str = "visit:4", at=MONDAY_TEN) -> Conversation:
    """Maria was asked to confirm; the question has gone."""
    message = queue(
        maria(cast.northside), "See you Tuesday at 9? Reply C.", asks="confirm", asked_about=about
    )
    sending.send_due(transport=FakeCarrier(Accepted("SMASKED")), clock=clock_at(at))
    message.conversation.refresh_from_db()
    return message.conversation


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Intent]:
    """Somebody who owns visits, and settles what is sure about them."""
    settled: list[Intent] = []

    def settle(conversation, message, reading, subject, now) -> answers.Answer:
        settled.append(reading.intent)
        if subject == "visit:13":
            raise RuntimeError("no such visit")
        return answers.Answer(
            subject == "visit:4", "You are set." if subject == "visit:4" else "Shall it be 10?"
        )

    def scene(store_id: int, subject: str) -> answers.Scene:
        return answers.Scene(MONDAY_TEN + timedelta(days=1))

    monkeypatch.setitem(answers._settlers, "visit", settle)
    monkeypatch.setitem(answers._describers, "visit", scene)
    return settled


def test_a_question_waits_for_a_person_and_is_told(cast: Cast) -> None:
    customer = maria(cast.northside)

    message = text_in(cast, "How much for new brakes?")

    talk = message.conversation
    (wrote,) = facts(cast, "CustomerWrote")
    assert message.needs_person
    assert (talk.customer, talk.department, talk.waiting_since) == (customer, "service", MONDAY_TEN)
    assert (wrote.subject, wrote.payload["needs_person"], wrote.at) == (
        f"conversation:{talk.pk}",
        True,
        MONDAY_TEN,
    )
    assert "brakes" in wrote.payload["excerpt"]


def test_somebody_unknown_becomes_a_customer_known_by_the_number(cast: Cast) -> None:
    first = text_in(cast, "hello?", number="+19735550177")
    again = text_in(cast, "anybody?", number="+19735550177")

    assert first.customer == again.customer
    assert first.customer.full_name == "(973) 555-0177"
    assert Conversation.objects.of_store(cast.northside.pk).count() == 1


def test_the_same_call_again_is_the_same_message(cast: Cast) -> None:
    maria(cast.northside)
    first = text_in(cast, "hi", sid="SMONE")
    again = text_in(cast, "hi", sid="SMONE")

    assert first.pk == again.pk
    assert len(facts(cast, "CustomerWrote")) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_text_in_six_calls_at_once_is_one_message() -> None:
    from tests import cast as the_cast

    store = the_cast.build().northside
    maria(store)
    payload = call(store, "is it ready", sid="SMSIX")

    race([lambda: carrier_calls.keep_inbound(payload, clock=lambda: MONDAY_TEN)] * 6)
    race([lambda: carrier_calls.settle_open(clock=lambda: MONDAY_TEN)] * 3)
    race([lambda: inbound.receive(payload, received_at=MONDAY_TEN, now=MONDAY_TEN)] * 3)

    assert CarrierCall.objects.count() == 1
    assert Message.objects.of_store(store.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_first_texts_of_one_unknown_number_at_once_make_one_customer_and_one_conversation() -> None:
    from tests import cast as the_cast

    store = the_cast.build().northside
    payloads = [call(store, f"text {n}", number="+19735550188") for n in range(5)]

    found = race([lambda p=p: inbound.receive(p, received_at=MONDAY_TEN, now=MONDAY_TEN) for p in payloads])

    assert not [error for error in found if isinstance(error, Exception)]
    assert Customer.objects.of_store(store.pk).count() == 1
    assert Conversation.objects.of_store(store.pk).count() == 1
    assert Message.objects.of_store(store.pk).count() == 5


@pytest.mark.parametrize(
    "word", ["STOP", "stop.", "Please stop texting me", "UNSUBSCRIBE", "no more texts!", "Cancel", "END"]
)
def test_a_stop_in_any_wording_ends_texts_and_takes_the_queue_along(cast: Cast, word: str) -> None:
    waiting = queue(maria(cast.northside))

    message = text_in(cast, word)

    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED
    assert consent.state(cast.northside.pk, PHONE).opted_out
    assert not message.needs_person
    assert len(facts(cast, "CustomerOptedOut")) == 1


def test_a_stop_is_honoured_when_the_call_is_kept_and_not_only_when_it_is_settled(cast: Cast) -> None:
    waiting = queue(maria(cast.northside))

    carrier_calls.keep_inbound(call(cast.northside, "STOP"), clock=lambda: MONDAY_TEN)

    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED
    assert Message.objects.of_store(cast.northside.pk).filter(is_inbound=True).count() == 0
    carrier_calls.settle_open(clock=lambda: MONDAY_TEN + timedelta(seconds=5))
    assert len(facts(cast, "CustomerOptedOut")) == 1
    assert ConsentEvent.objects.of_store(cast.northside.pk).filter(act="revoked").count() == 1


def test_where_a_stop_word_may_have_meant_the_appointment_a_person_is_told_as_well(
    cast: Cast, visits: list
) -> None:
    asked(cast)

    message = text_in(cast, "CANCEL", at=MONDAY_TEN + timedelta(minutes=5))

    assert consent.state(cast.northside.pk, PHONE).opted_out
    assert message.needs_person
    assert facts(cast, "CustomerOptedOut")[0].payload["maybe_meant_appointment"] is True
    assert facts(cast, "CustomerWrote")[0].payload["maybe_meant_appointment"] is True
    assert visits == []


def test_start_brings_texts_back_and_help_is_left_to_the_carrier(cast: Cast) -> None:
    customer = maria(cast.northside)
    text_in(cast, "STOP")
    text_in(cast, "START", at=MONDAY_TEN + timedelta(minutes=1))
    helped = text_in(cast, "HELP", at=MONDAY_TEN + timedelta(minutes=2))
    carrier = FakeCarrier()
    queue(customer, now=MONDAY_TEN + timedelta(minutes=3))
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=3)))

    assert len(carrier.given) == 1
    assert len(facts(cast, "CustomerOptedIn")) == 1
    assert not helped.needs_person


def test_what_the_carrier_took_as_a_stop_is_one_whatever_it_says(cast: Cast) -> None:
    maria(cast.northside)

    message = text_in(cast, "basta ya", OptOutType="STOP")

    assert consent.state(cast.northside.pk, PHONE).opted_out
    assert message.reading["intent"] == "opt_out"


def test_the_wrong_person_loses_the_number_and_the_next_text_is_somebody_new(cast: Cast) -> None:
    customer = maria(cast.northside)
    queue(customer)

    text_in(cast, "wrong number")
    later = text_in(cast, "I said this is not Maria", at=MONDAY_TEN + timedelta(days=1))

    assert len(facts(cast, "NumberProvedWrong")) == 1
    point = ContactPoint.objects.of_store(cast.northside.pk).get(customer=customer)
    assert (point.is_living, point.trouble) == (False, "wrong number")
    assert consent.state(cast.northside.pk, PHONE).opted_out
    assert later.customer != customer


def test_a_sure_answer_is_settled_echoed_and_asked_no_more(cast: Cast, visits: list) -> None:
    talk = asked(cast)

    message = text_in(cast, "C", at=MONDAY_TEN + timedelta(minutes=5))

    talk.refresh_from_db()
    echo = Message.objects.of_store(cast.northside.pk).get(dedupe_key=f"echo:{message.pk}")
    assert visits == [Intent.CONFIRM]
    assert not message.needs_person
    assert (talk.asked, talk.waiting_since) == ("none", None)
    assert (echo.body, echo.author, echo.purpose) == ("You are set.", None, Purpose.CONVERSATIONAL)
    assert facts(cast, "CustomerWrote")[0].payload["needs_person"] is False


def test_what_cannot_be_settled_waits_with_the_answer_half_written(cast: Cast, visits: list) -> None:
    asked(cast, "visit:5")

    message = text_in(cast, "yes", at=MONDAY_TEN + timedelta(minutes=5))

    assert message.needs_person
    assert message.reading["draft"] == "Shall it be 10?"
    assert not Message.objects.of_store(cast.northside.pk).filter(dedupe_key=f"echo:{message.pk}").exists()


def test_an_owner_who_fails_leaves_the_answer_to_a_person(cast: Cast, visits: list) -> None:
    asked(cast, "visit:13")

    message = text_in(cast, "yes", at=MONDAY_TEN + timedelta(minutes=5))

    assert message.needs_person
    assert len(facts(cast, "CustomerWrote")) == 1


def test_a_yes_after_a_person_wrote_answers_the_person_and_not_the_older_question(
    cast: Cast, visits: list
) -> None:
    talk = asked(cast)
    queue(talk.customer, "Do you want the brakes done too?", author=cast.ana, purpose=Purpose.CONVERSATIONAL)
    sending.send_due(transport=FakeCarrier(), clock=clock_at(MONDAY_TEN + timedelta(minutes=1)))

    message = text_in(cast, "yes", at=MONDAY_TEN + timedelta(minutes=5))

    assert visits == []
    assert message.needs_person


def test_a_yes_to_a_question_of_last_week_moves_nothing(cast: Cast, visits: list) -> None:
    asked(cast)

    message = text_in(cast, "yes", at=MONDAY_TEN + timedelta(days=8))

    assert visits == []
    assert message.needs_person


@pytest.mark.parametrize(
    ("body", "department"),
    [
        ("I need an oil change", "service"),
        ("Can I book an oil change for tomorrow at 9?", "service"),
        ("can I book a test drive saturday?", "sales"),
        ("quiero una cita para cambio de aceite", "service"),
    ],
)
def test_who_asks_for_a_visit_is_told_to_the_department_meant(cast: Cast, body: str, department: str) -> None:
    maria(cast.northside)

    message = text_in(cast, body)

    (wish,) = facts(cast, "BookingRequested")
    assert (wish.payload["department"], wish.payload["how"]) == (department, "text")
    assert message.needs_person


def test_words_that_name_no_department_go_to_the_person_who_is_theirs(cast: Cast) -> None:
    CustomerPerson.objects.create(
        store=cast.northside,
        customer=maria(cast.northside),
        department="service",
        staff=cast.ana,
        since=MONDAY_TEN,
    )

    assert text_in(cast, "hello").conversation.department == "service"
    assert text_in(cast, "hello", number="+19735550160").conversation.department == "sales"


def test_how_it_was_read_is_said_in_words(cast: Cast, visits: list) -> None:
    asked(cast)

    moved = text_in(cast, "Can we do 3pm instead?", at=MONDAY_TEN + timedelta(minutes=5))
    question = text_in(cast, "how much is it?", at=MONDAY_TEN + timedelta(minutes=6))

    assert moved.reading["as"] == "move to Tue 24 Nov 3:00 pm (sure)"
    assert question.reading["as"] == "a question"


def test_whoever_writes_first_may_be_answered_the_next_morning(cast: Cast) -> None:
    message = text_in(cast, "Do you have the blue one?", number="+19735550166")
    carrier, tomorrow = FakeCarrier(), MONDAY_TEN + timedelta(days=1)

    queue(message.customer, "We do.", author=cast.sam, purpose=Purpose.CONVERSATIONAL, now=tomorrow)
    sending.send_due(transport=carrier, clock=clock_at(tomorrow))

    assert len(carrier.given) == 1


def test_pictures_are_kept(cast: Cast) -> None:
    maria(cast.northside)

    message = text_in(
        cast, "", NumMedia="1", MediaUrl0="https://api.twilio.com/x/Media/ME1", MediaContentType0="image/heic"
    )

    assert message.media == [{"url": "https://api.twilio.com/x/Media/ME1", "type": "image/heic"}]
    assert message.needs_person
    assert message.conversation.last_body == "photo"


@pytest.mark.parametrize(
    "body",
    [
        "a\x00b",
        "\ud800 half",
        "x" * 100_000,
        "😀" * 5000,
        "\u202eevil",
        "",
        " ",
        "<script>alert(1)</script>",
        "'; DROP TABLE",
    ],
)
def test_no_words_are_lost_or_break_anything(cast: Cast, body: str) -> None:
    maria(cast.northside)

    carrier_calls.keep_inbound(call(cast.northside, body), clock=lambda: MONDAY_TEN)
    carrier_calls.settle_open(clock=lambda: MONDAY_TEN)

    message = Message.objects.of_store(cast.northside.pk).get(is_inbound=True)
    assert message.needs_person
    assert len(message.body) >= len(body.replace("\x00", "")) or not body.strip()


def test_a_card_number_is_nowhere_in_the_database(cast: Cast) -> None:
    maria(cast.northside)

    carrier_calls.keep_inbound(
        call(cast.northside, "card 4111 1111 1111 1111 ssn 123-45-6789"), clock=lambda: MONDAY_TEN
    )
    carrier_calls.settle_open(clock=lambda: MONDAY_TEN)

    kept = str(CarrierCall.objects.get().payload) + Message.objects.of_store(cast.northside.pk).get().body
    kept += str(list(EventRecord.objects.of_store(cast.northside.pk).values_list("payload", flat=True)))
    kept += str(list(ConsentEvent.objects.of_store(cast.northside.pk).values_list("words", flat=True)))
    assert "1111" not in kept
    assert "6789" not in kept


def test_a_call_that_cannot_be_settled_is_parked_and_stops_nobody(cast: Cast) -> None:
    maria(cast.northside)
    carrier_calls.keep_inbound(call(cast.northside, "lost", To="+15005550000"), clock=lambda: MONDAY_TEN)
    carrier_calls.keep_inbound(call(cast.northside, "nobody wrote this", From=""), clock=lambda: MONDAY_TEN)
    carrier_calls.keep_inbound(call(cast.northside, "hello"), clock=lambda: MONDAY_TEN)

    for hours in range(40):
        carrier_calls.settle_open(clock=lambda hours=hours: MONDAY_TEN + timedelta(hours=hours))

    assert Message.objects.of_store(cast.northside.pk).get().body == "hello"
    parked = CarrierCall.objects.filter(settled_at__isnull=True)
    assert {p.attempts for p in parked} == {carrier_calls.MOST_TRIES}
    assert all("enter it at the store" in p.last_error or "no number" in p.last_error for p in parked)
    assert [p.payload["Body"] for p in carrier_calls.parked([cast.northside.text_number])] == [
        "nobody wrote this"
    ]


def test_a_short_code_and_another_channel_have_a_conversation_as_well(cast: Cast) -> None:
    text_in(cast, "Your code", number="72345")
    again = text_in(cast, "Your code 2", number="72345")
    text_in(cast, "hi", From="whatsapp:+19735550155")

    assert again.conversation.messages.count() == 2
    assert {c.their_number for c in Conversation.objects.of_store(cast.northside.pk)} == {
        "72345",
        "+19735550155",
    }


def test_texts_that_are_settled_late_keep_the_time_at_which_they_came(cast: Cast) -> None:
    maria(cast.northside)
    early = timezone.now() - timedelta(hours=3)

    message = inbound.receive(call(cast.northside, "hi?"), received_at=early, now=timezone.now())

    assert message.created_at == message.conversation.waiting_since == early
