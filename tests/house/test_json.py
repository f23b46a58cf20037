"""JSON that is made to hurt: too deep, too long, with numbers that are none. Each door says what it makes of it, and none breaks."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from dealership.dms import jobs
from dealership.dms.models import Feed, FeedFile
from dealership.messaging.models import CarrierCall
from dealership.messaging.transports import twilio
from dealership.staff import passkeys
from dealership.staff.models import StaffMember
from sales.models import LeadArrival
from tests.cast import MONDAY_TEN, Cast

pytestmark = pytest.mark.django_db

BODIES = {
    "lists without end": "[" * 100_000,
    "objects without end": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "just too deep": "[" * (passkeys.DEEPEST + 1) + "]" * (passkeys.DEEPEST + 1),
    "a name twice": '{"id": "a", "id": "b"}',
    "a number of a million digits": '{"n": ' + "9" * 1_000_000 + "}",
    "a number of five thousand digits": "9" * 5_000,
    "a number beyond any": '{"n": 1e309}',
    "no number": '{"a": NaN, "b": -Infinity}',
    "half a pair": '{"a": "\\ud800"}',
    "a NUL": '{"a": "\\u0000"}',
    "a list": "[]",
    "a word": '"x"',
    "nothing": "null",
    "cut off": '{"id": "a", "response": {',
    "other shapes": '{"id": [], "rawId": {}, "type": 1, "response": {"userHandle": {}, "clientDataJSON": [1]}}',
    "no base64": '{"id": "*", "rawId": "*", "type": "public-key", "response": {"clientDataJSON": "*", "userHandle": "*"}}',
}


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def test_no_passkey_that_is_made_up_opens_or_breaks_the_entrance(cast: Cast, browser: Client) -> None:
    troubles = {}
    for name, body in BODIES.items():
        answer = browser.post("/account/security/webauthn/login/", {"credential": body})
        if (answer.status_code, answer.get("Location")) != (302, "/account/login/"):
            troubles[name] = answer.status_code
    assert troubles == {}
    assert browser.get("/")["Location"].startswith("/account/login/")


def test_no_passkey_that_is_made_up_is_added(cast: Cast, signed_in: Callable[[StaffMember], Client]) -> None:
    inside = signed_in(cast.dana)
    inside.raise_request_exception = False
    session = inside.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    door, troubles = "/account/security/webauthn/add/", {}
    for name, body in BODIES.items():
        inside.get(door)
        answer = inside.post(door, {"name": "x", "credential": body})
        if answer.status_code != 200 or 'role="alert"' not in answer.content.decode():
            troubles[name] = answer.status_code
    assert troubles == {}
    assert not Authenticator.objects.exists()


def test_json_at_the_door_for_leads_is_kept_for_a_person(cast: Cast, browser: Client) -> None:
    troubles = {}
    for name, body in BODIES.items():
        answer = browser.generic("POST", "/hooks/adf/northside-leads/", body, content_type="application/json")
        # What is longer than a lead may be is said to be; nothing is turned away.
        said = answer.json().get("unreadable") or answer.json().get("error")
        if answer.status_code != (413 if len(body) > 1_000_000 else 202) or not said:
            troubles[name] = answer.status_code
    assert troubles == {}
    waiting = LeadArrival.objects.of_store(cast.northside.pk).filter(state=LeadArrival.State.UNREADABLE)
    assert waiting.count() == len(BODIES)


def test_json_at_the_door_for_files_is_kept_and_refused_with_a_reason(cast: Cast, browser: Client) -> None:
    feed = Feed.objects.create(store=cast.northside, kind="SV", token="sv-token")
    for body in BODIES.values():
        answer = browser.generic("POST", f"/hooks/dms/{feed.token}/", body, content_type="application/json")
        assert answer.status_code == 202
    jobs.stage_waiting(now=MONDAY_TEN)
    files = FeedFile.objects.of_store(cast.northside.pk)
    assert files.filter(state=FeedFile.State.REFUSED).exclude(why="").count() == len(BODIES)


def test_json_that_the_carrier_has_signed_is_told_that_it_is_no_form(
    cast: Cast, browser: Client, settings: Any
) -> None:
    settings.SECURE_SSL_REDIRECT = False
    for body in BODIES.values():
        path = f"/twilio/inbound/?bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
        headers = {"X-Twilio-Signature": twilio.sign(settings.PUBLIC_BASE_URL + path, {})}
        answer = browser.generic("POST", path, body, content_type="application/json", headers=headers)
        assert (answer.status_code, b"forms" in answer.content) == (415, True)
    assert not CarrierCall.objects.exists()
