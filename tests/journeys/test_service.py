"""Journeys of service and parts: a visit that is moved, a line that is approved, work that is offered again, a day that changed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from parts import requests, special_orders, telling
from service import inspections
from service.models import RepairOrder
from tests.cast import MONDAY_TEN
from tests.journeys.hands import Hands
from tests.journeys.town import FIRST_FREE, Someone, Town
from tests.service.feeds import CLOSED_RO

PADS = inspections.Found("red", "Front pads 2mm", "BRKF")
FILTER = inspections.Found("yellow", "Cabin filter dirty", "CABIN")
SAFETY, ETA = "Safety work that was declined is offered again", "An ETA that changed is told"


@pytest.mark.hands("keyboard")
def test_a_customer_moves_their_visit_by_text(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    sid, phone = town.desk(town.cast.sid), town.phone(someone)
    page = sid.open(f"/customers/{row.pk}/")
    hands.press(page.get_by_role("link", name="Book b"))
    hands.write(page.get_by_label("What for"), "Oil change")
    hands.press(page.get_by_role("button", name=FIRST_FREE))
    phone.gets("Your service visit is set for")
    sid.open("/appointments/?department=service")
    visit = page.locator("#visits tr", has_text=someone.name)
    expect(visit).not_to_contain_text("3:00 pm")

    phone.says("Can we do 3pm instead?")
    phone.gets("You are set for")
    with sid.live():
        expect(visit).to_contain_text("3:00 pm")
        expect(visit).to_contain_text("confirmed")


def ro_of(town: Town, someone: Someone) -> RepairOrder:
    """What the product made of the DMS's file."""
    return RepairOrder.objects.of_store(town.store.pk).get(ro_number=someone.ro_number)


@pytest.mark.hands("keyboard")
def test_a_customer_approves_a_line_by_text(town: Town, hands: Hands) -> None:
    someone, ana = Someone.new(), town.desk(town.cast.ana)
    page = ana.open("/service/")
    town.post_ro(someone)
    with ana.live():
        expect(page.locator("#lane").get_by_text(someone.ro_number).first).to_be_visible()
    ro = ro_of(town, someone)
    inspections.record(ro, found=[PADS, FILTER], n_green=14, by=town.cast.tess, now=town.now)
    ana.open(f"/service/repair-orders/{ro.pk}/")
    hands.press(page.get_by_role("link", name="Price and send 2 lines"))
    hands.write(page.get_by_label("Price of Front pads 2mm"), "312.50")
    hands.write(page.get_by_label("Price of Cabin filter dirty"), "48")
    hands.press(page.get_by_role("button", name="Text the estimate"))
    phone = town.phone(someone)
    phone.gets("1. Front pads 2mm: $312.50")

    phone.says("Yes do 1, no 2")
    phone.gets("Approved: 1, $312.50")
    with ana.live():
        findings = page.locator("#findings")
        expect(findings.locator(".in", has_text=PADS.description)).to_contain_text("approved")
        expect(findings.locator(".in", has_text=FILTER.description)).to_contain_text("declined")
        expect(findings).to_contain_text("$312.50 approved")


@pytest.mark.hands("mouse")
def test_work_that_was_declined_is_offered_again_and_booked(town: Town, hands: Hands) -> None:
    someone, ana = Someone.new(), town.desk(town.cast.ana)
    page = ana.open("/")
    town.post_ro(someone, CLOSED_RO)
    with ana.live():
        expect(ana.row(SAFETY, someone.name)).to_be_visible()
    hands.press(ana.opens(hands, SAFETY, someone.name).get_by_role("link", name="Page"))
    hands.write(page.get_by_label(f"Text to {someone.name}"), "Shall we do the front pads today?")
    hands.press(page.locator("#conversation").get_by_role("button", name="Send"))
    phone = town.phone(someone)
    phone.gets("Shall we do the front pads today?")
    phone.says("Today is fine, thank you")
    with ana.live():
        expect(page.locator("#conversation .talk")).to_contain_text("Today is fine")

    hands.press(page.get_by_role("link", name="Book b"))
    hands.tick(page.get_by_label("Front pads 2mm"))
    hands.press(page.get_by_role("button", name=FIRST_FREE))
    expect(page.locator(".toasts")).to_contain_text("The visit is set.")
    phone.gets("Your service visit is set for")
    ana.open("/")
    expect(ana.row(SAFETY, someone.name)).to_have_count(0)
    ana.open(f"/service/repair-orders/{ro_of(town, someone).pk}/")
    expect(page.locator("[id^=declined-]", has_text="Front pads 2mm")).to_contain_text("booked")


@pytest.mark.hands("mouse")
def test_a_part_that_comes_later_is_told_before_the_customer_asks(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    ana, pete = town.cast.ana, town.cast.pete
    part = requests.ask(
        store_id=town.store.pk, key=uuid4(), description="Rear caliper", customer=row, by=ana, now=town.now
    )
    part = special_orders.order(
        part, source="Honda", eta_date=(MONDAY_TEN + timedelta(days=3)).date(), by=pete, now=town.now
    )
    telling.tell_eta(part, by=ana, now=town.now)
    anas, petes, phone = town.desk(ana), town.desk(pete), town.phone(someone)
    day, counter = anas.open("/"), petes.open(f"/parts/requests/{part.pk}/")
    hands.press(counter.get_by_text("It comes on another day"))
    hands.write(counter.locator("#act-change").get_by_label("Here by"), "2026-11-30")
    hands.press(counter.get_by_role("button", name="Note the new day"))
    with anas.live():
        expect(anas.row(ETA, someone.name)).to_be_visible()

    hands.press(anas.opens(hands, ETA, someone.name).get_by_role("link", name="Open the part"))
    hands.press(day.get_by_role("button", name="Send the day"))
    phone.gets("It should now be here by Mon Nov 30")
    with petes.live():
        expect(
            counter.locator("dt", has_text="Customer knows").locator("xpath=following-sibling::dd[1]")
        ).to_contain_text("30 Nov")
    with anas.live():
        expect(day.locator("#promised")).to_contain_text("kept")
