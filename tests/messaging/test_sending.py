"""A text leaves at most once, is never lost, and never leaves after a stop."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from dealership.messaging import consent, outbox, owed, sending
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.transports.carrier import (
    Accepted,
    NotNow,
    Parcel,
    Refused,
)
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.messaging.carriers import PHONE, FakeCarrier, maria, queue, send, told
from tests.promises import promise
from tests.racing import race

State = Message.State


def test_a_text_that_may_go_is_with_the_carrier_and_says_why_it_went(cast: Cast) -> None:
    message = queue(maria(cast.northside), asks="confirm", asked_about="appointment:4")
    carrier = FakeCarrier(Accepted("SM1"))

    send(carrier)

    message.refresh_from_db()
    assert (message.state, message.carrier_sid) == (State.ACCEPTED, "SM1")
    assert "consent to service texts since 23 Nov 2025" in message.reasons[0]
    assert carrier.given[0].to_number == PHONE
    talk = message.conversation
    talk.refresh_from_db()
    assert (talk.asked, talk.asked_about) == ("confirm", "appointment:4")


def test_the_same_key_twice_is_one_text(cast: Cast) -> None:
    customer, carrier = maria(cast.northside), FakeCarrier()

    first, again = queue(customer, dedupe_key="once"), queue(customer, "other words", dedupe_key="once")
    send(carrier)
    send(carrier)

    assert first.pk == again.pk
    assert len(carrier.given) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_send_one_text() -> None:
    from tests import cast as the_cast

    customer = maria(the_cast.build().northside)

    found = race([lambda: queue(customer, dedupe_key="pressed twice")] * 4)

    assert {message.pk for message in found} == {Message.objects.of_store(customer.store_id).get().pk}


@pytest.mark.django_db(transaction=True)
def test_several_workers_share_the_queue_and_none_sends_what_another_has() -> None:
    from tests import cast as the_cast

    store = the_cast.build().northside
    for n in range(12):
        queue(maria(store, phone=f"+1973555{2000 + n}"))
    carriers = [FakeCarrier() for _ in range(4)]

    race(
        [
            lambda carrier=carrier: sending.send_due(transport=carrier, clock=lambda: MONDAY_TEN, limit=5)
            for carrier in carriers
        ]
    )
    for carrier in carriers:
        send(carrier)

    sent = [parcel.uuid for carrier in carriers for parcel in carrier.given]
    assert len(sent) == len(set(sent)) == 12


def test_without_the_claim_the_same_two_workers_would_send_twice(cast: Cast) -> None:
    """The negative control: a sender that reads and then writes, as most do."""
    queue(maria(cast.northside))
    carriers = [FakeCarrier(), FakeCarrier()]

    seen = [list(Message.objects.of_store(cast.northside.pk).filter(state=State.QUEUED)) for _ in carriers]
    for carrier, due in zip(carriers, seen, strict=True):
        for message in due:
            carrier.send(sending._parcel(sending.Claim(message, 1, None), MONDAY_TEN))

    assert sum(len(carrier.given) for carrier in carriers) == 2


def test_without_consent_on_record_nothing_leaves(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside, agreed=False)), FakeCarrier()

    send(carrier)

    message.refresh_from_db()
    assert carrier.given == []
    assert message.state == State.SUPPRESSED
    assert "no consent" in message.reasons[0]


@promise("P14", saboteur=saboteurs.hours_are_the_servers)
def test_at_night_it_waits_for_the_morning(cast: Cast) -> None:
    night = MONDAY_TEN.replace(hour=3)  # ten in the evening
    message, carrier = queue(maria(cast.northside), now=night), FakeCarrier()

    send(carrier, night)
    message.refresh_from_db()
    assert (message.state, carrier.given) == (State.QUEUED, [])
    assert message.send_after == MONDAY_TEN.replace(hour=13)
    send(carrier, MONDAY_TEN.replace(hour=13))

    assert len(carrier.given) == 1


def test_what_is_no_longer_owed_or_too_late_does_not_leave(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "_answerers", [lambda refs: {7}])
    customer, carrier = maria(cast.northside), FakeCarrier()
    open_one = queue(customer, "still owed", promise_ref=7)
    closed = queue(customer, "kept meanwhile", promise_ref=8)
    late = queue(customer, "too late", useless_after=MONDAY_TEN - timedelta(minutes=1))

    send(carrier)

    states = {m.body: m.state for m in Message.objects.of_store(cast.northside.pk)}
    assert states == {
        open_one.body: State.ACCEPTED,
        closed.body: State.SUPPRESSED,
        late.body: State.SUPPRESSED,
    }


def test_the_daily_cap_binds_within_one_batch_as_well(cast: Cast) -> None:
    customer, carrier = maria(cast.northside), FakeCarrier()
    for n in range(5):
        queue(customer, f"text {n}")

    tally = send(carrier)

    assert len(carrier.given) == 3
    assert tally["later"] == 2


def test_a_household_counts_together(cast: Cast) -> None:
    carrier = FakeCarrier()
    for n in range(3):
        customer = maria(cast.northside, phone=f"+1973555{3000 + n}")
        type(customer).objects.of_store(cast.northside.pk).filter(pk=customer.pk).update(
            street="9 Elm St", postal_code="07102"
        )
        customer.refresh_from_db()
        for k in range(2):
            queue(customer, f"text {k}", dedupe_key=f"{n}:{k}")

    send(carrier)

    assert len(carrier.given) == 4


@promise("P11", saboteur=saboteurs.consent_is_read_when_the_batch_is_built)
def test_a_stop_between_claim_and_call_wins(cast: Cast) -> None:
    first, second = queue(maria(cast.northside)), queue(maria(cast.northside, phone="+19735550143"))

    def meanwhile_the_other_stops(parcel) -> Accepted:
        consent.revoke(
            store_id=cast.northside.pk,
            number="+19735550143",
            how=consent.How.TEXT,
            words="STOP",
            now=MONDAY_TEN,
        )
        return Accepted("SM1")

    carrier = FakeCarrier(meanwhile_the_other_stops)
    send(carrier)

    first.refresh_from_db()
    second.refresh_from_db()
    assert [parcel.to_number for parcel in carrier.given] == [PHONE]
    assert (first.state, second.state) == (State.ACCEPTED, State.SUPPRESSED)


def test_no_more_offers_between_claim_and_call_wins_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though another worker holds the offer's row at the moment at which what is queued is withdrawn."""
    other = "+19735550143"
    for phone in (PHONE, other):
        queue(maria(cast.northside, phone=phone), purpose=Purpose.MARKETING)
        consent.give(
            store_id=cast.northside.pk,
            number=phone,
            purpose=Purpose.MARKETING,
            how=consent.How.SIGNED,
            words="I agree to offers by text.",
            now=MONDAY_TEN,
        )
    monkeypatch.setattr(consent, "withdraw_queued", lambda *_: 0)

    def meanwhile_the_other_wants_none(parcel: Parcel) -> Accepted:
        consent.revoke(
            store_id=cast.northside.pk,
            number=other if parcel.to_number == PHONE else PHONE,
            purpose=Purpose.MARKETING,
            how=consent.How.TEXT,
            words="no more ads",
            now=MONDAY_TEN,
        )
        return Accepted("SM1")

    carrier = FakeCarrier(meanwhile_the_other_wants_none)
    tally = send(carrier)

    assert (len(carrier.given), tally["suppressed"]) == (1, 1)


