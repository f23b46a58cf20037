"""The protocol of a text against a carrier that misbehaves: the real client, a real line, and the carrier's ledger as the judge."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from dealership.messaging import carrier_calls, consent, fates, pace, reconcile, sending
from dealership.messaging.models import CarrierCall, Message, Purpose, Sender
from dealership.messaging.transports import twilio
from dealership.messaging.transports.carrier import Accepted, InDoubt, NotNow
from dealership.messaging.transports.twilio import Twilio
from tests import saboteurs
from tests.carrier.carrier import Carrier
from tests.carrier.faults import Faults
from tests.carrier.server import Server
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue
from tests.messaging.test_inbound import call, text_in
from tests.promises import promise

State = Message.State


@pytest.fixture
def line(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(sending, "FRESH_SECONDS", 30.0)  # a machine that tests is slow
    carrier = Carrier(
        account=settings.TWILIO_ACCOUNT_SID,
        token=settings.TWILIO_AUTH_TOKEN,
        shift=MONDAY_TEN.timestamp() - time.time(),
    )
    server = Server(carrier)
    settings.SIMULATOR_URL = server.url
    yield server
    server.close()


def events(line: Server, name: str) -> list[dict]:
    return [entry for entry in line.carrier.entries if entry["event"] == name]


def send(carrier: object, *moments: object) -> dict[str, int]:
    return sending.send_due(transport=carrier, clock=clock_at(*(moments or (MONDAY_TEN,))))


def test_the_real_client_hands_over_a_text_with_our_name_in_its_callback(cast: Cast, line: Server) -> None:
    message = queue(maria(cast.northside))

    send(Twilio())

    message.refresh_from_db()
    (taken,) = events(line, "accepted")
    assert (message.state, message.carrier_sid, taken["ours"]) == (
        State.ACCEPTED,
        taken["sid"],
        str(message.uuid),
    )


@pytest.mark.parametrize("fault", ["answer_lost", "error_after"])
def test_a_text_of_which_nobody_knows_is_found_in_the_carriers_list_and_not_sent_again(
    cast: Cast, line: Server, fault: str
) -> None:
    line.carrier.faults = Faults(**{fault: 1.0})
    message = queue(maria(cast.northside))

    send(Twilio())
    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    reconcile.look(transport=Twilio(), clock=clock_at(MONDAY_TEN + timedelta(minutes=3)))

    message.refresh_from_db()
    assert message.state in (State.ACCEPTED, State.SENT)  # as far as its list says that it is by now
    assert len(events(line, "accepted")) == 1


def test_only_a_429_is_offered_again_by_itself(cast: Cast, line: Server) -> None:
    line.carrier.faults = Faults(too_many=1.0)
    message = queue(maria(cast.northside))

    send(Twilio())
    message.refresh_from_db()
    assert message.state == State.QUEUED
    line.carrier.faults.off()
    send(Twilio(), message.send_after)

    message.refresh_from_db()
    assert (message.state, len(events(line, "accepted"))) == (State.ACCEPTED, 1)


def test_a_worker_that_sleeps_between_consent_and_call_does_not_call(
    cast: Cast, line: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = queue(maria(cast.northside))
    # As after a SIGSTOP: when the request is about to leave, more than half a second has passed.
    monkeypatch.setattr(sending, "FRESH_SECONDS", -1.0)

    send(Twilio())

    message.refresh_from_db()
    assert (message.state, events(line, "asked")) == (State.QUEUED, [])
    assert "held up" in message.reasons[0]


def test_what_goes_back_to_the_queue_after_a_stop_rests_as_not_sent(cast: Cast) -> None:
    message = queue(maria(cast.northside))

    def stop_and_turn_away(parcel: object) -> NotNow:
        text_in(cast, "STOP", at=MONDAY_TEN)
        return NotNow("The carrier asks us to slow down.")

    send(FakeCarrier(stop_and_turn_away))

    message.refresh_from_db()
    assert message.state == State.SUPPRESSED
    assert "opted out" in message.reasons[0]


def test_two_texts_with_the_same_words_get_their_own_ids_when_the_callback_tells(cast: Cast) -> None:
    customer = maria(cast.northside)
    first, second = (queue(customer, "Ready.", dedupe_key=key) for key in ("a", "b"))
    for message, sid in ((first, "SM2"), (second, "SM1")):  # as the list, which cannot tell, might have it
        Message.objects.of_store(cast.northside.pk).filter(pk=message.pk).update(
            state=State.ACCEPTED, carrier_sid=sid, called_at=MONDAY_TEN
        )

    fates.told(uuid=first.uuid, status="delivered", code="", sid="SM1", at=MONDAY_TEN, now=MONDAY_TEN)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.carrier_sid, first.state, second.carrier_sid, second.state) == (
        "SM1", State.DELIVERED, "SM2", State.ACCEPTED,
    )  # fmt: skip


def test_the_carrier_may_not_hold_a_text_into_the_night_and_a_minute_before_it_gets_none(cast: Cast) -> None:
    closing = MONDAY_TEN.replace(day=24, hour=1)  # eight in the evening
    customer, carrier = maria(cast.northside), FakeCarrier()
    queue(customer, "one", now=closing - timedelta(minutes=30))
    send(carrier, closing - timedelta(minutes=30))
    late = queue(customer, "two", now=closing - timedelta(seconds=70))
    send(carrier, closing - timedelta(seconds=70))
    send(carrier, closing + timedelta(minutes=5))

    late.refresh_from_db()
    assert [parcel.valid_seconds for parcel in carrier.given] == [29 * 60]
    assert (late.state, late.send_after.hour) == (State.QUEUED, 13)


def test_five_stops_bring_one_confirmation_and_it_is_the_carriers(cast: Cast, line: Server) -> None:
    maria(cast.northside)
    for _ in range(5):
        line.carrier.write(PHONE, cast.northside.text_number, "STOP")
        text_in(cast, "STOP")
    send(Twilio())

    assert len(events(line, "confirmed")) == 1
    assert not Message.objects.of_store(cast.northside.pk).filter(is_inbound=False).exists()


@pytest.mark.django_db(transaction=True)
def test_a_stop_waits_for_no_worker_that_holds_the_text() -> None:
    from tests import cast as the_cast

    town = the_cast.build()
    message = queue(maria(town.northside))
    held, stopped = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Message.objects.of_store(town.northside.pk).select_for_update().get(pk=message.pk)
            held.set()
            stopped.wait(20)
        connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    held.wait(20)
    began = time.monotonic()
    with transaction.atomic():
        carrier_calls.keep_inbound(call(town.northside, "STOP"), clock=lambda: MONDAY_TEN)
    took = time.monotonic() - began
    stopped.set()
    worker.join()
    carrier = FakeCarrier()
    send(carrier)

    assert consent.state(town.northside.pk, PHONE).opted_out
    assert (carrier.given, took < 4) == ([], True)  # a lock is waited for five seconds


@promise("P11", saboteur=saboteurs.a_stop_counts_once_it_is_committed)
@pytest.mark.django_db(transaction=True)
def test_a_stop_that_is_still_being_written_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that took the call was held up in the middle of it, longer than a second."""
    from tests import cast as the_cast

    town = the_cast.build()
    message = queue(maria(town.northside))
    being_written, go_on = threading.Event(), threading.Event()

    def held_up(*_: object) -> int:
        being_written.set()
        go_on.wait(20)
        return 0

    def stop() -> None:
        with transaction.atomic():
            carrier_calls.keep_inbound(call(town.northside, "STOP"), clock=lambda: MONDAY_TEN)
        connection.close()

    monkeypatch.setattr(consent, "withdraw_queued", held_up)
    web = threading.Thread(target=stop)
    web.start()
    being_written.wait(20)
    carrier = FakeCarrier()
    tally = send(carrier)
    go_on.set()
    web.join()

    assert (carrier.given, tally["again"]) == ([], 1)
    send(carrier, MONDAY_TEN + timedelta(seconds=1))
    message.refresh_from_db()
    assert (carrier.given, message.state) == ([], State.SUPPRESSED)


