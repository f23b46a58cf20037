"""When a promised time counts as in danger, and why."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.parts import PartOrdered
from service import estimates, inspections, promise_times, risks, stages
from service.models import RepairOrder
from tests.cast import Cast
from tests.service.feeds import OPEN_RO, Dms, at


@pytest.fixture
def ro(cast: Cast) -> RepairOrder:
    """Marlene's car, promised at ten for four."""
    Dms(cast).send(at(0), OPEN_RO)
    ro = RepairOrder.objects.of_store(cast.northside.pk).get()
    return promise_times.set_time(ro, promised_at=at(360), by=cast.ana, now=at(0))


def why(ro: RepairOrder, minute: float) -> str:
    risks.watch(now=at(minute))
    found: datetime | None
    found, words = RepairOrder.objects.of_store(ro.store_id).values_list("risk_for", "risk_why").get(pk=ro.pk)
    return words if found else ""


def test_parts_that_come_later_are_a_risk_as_soon_as_that_is_known(cast: Cast, ro: RepairOrder) -> None:
    with transaction.atomic():
        bus.publish(
            PartOrdered(
                store_id=ro.store_id, at=at(5), subject="part:1", request_id=1, part="Water pump",
                ro_number=ro.ro_number, eta_at=at(24 * 60),
            )
        )  # fmt: skip
    assert why(ro, 6) == "Water pump comes tomorrow 10:00 am"


def test_an_estimate_that_nobody_has_decided_is_one_while_there_is_time(cast: Cast, ro: RepairOrder) -> None:
    stages.reach(ro, "in_work", by=cast.tess, now=at(20))
    line = inspections.add(ro, inspections.Found("red", "Pads"), price_cents=None, now=at(20))
    estimates.present(ro, prices={line.pk: 9000}, how="phone", by=cast.ana, now=at(20))
    assert why(ro, 269) == ""
    assert why(ro, 271) == "the estimate is not decided"


def test_a_car_that_is_in_work_is_no_risk(cast: Cast, ro: RepairOrder) -> None:
    stages.reach(ro, "in_work", by=cast.tess, now=at(20))
    assert why(ro, 300) == ""


def test_a_time_that_is_near_when_it_is_promised_is_none_before_half_of_it_has_passed(cast: Cast) -> None:
    Dms(cast).send(at(0), OPEN_RO)
    waiter = RepairOrder.objects.of_store(cast.northside.pk).get()
    promise_times.set_time(waiter, promised_at=at(60), by=cast.ana, now=at(0))
    assert why(waiter, 29) == ""
    assert "work has not begun" in why(waiter, 31)
