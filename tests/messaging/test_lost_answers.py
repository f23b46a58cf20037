"""Nobody knows whether the carrier has it: it is looked up, and never sent twice; nor is it lost with the worker that dies."""

from datetime import timedelta
from uuid import UUID

import pytest

from dealership.messaging import consent, fates, reconcile, sending
from dealership.messaging.models import Message, Purpose
from dealership.messaging.transports.carrier import (
    Accepted,
    InDoubt,
    Listed,
    NotNow,
    Outcome,
    Parcel,
)
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue, send, told
from tests.promises import promise

State = Message.State


def test_a_lost_answer_is_never_sent_again_by_the_sender(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(InDoubt("the line broke"))

    for minutes in (0, 1, 5, 60, 600):
        send(carrier, MONDAY_TEN + timedelta(minutes=minutes))

    message.refresh_from_db()
    assert (message.state, len(carrier.given)) == (State.UNKNOWN, 1)


class Faulty(FakeCarrier):
    """Of each four calls: one as it should be, one whose answer is lost, one that is too many, one that ends in a 500 after all."""

    def send(self, parcel: Parcel) -> Outcome:
        self.given.append(parcel)
        fault = len(self.given) % 4
        if fault == 2:
            return NotNow("too many at once")
        talk = (parcel.from_number, parcel.to_number, parcel.body)
        self.listed.append(Listed(f"SM{len(self.given):032d}", *talk, "sent", "", MONDAY_TEN))
        self.taken.append(parcel.uuid)
        return Accepted(self.listed[-1].sid) if fault == 0 else InDoubt("no answer came")

    taken: list[UUID]


@promise("P3", saboteur=saboteurs.a_lost_answer_is_tried_again)
def test_whatever_the_carrier_does_it_takes_each_text_once_and_none_is_lost(cast: Cast) -> None:
    for n in range(12):
        queue(maria(cast.northside, phone=f"+1973555{3000 + n}"))
    carrier = Faulty()
    carrier.taken = []
    for minutes in (0, 1, 3, 4, 6, 9, 12, 15):
        now = MONDAY_TEN + timedelta(minutes=minutes)
        send(carrier, now)
        reconcile.look(transport=carrier, clock=clock_at(now))
    assert len(carrier.taken) == len(set(carrier.taken)) == 12
    rows = Message.objects.of_store(cast.northside.pk)
    assert set(rows.values_list("state", flat=True)) <= {State.ACCEPTED, State.SENT}


def test_a_lost_answer_is_found_in_the_carriers_list(cast: Cast) -> None:
    message = queue(maria(cast.northside))
    carrier = FakeCarrier(InDoubt("the line broke"))
    send(carrier)
    carrier.really_has(message, sid="SM77", at=MONDAY_TEN, status="delivered")

    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=1)))
    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=2)))

    message.refresh_from_db()
    assert (message.state, message.carrier_sid) == (State.DELIVERED, "SM77")
    assert len(carrier.given) == 1
    assert len(told(cast, "CustomerHeardFromMachine")) == 1


def test_a_callback_settles_a_lost_answer_by_our_own_name_for_it(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(InDoubt("lost"))
    send(carrier)

    fates.told(uuid=message.uuid, status="sent", code="", sid="SM5", at=MONDAY_TEN, now=MONDAY_TEN)
    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(hours=1)))

    message.refresh_from_db()
    assert (message.state, message.carrier_sid, len(carrier.given)) == (State.SENT, "SM5", 1)


def look_three_times(carrier: FakeCarrier, since=MONDAY_TEN) -> None:
    for minutes in (2, 10, 30):
        reconcile.look(transport=carrier, clock=clock_at(since + timedelta(minutes=minutes)))


def test_a_service_text_that_never_arrived_there_is_sent_once_more_and_no_third_time(cast: Cast) -> None:
    message = queue(maria(cast.northside))
    carrier = FakeCarrier(InDoubt("lost"), InDoubt("lost again"))
    send(carrier)
    look_three_times(carrier)
    message.refresh_from_db()
    assert message.state == State.QUEUED
    later = MONDAY_TEN + timedelta(minutes=31)
    send(carrier, later)
    look_three_times(carrier, later)
    send(carrier, later + timedelta(hours=1))

    message.refresh_from_db()
    assert (len(carrier.given), message.state, message.needs_person) == (2, State.FAILED, True)


