"""Journeys between people: something is handed off, somebody leaves, a customer wants no more texts, a manager looks where it breaks."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from dealership.customers import people as persons
from dealership.staff import people
from dealership.staff.roles import Role
from parts import requests
from tasks import promises
from tasks.models import Promise
from tests.journeys.hands import Hands
from tests.journeys.town import Town

#: Somebody who waits stands in the day with what they do.
ASKS, INTRODUCE = "asks a question", "A customer whose person left hears from the next one"
QUOTE = "A part that is asked for gets its price and its day"


@pytest.mark.hands("keyboard")
def test_a_promise_is_handed_off_and_kept_by_the_other(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    words = f"I call {someone.first_name} about the price"
    promises.make_by_hand(
        store_id=town.store.pk, customer=row, sentence=words, due_at=town.now + timedelta(minutes=40),
        owner=town.cast.dana, by=town.cast.dana, now=town.now,
    )  # fmt: skip
    dana, sam, phone = town.desk(town.cast.dana), town.desk(town.cast.sam), town.phone(someone)
    page, theirs = dana.open("/"), sam.open("/")
    dana.opens(hands, words)
    hands.press(page.locator("#promise-card").get_by_role("link", name="Hand off"))
    sheet = page.locator("#sheet")
    hands.choose(sheet.get_by_label("To whom"), "Sam Tully")
    hands.write(sheet.get_by_label("Why"), "He knows the car")
    hands.press(sheet.get_by_role("button", name="Hand off"))
    expect(page.locator("#toasts")).to_contain_text("Handed to Sam.")
    expect(dana.row(words)).to_have_count(0)

    with sam.live():
        expect(sam.row(words)).to_be_visible()
        expect(theirs.locator(".notices")).to_contain_text("Dana")
    detail = sam.opens(hands, words)
    expect(detail).to_contain_text("He knows the car")
    hands.press(detail.get_by_role("link", name="Write first"))
    hands.write(theirs.get_by_label(f"Text to {someone.name}"), "Sam here: 24,900, all in.")
    hands.press(theirs.get_by_role("button", name="Send"))
    phone.gets("Sam here: 24,900, all in.")


@pytest.mark.hands("mouse")
def test_whoever_leaves_is_covered_and_the_customer_hears_from_the_next(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    details = people.Details(name="Nell Ibarra", role=Role.BDC_AGENT)
    nell = people.add(store_id=town.store.pk, details=details, by=town.cast.gus, now=town.now)
    persons.set_person(row, "sales", nell, now=town.now)
    phone = town.phone(someone)
    phone.says("Is the grey one still there?")
    town.waits_for(Promise.objects.of_store(town.store.pk).filter(owner=nell))
    dana, gus = town.desk(town.cast.dana), town.desk(town.cast.gus)
    page, office = dana.open("/"), gus.open(f"/people/{nell.pk}/")
    expect(office.locator("h1 + .muted")).to_contain_text("1 open")
    hands.press(office.get_by_role("link", name="Leaves…"))
    hands.press(office.get_by_role("button", name="Nell leaves now"))
    expect(office.locator(".toasts")).to_contain_text("Nell Ibarra no longer works here.")

    with dana.live():
        expect(dana.row(ASKS, someone.name)).to_be_visible()
        expect(page.locator(".notices")).to_contain_text("Nell Ibarra no longer works here.")
    hands.press(dana.opens(hands, INTRODUCE, someone.name).get_by_role("link", name="Page"))
    introduction = page.get_by_label("They were Nell Ibarra’s customer. Introduce yourself")
    expect(introduction).to_have_value(re.compile(f"^Hi {someone.first_name}, I am Dana"))
    hands.press(page.get_by_role("button", name="Send this introduction"))
    phone.gets("I am Dana at Northside Honda and look after you from now on")
    dana.open("/")
    expect(dana.row(someone.name)).to_have_count(0)


@pytest.mark.hands("keyboard")
def test_whoever_writes_stop_gets_no_more_texts(town: Town, hands: Hands) -> None:
    someone, _ = town.customer()
    phone, dana = town.phone(someone), town.desk(town.cast.dana)
    dana.open("/inbox/")
    phone.says("Is the blue one an automatic?")
    with dana.live():
        expect(dana.row(someone.name, "blue one")).to_be_visible()
    detail = dana.opens(hands, someone.name)
    hands.write(detail.get_by_label(f"Text to {someone.name}"), "It is, and it is here.")
    phone.says("STOP")
    phone.gets("You are unsubscribed")
    with dana.live():
        expect(detail.locator(".talk")).to_contain_text("STOP")
    hands.press(detail.get_by_role("button", name="Send"))
    with dana.live():
        expect(detail.locator(".talk")).to_contain_text("Not sent: they opted out")
    expect(detail.get_by_role("button", name="Send")).to_be_disabled()
    expect(phone.texts("It is, and it is here.")).to_have_count(0)


@pytest.mark.hands("mouse")
def test_a_manager_goes_from_a_red_cell_to_the_person(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    parts = [f"{which} of {someone.name}" for which in ("Caliper", "Rotor", "Hub", "Hose")]
    for part in parts:
        requests.ask(
            store_id=town.store.pk, key=uuid4(), description=part, customer=row,
            by=town.cast.ana, now=town.now - timedelta(minutes=40),
        )  # fmt: skip
    gus, rosa, phone = town.desk(town.cast.gus), town.desk(town.cast.rosa), town.phone(someone)
    page, theirs = gus.open("/seams/"), rosa.open("/")
    to_parts = page.get_by_role("table", name="Promises between departments").locator('a[href*="to=Parts"]')
    hands.press(to_parts.filter(has_text=re.compile(r"[4-9] late")))
    hands.press(gus.row(QUOTE, parts[0]))
    detail = page.locator("#detail")
    expect(detail).to_contain_text("Pete")
    hands.press(detail.get_by_role("link", name="Hand off"))
    sheet = page.locator("#sheet")
    hands.choose(sheet.get_by_label("To whom"), "Rosa Delgado")
    hands.write(sheet.get_by_label("Why"), "Pete is at the dentist")
    hands.press(sheet.get_by_role("button", name="Hand off"))
    expect(page.locator("#toasts")).to_contain_text("Handed to Rosa.")
    with rosa.live():
        expect(rosa.row(QUOTE, parts[0])).to_be_visible()
        expect(theirs.locator(".notices")).to_contain_text("Gus")
    hands.press(detail.get_by_role("link", name="Write first"))
    hands.write(
        page.get_by_label(f"Text to {someone.name}"), "The price comes within the hour. I see to it myself."
    )
    hands.press(page.get_by_role("button", name="Send"))
    phone.gets("The price comes within the hour.")