def test_busy_goes_back_to_the_queue_and_waits(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(NotNow("slow down"))

    send(carrier)
    message.refresh_from_db()
    assert (message.state, message.send_after) == (State.QUEUED, MONDAY_TEN + timedelta(seconds=5))
    send(carrier, MONDAY_TEN + timedelta(seconds=4))
    send(carrier, MONDAY_TEN + timedelta(seconds=5))

    assert len(carrier.given) == 2


def test_when_the_carrier_lets_nobody_in_the_rest_is_not_tried(cast: Cast) -> None:
    for n in range(4):
        queue(maria(cast.northside, phone=f"+1973555{4000 + n}"))
    carrier = FakeCarrier(NotNow("no entry", everything=True))

    send(carrier)

    assert len(carrier.given) == 1
    assert set(Message.objects.of_store(cast.northside.pk).values_list("state", flat=True)) == {State.QUEUED}


def test_a_refusal_is_final_marks_the_number_and_is_told(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(Refused("21614", "not mobile"))

    send(carrier)

    message.refresh_from_db()
    assert (message.state, message.error_code) == (State.FAILED, "21614")
    assert message.customer.contact_points.get().trouble == "cannot take texts"
    assert told(cast, "MessageFailed")[0].payload["why"] == "this number cannot take texts"
    with pytest.raises(outbox.NoNumber):
        queue(message.customer, "another")


def test_a_refusal_for_an_opt_out_opts_out_here_too(cast: Cast) -> None:
    customer = maria(cast.northside)
    queue(customer)
    send(FakeCarrier(Refused("21610", "unsubscribed")))
    carrier = FakeCarrier()

    queue(customer, "another")
    send(carrier)

    assert carrier.given == []
    assert consent.state(cast.northside.pk, PHONE).opted_out
    assert len(told(cast, "CustomerOptedOut")) == 1


def test_a_slow_carrier_makes_the_batch_give_back_what_it_has_not_begun(cast: Cast) -> None:
    for n in range(3):
        queue(maria(cast.northside, phone=f"+1973555{5000 + n}"))
    carrier = FakeCarrier()
    late = MONDAY_TEN + timedelta(seconds=sending.BATCH_SECONDS + 1)

    tally = send(carrier, MONDAY_TEN, MONDAY_TEN, MONDAY_TEN, MONDAY_TEN, late)

    assert len(carrier.given) == 1
    assert tally["again"] == 2
    assert Message.objects.of_store(cast.northside.pk).filter(state=State.QUEUED).count() == 2


def test_the_carrier_may_not_hold_it_into_the_night(cast: Cast) -> None:
    evening = MONDAY_TEN.replace(day=24, hour=0, minute=50)  # 7:50 pm; service texts end at 8
    carrier = FakeCarrier()
    queue(maria(cast.northside), now=evening)

    send(carrier, evening)

    assert carrier.given[0].valid_seconds <= 9 * 60


def test_nothing_is_sent_for_a_store_that_switched_texting_off(cast: Cast) -> None:
    cast.northside.texting_on = False
    cast.northside.save(update_fields=["texting_on"])
    message, carrier = queue(maria(cast.northside)), FakeCarrier()

    send(carrier)

    message.refresh_from_db()
    assert (message.state, carrier.given) == (State.SUPPRESSED, [])


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+18765550142", "it is a number of another country (JM), and the store texts US, CA"),
        ("+442079460018", "it is a number of another country (GB)"),
        ("+19005550142", "texts to this number cost extra"),
    ],
)
def test_numbers_that_somebody_else_earns_from_get_no_text(cast: Cast, number: str, why: str) -> None:
    message, carrier = queue(maria(cast.northside, phone=number)), FakeCarrier()

    send(carrier)

    message.refresh_from_db()
    assert (message.state, carrier.given) == (State.SUPPRESSED, [])
    assert why in message.reasons[0]


