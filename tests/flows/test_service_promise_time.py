"""Seams 42 and 48: a customer is told when the car will be ready, it is, and they hear before it is not."""

from __future__ import annotations

from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import OPEN_RO

PROMISE, HOLD, TELL = "promise_a_time", "hold_promise_time", "tell_before_late"
FOUR = {"day": "2026-11-23", "time": "16:00"}
FIVE = {"day": "2026-11-23", "time": "17:00", "why": "the pump is not in yet"}
AT_FOUR, AT_FIVE = minute(6 * 60), minute(7 * 60)


@beginning(ServiceWorld)
def promised(lane: ServiceWorld) -> None:
    """Marlene's car is in and promised for four."""
    lane.dms_sends(OPEN_RO)
    lane.at(5).does(lane.cast.ana, "promise", **FOUR)


def test_a_car_without_a_time_is_owed_one_at_write_up(opened: ServiceWorld) -> None:
    promise = opened.promise(PROMISE)
    assert (promise.owner, promise.due_at) == (opened.cast.ana, minute(15))
    opened.at(5).does(opened.cast.ana, "promise", **FOUR)
    assert opened.promise(PROMISE).state == "kept"
    assert opened.promise(HOLD).due_at == AT_FOUR
    assert "Promised for 4:00 pm" in str(opened.promise(HOLD).why)


def test_a_time_that_nobody_gives_is_broken_climbs_and_is_recovered(opened: ServiceWorld) -> None:
    opened.jump(minute(16)).jump(minute(46))
    promise = opened.promise(PROMISE)
    assert (promise.broken_at, promise.owner) == (minute(15), opened.cast.rosa)
    opened.does(opened.cast.ana, "promise", **FOUR)
    assert opened.promise(PROMISE).is_recovered


def test_a_time_that_the_dms_brings_is_a_promise_too(lane: ServiceWorld) -> None:
    lane.dms_sends(OPEN_RO | {"Promise Date": "11/23/2026", "Promise Time": "4:00 PM"})
    assert lane.promises(PROMISE) == []
    assert lane.promise(HOLD).due_at == AT_FOUR


def test_a_car_that_is_ready_in_time_holds_it(promised: ServiceWorld) -> None:
    promised.jump(minute(200)).does(promised.cast.tess, "stage", stage="ready")
    assert (promised.promise(HOLD).state, promised.promise(HOLD).broken_at) == ("kept", None)


def test_a_car_that_is_not_ready_breaks_it_at_its_hour(promised: ServiceWorld) -> None:
    promised.jump(minute(361))
    promise = promised.promise(HOLD)
    assert (promise.state, promise.broken_at) == ("open", AT_FOUR)
    promised.does(promised.cast.ana, "stage", stage="ready")
    assert promised.promise(HOLD).is_recovered


def test_a_car_that_was_ready_and_is_not_owes_its_time_again(promised: ServiceWorld) -> None:
    promised.does(promised.cast.tess, "stage", stage="ready")
    promised.at(10).does(promised.cast.tess, "stage", stage="in_work")
    assert [(p.state, p.due_at) for p in promised.promises(HOLD)] == [("kept", AT_FOUR), ("open", AT_FOUR)]


def test_work_that_has_not_begun_is_noticed_and_the_customer_hears_a_new_time(promised: ServiceWorld) -> None:
    promised.jump(minute(269))
    assert promised.promises(TELL) == []
    promised.jump(minute(271))
    warned = promised.promise(TELL)
    assert (warned.owner, warned.due_at) == (promised.cast.ana, minute(300))
    assert "work has not begun" in warned.detail
    text = "Hi Marlene, it will be 5:00 pm, the pump is late."
    promised.does(promised.cast.ana, "new-time", how="text", body=text, **FIVE)
    assert promised.promise(TELL).state == "open"
    assert promised.ro.promised_at == AT_FOUR
    promised.at(275).phone_gets_it(body="5:00 pm")
    assert (promised.promise(TELL).state, promised.promise(TELL).broken_at) == ("kept", None)
    assert (promised.promise(HOLD).due_at, promised.promise(HOLD).original_due_at) == (AT_FIVE, AT_FOUR)
    assert promised.ro.promised_at == AT_FIVE
    promised.jump(minute(361))
    assert promised.promise(HOLD).broken_at is None


def test_a_customer_who_hears_nothing_is_a_promise_broken_an_hour_before(promised: ServiceWorld) -> None:
    promised.jump(minute(271)).jump(minute(301))
    assert promised.promise(TELL).broken_at == minute(300)
    assert promised.jump(minute(332)).promise(TELL).owner in (promised.cast.rosa, promised.cast.gus)
    promised.does(promised.cast.ana, "new-time", how="phone", **FIVE)
    assert promised.promise(TELL).is_recovered
    assert promised.promise(HOLD).due_at == AT_FIVE


def test_a_new_time_that_is_told_too_late_leaves_the_breach(promised: ServiceWorld) -> None:
    promised.jump(minute(361)).does(promised.cast.ana, "new-time", how="in person", **FIVE)
    promise = promised.promise(HOLD)
    assert (promise.broken_at, promise.due_at) == (AT_FOUR, AT_FOUR)
    assert promised.ro.promised_at == AT_FIVE


def test_a_text_that_does_not_say_the_new_time_is_not_sent(promised: ServiceWorld) -> None:
    form = {"how": "text", "body": "It will be later.", "key": "0b7b2f9c-0000-4000-8000-000000000001", **FIVE}
    path = f"/service/repair-orders/{promised.ro.pk}/new-time/"
    answer = promised.browser(promised.cast.ana).post(path, form)
    assert answer.status_code == 422
    assert "does not say the new time" in answer.content.decode()
    assert "It will be later." in answer.content.decode()
    assert promised.texts() == []


def test_a_later_time_in_the_dms_moves_nothing_that_nobody_told(promised: ServiceWorld) -> None:
    promised.at(10).dms_sends(OPEN_RO | {"Promise Date": "11/23/2026", "Promise Time": "5:30 PM"})
    assert promised.ro.promised_at == AT_FOUR
    assert promised.promise(HOLD).due_at == AT_FOUR
    assert "the DMS says 5:30 pm" in promised.promise(TELL).detail
    promised.at(20).dms_sends(
        OPEN_RO | {"Promise Date": "11/23/2026", "Promise Time": "5:30 PM", "Tag Number": "T1"}
    )
    assert len(promised.promises(TELL)) == 1
