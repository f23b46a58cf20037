"""Consent is the fold of a ledger, and the more restrictive wins."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealership.messaging import consent
from dealership.messaging.consent import EVERYTHING, Event, How, fold
from dealership.messaging.models import ConsentEvent, Message, Purpose
from tests.cast import MONDAY_TEN, NEW_YORK, Cast
from tests.messaging.carriers import PHONE, maria, queue

GIVEN, REVOKED = ConsentEvent.Act.GIVEN, ConsentEvent.Act.REVOKED


def at(minutes: int):
    return MONDAY_TEN + timedelta(minutes=minutes)


def test_a_number_given_for_a_visit_allows_information_and_no_offers() -> None:
    standing = fold([Event(GIVEN, EVERYTHING, How.REPAIR_ORDER, "at write-up", at(0))], NEW_YORK)

    assert standing.of(Purpose.SERVICE).granted
    assert standing.of(Purpose.SALES).granted
    assert standing.of(Purpose.MARKETING) is None


def test_stop_ends_everything_and_only_start_brings_it_back() -> None:
    ledger = [
        Event(GIVEN, EVERYTHING, How.LEAD, "web form", at(0)),
        Event(GIVEN, Purpose.MARKETING, How.SIGNED, "signed", at(1)),
        Event(REVOKED, EVERYTHING, How.TEXT, "STOP", at(2)),
        Event(GIVEN, EVERYTHING, How.LEAD, "another form", at(3)),
        Event(GIVEN, Purpose.MARKETING, How.SIGNED, "signed again", at(4)),
    ]

    assert fold(ledger, NEW_YORK).opted_out
    assert "STOP" in fold(ledger, NEW_YORK).opted_out_words
    restarted = fold([*ledger, Event(GIVEN, EVERYTHING, How.TEXT, "START", at(5))], NEW_YORK)
    assert not restarted.opted_out
    assert restarted.of(Purpose.SERVICE).granted
    assert not restarted.of(Purpose.MARKETING).granted


def test_at_the_same_moment_the_more_restrictive_wins() -> None:
    both = [
        Event(REVOKED, EVERYTHING, How.TEXT, "stop", at(0)),
        Event(GIVEN, EVERYTHING, How.TEXT, "start", at(0)),
    ]

    assert fold(both, NEW_YORK).opted_out
    assert fold(reversed(both), NEW_YORK).opted_out


events = st.builds(
    Event,
    act=st.sampled_from([GIVEN, REVOKED]),
    purpose=st.sampled_from(["", *Purpose.values]),
    how=st.sampled_from(list(How)),
    words=st.just("words"),
    at=st.integers(0, 8).map(at),
)


@given(st.lists(events, max_size=12, unique_by=lambda event: (event.at, event.act)), st.randoms())
def test_the_order_in_which_events_are_read_does_not_matter(ledger: list[Event], random) -> None:
    shuffled = list(ledger)
    random.shuffle(shuffled)

    assert fold(shuffled, NEW_YORK) == fold(ledger, NEW_YORK)


@given(st.lists(events, max_size=12))
def test_after_a_stop_nothing_is_granted_unless_they_wrote_start(ledger: list[Event]) -> None:
    stop = Event(REVOKED, EVERYTHING, How.TEXT, "stop", at(4))
    standing = fold([*ledger, stop], NEW_YORK)
    started = [e for e in ledger if e.act == GIVEN and e.how == How.TEXT and e.at > at(4)]

    if not started:
        assert standing.opted_out
        assert not any(standing.of(purpose) and standing.of(purpose).granted for purpose in Purpose.values)


def test_a_stop_takes_what_waits_out_of_the_queue_in_every_store_of_the_group(cast: Cast) -> None:
    here = queue(maria(cast.northside))
    there = queue(maria(cast.eastside))

    consent.revoke(store_id=cast.northside.pk, number=PHONE, how=How.TEXT, words="Stop", now=at(1))

    for message in (here, there):
        message.refresh_from_db()
        assert message.state == Message.State.SUPPRESSED
        assert "Stop" in message.reasons[0]
    assert consent.state(cast.eastside.pk, PHONE).opted_out


def test_doubt_stops_offers_only(cast: Cast) -> None:
    customer = maria(cast.northside)
    informing, offering = queue(customer), queue(customer, "20% off", purpose=Purpose.MARKETING)

    consent.revoke(
        store_id=cast.northside.pk,
        number=PHONE,
        purpose=Purpose.MARKETING,
        how=How.TEXT,
        words="ugh",
        now=at(1),
    )

    informing.refresh_from_db()
    offering.refresh_from_db()
    assert informing.state == Message.State.QUEUED
    assert offering.state == Message.State.SUPPRESSED


def test_consent_without_words_is_no_consent(cast: Cast) -> None:
    with pytest.raises(consent.NoEvidence):
        consent.give(store_id=cast.northside.pk, number=PHONE, how=How.LEAD, words=" ", now=at(0))
    assert consent.state(cast.northside.pk, PHONE).of(Purpose.SALES) is None


def test_the_same_consent_again_adds_no_line(cast: Cast) -> None:
    for minute in range(3):
        consent.give(store_id=cast.northside.pk, number=PHONE, how=How.LEAD, words="form", now=at(minute))

    assert ConsentEvent.objects.of_store(cast.northside.pk).count() == 1