def test_a_stop_counts_from_when_every_sender_can_see_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine was held up before: what left meanwhile left before the stop."""
    maria(cast.northside)
    clock = [MONDAY_TEN]
    announce = consent.announce

    def late(number: str) -> None:
        clock[0] = MONDAY_TEN + timedelta(seconds=4)
        announce(number)

    monkeypatch.setattr(consent, "announce", late)
    carrier_calls.keep_inbound(call(cast.northside, "STOP"), clock=lambda: clock[0])

    assert consent.state(cast.northside.pk, PHONE).opted_out_at == MONDAY_TEN + timedelta(seconds=4)
    assert CarrierCall.objects.get().received_at == MONDAY_TEN


# Pace


def set_pace(cast: Cast, segments: float) -> None:
    Sender.objects.create(store=cast.northside, segments_per_second=segments)


def test_a_number_never_hands_over_more_than_five_seconds_of_its_pace(cast: Cast) -> None:
    set_pace(cast, 1)
    for n in range(12):
        queue(maria(cast.northside, phone=f"+1973555{2000 + n}"))
    carrier = FakeCarrier()

    send(carrier)
    assert len(carrier.given) == 4  # 1 a second, nine tenths of it, for five seconds
    send(carrier, MONDAY_TEN + timedelta(seconds=1))
    assert len(carrier.given) == 5
    for seconds in range(2, 20):
        send(carrier, MONDAY_TEN + timedelta(seconds=seconds))

    assert len(carrier.given) == 12
    waited = Message.objects.of_store(cast.northside.pk).filter(steps__icontains="Waits for its turn")
    assert waited.exists()


def test_a_full_store_holds_no_other_up_and_offers_go_behind_answers(cast: Cast) -> None:
    set_pace(cast, 1)
    for n in range(6):
        customer = maria(cast.northside, phone=f"+1973555{2000 + n}")
        consent.give(
            store_id=cast.northside.pk, number=f"+1973555{2000 + n}", purpose=Purpose.MARKETING,
            how=consent.How.SIGNED, words="signed", now=MONDAY_TEN - timedelta(days=9),
        )  # fmt: skip
        queue(customer, "An offer", purpose=Purpose.MARKETING, now=MONDAY_TEN - timedelta(minutes=9))
    queue(maria(cast.northside, phone="+19735553100"), "An answer")
    queue(maria(cast.eastside, phone="+13125553101"), "Of another store")
    carrier = FakeCarrier()

    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN), limit=3)
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN), limit=3)

    assert [parcel.body for parcel in carrier.given][:2] == ["An answer", "Of another store"]
    assert len(carrier.given) == 5  # four of this number's bucket, and one of the other's


def test_a_number_that_the_carrier_slows_down_rests_longer_each_time_until_a_text_is_taken(
    cast: Cast,
) -> None:
    slow = NotNow("The carrier asks us to slow down (21611).", slower=True)
    message, carrier = queue(maria(cast.northside)), FakeCarrier(slow, slow)

    send(carrier)
    send(carrier, MONDAY_TEN + timedelta(seconds=29))
    assert len(carrier.given) == 1
    send(carrier, MONDAY_TEN + timedelta(seconds=31))
    bucket = Sender.objects.of_store(cast.northside.pk).get()
    assert bucket.rests_until - MONDAY_TEN == timedelta(seconds=31 + 60)
    send(carrier, MONDAY_TEN + timedelta(minutes=3))

    message.refresh_from_db()
    bucket.refresh_from_db()
    assert (message.state, bucket.rests_since, bucket.n_rests) == (State.ACCEPTED, None, 0)


def test_shut_out_by_the_carrier_every_store_rests_and_says_so(cast: Cast, signed_in) -> None:
    why = "The carrier does not let us in (20003): Authenticate"
    queue(maria(cast.northside))
    queue(maria(cast.eastside, phone="+13125553101"))
    carrier = FakeCarrier(NotNow(why, everything=True))

    send(carrier)
    send(carrier, MONDAY_TEN + timedelta(minutes=4))

    assert len(carrier.given) == 1
    assert {row.rests_why for row in Sender.objects.across_stores("test")} == {f"{why}."}
    Sender.objects.across_stores("test").update(rests_until=MONDAY_TEN.replace(year=2100))
    page = signed_in(cast.dana).get("/inbox/").content.decode()
    assert "No text leaves since" in page
    assert "20003" in page


@pytest.mark.parametrize("code", ["30001", "30022"])
def test_too_fast_said_by_a_callback_slows_the_number_down(cast: Cast, code: str) -> None:
    message = queue(maria(cast.northside))
    send(FakeCarrier(Accepted("SM1")))

    fates.told(uuid=message.uuid, status="failed", code=code, sid="SM1", at=MONDAY_TEN, now=MONDAY_TEN)

    assert pace.at_rest(MONDAY_TEN + timedelta(seconds=5)) == [cast.northside.pk]


def test_a_phone_that_is_gone_is_seen_to_by_a_person(cast: Cast) -> None:
    message = queue(maria(cast.northside))
    send(FakeCarrier(Accepted("SM1")))

    fates.told(
        uuid=message.uuid, status="undelivered", code="30005", sid="SM1", at=MONDAY_TEN, now=MONDAY_TEN
    )

    message.refresh_from_db()
    assert message.needs_person


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (429, 20429, NotNow("The carrier asks us to slow down (20429).")),
        (400, 21611, NotNow("The carrier asks us to slow down (21611).", slower=True)),
        (503, 20503, InDoubt("The carrier answered 503.")),
    ],
)
def test_errors_mean_what_they_mean(status: int, code: int, meaning: object) -> None:
    error = twilio.TwilioRestException(status=status, uri="", msg="x", code=code)

    assert twilio._meaning(error) == meaning


# What happened to a text


def test_the_page_of_a_text_tells_each_step_with_its_reason(cast: Cast, signed_in) -> None:
    message = queue(maria(cast.northside))
    send(FakeCarrier(InDoubt("The line broke while the carrier was called.")))
    reconcile.look(transport=FakeCarrier(), clock=clock_at(MONDAY_TEN + timedelta(minutes=3)))
    fates.told(
        uuid=message.uuid, status="undelivered", code="30006", sid="SM1", at=MONDAY_TEN + timedelta(minutes=4),
        now=MONDAY_TEN,
    )  # fmt: skip

    page = signed_in(cast.dana).get(f"/inbox/texts/{message.pk}/").content.decode()

    told = [
        "The machine wrote it.", "Goes at once: consent", "Handed to the carrier.", "It may have gone",
        "Not in the carrier&#x27;s list, looked at for the first time.", "It did not arrive: it is a landline.",
    ]  # fmt: skip
    places = [page.find(words) for words in told]
    assert -1 not in places, list(zip(told, places, strict=True))
    assert places == sorted(places)
    assert signed_in(cast.eve).get(f"/inbox/texts/{message.pk}/").status_code == 404


def test_a_text_that_was_stopped_says_by_what_words(cast: Cast, signed_in) -> None:
    message = queue(maria(cast.northside))
    text_in(cast, "please STOP texting me", at=MONDAY_TEN)

    page = signed_in(cast.dana).get(f"/inbox/texts/{message.pk}/").content.decode()

    assert "Not sent: they opted out (“please STOP texting me”)." in page
