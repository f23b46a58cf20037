"""Seam 34: a buyer is spoken with the day after, after a week, and after a month."""

from __future__ import annotations

from tests.flows.deal_world import NINA, DealWorld, day

DAY, WEEK, MONTH = "speak_after_a_day", "speak_after_a_week", "speak_after_a_month"


def test_each_mark_is_told_once_at_the_opening_of_its_day(desk: DealWorld) -> None:
    desk.delivered()
    desk.jump(day(1, 12.9))
    assert desk.promises(DAY) == []
    desk.jump(day(1, 13.1)).work()
    (promise,) = desk.promises(DAY)
    assert (promise.opened_at, promise.due_at, promise.owner) == (day(1, 13), day(1, 23), desk.cast.sam)

    desk.jump(day(1)).calls(desk.cast.sam, desk.nina.pk)
    assert desk.promise(DAY).state == "kept"
    desk.on(7)
    assert [promise.opened_at for promise in desk.promises(WEEK)] == [day(7, 13)]
    desk.on(31)
    assert len(desk.promises(MONTH)) == 1
    assert desk.deal.next_milestone_at is None


def test_a_machines_text_keeps_nothing_and_their_answer_does(desk: DealWorld) -> None:
    desk.delivered()
    desk.on(7)
    desk.jump(day(7, 15))
    desk.phone_gets_it(body="a week now")
    assert desk.promise(WEEK).state == "open"
    desk.customer_writes("All good, thanks!", NINA)
    assert desk.promise(WEEK).state == "kept"


def test_nobody_who_speaks_is_broken_at_closing_time_and_climbs(desk: DealWorld) -> None:
    desk.delivered()
    desk.jump(day(1, 14))
    desk.jump(day(2, 12))
    promise = desk.promise(DAY)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", day(1, 23), desk.cast.sam)
    desk.jump(day(2, 16))
    assert desk.promise(DAY).owner == desk.cast.mo


def test_an_outage_delays_the_word_and_loses_none(desk: DealWorld) -> None:
    desk.delivered()
    desk.jump(day(9))
    assert [len(desk.promises(rule)) for rule in (DAY, WEEK)] == [1, 1]
    assert desk.promise(DAY).opened_at == day(1, 13)
