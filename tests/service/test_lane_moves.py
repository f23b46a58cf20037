"""Cars move through the shop: dragged, by menu or by key, all by one address; refused moves say why, and a move is undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from dealership.staff.models import StaffMember
from service import lane, stages
from service.models import RepairOrder, ROPart
from tests.cast import Cast
from tests.service.feeds import CLOSED_RO, OPEN_RO, Dms, at

SignIn = Callable[[StaffMember], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def dms(cast: Cast) -> Iterator[Dms]:
    with time_machine.travel(at(0), tick=False):
        yield Dms(cast)


@pytest.fixture
def ro(cast: Cast, dms: Dms) -> RepairOrder:
    dms.send(at(0), OPEN_RO)
    return RepairOrder.objects.of_store(cast.northside.pk).get()


def move(client: Client, ro: RepairOrder, to: str, seen: str = "checked_in") -> Any:
    where = reverse("service:move_stage", args=[ro.pk])
    return client.post(where, {"stage": to, "seen": seen, "from": "lane"}, headers=HTMX)


def told(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.headers["HX-Trigger"])
    return found


def test_a_card_offers_every_stage_but_its_own_and_the_keys_of_its_neighbours(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    stages.reach(ro, "in_work", by=cast.tess, now=at(5))
    (car,) = lane.read(cast.ana, at(10)).cars
    assert [way.stage for way in car.ways] == [s for s in RepairOrder.Stage if s != "in_work"]
    assert {way.key: way.stage for way in car.ways if way.key} == {"[": "dispatched", "]": "waiting_parts"}
    page = signed_in(cast.tess).get("/service/").content.decode()
    assert page.count('data-to="ready"') == 1
    assert 'data-to="in_work"' not in page


def test_whoever_may_not_say_how_far_a_car_is_has_cards_that_stay(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    page = signed_in(cast.dana).get("/service/").content.decode()
    assert ro.ro_number in page
    assert "draggable" not in page.replace('draggable="false"', "")
    assert "Move to" not in page
    assert move(signed_in(cast.dana), ro, "ready").status_code == 403
    assert move(signed_in(cast.eve), ro, "ready").status_code == 404


def test_a_move_is_undone_by_the_address_that_comes_with_it(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    ana = signed_in(cast.ana)
    done = told(move(ana, ro, "in_work"))["kept:done"]
    assert done["say"] == "RO 048213: in work."
    ro.refresh_from_db()
    assert ro.stage == "in_work"
    assert ana.post(done["undo"], headers=HTMX).status_code == 204
    ro.refresh_from_db()
    assert ro.stage == "checked_in"


def test_what_another_has_moved_meanwhile_is_not_moved_back_by_an_older_board_or_an_undo(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    ana = signed_in(cast.ana)
    undo = told(move(ana, ro, "dispatched"))["kept:done"]["undo"]
    assert move(signed_in(cast.tess), ro, "in_work", seen="dispatched").status_code == 204
    for answer in (move(ana, ro, "waiting_parts"), ana.post(undo, headers=HTMX)):
        assert answer.status_code == 422
        why = told(answer)["kept:refused"]["say"]
        assert why == "Tess moved RO 048213 to in work meanwhile. It stays there."
    ro.refresh_from_db()
    assert ro.stage == "in_work"


def test_a_car_that_is_no_longer_here_does_not_move_and_the_board_says_why(
    cast: Cast, dms: Dms, ro: RepairOrder, signed_in: SignIn
) -> None:
    dms.send(at(10), CLOSED_RO)
    answer = move(signed_in(cast.ana), ro, "ready")
    assert answer.status_code == 422
    assert "the car is not here any more" in told(answer)["kept:refused"]["say"]


def test_without_scripts_the_menu_moves_the_card_and_a_refusal_is_read_on_the_lane(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    ana, where = signed_in(cast.ana), reverse("service:move_stage", args=[ro.pk])
    menu = {"stage": "in_work", "seen": "checked_in", "from": "lane"}
    page = ana.post(where, menu, follow=True).content.decode()
    assert "RO 048213: in work." in page
    assert ">Undo<" in page
    page = ana.post(where, menu | {"stage": "ready"}, follow=True).content.decode()
    assert "moved RO 048213 to in work meanwhile" in page


def test_who_was_told_that_the_car_is_ready_has_to_hear_that_it_is_not(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    stages.reach(ro, "ready", by=cast.tess, now=at(5))
    RepairOrder.objects.of_store(ro.store_id).update(ready_told_at=at(6))
    say = told(move(signed_in(cast.tess), ro, "in_work", seen="ready"))["kept:done"]["say"]
    assert "Marlene was told that it is ready: tell them when it will be." in say


def test_a_card_says_how_long_its_customer_has_heard_nothing_and_counts_while_the_shop_is_open(
    cast: Cast, ro: RepairOrder
) -> None:
    assert [look(cast, minutes) for minutes in (20, 130, 190)] == ["kept", "soon", "late"]
    (car,) = lane.read(cast.ana, at(130)).cars
    assert (car.silent_since, car.silence_minutes) == (ro.opened_at, 130)
    assert car.grows_until is not None
    assert car.grows_until > at(130)
    (asleep,) = lane.read(cast.ana, at(60 * 14)).cars
    assert asleep.grows_until is None


def look(cast: Cast, minutes: int) -> str:
    (car,) = lane.read(cast.ana, at(minutes)).cars
    return car.silence_look


def test_a_card_says_whether_the_customer_knows_when_the_part_comes(
    cast: Cast, ro: RepairOrder, signed_in: SignIn
) -> None:
    part = ROPart.objects.create(
        store=ro.store, ro_number=ro.ro_number, request_id=7, part="Rotor", state="ordered", changed_at=at(1),
        eta_at=at(60 * 48), eta_since=at(1),
    )  # fmt: skip
    ana = signed_in(cast.ana)
    assert "ETA Wed, not told" in ana.get("/service/").content.decode()
    part.told_at = at(2)
    part.save()
    assert "ETA Wed, told" in ana.get("/service/").content.decode()
