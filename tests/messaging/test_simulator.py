"""The real Twilio client against the phone simulator over HTTP, and its signed calls back to our real webhooks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from dealership.events.models import EventRecord
from dealership.messaging import carrier_calls, consent, photos, pictures, reconcile, sending
from dealership.messaging.models import Message, Purpose, SimulatedPhone, SimulatedText
from dealership.messaging.simulator import samples, texts, webhooks
from dealership.messaging.transports.carrier import Accepted, CannotLook, InDoubt, NotNow, Parcel, Refused
from dealership.messaging.transports.twilio import Twilio
from dealership.messaging.transports.twilio_media import TwilioMedia
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import PHONE, clock_at, maria, queue

pytestmark = pytest.mark.django_db(transaction=True)
State = Message.State


@pytest.fixture
def town(live_server, settings, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A store whose simulator and webhooks are served on this machine."""
    from tests import cast as the_cast

    # The server's threads come and go; a connection that one keeps open would outlive the test.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SIMULATOR_URL = settings.PUBLIC_BASE_URL = live_server.url
    settings.SECURE_SSL_REDIRECT = False
    return the_cast.build()


def parcel(town: Cast, to: str = PHONE, body: str = "hi") -> Parcel:
    return Parcel(uuid4(), town.northside.text_number, to, body, 3600)


def play(minutes: float = 5) -> None:
    """The simulator makes all calls due by then, and we settle them."""
    later = timezone.now() + timedelta(minutes=minutes)
    for _ in range(6):
        webhooks.call_due(clock=lambda: later)
    carrier_calls.settle_open(clock=lambda: later)


def test_a_text_goes_through_the_real_client_and_its_fate_comes_back_signed(town: Cast) -> None:
    message = queue(maria(town.northside))

    sending.send_due(transport=Twilio(), clock=clock_at(MONDAY_TEN))
    message.refresh_from_db()
    assert message.state == State.ACCEPTED
    play()

    message.refresh_from_db()
    assert message.state == State.DELIVERED
    assert SimulatedText.objects.get(sid=message.carrier_sid).status == "delivered"
    assert (
        EventRecord.objects.of_store(town.northside.pk).filter(kind="CustomerHeardFromMachine").count() == 1
    )


def test_a_customers_text_comes_in_through_the_real_webhook(town: Cast) -> None:
    maria(town.northside)

    texts.write_as_customer(
        store=town.northside,
        number=PHONE,
        body="is it ready?",
        photo=samples.scratch(),
        twice=True,
        now=timezone.now(),
    )
    play()

    message = Message.objects.of_store(town.northside.pk).get()
    assert (message.body, message.is_inbound, len(message.media)) == ("is it ready?", True, 1)
    later = timezone.now() + timedelta(minutes=9)
    assert photos.fetch_due(carrier=TwilioMedia(), clock=lambda: later) == {"fetched": 1, "failed": 0}
    photo = message.photos.get()
    assert (photo.width, photo.height, photo.trouble) == (1200, 900, "")
    assert b"Exif" in samples.scratch()
    assert b"Exif" not in bytes(photo.large)


def test_a_photo_of_ours_is_on_the_customers_phone(town: Cast) -> None:
    drawn = [pictures.read(samples.scratch())]
    queue(maria(town.northside), body="", purpose=Purpose.CONVERSATIONAL, author=town.ana, drawn=drawn)
    sending.send_due(transport=Twilio(), clock=clock_at(MONDAY_TEN))
    (address,) = SimulatedText.objects.get(to_number=PHONE).media
    assert Client().get(address[address.index("/photos/") :])["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("behaviour", "ends"),
    [
        ("prompt", State.DELIVERED),
        ("late", State.DELIVERED),
        ("shuffled", State.DELIVERED),
        ("twice", State.DELIVERED),
        ("silent", State.ACCEPTED),
        ("unreachable", State.UNDELIVERED),
        ("landline", State.UNDELIVERED),
        ("filtered", State.UNDELIVERED),
    ],
)
def test_however_a_phone_behaves_the_text_ends_once_and_right(town: Cast, behaviour: str, ends: str) -> None:
    texts.set_behaviour(PHONE, behaviour)
    message = queue(maria(town.northside))
    sending.send_due(transport=Twilio(), clock=clock_at(MONDAY_TEN))

    play()

    message.refresh_from_db()
    heard = EventRecord.objects.of_store(town.northside.pk).filter(
        kind__in=["CustomerHeardFromMachine", "MessageFailed"]
    )
    assert message.state == ends
    assert heard.count() == (0 if behaviour == "silent" else 1)


