"""What parts knows of ROs: from facts, in whatever order they come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallConnected
from dealership.events.catalogue.service import (
    RepairOrderClosed,
    RepairOrderHandedOver,
    RepairOrderOpened,
    RepairOrderReopened,
    StageReached,
)
from parts import requests
from parts.models import KnownRO, PartsRequest
from tests.cast import MONDAY_TEN, Cast
from tests.parts.making import asked, in_state, known_ro, marlene

pytestmark = pytest.mark.django_db


def ro(cast: Cast, kind: type[Fact], minute: int = 0, **more: Any) -> Fact:
    at = MONDAY_TEN + timedelta(minutes=minute)
    return kind(store_id=cast.northside.pk, at=at, subject="ro:1", ro_number="1", **more)  # type: ignore[call-arg]


def tell(*facts: Fact) -> None:
    with transaction.atomic():
        bus.publish(*facts)


def known(cast: Cast) -> KnownRO:
    return KnownRO.objects.of_store(cast.northside.pk).get(ro_number="1")


def test_an_ro_is_known_from_its_opening_with_whose_it_is(cast: Cast) -> None:
    customer = marlene(cast)
    tell(ro(cast, RepairOrderOpened, customer_id=customer.pk, advisor_id=cast.ana.pk))
    assert (known(cast).customer, known(cast).advisor, known(cast).car_is_here) == (customer, cast.ana, True)


STORY = ((RepairOrderOpened, 0), (RepairOrderClosed, 10), (RepairOrderReopened, 20), (RepairOrderClosed, 30))


def test_the_latest_state_stands_in_whatever_order_it_is_heard(cast: Cast) -> None:
    for order in permutations(STORY):
        KnownRO.objects.of_store(cast.northside.pk).delete()
        for kind, minute in order:
            tell(ro(cast, kind, minute))
        assert known(cast).state == "closed", order
        assert known(cast).state_at == MONDAY_TEN + timedelta(minutes=30)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_opened_and_closed_in_one_file_is_closed(cast: Cast, order: Sequence[int]) -> None:
    facts = (ro(cast, RepairOrderOpened), ro(cast, RepairOrderClosed))
    tell(*(facts[n] for n in order))
    assert known(cast).state == "closed"


def test_another_advisor_tells_from_now_on(cast: Cast) -> None:
    known_ro(cast, "1")
    part = asked(cast, ro_number="1")
    fact = {"to_name": "Lou Becker", "advisor_id": cast.lou.pk}
    tell(ro(cast, RepairOrderHandedOver, 5, **fact), ro(cast, StageReached, 6, stage="in_work"))
    part.refresh_from_db()
    assert (part.advisor, known(cast).advisor, known(cast).state) == (cast.lou, cast.lou, "open")


def test_a_part_asked_for_before_its_ro_was_known_learns_whose_it_is(cast: Cast) -> None:
    part = asked(cast, ro_number="1")
    customer = marlene(cast)
    tell(ro(cast, RepairOrderOpened, 5, customer_id=customer.pk, advisor_id=cast.lou.pk))
    part.refresh_from_db()
    assert (part.customer, part.advisor) == (customer, cast.lou)


def test_a_call_about_the_part_tells_its_day_and_one_about_another_does_not(cast: Cast) -> None:
    customer = marlene(cast)
    part = in_state(cast, "ordered", customer=customer)
    call = {
        "store_id": cast.northside.pk, "at": MONDAY_TEN, "customer_id": customer.pk, "call_id": 1, "department": "service",
    }  # fmt: skip
    tell(CallConnected(**call, subject="part:0"), CallConnected(**call, subject=f"part:{part.pk}x"))
    assert PartsRequest.objects.of_store(part.store_id).get(pk=part.pk).special_order.tell_by_at is not None
    tell(CallConnected(**call, subject=part.subject))
    assert PartsRequest.objects.of_store(part.store_id).get(pk=part.pk).special_order.tell_by_at is None


def test_a_voided_ro_takes_no_request(cast: Cast) -> None:
    known_ro(cast, "1", state="voided")
    with pytest.raises(requests.ROVoided, match="was voided"):
        asked(cast, ro_number="1")
