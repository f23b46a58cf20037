"""The pages of deals and stock: what they say, what they refuse, and how they say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from dealership.customers.models import Customer
from dealership.staff.models import StaffMember
from sales import deals, deliveries, inventory
from sales.models import Deal, InventoryUnit, Lead
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.flows.sales_world import words

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]


@pytest.fixture
def nina(cast: Cast) -> Customer:
    return make_customer(cast.northside, "Nina Park", "+19735550177")


def lead_of(cast: Cast, nina: Customer) -> Lead:
    return Lead.objects.create(
        store=cast.northside, customer=nina, owner=cast.sam, year="2026", make="Honda", model="Civic",
        stock_number="H100", condition="new", received_at=MONDAY_TEN,
    )  # fmt: skip


def test_a_deal_is_written_from_a_lead_with_what_it_says(
    cast: Cast, nina: Customer, signed_in: SignedIn
) -> None:
    lead, browser = lead_of(cast, nina), signed_in(cast.sam)
    page = browser.get(f"/sales/leads/{lead.pk}/").content.decode()
    assert f"/sales/deals/new/?lead={lead.pk}" in page
    page = browser.get(f"/sales/deals/new/?lead={lead.pk}").content.decode()
    assert 'value="H100"' in page
    assert "2026 Honda Civic" in page
    form = {"lead": lead.pk, "stock_number": "H100", "car": "2026 Honda Civic", "salesperson": cast.sam.pk}
    browser.post("/sales/deals/new/", form)
    browser.post("/sales/deals/new/", form)
    deal = Deal.objects.of_store(cast.northside.pk).get()
    assert (deal.lead, deal.customer, deal.salesperson, deal.deal_number) == (lead, nina, cast.sam, "K-1001")


def test_a_deal_that_names_no_car_is_refused_and_what_was_typed_stays(
    cast: Cast, nina: Customer, signed_in: SignedIn
) -> None:
    form = {"customer": nina.pk, "co_buyer_name": "Theo Park", "vin": "SHORT", "salesperson": cast.sam.pk}
    answer = signed_in(cast.sam).post("/sales/deals/new/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "identifies no car" in page
    assert "Theo Park" in page
    answer = signed_in(cast.sam).post("/sales/deals/new/", {**form, "vin": ""})
    assert "Name the car" in answer.content.decode()


def test_the_customer_is_found_first(cast: Cast, nina: Customer, signed_in: SignedIn) -> None:
    from dealership.customers import search

    search.index(nina, "name", nina.full_name)
    page = signed_in(cast.sam).get("/sales/deals/new/?q=nina").content.decode()
    assert f"?customer={nina.pk}" in page


def test_a_delivery_says_aloud_that_no_service_visit_is_set(
    cast: Cast, nina: Customer, signed_in: SignedIn
) -> None:
    deal = deals.write(customer=nina, car="2026 Civic", salesperson=cast.sam, by=cast.sam, now=MONDAY_TEN)
    browser = signed_in(cast.sam)
    answer = browser.post(f"/sales/deals/{deal.pk}/deliver/")
    assert answer.status_code == 422
    assert "has not agreed to the numbers yet" in answer.content.decode()
    browser.post(f"/sales/deals/{deal.pk}/agree/")
    page = words(browser.post(f"/sales/deals/{deal.pk}/deliver/", follow=True).content.decode())
    assert "Their first service visit is not set: book it while they are here" in page
    assert "Book their first service visit" in page


def test_who_only_sees_deals_finds_no_deeds(cast: Cast, nina: Customer, signed_in: SignedIn) -> None:
    deal = deals.write(customer=nina, car="2026 Civic", salesperson=cast.sam, by=cast.sam, now=MONDAY_TEN)
    page = signed_in(cast.dana).get(f"/sales/deals/{deal.pk}/").content.decode()
    assert "They agree" not in page
    assert "We owe it" not in page
    assert "Write a deal" not in signed_in(cast.dana).get("/sales/deals/").content.decode()


def test_the_stock_list_says_how_long_a_car_stands_and_what_is_not_ready(
    cast: Cast, nina: Customer, signed_in: SignedIn
) -> None:
    now = MONDAY_TEN
    unit = inventory.acquire(
        store_id=cast.northside.pk, stock_number="U7", vin="", car="2021 CR-V", how="trade",
        acquired_at=now - timedelta(days=9), by=cast.mo, now=now,
    )  # fmt: skip
    browser = signed_in(cast.mo)
    assert "2021 CR-V" in browser.get("/sales/stock/?show=not_ready").content.decode()
    browser.post(f"/sales/stock/{unit.pk}/ready/")
    assert "Every car is front-line ready" in browser.get("/sales/stock/?show=not_ready").content.decode()
    deal = deals.write(customer=nina, stock_number="U7", salesperson=cast.sam, by=cast.mo, now=now)
    deals.agree(deal, by=cast.mo, now=now)
    deliveries.deliver(deal, by=cast.mo, now=now)
    unit.refresh_from_db()
    assert unit.state == InventoryUnit.State.SOLD
    assert "deal K-1001" in browser.get("/sales/stock/?show=sold").content.decode()
    assert "Nothing fits" in browser.get("/sales/stock/?show=sold&stands=30").content.decode()
    text = browser.get(
        "/sales/stock/export/?show=sold&cols=stock_number&cols=car&cols=deal_number"
    ).content.decode("utf-8-sig")
    assert text.splitlines() == ["Stock,Car,Deal", "U7,2021 CR-V,K-1001"]


def test_one_number_stands_for_one_car(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.mo)
    form = {"stock_number": "U7", "vin": "1HGCM82633A004352", "how": "bought", "acquired_on": "2026-11-20"}
    assert browser.post("/sales/stock/new/", form).status_code == 302
    assert browser.post("/sales/stock/new/", form).status_code == 302
    answer = browser.post("/sales/stock/new/", {**form, "vin": "2HGFC2F59KH500123"})
    assert answer.status_code == 422
    assert "give this one another number" in answer.content.decode()
    assert InventoryUnit.objects.of_store(cast.northside.pk).count() == 1