def test_after_a_stop_the_carrier_itself_blocks_and_start_opens(town: Cast) -> None:
    transport = Twilio()
    texts.write_as_customer(store=town.northside, number=PHONE, body=" stop ", now=timezone.now())

    blocked = transport.send(parcel(town))
    texts.write_as_customer(
        store=town.northside, number=PHONE, body="START", now=timezone.now() + timedelta(seconds=1)
    )

    assert isinstance(blocked, Refused)
    assert blocked.code == "21610"
    assert isinstance(transport.send(parcel(town)), Accepted)
    confirmations = SimulatedText.objects.filter(to_number=PHONE, status="delivered")
    assert confirmations.count() == 2


def test_five_stops_on_the_phone_stop_us_and_one_text_confirms_it(town: Cast) -> None:
    customer = maria(town.northside)
    for _ in range(5):
        texts.write_as_customer(store=town.northside, number=PHONE, body="STOP", now=timezone.now())
    play()
    message = queue(customer)
    sending.send_due(transport=Twilio(), clock=clock_at(MONDAY_TEN))

    message.refresh_from_db()
    assert consent.state(town.northside.pk, PHONE).opted_out
    assert message.state == State.SUPPRESSED
    assert SimulatedText.objects.filter(to_number=PHONE).count() == 1


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+15005550001", Refused),
        ("+15005550003", Refused),
        ("+15005550004", Refused),
        ("+15005550009", Refused),
        ("+1973", Refused),
        ("+15005554290", NotNow),
        ("+15005555030", InDoubt),
        ("+15005555000", InDoubt),
        ("+19735550142", Accepted),
    ],
)
def test_every_answer_of_the_carrier_becomes_its_meaning(town: Cast, number: str, expected: type) -> None:
    assert isinstance(Twilio().send(parcel(town, number)), expected)


def test_an_answer_that_is_lost_after_acceptance_is_found_and_not_sent_twice(town: Cast) -> None:
    number = "+15005555000"
    message = queue(maria(town.northside, phone=number), now=timezone.now(), author=town.dana)
    consent.give(
        store_id=town.northside.pk, number=number, how=consent.How.LEAD, words="form", now=timezone.now()
    )
    now = timezone.now().replace(hour=16)
    sending.send_due(transport=Twilio(), clock=clock_at(max(now, timezone.now())))
    message.refresh_from_db()
    assert message.state == State.UNKNOWN

    later = message.called_at + timedelta(minutes=3)
    SimulatedText.objects.update(at=message.called_at)
    reconcile.look(transport=Twilio(), clock=lambda: later)

    message.refresh_from_db()
    assert message.state == State.ACCEPTED
    assert SimulatedText.objects.filter(to_number=number).count() == 1


def test_a_carrier_that_is_not_there_was_surely_not_reached(town: Cast, settings) -> None:
    settings.SIMULATOR_URL = "http://127.0.0.1:9"

    outcome = Twilio().send(parcel(town))

    assert isinstance(outcome, NotNow)
    with pytest.raises(CannotLook):
        Twilio().sent_to(PHONE, since=MONDAY_TEN)


def test_a_wrong_key_stops_everything(town: Cast, settings) -> None:
    transport = Twilio()
    settings.TWILIO_AUTH_TOKEN = "another"

    outcome = transport.send(parcel(town))

    assert isinstance(outcome, NotNow)
    assert outcome.everything


