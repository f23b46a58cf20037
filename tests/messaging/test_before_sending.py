"""Before a text is sent: what it takes and costs, words that are ready; and after: why one did not arrive, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from dealership import env
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.messaging import advice, canned, cost, fates
from dealership.messaging.models import Conversation, Message
from dealership.stores.models import Store
from dealership.vehicles.models import Ownership, Vehicle
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria, queue
from tests.messaging.test_inbox_pages import wrote

SignedIn = Callable[..., Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)


# --- what it takes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", ""),
        ("Yes", "1 segment · 3 of 160"),
        ("x" * 161, "2 segments · 161 of 306"),
        ("Está listo", "1 segment · 10 of 70 · “á” leaves 70 a segment"),
        ("😀" * 36, "2 segments · 72 of 134 · “😀” leaves 70 a segment"),
        ("[€]", "1 segment · 6 of 160"),
    ],
)
def test_a_text_says_how_many_segments_it_takes_and_which_mark_makes_them_short(text: str, says: str) -> None:
    assert cost.said(text) == says


@pytest.mark.parametrize(
    ("price", "n", "says"),
    [("0.0079", 1, "$0.0079"), ("0.0079", 3, "$0.0237"), ("0.01", 2, "$0.02"), ("0.5", 2, "$1.00")],
)
def test_a_price_is_said_only_where_one_is_set(settings: object, price: str, n: int, says: str) -> None:
    assert "$" not in cost.said("x")
    settings.TEXT_SEGMENT_PRICE = Decimal(price)  # type: ignore[attr-defined]
    assert cost.said("x" * (153 * (n - 1) + 10 if n > 1 else 1)).endswith(f" · {says}")


@pytest.mark.parametrize("wrong", ["cheap", "-1", "NaN", "Infinity"])
def test_a_price_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("TEXT_SEGMENT_PRICE", wrong)
    with pytest.raises(ImproperlyConfigured, match="TEXT_SEGMENT_PRICE"):
        env.amount("TEXT_SEGMENT_PRICE")


def test_the_composer_carries_the_alphabet_and_the_price_and_counts_what_was_typed(
    cast: Cast, signed_in: SignedIn, settings: object
) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "Is it ready?"), signed_in(cast.ana)
    assert "data-price" not in browser.get(f"/inbox/{talk.pk}/").content.decode()
    settings.TEXT_SEGMENT_PRICE = Decimal("0.0079")  # type: ignore[attr-defined]

    refused = browser.post(
        f"/inbox/{talk.pk}/send/", {"body": "Reply CANCEL if not", "key": str(uuid4())}, headers=HTMX
    ).content.decode()

    assert "1 segment · 19 of 160 · $0.0079" in refused
    assert 'data-price="0.0079"' in refused


def test_a_line_that_ends_takes_one_place_and_not_two(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk = wrote(cast, "Is it ready?")

    signed_in(cast.ana).post(f"/inbox/{talk.pk}/send/", {"body": "Yes.\r\nCome by.", "key": str(uuid4())})

    assert Message.objects.of_store(talk.store_id).get(is_inbound=False).body == "Yes.\nCome by."


# --- words that are ready -------------------------------------------------------------------------------------------


def visit(store: Store, customer: Customer) -> None:
    Appointment.objects.create(
        store=store, customer=customer, department="service", created_at=MONDAY_TEN,
        starts_at=MONDAY_TEN + timedelta(days=1),
    )  # fmt: skip


def car(store: Store, customer: Customer, vin: str, model: str) -> None:
    vehicle = Vehicle.objects.create(
        store=store, vin=vin, year=2020, make="Honda", model=model, created_at=MONDAY_TEN
    )
    Ownership.objects.create(store=store, vehicle=vehicle, customer=customer, since=MONDAY_TEN.date())


def names(cast: Cast, talk: Conversation, now: object = MONDAY_TEN) -> set[str]:
    return {one.name for one in canned.offered(talk, cast.ana, now=now)}  # type: ignore[arg-type]


def test_ready_words_are_filled_for_this_customer_and_by_whoever_asks(cast: Cast) -> None:
    customer = maria(cast.northside)
    talk = wrote(cast, "Is it ready?")
    visit(cast.northside, customer)
    car(cast.northside, customer, "1HGCM82633A004352", "Accord")

    said = {one.name: one.words for one in canned.offered(talk, cast.ana, now=MONDAY_TEN)}

    assert set(said) == set(canned.ANSWERS)
    assert said["on_it"].startswith("Hi Maria, Ana at Northside Honda.")
    assert "(973) 555-0100" in said["call_us"]
    assert "on Tue Nov 24 at 10:00 am" in said["your_visit"]
    assert "until 6:00 pm" in said["open_until"]
    assert "2020 Accord" in said["which_car"]


def test_words_that_cannot_be_filled_are_not_offered(cast: Cast) -> None:
    customer = maria(cast.northside)
    talk = wrote(cast, "Is it ready?")
    assert not {"your_visit", "which_car"} & names(cast, talk)
    assert "open_until" not in names(cast, talk, MONDAY_TEN + timedelta(hours=12)), "closed"

    car(cast.northside, customer, "1HGCM82633A004352", "Accord")
    assert "which_car" in names(cast, talk)
    car(cast.northside, customer, "2HGFC2F59JH500001", "Civic")
    assert "which_car" not in names(cast, talk), "which of the two is not known"


def test_they_are_in_the_customers_language(cast: Cast) -> None:
    customer = maria(cast.northside)
    Customer.objects.of_store(cast.northside.pk).filter(pk=customer.pk).update(language="es")
    talk = wrote(cast, "Hola")

    talk.refresh_from_db()
    said = canned.words("thanks", talk, cast.ana, now=MONDAY_TEN)
    assert said.startswith("Gracias, Maria")


def test_they_are_laid_into_the_composer_without_a_script_too(cast: Cast, signed_in: SignedIn) -> None:
    maria(cast.northside)
    talk, browser = wrote(cast, "Is it ready?"), signed_in(cast.ana)
    listed = browser.get(f"/inbox/{talk.pk}/ready-words/").content.decode()
    assert f'href="/inbox/{talk.pk}/?say=on_it"' in listed

    page = browser.get(f"/inbox/{talk.pk}/?say=on_it").content.decode()

    assert "I look into it and write to you shortly.</textarea>" in page
    assert "Read it before you send it" in page
    assert not Message.objects.of_store(talk.store_id).filter(is_inbound=False).exists(), "nothing is sent"
    assert "</textarea>" in browser.get(f"/inbox/{talk.pk}/?say=nonsense").content.decode()
    assert "?say=" not in signed_in(cast.tess).get(f"/inbox/{talk.pk}/?say=on_it").content.decode()


# --- why not sent -----------------------------------------------------------------------------------------------------


def test_a_text_that_did_not_arrive_says_why_and_what_to_do_and_is_written_again(
    cast: Cast, signed_in: SignedIn
) -> None:
    customer = maria(cast.northside)
    message = queue(customer, "Yes, come by", author=cast.ana)
    fates.told(
        uuid=message.uuid, status="undelivered", code="30006", sid="SM1", at=MONDAY_TEN, now=MONDAY_TEN
    )
    talk, browser = message.conversation, signed_in(cast.ana)

    page = browser.get(f"/inbox/{talk.pk}/").content.decode()

    assert "it is a landline" in page
    assert "Call them, or use another number." in page
    assert f'href="/inbox/{talk.pk}/?again={message.pk}"' in page
    assert "Yes, come by</textarea>" in browser.get(f"/inbox/{talk.pk}/?again={message.pk}").content.decode()
    story = browser.get(f"/inbox/texts/{message.pk}/").content.decode()
    assert "Call them, or use another number." in story
    assert "Write it again" in story
    theirs = wrote(cast, "a secret of theirs")
    inbound = Message.objects.of_store(talk.store_id).filter(conversation=theirs, is_inbound=True).get()
    for other in (inbound.pk, 10**17, "x", "٣"):
        page = browser.get(f"/inbox/{talk.pk}/", {"again": other}).content.decode()
        assert "theirs</textarea>" not in page


def test_every_word_of_the_carrier_has_its_advice() -> None:
    assert set(advice.FOR_CODE) == set(fates.WORDS)


@pytest.mark.parametrize(
    ("state", "by_person", "says"),
    [
        ("delivered", True, ""),
        ("queued", True, ""),
        ("unknown", False, "Wait: the carrier is asked"),
        ("suppressed", True, "Call them, or write again"),
        ("suppressed", False, ""),
        ("failed", False, "Call them, or use another number."),
    ],
)
def test_only_what_did_not_arrive_asks_for_something(
    cast: Cast, state: str, by_person: bool, says: str
) -> None:
    message = Message(is_inbound=False, state=state, author=cast.ana if by_person else None)

    assert advice.of(message).startswith(says)
    assert bool(advice.of(message)) == bool(says)
    assert advice.can_be_written_again(message) == (by_person and state == "suppressed")
