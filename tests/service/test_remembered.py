"""What an RO shows of its parts, from the facts that parts tells: in any order, and twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CustomerHeardFromPerson
from dealership.events.catalogue.parts import (
    PartEtaChanged,
    PartEtaTold,
    PartFact,
    PartOrdered,
    PartReceived,
    PartRequested,
)
from dealership.staff.models import StaffMember
from service.models import RepairOrder, ROPart
from tests.cast import Cast
from tests.service.feeds import OPEN_RO, Dms, at

THURSDAY = at(3 * 24 * 60)


def part(cast: Cast, kind: type[PartFact], minute: float, **more: Any) -> PartFact:
    return kind(
        store_id=cast.northside.pk, at=at(minute), subject="part:7", request_id=7, part="Water pump",
        ro_number="048213", **more,
    )  # fmt: skip


def tell(*facts: Fact) -> None:
    with transaction.atomic():
        bus.publish(*facts)


def row(cast: Cast) -> ROPart:
    return ROPart.objects.of_store(cast.northside.pk).get(request_id=7)


def test_a_date_that_moves_is_to_be_told_anew(cast: Cast) -> None:
    tell(part(cast, PartRequested, 0), part(cast, PartOrdered, 5, eta_at=THURSDAY))
    assert (row(cast).state, row(cast).eta_at, row(cast).is_told) == ("ordered", THURSDAY, False)
    tell(part(cast, PartEtaTold, 8))
    assert row(cast).is_told
    later = THURSDAY + timedelta(days=4)
    tell(part(cast, PartEtaChanged, 20, reason="backordered", reason_words="on backorder", eta_at=later))
    assert (row(cast).words, row(cast).eta_at, row(cast).is_told) == ("on backorder", later, False)
    tell(
        CustomerHeardFromPerson(
            store_id=cast.northside.pk, at=at(25), subject="part:7", message_id=1, conversation_id=1,
            department="service", excerpt="It comes on Monday.",
        )
    )  # fmt: skip
    assert row(cast).is_told


def test_a_text_about_the_day_before_tells_nothing_of_this_one(cast: Cast) -> None:
    tell(part(cast, PartOrdered, 0, eta_at=THURSDAY), part(cast, PartEtaTold, 5))
    tell(
        part(
            cast,
            PartEtaChanged,
            9,
            reason="eta",
            reason_words="the text told the day before",
            eta_at=THURSDAY,
        )
    )
    assert not row(cast).is_told


def test_the_newest_fact_stands_whatever_comes_last(cast: Cast) -> None:
    tell(part(cast, PartReceived, 30, bin="B7"))
    tell(part(cast, PartOrdered, 5, eta_at=THURSDAY), part(cast, PartReceived, 30, bin="B7"))
    assert (row(cast).state, row(cast).bin, row(cast).is_awaited) == ("here", "B7", False)


@pytest.mark.parametrize(("told", "says"), [(False, "not told"), (True, "told")])
def test_the_lane_and_the_ro_say_what_the_car_waits_for(
    cast: Cast, signed_in: Callable[[StaffMember], Client], told: bool, says: str
) -> None:
    Dms(cast).send(at(0), OPEN_RO)
    tell(part(cast, PartOrdered, 5, eta_at=THURSDAY), *([part(cast, PartEtaTold, 6)] if told else []))
    ro = RepairOrder.objects.of_store(cast.northside.pk).get()
    browser = signed_in(cast.ana)
    with time_machine.travel(at(10), tick=False):
        lane = browser.get("/service/").content.decode()
    assert f"ETA Thu, {says}</span>" in lane
    page = browser.get(f"/service/repair-orders/{ro.pk}/").content.decode()
    assert "Water pump" in page
    assert f">{says}</span>" in page