def test_a_line_that_breaks_leaves_a_doubt(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    import requests

    from dealership.messaging.transports import twilio

    for error in (
        requests.ReadTimeout("slow"),
        requests.ConnectionError("reset by peer"),
        ValueError("no JSON"),
    ):

        def broken(*args, error=error, **kwargs):
            raise error

        monkeypatch.setattr(twilio.PatientAdapter, "send", broken)
        assert isinstance(Twilio().send(parcel(town)), InDoubt)


def test_every_request_has_its_time_limits(town: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from requests.adapters import HTTPAdapter

    seen: list[object] = []
    send = HTTPAdapter.send

    def noted(self, request, **options):
        seen.append((options["timeout"], self.max_retries.total))
        return send(self, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", noted)
    Twilio().send(parcel(town))

    assert seen == [((3, 10), 0)]


def test_the_list_shows_what_was_taken_with_its_words(town: Cast) -> None:
    transport = Twilio()
    transport.send(parcel(town, body="first"))
    transport.send(parcel(town, "+19735550143", body="to another"))

    (listed,) = transport.sent_to(PHONE, since=timezone.now())

    assert (listed.body, listed.to_number, listed.status) == ("first", PHONE, "queued")
    assert abs((listed.created_at - timezone.now()).total_seconds()) < 120


def test_a_webhook_that_is_not_answered_is_called_again(town: Cast, settings) -> None:
    maria(town.northside)
    url = settings.SIMULATOR_URL
    texts.write_as_customer(store=town.northside, number=PHONE, body="hello", now=timezone.now())
    settings.SIMULATOR_URL = "http://127.0.0.1:9"
    first = webhooks.call_due(clock=timezone.now)
    settings.SIMULATOR_URL = url
    play()

    assert first["again"] == 1
    assert Message.objects.of_store(town.northside.pk).get().body == "hello"


def test_with_a_real_carrier_there_is_no_simulator(
    town: Cast, settings, signed_in: Callable[..., Client], caplog
) -> None:
    settings.PHONE_SIMULATOR = False
    caplog.set_level(logging.CRITICAL)
    browser = signed_in(town.gus)
    api = f"/simulator/twilio/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Messages.json"

    assert {browser.get(path).status_code for path in ("/phones/", f"/phones/{PHONE}/", api)} == {404}
    assert browser.post("/phones/start/", {"number": PHONE, "body": "x"}).status_code == 404
    assert not SimulatedText.objects.exists()


def test_the_simulator_asks_for_the_accounts_key(town: Cast, settings) -> None:
    api = f"/simulator/twilio/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Messages.json"

    assert Client().post(api, {"To": PHONE}).status_code == 401
    assert Client(headers={"Authorization": "Basic !!!"}).get(api).json()["code"] == 20003


def test_a_phone_is_played_on_its_page(town: Cast, signed_in: Callable[..., Client]) -> None:
    maria(town.northside)
    browser = signed_in(town.dana)

    assert "Maria Lopez" in browser.get("/phones/").content.decode()
    browser.post(f"/phones/{PHONE}/write/", {"body": "I am late"})
    browser.post(f"/phones/{PHONE}/write/", {"body": "typed", "word": "STOP"})
    browser.post(f"/phones/{PHONE}/behave/", {"behaviour": "late"})
    shown = browser.get(f"/phones/{PHONE}/").content.decode()
    play()

    assert "I am late" in shown
    assert SimulatedPhone.objects.get(number=PHONE).behaviour == "late"
    assert {m.body for m in Message.objects.of_store(town.northside.pk)} == {"I am late", "STOP"}


def test_somebody_new_texts_from_any_phone(town: Cast, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(town.dana)

    wrong = browser.post("/phones/start/", {"number": "12", "body": "hello"})
    right = browser.post("/phones/start/", {"number": "(973) 555-0199", "body": "hello"})
    empty = browser.post("/phones/+19735550199/write/", {"body": ""})
    play()

    assert wrong.status_code == empty.status_code == 422
    assert "no phone number" in wrong.content.decode()
    assert "hello" in wrong.content.decode()
    assert right["Location"] == "/phones/+19735550199/"
    assert Message.objects.of_store(town.northside.pk).get().customer.full_name == "(973) 555-0199"


def test_a_store_plays_its_own_phones_only(town: Cast, signed_in: Callable[..., Client], caplog) -> None:
    caplog.set_level(logging.CRITICAL)
    maria(town.northside)
    texts.write_as_customer(store=town.northside, number=PHONE, body="secret", now=timezone.now())
    eve = signed_in(town.eve)

    assert "Maria" not in eve.get("/phones/").content.decode()
    assert eve.get(f"/phones/{PHONE}/").status_code == 404
    assert eve.post(f"/phones/{PHONE}/write/", {"body": "x"}).status_code == 404
    assert signed_in(town.tess).get("/phones/").status_code == 403
    assert Client().get("/phones/")["Location"].startswith("/account/login/")
