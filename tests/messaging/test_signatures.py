"""Signatures, computed here by hand from Twilio's description: URL, then each name and value in order, HMAC, base64."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from django.http import QueryDict

from dealership.messaging.transports.twilio import signature_fits

TOKEN = "a-secret-of-our-own"
FORM = {"MessageSid": "SM1", "From": "+19735550142", "To": "+19735550100", "Body": "¿Está listo?"}


def by_hand(url: str, params: dict[str, list[str]] | None = None, how=hashlib.sha1) -> str:
    said = url + "".join(
        name + value for name in sorted(params or {}) for value in sorted(set((params or {})[name]))
    )
    return base64.b64encode(hmac.new(TOKEN.encode(), said.encode(), how).digest()).decode()


def lists(form: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in form.items()}


@pytest.mark.parametrize(
    ("signed", "seen"),
    [
        ("https://kept.example/twilio/inbound/?a=1&b=2", "https://kept.example/twilio/inbound/?a=1&b=2"),
        ("https://kept.example:443/twilio/inbound/", "https://kept.example/twilio/inbound/"),
        ("https://kept.example/twilio/inbound/", "https://kept.example:8443/twilio/inbound/"),
        ("http://kept.example:8000/twilio/inbound/", "http://kept.example:8000/twilio/inbound/"),
    ],
)
def test_a_form_is_genuine_with_and_without_the_port(signed: str, seen: str) -> None:
    assert signature_fits(seen, FORM, by_hand(signed, lists(FORM)), token=TOKEN)


def test_values_that_come_twice_are_signed_once_and_in_order() -> None:
    form = QueryDict("Sid=CA1&SidAccount=AC1&Digits=5678&Digits=1234&Digits=1234")
    signature = by_hand(
        "https://kept.example/x", {"Sid": ["CA1"], "SidAccount": ["AC1"], "Digits": ["5678", "1234", "1234"]}
    )

    assert signature_fits("https://kept.example/x", form, signature, token=TOKEN)


def test_a_body_in_json_is_judged_by_its_hash() -> None:
    body = b'{"a": "b"}'
    url = f"https://kept.example/x?bodySHA256={hashlib.sha256(body).hexdigest()}"

    assert signature_fits(url, body, by_hand(url), token=TOKEN)
    assert not signature_fits(url, body + b" ", by_hand(url), token=TOKEN)


def test_the_newer_algorithm_is_understood_and_an_unknown_one_is_not() -> None:
    url = "https://kept.example/x"
    newer = by_hand(url, lists(FORM), hashlib.sha256)

    assert signature_fits(url, FORM, newer, token=TOKEN, how="key=webhooks_1,algorithm=HMAC_SHA256")
    assert not signature_fits(url, FORM, newer, token=TOKEN)
    assert not signature_fits(url, FORM, newer, token=TOKEN, how="algorithm=HMAC_MD5")


@pytest.mark.parametrize(
    ("url", "form", "token"),
    [
        ("http://kept.example/x", FORM, TOKEN),
        ("https://kept.example/y", FORM, TOKEN),
        ("https://kept.example/x", FORM | {"Body": "other"}, TOKEN),
        ("https://kept.example/x", FORM | {"More": ""}, TOKEN),
        ("https://kept.example/x", FORM, "another secret"),
    ],
)
def test_anything_changed_is_not_genuine(url: str, form: dict[str, str], token: str) -> None:
    assert not signature_fits(url, form, by_hand("https://kept.example/x", lists(FORM)), token=token)


@pytest.mark.parametrize("signature", [None, "", "WRONG", "x" * 28])
def test_no_signature_or_a_wrong_one_is_not_genuine(signature: str | None) -> None:
    assert not signature_fits("https://kept.example/x", FORM, signature, token=TOKEN)
