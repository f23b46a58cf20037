"""Seams 21 and 23: what was delivered is paid, and title and plates are out before the state's date."""

from __future__ import annotations

from datetime import timedelta

from dealership.events.catalogue.sales import DealLost, VehicleDelivered
from tests.flows.fni_world import DAY, FniWorld
from tests.flows.sales_world import minute


def delivered(box: FniWorld, deal_type: str = "finance", at: float | None = None) -> None:
    moment = box.now if at is None else minute(at)
    box.tells(VehicleDelivered, at=moment, delivery_at=moment, deal_type=deal_type, condition="new")


def test_a_contract_in_transit_is_kept_by_the_money(contracted: FniWorld) -> None:
    contracted.presses("send")
    delivered(contracted)
    promise = contracted.promise("fund_contract")
    assert (promise.owner, promise.due_at) == (contracted.cast.faye, minute(7 * DAY))
    contracted.at(3 * DAY).presses("fund")
    assert (contracted.promise("fund_contract").state, contracted.promise("fund_contract").broken_at) == (
        "kept",
        None,
    )


def test_a_contract_that_is_not_paid_is_warned_on_day_four_climbs_on_day_seven_and_to_the_boss_on_day_ten(
    contracted: FniWorld,
) -> None:
    contracted.presses("send")
    delivered(contracted)
    assert "warned" not in contracted.acts(contracted.at(4 * DAY - 30).promise("fund_contract"))
    promise = contracted.at(4 * DAY + 1).promise("fund_contract")
    assert (promise.warned_at, promise.broken_at) == (minute(4 * DAY), None)
    promise = contracted.at(7 * DAY + 1).promise("fund_contract")
    assert (promise.broken_at, promise.owner) == (minute(7 * DAY), contracted.cast.mo)
    assert contracted.at(10 * DAY + 1).promise("fund_contract").owner == contracted.cast.gus
    contracted.presses("fund")
    assert contracted.promise("fund_contract").is_recovered


def test_cash_is_never_in_transit(box: FniWorld) -> None:
    box.contracted("cash")
    delivered(box, "cash")
    assert box.promises("fund_contract") == []
    assert not box.deal.is_in_transit


def test_a_deal_that_is_undone_is_no_longer_in_transit(contracted: FniWorld) -> None:
    delivered(contracted)
    contracted.at(DAY).tells(DealLost, why="Unwound", was_delivered=True)
    assert contracted.promise("fund_contract").state == "void"
    assert not contracted.deal.is_in_transit


def test_money_that_came_before_the_feed_told_the_delivery_keeps_it_at_once(contracted: FniWorld) -> None:
    contracted.presses("send")
    contracted.at(60).presses("fund")
    delivered(contracted, at=30)
    promise = contracted.promise("fund_contract")
    assert (promise.state, promise.opened_at, promise.broken_at) == ("kept", minute(30), None)


def test_money_that_came_before_the_car_left_keeps_it_at_once_and_owes_one_title(
    contracted: FniWorld,
) -> None:
    contracted.presses("send")
    contracted.at(60).presses("fund")
    contracted.title_sent()
    contracted.at(DAY)
    delivered(contracted)
    promise = contracted.promise("fund_contract")
    assert (promise.state, promise.opened_at, promise.broken_at) == ("kept", contracted.now, None)
    assert [title.state for title in contracted.promises("send_title")] == ["kept"]


def test_the_title_is_owed_by_the_title_clerk_until_the_states_date(contracted: FniWorld) -> None:
    contracted.presses("send")
    delivered(contracted)
    contracted.at(2 * DAY).presses("fund")
    promise = contracted.promise("send_title")
    assert (promise.owner, promise.due_at) == (contracted.cast.tia, minute(14 * DAY))
    contracted.at(5 * DAY).title_sent()
    assert (contracted.promise("send_title").state, contracted.promise("send_title").broken_at) == (
        "kept",
        None,
    )
    assert contracted.deal.stage == "title_sent"


def test_a_cash_cars_title_is_owed_from_the_delivery(box: FniWorld) -> None:
    box.contracted("cash")
    delivered(box, "cash")
    promise = box.promise("send_title")
    assert (promise.owner, promise.due_at) == (box.cast.tia, minute(14 * DAY))
    delivered(box, "cash")
    box.title_sent()
    assert [title.state for title in box.promises("send_title")] == ["kept"]


def test_a_title_that_is_not_out_is_broken_on_the_date_climbs_and_is_recovered(box: FniWorld) -> None:
    box.contracted("cash")
    delivered(box, "cash")
    promise = box.at(14 * DAY + 1).promise("send_title")
    assert (promise.broken_at, promise.owner) == (minute(14 * DAY), box.cast.faye)
    assert promise.warned_at == minute(9 * DAY)
    box.jump(box.now + timedelta(days=30))
    assert box.promise("send_title").owner == box.cast.gus
    box.title_sent()
    assert box.promise("send_title").is_recovered
