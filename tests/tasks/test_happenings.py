"""Deliveries, contracts in transit and declined lines: counted once each, whatever the order in which they are told."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest

from dealership.events.catalogue.fni import DealFunded
from dealership.events.catalogue.sales import DealLost, VehicleDelivered
from dealership.events.catalogue.service import RepairOrderReopened
from tasks import happenings
from tasks.models import Happening
from tests.cast import MONDAY_TEN, Cast
from tests.tasks.telling import Telling

pytestmark = pytest.mark.django_db
DEAL = {"subject": "deal:9041", "deal_number": "9041", "vehicle": "2026 Pilot"}


@pytest.fixture
def telling(cast: Cast) -> Telling:
    return Telling(cast)


def at(minute: float) -> Any:
    return MONDAY_TEN + timedelta(minutes=minute)


def stands(cast: Cast, kind: str) -> list[tuple[str, bool]]:
    """What counts of this kind, and whether it came out well."""
    rows = Happening.objects.of_store(cast.northside.pk).filter(happenings.STANDS, kind=kind)
    return [(row.about or row.subject, row.good_at is not None) for row in rows.order_by("about")]


def test_a_financed_delivery_is_a_contract_in_transit_until_the_lender_pays(
    telling: Telling, cast: Cast
) -> None:
    store = cast.northside.pk
    told = [
        VehicleDelivered(store_id=store, at=at(0), delivery_at=at(0), deal_type="finance", has_first_service=True, **DEAL),
        VehicleDelivered(store_id=store, at=at(0), delivery_at=at(0), deal_type="finance", has_first_service=True, **DEAL),
        DealFunded(store_id=store, at=at(9), **DEAL),
    ]  # fmt: skip
    for order in itertools.permutations(told):
        telling.publish(*order)
        assert stands(cast, "delivery") == [("deal:9041", True)]
        assert stands(cast, "contract") == [("deal:9041", True)]
        Happening.objects.of_store(store).delete()


def test_a_cash_deal_is_delivered_and_waits_for_no_lender(telling: Telling, cast: Cast) -> None:
    telling.publish(
        VehicleDelivered(
            store_id=cast.northside.pk, at=at(0), delivery_at=at(0), deal_type="cash", salesperson_id=cast.sam.pk, **DEAL
        )
    )  # fmt: skip
    assert stands(cast, "delivery") == [("deal:9041", False)]
    assert stands(cast, "contract") == []
    telling.publish(
        DealLost(store_id=cast.northside.pk, at=at(60), why="spot not approved", was_delivered=True, **DEAL)
    )
    assert stands(cast, "delivery") == []


def test_a_declined_line_is_recovered_when_it_is_bought(telling: Telling, cast: Cast) -> None:
    telling.publish(telling.sold(500, "brakes"))
    assert stands(cast, "declined") == [], "nobody has told yet that it was declined"
    telling.publish(telling.ro_closed(0))
    assert stands(cast, "declined") == [("brakes", True), ("filter", False)]


def test_a_close_that_was_a_slip_declines_nothing_until_the_ro_closes_again(
    telling: Telling, cast: Cast
) -> None:
    telling.publish(telling.ro_closed(0))
    telling.publish(
        RepairOrderReopened(store_id=cast.northside.pk, at=at(5), subject="ro:48213", ro_number="48213")
    )
    assert stands(cast, "declined") == []
    telling.publish(telling.ro_closed(60))
    assert len(stands(cast, "declined")) == 2
    telling.publish(telling.ro_voided(90))
    assert stands(cast, "declined") == []


def test_history_that_is_loaded_counts_nowhere(telling: Telling, cast: Cast) -> None:
    telling.publish(
        VehicleDelivered(
            store_id=cast.northside.pk, at=at(0), delivery_at=at(0), deal_type="lease", backfill=True, **DEAL
        )
    )  # fmt: skip
    assert not Happening.objects.of_store(cast.northside.pk).exists()