def test_the_operator_names_the_countries_whose_numbers_are_texted(cast: Cast, settings: Any) -> None:
    settings.TEXT_COUNTRIES = ["US", "MX"]
    queue(maria(cast.northside, phone="+525512345678"))
    carrier = FakeCarrier(Accepted("SM1"))

    send(carrier)

    assert [parcel.to_number for parcel in carrier.given] == ["+525512345678"]


def test_words_that_cannot_be_a_text_are_refused_at_the_door(cast: Cast) -> None:
    customer = maria(cast.northside)

    with pytest.raises(outbox.NothingToSay):
        queue(customer, " \x00 ", dedupe_key="a")
    with pytest.raises(outbox.TooLong):
        queue(customer, "x" * 1601, dedupe_key="b")
    assert not Conversation.objects.of_store(cast.northside.pk).exists()


def test_a_customer_without_a_phone_cannot_be_texted(cast: Cast) -> None:
    customer = make_customer(cast.northside, "No Phone", PHONE)
    customer.contact_points.all().delete()

    with pytest.raises(outbox.NoNumber):
        queue(customer, dedupe_key=str(uuid4()))


def test_a_withdrawn_promise_takes_its_text_along(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside), promise_ref=3), FakeCarrier()

    stopped = outbox.withdraw(
        store_id=cast.northside.pk, promise_ref=3, why="Kept meanwhile.", now=MONDAY_TEN
    )
    send(carrier)

    message.refresh_from_db()
    assert (stopped, carrier.given, message.reasons) == (1, [], ["Kept meanwhile."])


def test_a_batch_costs_the_same_queries_for_one_text_and_for_twenty(
    cast: Cast, django_assert_max_num_queries
) -> None:
    for n in range(20):
        queue(maria(cast.northside, phone=f"+1973555{6000 + n}"))

    with django_assert_max_num_queries(14):
        assert len(sending.claim_due(MONDAY_TEN, 25, {})) == 20
