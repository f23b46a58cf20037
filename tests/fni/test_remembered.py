"""What F&I knows from sales: any order, any repeat, and history that makes no work."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from dealership.customers import merging
from dealership.events.catalogue.sales import DealAgreed, DealLost, VehicleDelivered
from dealership.events.models import EventRecord
from fni import board, jackets
from fni.models import DealJacket
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.fni.deals import agreed, car, jacket, tell, tina

HOUR = timedelta(hours=1)


def test_an_agreed_deal_has_a_jacket_with_its_checklist(cast: Cast) -> None:
    bought = car(cast)
    row = agreed(cast, tina(cast), vehicle_id=bought.pk)
    assert (row.stage, row.waiting_at, row.salesperson, row.vehicle) == (
        "waiting",
        MONDAY_TEN,
        cast.sam,
        bought,
    )
    assert row.items.filter(key="credit_application").exists()


def test_what_sales_says_of_the_car_and_the_trade_decides_the_checklist(cast: Cast) -> None:
    row = agreed(cast, tina(cast), has_trade=True, condition="used")
    keys = set(row.items.values_list("key", flat=True))
    assert {"trade_title", "payoff_letter", "buyers_guide"} <= keys


def test_history_makes_no_jacket(cast: Cast) -> None:
    customer = tina(cast)
    tell(DealAgreed, cast, customer, backfill=True)
    tell(VehicleDelivered, cast, customer, backfill=True, delivery_at=MONDAY_TEN)
    assert not DealJacket.objects.of_store(cast.northside.pk).exists()


def test_a_delivery_of_which_nobody_told_the_deal_has_a_place_to_be_funded(cast: Cast) -> None:
    tell(VehicleDelivered, cast, tina(cast), delivery_at=MONDAY_TEN, condition="used", from_feed=True)
    row = jacket(cast)
    assert (row.stage, row.is_in_transit, row.condition) == ("contracted", True, "used")
    assert row.title_due_at == MONDAY_TEN + timedelta(days=14)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_agreed_delivered_and_lost_end_the_same_in_any_order(cast: Cast, order: tuple[int, ...]) -> None:
    customer = tina(cast)
    told = [
        (DealAgreed, {"at": MONDAY_TEN}),
        (VehicleDelivered, {"at": MONDAY_TEN + HOUR, "delivery_at": MONDAY_TEN}),
        (DealLost, {"at": MONDAY_TEN + 2 * HOUR, "why": "Bank said no", "was_delivered": True}),
    ]
    for n in order:
        kind, values = told[n]
        tell(kind, cast, customer, **values)
    row = jacket(cast)
    assert (row.stage, row.ended_why, row.agreed_at) == ("unwound", "Bank said no", MONDAY_TEN)
    assert not row.is_in_transit


def test_a_deal_that_ended_and_is_agreed_anew_begins_anew(cast: Cast) -> None:
    customer = tina(cast)
    agreed(cast, customer)
    tell(DealLost, cast, customer, at=MONDAY_TEN + HOUR, why="Thinks about it")
    row = agreed(cast, customer, at=MONDAY_TEN + 3 * HOUR)
    assert (row.stage, row.waiting_at, row.ended_at) == ("waiting", MONDAY_TEN + 3 * HOUR, None)


def test_who_was_merged_is_told_as_the_one_they_are_now(cast: Cast) -> None:
    loser, winner = tina(cast), make_customer(cast.northside, "Christina Wells", "+19735550189")
    row = agreed(cast, loser)
    merging.merge(winner=winner, loser=loser, by=cast.gus, now=MONDAY_TEN)
    jackets.refuse(row, missing=["insurance"], by=cast.faye, now=MONDAY_TEN)
    told = EventRecord.objects.of_store(cast.northside.pk).get(kind="DealRefused")
    assert told.customer_id == winner.pk
    assert board.of_customer(winner) == [row]