def test_an_offer_that_never_arrived_there_is_dropped(cast: Cast) -> None:
    customer = maria(cast.northside)
    consent.give(
        store_id=cast.northside.pk,
        number=PHONE,
        purpose=Purpose.MARKETING,
        how=consent.How.SIGNED,
        words="signed form of 3 March",
        now=MONDAY_TEN - timedelta(days=9),
    )
    message = queue(customer, "20% off tires", purpose=Purpose.MARKETING)
    carrier = FakeCarrier(InDoubt("lost"))
    send(carrier)
    look_three_times(carrier)
    send(carrier, MONDAY_TEN + timedelta(hours=1))

    message.refresh_from_db()
    assert (message.state, len(carrier.given)) == (State.SUPPRESSED, 1)


def test_a_persons_own_words_that_never_arrived_are_given_back_to_a_person(cast: Cast) -> None:
    message = queue(
        maria(cast.northside), "See you at three", author=cast.dana, purpose=Purpose.CONVERSATIONAL
    )
    carrier = FakeCarrier(InDoubt("lost"))
    send(carrier)
    look_three_times(carrier)

    message.refresh_from_db()
    assert (message.state, message.needs_person, len(carrier.given)) == (State.FAILED, True, 1)
    assert told(cast, "MessageFailed")[0].payload["was_automatic"] is False


def test_a_list_that_cannot_be_read_counts_as_no_look(cast: Cast) -> None:
    from dealership.messaging.transports.carrier import CannotLook

    message, carrier = queue(maria(cast.northside)), FakeCarrier(InDoubt("lost"))
    send(carrier)

    def broken(number, *, since):
        raise CannotLook

    carrier.sent_to = broken  # type: ignore[method-assign]
    look_three_times(carrier)

    message.refresh_from_db()
    assert (message.state, message.lookups) == (State.UNKNOWN, 0)


def test_the_same_words_sent_earlier_are_not_taken_for_the_one_in_doubt(cast: Cast) -> None:
    customer = maria(cast.northside)
    earlier = queue(customer, "On our way", dedupe_key="a")
    carrier = FakeCarrier(Accepted("SM1"), InDoubt("lost"))
    send(carrier)
    carrier.really_has(earlier, sid="SM1", at=MONDAY_TEN)
    doubtful = queue(customer, "On our way", dedupe_key="b")
    send(carrier)

    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=2)))

    doubtful.refresh_from_db()
    assert (doubtful.state, doubtful.lookups) == (State.UNKNOWN, 1)


class Killed(BaseException):
    """The process died here."""


def test_a_worker_killed_while_it_calls_leaves_a_doubt_that_is_looked_up(cast: Cast) -> None:
    message = queue(maria(cast.northside))

    def killed_after_the_carrier_took_it(parcel):
        carrier.really_has(message, sid="SM9", at=MONDAY_TEN)
        raise Killed

    carrier = FakeCarrier(killed_after_the_carrier_took_it)
    with pytest.raises(Killed):
        send(carrier)
    message.refresh_from_db()
    assert message.state == State.SENDING

    send(carrier, MONDAY_TEN + timedelta(minutes=5))
    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=5)))

    message.refresh_from_db()
    assert (message.state, message.carrier_sid, len(carrier.given)) == (State.SENT, "SM9", 1)


def test_a_worker_killed_before_it_calls_loses_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier()

    def killed(claim, now):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_begin", killed)
        with pytest.raises(Killed):
            send(carrier)
    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=3)))
    send(carrier, MONDAY_TEN + timedelta(minutes=3))

    message.refresh_from_db()
    assert (message.state, len(carrier.given)) == (State.ACCEPTED, 1)


def test_a_worker_that_slept_through_its_claim_sends_nothing(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier()
    tally: dict[str, int] = {}
    (slept,) = sending.claim_due(MONDAY_TEN, 25, tally)
    reconcile.look(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=3)))
    send(carrier, MONDAY_TEN + timedelta(minutes=3))

    sending._hand_over(slept, carrier, clock_at(MONDAY_TEN + timedelta(minutes=4)))

    assert [parcel.uuid for parcel in carrier.given] == [message.uuid]
