"""Seam 31: what was promised with the car is delivered on its day, by a named person."""

from __future__ import annotations

from datetime import date

from sales.models import WeOwe
from tests.flows.deal_world import DealWorld, day

RULE = "deliver_we_owe"


def owe(desk: DealWorld, on: str = "2026-11-25") -> WeOwe:
    deal = desk.delivered()
    desk.posts(desk.cast.sam, f"deals/{deal.pk}/we-owes/", item="Second key", on=on, owner=desk.cast.lia.pk)
    return WeOwe.objects.of_store(desk.cast.northside.pk).get()


def test_what_is_owed_is_delivered_by_its_day_and_signed_for(desk: DealWorld) -> None:
    owed = owe(desk)
    promise = desk.promise(RULE)
    assert (promise.owner, promise.due_at, promise.about) == (desk.cast.lia, day(2, 23), owed.about)
    desk.posts(desk.cast.lia, f"we-owes/{owed.pk}/deliver/", signed_by="Nina Park")
    assert desk.promise(RULE).state == "kept"


def test_another_day_told_in_time_moves_it(desk: DealWorld) -> None:
    owed = owe(desk)
    desk.posts(desk.cast.lia, f"we-owes/{owed.pk}/move/", on="2026-11-27")
    promise = desk.promise(RULE)
    assert (promise.due_at, promise.broken_at) == (day(4, 23), None)
    owed.refresh_from_db()
    assert (owed.promised_date, owed.n_moved) == (date(2026, 11, 27), 1)


def test_another_day_told_too_late_leaves_it_broken_and_it_climbs(desk: DealWorld) -> None:
    owed = owe(desk)
    desk.jump(day(3, 13.5))
    promise = desk.promise(RULE)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", day(2, 23), desk.cast.mo)
    desk.posts(desk.cast.lia, f"we-owes/{owed.pk}/move/", on="2026-11-27")
    promise = desk.promise(RULE)
    assert (promise.broken_at, promise.due_at) == (day(2, 23), day(2, 23))
    assert "Nina Park" in desk.browser(desk.cast.mo).get("/sales/we-owes/?moved=yes").content.decode()
    desk.posts(desk.cast.lia, f"we-owes/{owed.pk}/deliver/", signed_by="Nina Park")
    assert desk.promise(RULE).is_recovered


def test_what_is_not_owed_any_more_is_dropped_with_a_reason(desk: DealWorld) -> None:
    owed = owe(desk)
    answer = desk.browser(desk.cast.sam).post(f"/sales/we-owes/{owed.pk}/drop/", {"why": " "})
    assert answer.status_code == 422
    desk.posts(desk.cast.sam, f"we-owes/{owed.pk}/drop/", why="she found it at home")
    assert desk.promise(RULE).state == "waived"


def test_a_day_that_has_passed_is_refused_beside_the_field(desk: DealWorld) -> None:
    deal = desk.delivered()
    form = {"item": "Second key", "on": "2026-11-20", "owner": desk.cast.lia.pk}
    answer = desk.browser(desk.cast.sam).post(f"/sales/deals/{deal.pk}/we-owes/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "That day has passed" in page
    assert "Second key" in page
