"""What may be texted, in sentences, and the proof of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dealership.customers import matching
from dealership.customers.models import Customer
from dealership.messaging import carrier_calls, consent, proofs
from dealership.messaging.consent import How
from dealership.messaging.models import Message, Purpose
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

NUMBER = "+19735550117"


@pytest.fixture
def maria(cast: Cast) -> Customer:
    customer, _ = matching.find_or_create(
        store_id=cast.northside.pk, full="Maria Lopez", phones=[("", NUMBER)], now=NOW
    )
    return customer


def test_each_sentence_has_its_words_and_the_text_that_says_it(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    store = cast.northside
    consent.give(
        store_id=store.pk, number=NUMBER, purpose=Purpose.MARKETING, how=How.SIGNED,
        words="I agree to offers by text.", by=cast.dana, now=NOW - timedelta(days=3),
    )  # fmt: skip
    call = {"MessageSid": "SM1", "From": NUMBER, "To": store.text_number, "Body": "Is it red?"}
    carrier_calls.keep_inbound(call, clock=lambda: NOW)
    carrier_calls.settle_open(clock=lambda: NOW)
    (row,) = proofs.of(maria, cast.dana, now=NOW)
    assert [press for press, _ in row.standing] == ["kept"] * 3
    assert "May be texted about offers since Fri." in [words for _, words in row.standing]
    wrote, signed = row.proofs
    text = Message.objects.of_store(store.pk).get()
    assert (wrote.how, wrote.text) == ("They wrote first", text.pk)
    assert (signed.how, signed.words, signed.by, signed.text) == ("They signed", "I agree to offers by text.", "Dana Ruiz", None)  # fmt: skip
    shown = signed_in(cast.tess).get(reverse("messaging:consent_panel", args=[maria.pk])).content.decode()
    assert reverse("messaging:text_detail", args=[text.pk]) in shown
    assert "I agree to offers by text." in shown


def test_a_stop_says_what_alone_ends_it(cast: Cast, maria: Customer) -> None:
    consent.revoke(store_id=cast.northside.pk, number=NUMBER, how=How.TEXT, words="STOP", now=NOW)
    (row,) = proofs.of(maria, cast.dana, now=NOW)
    assert "No texts at all: “STOP” by text" in row.standing[0][1]
    assert "Only START" in row.standing[1][1]
    assert row.proofs[0].what == "Ended all texts"


def test_offers_need_a_signed_yes_and_silence_is_told_as_such(cast: Cast, maria: Customer) -> None:
    (row,) = proofs.of(maria, cast.dana, now=NOW)
    assert row.proofs == []
    assert "Nothing was said about offers: that needs a signed yes." in [words for _, words in row.standing]
