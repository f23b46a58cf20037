"""Twilio's doors: only what it signed comes in, it is kept before 200 is said, and said twice it counts once."""

from __future__ import annotations

from random import Random
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from dealership.messaging import carrier_calls, consent, inbound
from dealership.messaging.models import CarrierCall, Message
from dealership.messaging.transports import twilio
from tests import saboteurs
from tests.cast import Cast
from tests.messaging.carriers import PHONE, maria, queue
from tests.messaging.test_inbound import call
from tests.promises import promise

BASE = "https://kept.example"


@pytest.fixture(autouse=True)
def public_address(settings) -> None:
    settings.PUBLIC_BASE_URL = BASE
    settings.SECURE_SSL_REDIRECT = False


def post(path: str, fields: dict[str, str], *, signature: str | None = None, **headers: str):
    signed = twilio.sign(BASE + path, fields) if signature is None else signature
    client = Client(enforce_csrf_checks=True)
    return client.post(path, fields, headers={"X-Twilio-Signature": signed, **headers})


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town() -> Cast:
    from tests import cast as the_cast

    return the_cast.build()


def test_a_signed_text_is_kept_and_answered_with_nothing_to_say(town: Cast) -> None:
    response = post("/twilio/inbound/", call(town.northside, "hi"))

    assert (response.status_code, response["Content-Type"]) == (200, "text/xml")
    assert b"<Response></Response>" in response.content
    assert CarrierCall.objects.get().payload["Body"] == "hi"


def test_a_stop_counts_before_200_is_said_though_nobody_has_signed_in(town: Cast) -> None:
    waiting = queue(maria(town.northside))

    assert post("/twilio/inbound/", call(town.northside, "Please stop texting me")).status_code == 200

    waiting.refresh_from_db()
    assert waiting.state == Message.State.SUPPRESSED
    assert consent.state(town.northside.pk, PHONE).opted_out
    assert consent.state(town.eastside.pk, PHONE).opted_out, "the group's other store as well"


def test_the_same_text_twice_is_kept_once(town: Cast) -> None:
    fields = call(town.northside, "hi")

    assert [post("/twilio/inbound/", fields).status_code for _ in range(3)] == [200] * 3
    assert CarrierCall.objects.count() == 1


@promise("P2", saboteur=saboteurs.each_delivery_is_a_text_of_its_own)
def test_a_text_that_is_delivered_again_and_again_exists_once(town: Cast) -> None:
    calls = [call(town.northside, f"text {n}") for n in range(4)]
    deliveries = [fields for n, fields in enumerate(calls) for _ in range(n + 1)]
    Random(7).shuffle(deliveries)

    for n, fields in enumerate(deliveries):
        assert (
            post("/twilio/inbound/", fields, **{"I-Twilio-Idempotency-Token": f"try {n}"}).status_code == 200
        )
        if n % 3 == 0:
            carrier_calls.settle_open()
    carrier_calls.settle_open()

    bodies = (
        Message.objects.of_store(town.northside.pk).filter(is_inbound=True).values_list("body", flat=True)
    )
    assert sorted(bodies) == [f"text {n}" for n in range(4)]


def test_what_twilio_did_not_sign_is_refused_and_kept_nowhere(town: Cast) -> None:
    fields = call(town.northside, "STOP")
    good = twilio.sign(f"{BASE}/twilio/inbound/", fields)
    waiting = queue(maria(town.northside))

    tampered = post("/twilio/inbound/", fields | {"Body": "START"}, signature=good)
    missing = post("/twilio/inbound/", fields, signature="")
    nonsense = post("/twilio/inbound/", fields, signature="ÄÖ" * 9)
    elsewhere = post(f"/twilio/status/{uuid4()}/", fields, signature=good)
    plain = post(
        "/twilio/inbound/", fields, signature=twilio.sign("http://kept.example/twilio/inbound/", fields)
    )
    more = post("/twilio/inbound/?x=1", fields, signature=good)

    assert {r.status_code for r in (tampered, missing, nonsense, elsewhere, plain, more)} == {403}
    assert CarrierCall.objects.count() == 0
    waiting.refresh_from_db()
    assert waiting.state == Message.State.QUEUED


def test_our_address_comes_from_the_settings_and_not_from_the_request(town: Cast) -> None:
    fields = call(town.northside, "hi")
    forged = twilio.sign("https://evil.example/twilio/inbound/", fields)

    response = post("/twilio/inbound/", fields, signature=forged, **{"X-Forwarded-Host": "evil.example"})

    assert response.status_code == 403


def test_while_the_token_is_changed_both_sign_and_afterwards_the_old_one_no_longer_does(town: Cast) -> None:
    fields = call(town.northside, "hi")
    with override_settings(TWILIO_AUTH_TOKEN="the old one"):
        old = twilio.sign(f"{BASE}/twilio/inbound/", fields)

    with override_settings(TWILIO_OTHER_AUTH_TOKEN="the old one"):
        assert post("/twilio/inbound/", fields).status_code == 200
        assert post("/twilio/inbound/", fields, signature=old).status_code == 200
        assert post("/twilio/inbound/", fields, signature="WRONG").status_code == 403
    assert post("/twilio/inbound/", fields, signature=old).status_code == 403


def test_without_a_secret_nothing_is_genuine(town: Cast) -> None:
    fields = call(town.northside, "hi")
    signed = twilio.sign(f"{BASE}/twilio/inbound/", fields)

    with override_settings(TWILIO_AUTH_TOKEN=""):
        assert post("/twilio/inbound/", fields, signature=signed).status_code == 403


def test_a_call_that_is_kept_survives_whatever_settling_does(
    town: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(inbound, "_read", broken)

    assert post("/twilio/inbound/", call(town.northside, "hi")).status_code == 200
    carrier_calls.settle_open()

    kept = CarrierCall.objects.get()
    assert (kept.settled_at, kept.attempts) == (None, 1)
    assert "broken" in kept.last_error


def test_a_call_that_names_no_message_is_kept_and_parked_for_a_person(town: Cast) -> None:
    fields = call(town.northside, "hi") | {"MessageSid": ""}

    assert [post("/twilio/inbound/", fields).status_code for _ in range(2)] == [200, 200]
    carrier_calls.settle_open()

    kept = CarrierCall.objects.get()
    assert (kept.settled_at, "names no message" in kept.last_error) == (None, True)
    assert list(carrier_calls.parked([town.northside.text_number])) == [kept]


def test_a_get_is_not_let_in() -> None:
    assert Client().get("/twilio/inbound/").status_code == 405


def test_a_status_moves_the_text_that_the_path_names(town: Cast) -> None:
    message = queue(maria(town.northside))
    fields = {"MessageSid": "SM7", "MessageStatus": "delivered", "To": "+19735550142"}

    for _ in range(2):
        assert post(f"/twilio/status/{message.uuid}/", fields).status_code == 200
    carrier_calls.settle_open()

    message.refresh_from_db()
    assert (message.state, message.carrier_sid) == (Message.State.DELIVERED, "SM7")
    assert CarrierCall.objects.count() == 1


def test_a_status_about_a_text_that_is_not_ours_is_kept_and_harmless(town: Cast) -> None:
    assert (
        post(f"/twilio/status/{uuid4()}/", {"MessageSid": "SM7", "MessageStatus": "sent"}).status_code == 200
    )
    carrier_calls.settle_open()

    assert "no text of ours" in CarrierCall.objects.get().last_error
