"""Many ROs at once: moved to a stage, what is owed about them handed off; seen first, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from service import stages
from service.models import RepairOrder
from tasks.models import Promise
from tests.cast import Cast
from tests.service.feeds import CLOSED_RO, OPEN_RO, Dms, at
from tests.service.test_pages import SignIn

WHERE = "/service/repair-orders/"


@pytest.fixture
def ros(cast: Cast) -> Iterator[list[RepairOrder]]:
    """Two in the shop, and one that is closed."""
    with time_machine.travel(at(0), tick=False):
        rows = [row | {"RO Number": f"04821{n}"} for n, row in enumerate((OPEN_RO, OPEN_RO, CLOSED_RO))]
        Dms(cast).send(at(0), *rows)
        yield list(RepairOrder.objects.of_store(cast.northside.pk).order_by("ro_number"))


def standing(ros: list[RepairOrder]) -> list[str]:
    rows = RepairOrder.objects.of_store(ros[0].store_id).order_by("ro_number")
    return [row.stage for row in rows]


def test_all_that_match_and_are_in_the_shop_move_and_are_back_by_undo(
    cast: Cast, ros: list[RepairOrder], signed_in: SignIn
) -> None:
    tess, there = signed_in(cast.tess), f"{WHERE}many/stage/?all=on"
    assert "Move to a stage…" in tess.get(WHERE).content.decode()
    assert "Move 2 ROs" in tess.get(there).content.decode()
    assert tess.post(there, {"stage": "painted", "n": 2}).status_code == 422
    assert "Now 2 ROs match" in tess.post(there, {"stage": "in_work", "n": 3}).content.decode()
    said = tess.post(there, {"stage": "in_work", "n": 2}, follow=True).content.decode()
    assert "2 ROs moved" in said
    assert standing(ros)[:2] == ["in_work", "in_work"]
    stages.reach(ros[1], "ready", by=cast.ana, now=at(5))
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert bulk.take_back(act, by=cast.tess, now=at(6)) == 1
    assert standing(ros)[:2] == ["checked_in", "ready"]


def test_only_whoever_says_how_far_a_car_is_moves_many_and_only_of_their_store(
    cast: Cast, ros: list[RepairOrder], signed_in: SignIn
) -> None:
    ticked = "&".join(f"row={ro.pk}" for ro in ros)
    assert signed_in(cast.dana).get(f"{WHERE}many/stage/?{ticked}").status_code == 403
    assert "Move to a stage…" not in signed_in(cast.dana).get(WHERE).content.decode()
    eve = signed_in(cast.eve).post(f"{WHERE}many/stage/?{ticked}", {"stage": "ready", "n": 3})
    assert eve.status_code == 302
    ana = signed_in(cast.ana)
    assert "only an open RO" in ana.get(f"{WHERE}many/stage/?row={ros[2].pk}", follow=True).content.decode()
    assert standing(ros)[:2] == ["checked_in", "checked_in"]


def test_what_is_owed_about_them_is_a_colleagues(
    cast: Cast, ros: list[RepairOrder], signed_in: SignIn
) -> None:
    subject = f"ro:{ros[0].ro_number}"
    about = Promise.objects.of_store(cast.northside.pk).filter(subject=subject, state="open")
    others = Promise.objects.of_store(cast.northside.pk).exclude(subject=subject).filter(state="open")
    n, before = about.count(), list(others.order_by("pk").values_list("owner", flat=True))
    assert n > 0
    there = f"{WHERE}many/hand-off/?row={ros[0].pk}"
    assert signed_in(cast.ana).get(there).status_code == 403
    rosa = signed_in(cast.rosa)
    with time_machine.travel(at(1), tick=False):
        assert f"{n} open promise" in rosa.get(there).content.decode()
        rosa.post(there, {"to": cast.sid.pk, "why": "Ana is at lunch", "n": 1})
    assert set(about.values_list("owner", flat=True)) == {cast.sid.pk}
    assert list(others.order_by("pk").values_list("owner", flat=True)) == before
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert bulk.take_back(act, by=cast.rosa, now=at(1) + timedelta(minutes=1)) == n
