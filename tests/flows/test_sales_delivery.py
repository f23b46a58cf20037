"""Seams 33 and 36: a buyer leaves with a service visit, and is courted no more."""

from __future__ import annotations

from datetime import timedelta

from dealership.messaging import outbox
from dealership.messaging.models import Message
from dealership.vehicles import garage
from sales.models import Lead
from tests.flows.deal_world import DealWorld
from tests.flows.sales_world import minute, words
from tests.sales.deal_feeds import SOLD
from tests.sales.providers import adf

PLANNED, AFTER, STOP = "set_first_service", "set_first_service_after", "stop_prospecting"


def test_the_first_service_visit_is_owed_by_the_hour_of_the_delivery(agreed: DealWorld) -> None:
    agreed.posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/plan/", day="2026-11-24", time="14:00")
    promise = agreed.promise(PLANNED)
    assert (promise.owner, promise.due_at) == (agreed.cast.sam, minute(28 * 60))
    assert "First service visit not set" in words(
        agreed.browser(agreed.cast.sam).get(f"/sales/deals/{agreed.deal.pk}/").content.decode()
    )

    # Another hour, told in time, is the hour it is owed by.
    agreed.at(10).posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/plan/", day="2026-11-24", time="16:00")
    assert agreed.promise(PLANNED).due_at == minute(30 * 60)
    agreed.books_service(agreed.cast.sam)
    assert agreed.promise(PLANNED).state == "kept"
    agreed.posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/deliver/")
    assert agreed.promises(AFTER) == []
    page = words(agreed.browser(agreed.cast.mo).get("/sales/deals/").content.decode())
    assert "First service set by now 100%" in page


def test_a_delivery_without_a_visit_climbs_to_the_sales_manager_at_its_hour(agreed: DealWorld) -> None:
    agreed.posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/plan/", day="2026-11-23", time="12:00")
    agreed.at(100).posts(agreed.cast.sam, f"deals/{agreed.deal.pk}/deliver/")
    # It was promised with the plan, and is not promised twice.
    assert agreed.promises(AFTER) == []
    agreed.at(121)
    promise = agreed.promise(PLANNED)
    assert (promise.broken_at, promise.owner) == (minute(120), agreed.cast.mo)
    agreed.books_service(agreed.cast.mo)
    assert agreed.promise(PLANNED).is_recovered


def test_who_left_without_a_plan_is_owed_a_visit_within_the_hour(delivered: DealWorld) -> None:
    promise = delivered.promise(AFTER)
    assert (promise.owner, promise.due_at) == (delivered.cast.sam, minute(60))
    delivered.at(61)
    assert delivered.promise(AFTER).broken_at == minute(60)
    assert delivered.promise(AFTER).owner == delivered.cast.mo


def test_a_delivery_that_the_dms_tells_owes_the_same(desk: DealWorld) -> None:
    desk.dms_sends(SOLD)
    assert desk.promise(AFTER).owner == desk.cast.sam
    assert desk.promise(STOP).state == "kept"


def test_the_buyer_owns_the_car_and_is_courted_no_more(desk: DealWorld) -> None:
    desk.post_lead(adf("Nina Park", phone="(973) 555-0177", lead_id="N-1"))
    lead = desk.lead
    assert lead.customer == desk.nina
    queued = outbox.send(
        store_id=desk.cast.northside.pk, customer=desk.nina, body="Still looking?", purpose="sales",
        subject=lead.subject, dedupe_key="courting", now=desk.now + timedelta(days=1), department="sales",
    )  # fmt: skip
    kept = outbox.send(
        store_id=desk.cast.northside.pk, customer=desk.nina, body="Your key is here", purpose="sales",
        subject="deal:K-1001", dedupe_key="owed", now=desk.now + timedelta(days=1), department="sales",
    )  # fmt: skip
    deal = desk.delivered()

    assert deal.vehicle is not None
    assert garage.owner_of(deal.vehicle) == desk.nina
    lead.refresh_from_db()
    assert lead.state == Lead.State.SOLD
    queued.refresh_from_db()
    kept.refresh_from_db()
    assert queued.state == Message.State.SUPPRESSED
    assert kept.state == Message.State.QUEUED
    assert desk.promise("answer_lead").state == "void"
    promise = desk.promise(STOP)
    assert (promise.state, promise.broken_at, promise.customer) == ("kept", None, desk.nina)


def test_delivering_twice_is_delivering_once(desk: DealWorld) -> None:
    deal = desk.delivered()
    desk.posts(desk.cast.sam, f"deals/{deal.pk}/deliver/")
    assert len(desk.promises(AFTER)) == len(desk.promises(STOP)) == 1


def test_a_sale_that_is_undone_owes_nothing_more(desk: DealWorld) -> None:
    deal = desk.delivered()
    desk.posts(desk.cast.mo, f"deals/{deal.pk}/lose/", why="the bank said no")
    assert desk.deal.stage == "unwound"
    assert desk.promise(AFTER).state == "void"
    assert deal.vehicle is not None
    assert garage.owner_of(deal.vehicle) is None
    assert desk.on(2).promises("speak_after_a_day") == []
