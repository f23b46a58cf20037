"""Seam 34: a buyer is spoken with the day after, after a week, and after a month."""

from __future__ import annotations

from tests.flows.deal_world import NINA, DealWorld, day

DAY, WEEK, MONTH = "speak_after_a_day", "speak_after_a_week", "speak_after_a_month"


def test_each_mark_is_told_once_at_the_opening_of_its_day(delivered: DealWorld) -> None:
    delivered.jump(day(1, 12.9))
    assert delivered.promises(DAY) == []
    delivered.jump(day(1, 13.1)).work()
    (promise,) = delivered.promises(DAY)
    assert (promise.opened_at, promise.due_at, promise.owner) == (day(1, 13), day(1, 23), delivered.cast.sam)

    delivered.jump(day(1)).calls(delivered.cast.sam, delivered.nina.pk)
    assert delivered.promise(DAY).state == "kept"
    delivered.on(7)
    assert [promise.opened_at for promise in delivered.promises(WEEK)] == [day(7, 13)]
    delivered.on(31)
    assert len(delivered.promises(MONTH)) == 1
    assert delivered.deal.next_milestone_at is None


def test_a_machines_text_keeps_nothing_and_their_answer_does(delivered: DealWorld) -> None:
    delivered.on(7)
    delivered.jump(day(7, 15))
    delivered.phone_gets_it(body="a week now")
    assert delivered.promise(WEEK).state == "open"
    delivered.customer_writes("All good, thanks!", NINA)
    assert delivered.promise(WEEK).state == "kept"


def test_nobody_who_speaks_is_broken_at_closing_time_and_climbs(delivered: DealWorld) -> None:
    delivered.jump(day(1, 14))
    delivered.jump(day(2, 12))
    promise = delivered.promise(DAY)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", day(1, 23), delivered.cast.sam)
    delivered.jump(day(2, 16))
    assert delivered.promise(DAY).owner == delivered.cast.mo


def test_an_outage_delays_the_word_and_loses_none(delivered: DealWorld) -> None:
    delivered.jump(day(9))
    assert [len(delivered.promises(rule)) for rule in (DAY, WEEK)] == [1, 1]
    assert delivered.promise(DAY).opened_at == day(1, 13)
