"""Journeys of sales: a fresh lead, a visit that was missed, a delivery, and a deal that came back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dealership.appointments import booking
from fni.models import DealJacket
from sales import deals
from sales.models import Deal
from tests.fni.deals import fill
from tests.journeys.hands import Hands
from tests.journeys.town import FIRST_FREE, Someone, Town

FRESH, MISSED = "A fresh lead hears from a person", "A no-show is saved the same day"
REFUSED = "A deal that F&I handed back is made complete"


@pytest.mark.hands("keyboard")
def test_a_fresh_lead_is_answered(town: Town, hands: Hands) -> None:
    dana, tom = town.desk(town.cast.dana), Someone.new()
    dana.open("/")
    town.post_lead(tom, "Is it still on the lot?")
    with dana.live():
        expect(dana.row(FRESH, tom.name)).to_be_visible()
    phone = town.phone(tom)
    phone.gets("Dana is looking into it")

    detail = dana.opens(hands, FRESH, tom.name)
    expect(detail.get_by_role("heading", name=tom.name)).to_be_visible()
    expect(detail.locator(".talk")).to_contain_text("Dana is looking into it")
    hands.write(detail.get_by_label(f"Text to {tom.name}"), "It is. Come and drive it today?")
    hands.press(detail.get_by_role("button", name="Send"))
    phone.gets("It is. Come and drive it today?")
    with dana.live():
        expect(dana.row(tom.name)).to_have_count(0)
        expect(detail.locator("#promise-card .chip.kept").first).to_contain_text("kept")


@pytest.mark.hands("mouse")
def test_whoever_did_not_come_is_called_back_and_saved(town: Town, hands: Hands) -> None:
    someone, row = town.customer()
    booking.book(
        store_id=town.store.pk, department="sales", customer=row, starts_at=town.now - timedelta(minutes=61),
        person=town.cast.sam, source="dms", by=None, now=town.now - timedelta(hours=3),
    )  # fmt: skip
    dana = town.desk(town.cast.dana)
    page = dana.open("/")
    town.product.ring("dealership.appointments.jobs.declare_missed")
    with dana.live():
        expect(dana.row(MISSED, someone.name)).to_be_visible()
    phone = town.phone(someone)
    phone.gets("missed you")

    hands.press(dana.opens(hands, MISSED, someone.name).get_by_role("link", name="Page"))
    hands.press(page.get_by_role("link", name="Book b"))
    hands.write(page.get_by_label("What for"), "Drive the Civic")
    hands.press(page.get_by_role("button", name=FIRST_FREE))
    expect(page.locator(".toasts")).to_contain_text("The visit is set.")
    phone.gets("Your sales visit is set for")
    dana.open("/")
    expect(dana.row(MISSED, someone.name)).to_have_count(0)


def deal_of(town: Town, deal_type: str = "cash") -> tuple[Someone, Deal]:
    """Sam has agreed with somebody."""
    someone, row = town.customer()
    written = deals.write(
        customer=row, car="2026 Accord Sport", stock_number=f"A{someone.n}", deal_type=deal_type,
        salesperson=town.cast.sam, by=town.cast.sam, now=town.now,
    )  # fmt: skip
    return someone, deals.agree(written, by=town.cast.sam, now=town.now)


@pytest.mark.hands("mouse")
def test_a_car_is_handed_over_with_the_first_service_visit_set(town: Town, hands: Hands) -> None:
    someone, deal = deal_of(town)
    sam, phone = town.desk(town.cast.sam), town.phone(someone)
    page = sam.open(f"/sales/deals/{deal.pk}/")
    hands.write(page.get_by_label("Day"), "2026-11-24")
    hands.write(page.get_by_label("Time"), "14:00")
    hands.press(page.get_by_role("button", name="Plan the delivery"))
    owed = page.locator("#promised")
    expect(owed).to_contain_text("The buyer’s first service visit is set by the delivery")

    hands.press(page.get_by_role("link", name="Book their first service visit"))
    hands.write(page.get_by_label("Day", exact=True), "2026-12-07")
    hands.write(page.get_by_label("Time"), "10:00")
    hands.press(page.get_by_role("button", name="Book and tell the customer"))
    phone.gets("Your service visit is set for Mon Dec 7")
    sam.open(f"/sales/deals/{deal.pk}/")
    expect(page.get_by_text("they come back")).to_be_visible()
    expect(owed.locator("a.promise", has_text="set by the delivery")).to_contain_text("kept")
    hands.press(page.get_by_role("button", name="Hand over the car"))
    expect(page.locator("h1 + .muted")).to_contain_text("delivered")


@pytest.mark.hands("keyboard")
def test_a_deal_that_fni_refused_is_completed(town: Town, hands: Hands) -> None:
    someone, deal = deal_of(town)
    jacket = fill(DealJacket.objects.of_store(town.store.pk).get(deal_number=deal.deal_number))
    sam, faye, phone = town.desk(town.cast.sam), town.desk(town.cast.faye), town.phone(someone)
    day, box = sam.open("/"), faye.open(f"/fni/jackets/{jacket.pk}/")
    hands.press(box.get_by_text("Hand back to sales"))
    hands.tick(box.get_by_role("checkbox", name="Proof of insurance"))
    hands.press(box.get_by_role("button", name="Hand back and say why"))
    expect(box.locator("#next")).to_contain_text("Proof of insurance")
    with sam.live():
        expect(sam.row(REFUSED, someone.name)).to_be_visible()

    hands.press(sam.opens(hands, REFUSED, someone.name).get_by_role("link", name="Page"))
    hands.press(day.locator("#customer-leads").get_by_role("link", name="2026 Accord Sport"))
    hands.write(day.get_by_label(f"Text to {someone.name}"), "Please send us your insurance card.")
    hands.press(day.locator("#conversation").get_by_role("button", name="Send"))
    phone.gets("Please send us your insurance card.")
    phone.says("Here it is: policy A-1, Acme")
    with sam.live():
        expect(day.locator("#conversation .talk")).to_contain_text("policy A-1")
    hands.write(day.get_by_label("What you brought"), "Insurance card")
    hands.press(day.get_by_role("button", name="Hand it to F&I again"))
    expect(day.locator("h1 + .muted")).not_to_contain_text("handed back")

    with faye.live():
        expect(box.get_by_role("button", name="Take into the box")).to_be_visible()
        hands.press(box.get_by_role("button", name="Here: Proof of insurance"))
        hands.press(box.get_by_role("button", name="Take into the box"))
        expect(box.locator("#next")).to_contain_text("In the box since")
    with sam.live():
        expect(
            day.get_by_text("In the box", exact=True).locator("xpath=following-sibling::dd[1]")
        ).not_to_have_text("not yet")
