"""Seams 65, 66 and 78: a part that arrived gets its visit, and is fitted or goes back within thirty days."""

from __future__ import annotations

from typing import Any

from tasks.models import Task
from tests.flows.parts_world import PartsWorld
from tests.flows.sales_world import minute
from tests.flows.service_world import MARLENE
from tests.service.feeds import CLOSED_RO

BOOK, CLEAR, COUNTER = "book_arrived_part", "clear_arrived_part", "tell_counter_customer"
DAY = 24 * 60


def left_without_it(counter: PartsWorld, **more: Any) -> None:
    """The car went home, and then the part came."""
    counter.ordered(**more)
    counter.at(20).dms_sends(CLOSED_RO | {"Recommended Operation Codes": "", "Recommendations": ""})
    counter.at(30).comes()


def books(counter: PartsWorld) -> None:
    answer = counter.browser(counter.cast.sid).post(
        "/appointments/book/",
        {"customer": counter.customer.pk, "department": "service", "day": "2026-11-25", "time": "10:00"},
    )
    assert answer.status_code == 302, answer.content
    counter.work()


# --- 65: the visit ---------------------------------------------------------------------------------------------------


def test_a_part_that_arrives_for_a_car_that_left_is_booked_by_the_service_bdc(counter: PartsWorld) -> None:
    left_without_it(counter)
    promise = counter.promise(BOOK)
    assert (promise.owner, promise.due_at) == (counter.cast.sid, minute(30 + DAY))
    assert promise.detail == "Rear caliper for the 2019 Civic"
    counter.at(31)
    assert any("Your part has arrived: Rear caliper for the 2019 Civic." in text for text in counter.texts())
    counter.phone_gets_it()
    assert counter.promise(BOOK).state == "open"
    books(counter)
    assert (counter.promise(BOOK).state, counter.promise(BOOK).broken_at) == ("kept", None)


def test_what_they_answer_to_the_text_is_answered_by_who_books(counter: PartsWorld) -> None:
    left_without_it(counter)
    counter.at(31).phone_gets_it()
    counter.at(40).customer_writes("Do I have to leave the car all day?", MARLENE)
    answer = counter.promise("answer_parts_text")
    assert (answer.owner, answer.due_at) == (counter.cast.sid, minute(55))
    counter.at(45).writes(counter.cast.sid, "An hour is enough. Wednesday at ten?")
    counter.at(46).phone_gets_it(body="An hour is enough")
    assert (counter.promise("answer_parts_text").state, counter.promise(BOOK).state) == ("kept", "open")


def test_a_visit_that_nobody_sets_is_broken_after_a_day_climbs_and_is_recovered(counter: PartsWorld) -> None:
    cast = counter.cast
    left_without_it(counter)
    counter.jump(minute(31 + DAY))
    assert counter.promise(BOOK).broken_at == minute(30 + DAY)
    assert counter.jump(minute(31 + 2 * DAY)).promise(BOOK).owner == cast.rosa
    assert counter.jump(minute(31 + 4 * DAY)).promise(BOOK).owner == cast.gus
    counter.does(cast.ana, "fitted")
    assert counter.promise(BOOK).is_recovered


def test_a_car_that_is_in_needs_no_visit(ordered: PartsWorld) -> None:
    ordered.comes(car_is_here="on", bin="")
    assert ordered.promises(BOOK) == []
    assert ordered.promise(CLEAR).owner == ordered.cast.pam


def test_whoever_has_a_visit_ahead_is_not_asked_for_one(ordered: PartsWorld) -> None:
    books(ordered)
    ordered.at(30).comes()
    assert ordered.promises(BOOK) == []


def test_the_fitting_of_another_part_books_nothing(counter: PartsWorld) -> None:
    left_without_it(counter)
    pads = counter.promise(BOOK)
    counter.ordered(part="Rotor", eta="2026-11-27")
    counter.at(40).comes()
    assert [promise.state for promise in counter.promises(BOOK)] == ["open", "open"]
    counter.does(counter.cast.ana, "fitted")
    pads.refresh_from_db()
    assert (pads.state, counter.promise(BOOK).state) == ("open", "kept")


# --- 66: thirty days -------------------------------------------------------------------------------------------------


def test_a_part_that_nobody_fits_is_asked_about_called_about_and_goes_back(counter: PartsWorld) -> None:
    cast = counter.cast
    left_without_it(counter)
    promise = counter.promise(CLEAR)
    assert (promise.owner, promise.due_at) == (cast.pam, minute(30 + 30 * DAY))
    counter.jump(minute(31 + 14 * DAY))
    assert any("is still waiting: Rear caliper" in text for text in counter.texts())
    call = Task.objects.of_store(cast.northside.pk).get(promise=promise, kind="call")
    assert call.run_at == minute(30 + 21 * DAY)
    assert "14 days: remind" in counter.browser(cast.pete).get("/parts/").content.decode()
    counter.jump(minute(31 + 30 * DAY))
    assert counter.promise(CLEAR).broken_at == minute(30 + 30 * DAY)
    assert counter.jump(minute(31 + 33 * DAY)).promise(CLEAR).owner == cast.rosa
    counter.does(cast.pete, "give-back", outcome="returned", why="Nobody came")
    assert counter.promise(CLEAR).is_recovered
    assert counter.promise(BOOK).state == "void"


def test_a_part_that_is_fitted_is_cleared(ordered: PartsWorld) -> None:
    ordered.comes(car_is_here="on")
    ordered.does(ordered.cast.ana, "fitted")
    assert (ordered.promise(CLEAR).state, ordered.promise(CLEAR).broken_at) == ("kept", None)


# --- 78: the counter -------------------------------------------------------------------------------------------------


def at_the_counter(counter: PartsWorld) -> None:
    counter.asks(counter.cast.pete, ro_number="", customer=counter.customer.pk)
    counter.does(counter.cast.pete, "order", how="daily", eta_date="2026-11-26")
    counter.at(30).comes()


def test_a_counter_customer_hears_the_same_day_that_their_part_is_here(counter: PartsWorld) -> None:
    at_the_counter(counter)
    promise = counter.promise(COUNTER)
    assert (promise.owner, promise.due_at) == (counter.cast.pete, minute(8 * 60))
    assert counter.promises(BOOK) == []
    counter.at(31).phone_gets_it(body="has arrived")
    assert (counter.promise(COUNTER).state, counter.promise(COUNTER).broken_at) == ("kept", None)


def test_a_counter_customer_who_hears_nothing_is_broken_at_the_close_climbs_and_is_recovered(
    counter: PartsWorld,
) -> None:
    cast = counter.cast
    at_the_counter(counter)
    counter.jump(minute(8 * 60 + 1))
    assert counter.promise(COUNTER).broken_at == minute(8 * 60)
    assert counter.jump(minute(31 + DAY)).promise(COUNTER).owner == cast.pam
    assert counter.jump(minute(31 + 2 * DAY)).promise(COUNTER).owner == cast.rosa
    counter.does(cast.pete, "told")
    assert counter.promise(COUNTER).is_recovered
