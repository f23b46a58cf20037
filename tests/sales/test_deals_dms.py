"""Deals that the DMS tells: any order, any number of times, the same rows and promises; what was written here stays one deal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from dealership.customers.models import Customer
from dealership.dms import mending
from dealership.dms.models import StagedRecord
from dealership.events.models import EventRecord
from dealership.vehicles import garage
from dealership.vehicles.models import Ownership, Vehicle
from sales import deals, deliveries, inventory
from sales.models import Deal, DealTrade, InventoryUnit
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.sales.deal_feeds import AT_DESK, DEAD, SIGNED, SOLD, TRADE, DealFeed

pytestmark = pytest.mark.django_db


def at(minutes: float) -> datetime:
    return MONDAY_TEN + timedelta(minutes=minutes)


def the_deal(cast: Cast) -> Deal:
    return Deal.objects.of_store(cast.northside.pk).select_related("customer", "vehicle").get()


def facts(cast: Cast, *kinds: str) -> list[str]:
    rows = EventRecord.objects.of_store(cast.northside.pk).filter(subject__startswith="deal:")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return list(rows.order_by("pk").values_list("kind", flat=True))


def open_rules(cast: Cast) -> list[str]:
    rows = Promise.objects.of_store(cast.northside.pk).filter(state="open", department="sales")
    return sorted(rows.values_list("rule", flat=True))


def owned(vin: str) -> list[tuple[str, date | None]]:
    rows = Ownership.objects.across_stores("a test").filter(vehicle__vin=vin).order_by("since", "pk")
    return [(row.customer.full_name, row.until) for row in rows.select_related("customer")]


def test_a_deal_of_the_dms_is_written_signed_and_delivered_once(cast: Cast) -> None:
    feed = DealFeed(cast)
    feed.send(at(0), AT_DESK)
    feed.send(
        at(10),
        SIGNED,
        AT_DESK | {"Deal Number": "5002", "Customer Number": "88", "Cell Phone": "", "Email 1": ""},
    )
    feed.send(at(20), SOLD | TRADE)
    feed.send(at(30), SOLD | TRADE)

    deal = Deal.objects.of_store(cast.northside.pk).get(deal_number="0005001")
    assert (deal.stage, deal.salesperson, deal.price_cents) == ("delivered", cast.sam, 1_450_000)
    assert deal.delivered_at == at(20)
    told = EventRecord.objects.of_store(cast.northside.pk).filter(subject=deal.subject).order_by("pk")
    assert list(told.values_list("kind", flat=True)) == [
        "DealWritten", "DealContracted", "TradeTaken", "VehicleDelivered", "VehicleSold",
    ]  # fmt: skip
    assert owned("1HGCM82633A004352") == [("Marlene Price", None)]
    assert DealTrade.objects.of_store(cast.northside.pk).get().taken_at is not None
    assert open_rules(cast) == ["set_first_service_after"]


def test_the_traded_car_is_no_longer_theirs_and_the_unit_is_sold(cast: Cast) -> None:
    feed = DealFeed(cast)
    feed.send(at(0), AT_DESK | TRADE)
    customer = the_deal(cast).customer
    trade = Vehicle.objects.of_store(cast.northside.pk).get(vin=TRADE["Trade 1 VIN"])
    garage.record_owner(trade, customer, since=date(2020, 1, 1), how="told")
    unit = inventory.acquire(
        store_id=cast.northside.pk, stock_number="U2001A", vin="1HGCM82633A004352", how="bought",
        acquired_at=at(-9000), by=cast.mo, now=at(0),
    )  # fmt: skip
    feed.send(at(20), SOLD | TRADE)

    assert garage.owner_of(trade) is None
    unit.refresh_from_db()
    assert (unit.state, unit.deal_number) == (InventoryUnit.State.SOLD, "0005001")
    # An unwind gives everything back.
    feed.send(at(40), DEAD | TRADE)
    unit.refresh_from_db()
    assert unit.state == InventoryUnit.State.IN_STOCK
    assert garage.owner_of(trade) == customer
    assert owned("1HGCM82633A004352") == [("Marlene Price", date(2026, 11, 23))]
    assert the_deal(cast).stage == "unwound"
    assert open_rules(cast) == []


LIVES: dict[str, Sequence[dict[str, str]]] = {
    "sold": [AT_DESK, SIGNED, SOLD],
    "sold with a correction": [AT_DESK, SOLD, SOLD | {"Sales Price": "14,000.00"} | TRADE],
    "unwound": [SIGNED, SOLD, DEAD],
    "unwound and delivered again": [AT_DESK, SOLD, DEAD, SOLD | {"Sales Price": "13,000.00"}],
    "lost at the desk": [AT_DESK, AT_DESK | {"Deal Status": "DEAD"}],
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
def test_every_order_of_the_files_ends_as_the_order_of_the_dms(
    cast: Cast, life: list[dict[str, str]]
) -> None:
    feed = DealFeed(cast)
    orders = list(permutations(range(len(life))))
    for turn in range(len(life)):
        for n, version in enumerate(life):
            # Each order is one deal with a buyer and a car of its own; every version comes once more with the next.
            rows = [
                version | _own(number)
                for number, order in enumerate(orders)
                if order[turn] == n or (turn and order[turn - 1] == n)
            ]
            if rows:
                feed.send(at(n * 10), *rows, now=at(300 + turn))
    states = [_state(cast, f"{7000 + n}") for n in range(len(orders))]
    for order, state in zip(orders, states, strict=True):
        assert state == states[0], f"the files came in the order {order}"


def _own(n: int) -> dict[str, str]:
    return {
        "Deal Number": f"{7000 + n}", "Customer Number": f"9{n:03d}", "Cell Phone": f"973-555-{1100 + n}",
        "Email 1": f"p{n}@example.com", "VIN": f"2HGFC2F59KH5{n:05d}", "Stock Number": f"S{n}",
    }  # fmt: skip


def _state(cast: Cast, number: str) -> dict[str, object]:
    deal = Deal.objects.of_store(cast.northside.pk).get(deal_number=number)
    owed = Promise.objects.of_store(cast.northside.pk).filter(subject=deal.subject, state="open")
    return {
        "stage": deal.stage,
        "price": deal.price_cents,
        "delivered": deal.delivered_at and deal.delivered_at.date(),
        "owner": deal.vehicle is not None and garage.owner_of(deal.vehicle) is not None,
        "trades": deal.trades.count(),
        "stamp": deal.stamp,
        "rules": sorted(owed.values_list("rule", "about")),
    }


def test_the_first_load_tells_nobody_anything(cast: Cast) -> None:
    feed = DealFeed(cast, loaded=False)
    feed.send(at(0), SOLD, AT_DESK | {"Deal Number": "5002"})
    deal = Deal.objects.of_store(cast.northside.pk).get(deal_number="0005001")
    assert (deal.stage, deal.is_history, deal.next_milestone_at) == ("delivered", True, None)
    assert not Promise.objects.of_store(cast.northside.pk).exists()
    assert owned("1HGCM82633A004352") == [("Marlene Price", None)]


def test_a_code_that_nobody_has_explained_is_parked_and_applied_once_explained(cast: Cast) -> None:
    feed = DealFeed(cast)
    feed.send(at(0), SIGNED | {"Deal Status": "Q7"})
    parked = StagedRecord.objects.of_store(cast.northside.pk).get()
    assert (parked.state, parked.why) == ("parked", mending.unexplained("q7", kind="SL"))
    mending.explain_code(feed.feed, code="Q7", meaning="contracted", by=cast.gus, now=at(1))
    feed.send(
        at(2), AT_DESK | {"Deal Number": "5002", "Customer Number": "9", "Cell Phone": "", "Email 1": ""}
    )
    assert Deal.objects.of_store(cast.northside.pk).get(deal_number="0005001").stage == "contracted"


def test_a_deal_written_here_is_the_same_deal_when_the_dms_shows_it(cast: Cast) -> None:
    feed = DealFeed(cast)
    feed.send(at(-60), AT_DESK | {"Deal Number": "4000", "Stock Number": "X1", "VIN": ""})
    customer = Customer.objects.of_store(cast.northside.pk).get()
    deal = deals.write(customer=customer, stock_number="u2001a", salesperson=cast.sam, by=cast.sam, now=at(0))
    deals.agree(deal, by=cast.mo, now=at(1))
    deliveries.deliver(deal, by=cast.sam, now=at(5))

    feed.send(at(10), SIGNED)
    feed.send(at(20), SOLD)

    deal.refresh_from_db()
    assert (deal.deal_number, deal.dms_number, deal.stage) == ("K-1001", "0005001", "delivered")
    assert deal.delivered_at == at(5)
    assert deal.vehicle is not None
    assert garage.owner_of(deal.vehicle) == customer
    told = EventRecord.objects.of_store(cast.northside.pk).filter(subject=deal.subject)
    assert sorted(told.values_list("kind", flat=True)) == [
        "DealAgreed", "DealContracted", "DealWritten", "VehicleDelivered", "VehicleSold",
    ]  # fmt: skip


def test_the_same_bytes_twice_change_nothing(cast: Cast) -> None:
    feed = DealFeed(cast)
    feed.send(at(0), SOLD | TRADE)
    before = (facts(cast), list(Promise.objects.of_store(cast.northside.pk).values_list("rule", "state")))
    again = feed.send(at(30), SOLD | TRADE)
    assert (
        facts(cast),
        list(Promise.objects.of_store(cast.northside.pk).values_list("rule", "state")),
    ) == before
    assert (again.n_same, again.n_applied) == (1, 0)
    assert DealTrade.objects.of_store(cast.northside.pk).count() == 1


def test_a_record_that_names_nobody_is_parked(cast: Cast) -> None:
    nobody = dict.fromkeys(
        ("Customer Number", "Full Name", "First Name", "Last Name", "Cell Phone", "Email 1"), ""
    )
    DealFeed(cast).send(at(0), AT_DESK | nobody)
    assert "names no customer" in StagedRecord.objects.of_store(cast.northside.pk).get().why
