"""The inbox in a browser: two who would answer at once, what a text takes while it is typed, and words that are ready."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from playwright.sync_api import expect

from dealership.messaging import conversations, cost
from dealership.messaging.models import Message
from tests.cast import MONDAY_TEN, Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import PHONE, customer, texts

TEXTS = ("Yes", "x" * 161, "Está listo 👍", "[€] {~}", "two\nlines", "🚗" * 36)


def test_while_one_writes_the_other_sees_it_and_the_second_answer_is_held(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    talk = texts(town.northside, "Is it ready?")
    at_anas, at_sams = visit(town.ana), visit(town.sam)
    at_sams.expects(422)
    anas, sams = at_anas.open(f"/inbox/{talk.pk}/"), at_sams.open(f"/inbox/{talk.pk}/")

    sams.get_by_label("Text to Tom Okafor").press_sequentially("Come at five")
    expect(anas.get_by_text("Sam is writing here")).to_be_visible()
    anas.get_by_label("Text to Tom Okafor").fill("Yes, until six")
    anas.get_by_role("button", name="Send").click()
    expect(anas.locator(".msg.us")).to_contain_text("Yes, until six")
    sams.get_by_role("button", name="Send").click()

    expect(sams.get_by_role("alert")).to_contain_text("Not sent yet: Ana answered while you were writing.")
    expect(sams.get_by_role("alert")).to_contain_text("Yes, until six")
    expect(sams.get_by_label("Text to Tom Okafor")).to_have_value("Come at five")
    sent = Message.objects.of_store(town.northside.pk).filter(is_inbound=False)
    assert sent.count() == 1
    sams.get_by_label("Text to Tom Okafor").press("Control+Enter")
    expect(sams.locator(".msg.us")).to_have_count(2)
    assert [message.body for message in sent.order_by("pk")] == ["Yes, until six", "Come at five"]


def test_the_browser_counts_what_a_text_takes_as_the_server_does_and_ready_words_go_in_by_keys(
    town: Cast, visit: Visits, settings: Any
) -> None:
    settings.TEXT_SEGMENT_PRICE = Decimal("0.0079")
    customer(town.northside)
    talk = texts(town.northside, "Is it ready?")
    conversations.hold(conversation=talk, holder=town.ana, by=town.ana, now=MONDAY_TEN)
    page = visit(town.ana, viewport=PHONE).open(f"/inbox/{talk.pk}/")
    field, size = page.get_by_label("Text to Tom Okafor"), page.locator("[data-size]")
    for text in TEXTS:
        field.fill(text)
        expect(size).to_have_text(cost.said(text))
    page.get_by_role("link", name="Inbox").first.focus()
    page.keyboard.press("t")
    expect(field).to_be_focused()
    field.fill("")
    expect(size).to_have_text("")

    field.press("/")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("link", name="I look into it")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(sheet).not_to_be_visible()
    expect(field).to_be_focused()
    words = "Hi Tom Okafor, Ana at Northside Honda. May I call you about this? Tell me when it suits you."
    expect(field).to_have_value(words)
    expect(size).to_have_text(cost.said(words))
