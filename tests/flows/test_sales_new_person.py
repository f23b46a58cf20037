"""Seam 11: whose person left hears from the next one within a day."""

from __future__ import annotations

from sales.models import WeOwe
from tests.flows.deal_world import DealWorld, day
from tests.flows.sales_world import words

RULE = "introduce_new_person"


def test_the_customers_of_whoever_leaves_hear_from_the_next_person(desk: DealWorld) -> None:
    cast = desk.cast
    deal = desk.agreed()
    desk.posts(cast.sam, f"deals/{deal.pk}/we-owes/", item="Mats", on="2026-11-27", owner=cast.sam.pk)
    desk.browser(cast.gus).post(f"/people/{cast.sam.pk}/leave/")
    desk.work()
    promise = desk.promise(RULE)
    assert (promise.owner, promise.customer, promise.due_at) == (cast.lia, desk.nina, day(1))
    # The deal and what is owed with it are hers too.
    assert desk.deal.salesperson == cast.lia
    assert WeOwe.objects.of_store(cast.northside.pk).get().owner == cast.lia

    page = desk.browser(cast.lia).get(f"/sales/customers/{desk.nina.pk}/").content.decode()
    assert "Hi Nina, I am Lia at Northside Honda" in words(page)
    assert "Hi Nina" not in desk.browser(cast.mo).get(f"/sales/customers/{desk.nina.pk}/").content.decode()

    desk.at(30).calls(cast.lia, desk.nina.pk)
    assert desk.promise(RULE).state == "kept"


def test_who_hears_from_nobody_is_the_sales_managers(agreed: DealWorld) -> None:
    agreed.browser(agreed.cast.gus).post(f"/people/{agreed.cast.sam.pk}/leave/")
    agreed.work()
    agreed.on(1.1)
    assert agreed.promise(RULE).broken_at == day(1)
    agreed.on(2.1)
    assert agreed.promise(RULE).owner == agreed.cast.mo
