"""At hand: a name is changed where it stands, commands come at ⌘K, photos go in and out; all by the keyboard."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from dealership.messaging import inbound, photos
from dealership.messaging.models import Message
from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import TOM, customer, texts
from tests.messaging.test_inbound import call
from tests.messaging.test_photos import FakeMedia
from tests.messaging.test_pictures import drawing

REPORTED: dict[str, Any] = {
    "name": "scratch.jpg",
    "mimeType": "image/jpeg",
    "buffer": drawing(size=(640, 480)),
}


def test_a_name_is_changed_where_it_stands_and_taken_back_without_a_mouse(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    page = visit(town.dana).open(f"/customers/{tom.pk}/")
    name = page.locator("#edit-name")
    name.focus()
    page.keyboard.press("Enter")
    field = page.locator("#about").get_by_label("First name")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)

    page.locator("#edit-name").focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    field.fill("Thomas")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thomas Okafor")
    expect(page.locator("#edit-name")).to_be_focused()
    page.locator("#toasts").get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tom Okafor")
    expect(page.locator("#edit-name")).to_contain_text("Tom Okafor")


def test_commands_come_at_a_key_and_lead_where_they_say(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    page = visit(town.dana).open(f"/customers/{tom.pk}/")
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette.get_by_role("searchbox")).to_be_focused()
    expect(palette).to_contain_text("Log a call with Tom")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.type("log")
    page.keyboard.press("Enter")  # before the list has come
    expect(palette).to_be_hidden()
    expect(page.locator("#sheet").get_by_text("What came of it")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.type("app")
    expect(palette.locator("a.command")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(palette.locator("a.command").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/appointments/"))


def test_a_photo_comes_in_is_looked_at_and_one_goes_back(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    talk = texts(town.northside, "Here is the scratch")
    media = {"MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg", "NumMedia": "1"}
    at = talk.last_at
    assert at is not None
    inbound.receive(call(town.northside, "", number=TOM, **media), received_at=at, now=at)
    photos.fetch_due(carrier=FakeMedia(drawing(size=(640, 480))))
    page = visit(town.dana).open(f"/inbox/{talk.pk}/")
    page.locator("a.photo").focus()
    page.keyboard.press("Enter")
    lightbox = page.locator("#lightbox")
    expect(lightbox.locator("img")).to_have_attribute("alt", "Photo from the customer")
    assert lightbox.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    page.keyboard.press("Escape")
    expect(lightbox).to_be_hidden()

    page.locator("[data-photos]").set_input_files([REPORTED])
    expect(page.locator("[data-size]")).to_have_text("1 photo message, 1 photo")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("a.photo")).to_have_count(2)
    expect(page.locator("[data-size]")).to_have_text("")
    assert Message.objects.of_store(town.northside.pk).get(is_inbound=False).photos.count() == 1
