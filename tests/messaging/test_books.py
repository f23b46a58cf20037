"""What nobody called us for is found in the carrier's own lists: texts that came in, fates that were not told."""

from datetime import datetime, timedelta

import pytest

from dealership.messaging import books, carrier_calls, consent, sending
from dealership.messaging.models import CarrierCall, CarrierCheck, Message
from dealership.messaging.transports.carrier import Accepted, CannotLook, Listed
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue
from tests.messaging.test_inbound import call

State = Message.State


def came_in(cast: Cast, sid: str, body: str, *, at: datetime = MONDAY_TEN - timedelta(minutes=9)) -> Listed:
    return Listed(sid, PHONE, cast.northside.text_number, body, "received", "", at)


def look(carrier: FakeCarrier, at: datetime = MONDAY_TEN) -> dict[str, int]:
    return books.look(books=carrier, clock=clock_at(at))


def checks(cast: Cast, kind: str) -> list[CarrierCheck]:
    return list(CarrierCheck.objects.of_store(cast.northside.pk).filter(kind=kind).order_by("at"))


def test_a_text_that_nobody_called_us_for_is_found_once_and_counts_from_when_it_was_written(
    cast: Cast,
) -> None:
    maria(cast.northside)
    carrier = FakeCarrier()
    carrier.incoming = [came_in(cast, "SM1", "Is my car ready?"), came_in(cast, "SM2", "hello?")]
    carrier_calls.keep_inbound(call(cast.northside, "hello?", sid="SM2"), clock=lambda: MONDAY_TEN)

    assert look(carrier)["inbound_found"] == 1
    look(carrier, MONDAY_TEN + books.INBOUND_EVERY)
    carrier_calls.settle_open(clock=clock_at(MONDAY_TEN))

    found = Message.objects.of_store(cast.northside.pk).get(carrier_sid="SM1")
    assert (found.body, found.created_at) == ("Is my car ready?", MONDAY_TEN - timedelta(minutes=9))
    assert CarrierCall.objects.count() == 2
    assert [(check.n_listed, check.n_found) for check in checks(cast, "inbound")] == [(2, 1), (2, 0)]


def test_when_the_carrier_calls_after_all_nothing_is_doubled(cast: Cast) -> None:
    carrier = FakeCarrier()
    carrier.incoming = [came_in(cast, "SM1", "hello")]
    look(carrier)

    assert not carrier_calls.keep_inbound(call(cast.northside, "hello", sid="SM1"), clock=lambda: MONDAY_TEN)


def test_a_stop_that_nobody_called_us_for_stops_what_waits(cast: Cast) -> None:
    waiting, carrier = queue(maria(cast.northside)), FakeCarrier()
    carrier.incoming = [came_in(cast, "SM1", "STOP")]

    look(carrier)

    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED
    assert consent.state(cast.northside.pk, PHONE).opted_out


def test_a_fate_that_nobody_told_is_read_from_the_list(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(Accepted("SM1"))
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    message.refresh_from_db()
    carrier.really_has(message, sid="SM1", at=MONDAY_TEN, status="delivered")

    assert look(carrier, MONDAY_TEN + timedelta(minutes=30))["fates_found"] == 1
    message.refresh_from_db()
    assert message.state == State.DELIVERED


def test_what_only_one_of_the_two_knows_of_is_named(cast: Cast) -> None:
    message, carrier = queue(maria(cast.northside)), FakeCarrier(Accepted("SM1"))
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    carrier.really_has(message, sid="SM9", at=MONDAY_TEN)

    look(carrier, MONDAY_TEN + timedelta(hours=1))

    (check,) = checks(cast, "fates")
    assert (check.n_strange, check.n_absent) == (1, 1)
    assert check.named == ["only the carrier has SM9", "only we have SM1"]


def test_a_list_that_cannot_be_read_is_said_and_looked_at_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = FakeCarrier()

    def broken(*args: object, **kwargs: object) -> None:
        raise CannotLook("The carrier's list could not be read (ConnectTimeout).")

    monkeypatch.setattr(carrier, "received_by", broken)

    assert look(carrier)["unread"] == 2  # both stores
    assert "ConnectTimeout" in checks(cast, "inbound")[0].trouble


def test_it_is_looked_every_five_minutes_however_many_tickers_there_are(cast: Cast) -> None:
    carrier = FakeCarrier()

    look(carrier)
    look(carrier, MONDAY_TEN + timedelta(seconds=1))
    look(carrier, MONDAY_TEN + timedelta(minutes=5))

    assert (len(checks(cast, "inbound")), len(checks(cast, "fates"))) == (2, 1)
