"""Seams 63 and 64: a customer knows on which day their part comes, and hears of another day before they ask."""

from __future__ import annotations

from tests.flows.parts_world import RO, PartsWorld
from tests.flows.sales_world import minute

FIRST, NEW = "tell_part_eta", "tell_new_part_eta"
CLOSE = 8 * 60
DAY = 24 * 60


# --- 63: the first day -----------------------------------------------------------------------------------------------


def test_an_order_with_a_day_is_owed_to_the_customer_by_the_advisor_who_asked(ordered: PartsWorld) -> None:
    promise = ordered.promise(FIRST)
    assert (promise.owner, promise.due_at) == (ordered.cast.ana, minute(CLOSE))
    assert promise.detail == f"Rear caliper for the 2019 Civic · Thu 26 Nov · RO {RO}"
    assert ordered.part.special_order.tell_by_at == minute(CLOSE)


def test_a_text_about_the_part_keeps_it_when_it_is_received_and_one_about_something_else_does_not(
    ordered: PartsWorld,
) -> None:
    ordered.writes_first(ordered.cast.ana, "Your oil is done.")
    ordered.at(3).phone_gets_it()
    assert ordered.promise(FIRST).state == "open"
    ordered.texts_about_it(ordered.cast.ana, "It comes on Thursday.")
    assert ordered.promise(FIRST).state == "open"
    ordered.at(6).phone_gets_it()
    assert (ordered.promise(FIRST).state, ordered.promise(FIRST).closed_at) == ("kept", minute(6))
    sop = ordered.part.special_order
    assert (sop.eta_told, sop.eta_told_at, sop.tell_by_at) == (sop.eta_at, minute(6), None)


def test_a_word_on_the_phone_keeps_it(ordered: PartsWorld) -> None:
    ordered.does(ordered.cast.ana, "told")
    assert ordered.promise(FIRST).state == "kept"


def test_a_day_that_nobody_tells_is_broken_at_the_close_climbs_and_is_recovered(counter: PartsWorld) -> None:
    cast = counter.cast
    counter.ordered("2026-11-30")
    counter.jump(minute(CLOSE + 1))
    assert counter.promise(FIRST).broken_at == minute(CLOSE)
    assert counter.jump(minute(DAY + 1)).promise(FIRST).owner == cast.rosa
    assert counter.jump(minute(2 * DAY + 1)).promise(FIRST).owner == cast.gus
    counter.does(cast.ana, "told")
    assert counter.promise(FIRST).is_recovered


def test_an_order_without_a_day_owes_none_until_there_is_one(counter: PartsWorld) -> None:
    counter.ordered("")
    assert counter.promises(FIRST) == []
    counter.at(60).moves("2026-11-27")
    assert counter.promise(NEW).detail == f"Rear caliper for the 2019 Civic · they know no day · RO {RO}"


def test_what_arrives_before_its_day_was_told_is_owed_no_day(ordered: PartsWorld) -> None:
    ordered.comes(car_is_here="on")
    assert ordered.promise(FIRST).state == "void"


def test_nobody_escapes_the_first_day_by_moving_it(ordered: PartsWorld) -> None:
    ordered.at(30).moves("2026-11-27")
    assert [ordered.promise(rule).state for rule in (FIRST, NEW)] == ["open", "open"]
    ordered.does(ordered.cast.ana, "told")
    assert [ordered.promise(rule).state for rule in (FIRST, NEW)] == ["kept", "kept"]


# --- 64: another day -------------------------------------------------------------------------------------------------


def told(counter: PartsWorld) -> None:
    counter.ordered()
    counter.does(counter.cast.ana, "told")


def test_an_eta_that_moves_is_owed_to_the_customer_anew_each_time(counter: PartsWorld) -> None:
    told(counter)
    counter.at(30).moves("2026-11-30")
    first = counter.promise(NEW)
    assert (first.owner, first.due_at) == (counter.cast.ana, minute(30 + 4 * 60))
    assert first.detail == f"Rear caliper for the 2019 Civic · they still count on Thu 26 Nov · RO {RO}"
    counter.at(60).does(counter.cast.ana, "told")
    counter.at(90).moves("", reason="backordered")
    first, second = counter.promises(NEW)
    assert (first.state, first.closed_at) == ("kept", minute(60))
    assert (second.state, second.due_at, second.epoch) == ("open", minute(90 + 4 * 60), 1)
    assert "they still count on Mon 30 Nov" in second.detail


def test_a_second_move_before_anybody_was_told_leaves_one_promise_with_its_hour(counter: PartsWorld) -> None:
    told(counter)
    counter.at(30).moves("2026-11-30")
    counter.at(60).moves("2026-12-02", reason="superseded", new_number="43018-TBA-A11")
    (promise,) = counter.promises(NEW)
    assert (promise.state, promise.due_at) == ("open", minute(30 + 4 * 60))
    assert "they still count on Thu 26 Nov" in promise.detail
    page = counter.browser(counter.cast.ana).get(f"/parts/requests/{counter.part.pk}/").content.decode()
    assert "It should now be here by Wed Dec 2" in page
    counter.does(counter.cast.ana, "told")
    assert counter.promise(NEW).state == "kept"


def test_a_text_that_left_with_the_old_day_keeps_nothing_for_the_new_one(counter: PartsWorld) -> None:
    told(counter)
    counter.at(30).moves("2026-11-30")
    counter.texts_about_it(counter.cast.ana, "It comes on Monday.")
    counter.at(35).moves("2026-12-02")
    counter.at(36).phone_gets_it()
    stale, owed = counter.promises(NEW)
    assert (stale.state, owed.state, owed.epoch) == ("kept", "open", 1)
    assert counter.part.special_order.tell_by_at is not None


def test_a_new_day_that_nobody_tells_is_broken_after_four_open_hours_climbs_and_is_recovered(
    counter: PartsWorld,
) -> None:
    cast = counter.cast
    told(counter)
    counter.at(30).moves("2026-11-30")
    counter.jump(minute(271))
    assert counter.promise(NEW).broken_at == minute(270)
    assert counter.jump(minute(391)).promise(NEW).owner == cast.rosa
    assert counter.jump(minute(DAY + 31)).promise(NEW).owner == cast.gus
    counter.texts_about_it(cast.gus, "I am sorry: Monday.")
    counter.jump(minute(DAY + 35)).phone_gets_it()
    assert counter.promise(NEW).is_recovered


def test_wrong_damaged_and_missing_pieces_are_new_days_too(counter: PartsWorld) -> None:
    counter.ordered(quantity=2)
    counter.does(counter.cast.ana, "told")
    counter.does(counter.cast.pete, "refuse", reason="damaged", eta_date="2026-11-27")
    counter.at(5).does(counter.cast.ana, "told")
    counter.at(10).does(counter.cast.pete, "receive", n=1, had=0, bin="A3", rest_date="2026-11-30")
    assert [promise.state for promise in counter.promises(NEW)] == ["kept", "open"]
    assert counter.part.state == "partial"


def test_a_counter_customers_day_is_owed_by_whoever_stood_there(counter: PartsWorld) -> None:
    cast = counter.cast
    counter.asks(cast.pete, ro_number="", customer=counter.customer.pk)
    counter.does(cast.pete, "order", how="daily", eta_date="2026-11-26")
    assert counter.promise(FIRST).owner == cast.pete
