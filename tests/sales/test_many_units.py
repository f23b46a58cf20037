"""Many cars in stock at once: front-line ready, and not after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dealership.events.models import EventRecord
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from sales import inventory
from sales.models import InventoryUnit
from tests.cast import MONDAY_TEN, Cast

SignedIn = Callable[..., Client]
THERE = "/sales/stock/many/ready/"


@pytest.fixture
def units(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[InventoryUnit]:
    """Two that are not ready, one that is, and one of the other store."""
    monkeypatch.setattr(timezone, "now", lambda: MONDAY_TEN)
    stores = [cast.northside, cast.northside, cast.northside, cast.eastside]
    made = [
        inventory.acquire(
            store_id=store.pk, stock_number=f"U{n}", vin="", car="2021 CR-V", how="trade",
            acquired_at=MONDAY_TEN - timedelta(days=9), by=None, now=MONDAY_TEN,
        )
        for n, store in enumerate(stores)
    ]  # fmt: skip
    inventory.mark_ready(made[2], by=cast.mo, now=MONDAY_TEN - timedelta(days=1))
    return made


def ready(units: list[InventoryUnit]) -> list[bool]:
    rows = InventoryUnit.objects.across_stores("two stores").filter(pk__in=[unit.pk for unit in units])
    return [row.front_line_ready_at is not None for row in rows.order_by("pk")]


def test_all_that_match_are_ready_and_are_not_after_all(
    cast: Cast, signed_in: SignedIn, units: list[InventoryUnit]
) -> None:
    mo = signed_in(cast.mo)
    assert "Front-line ready…" in mo.get("/sales/stock/").content.decode()
    assert "2 cars front-line ready" in mo.get(f"{THERE}?all=on").content.decode()
    assert "Now 2 cars match" in mo.post(f"{THERE}?all=on", {"n": 3}).content.decode()
    assert "2 cars front-line ready" in mo.post(f"{THERE}?all=on", {"n": 2}, follow=True).content.decode()
    assert ready(units) == [True, True, True, False]
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    inventory.take_back_ready(units[0], by=cast.mo, now=MONDAY_TEN)
    assert bulk.take_back(act, by=cast.mo, now=MONDAY_TEN + timedelta(minutes=1)) == 1
    assert ready(units) == [False, False, True, False]
    told = EventRecord.objects.of_store(cast.northside.pk).filter(kind="UnitNotReady")
    assert sorted(told.values_list("subject", flat=True)) == ["unit:U0", "unit:U1"]


def test_only_whoever_works_deals_does_it_and_only_in_their_store(
    cast: Cast, signed_in: SignedIn, units: list[InventoryUnit]
) -> None:
    ticked = "&".join(f"row={unit.pk}" for unit in units)
    assert signed_in(cast.dana).get(f"{THERE}?{ticked}").status_code == 403
    assert "Front-line ready…" not in signed_in(cast.dana).get("/sales/stock/").content.decode()
    assert "2 cars" in signed_in(cast.sam).get(f"{THERE}?{ticked}").content.decode()
    assert signed_in(cast.mo).get(f"{THERE}?row={units[2].pk}").status_code == 302


def test_one_car_is_ready_by_mistake_and_back_at_a_press(
    cast: Cast, signed_in: SignedIn, units: list[InventoryUnit]
) -> None:
    mo = signed_in(cast.mo)
    done = mo.post(f"/sales/stock/{units[0].pk}/ready/", headers={"HX-Request": "true"})
    assert f"/sales/stock/{units[0].pk}/not-ready/" in done.headers["HX-Trigger"]
    assert ready(units)[0]
    mo.post(f"/sales/stock/{units[0].pk}/not-ready/")
    assert not ready(units)[0]
