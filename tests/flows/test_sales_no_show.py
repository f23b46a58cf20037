"""Seam 7: whoever does not come to their sales visit is called back the same day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from tests.flows.sales_world import World, minute

RULE = "save_missed_sales_visit"


@pytest.fixture
def visit(world: World) -> Appointment:
    """Tom asked, was called, and is expected at eleven."""
    world.post_lead()
    world.calls(world.cast.dana, world.lead.customer_id)
    customer = Customer.objects.of_store(world.cast.northside.pk).get(pk=world.lead.customer_id)
    booked = booking.book(
        store_id=world.cast.northside.pk, department="sales", customer=customer, starts_at=minute(60),
        person=world.cast.sam, by=world.cast.dana, now=minute(0),
    )  # fmt: skip
    assert world.lead.state == "appointment"
    return booked


def test_a_no_show_is_offered_a_new_time_and_saved_by_it(world: World, visit: Appointment) -> None:
    world.at(119)
    assert world.promises(RULE) == []
    world.at(121)
    promise = world.promise(RULE)
    assert (promise.owner, promise.opened_at, promise.due_at) == (world.cast.dana, minute(120), minute(180))
    assert world.lead.state == "talking"
    assert [text for text in world.texts() if "missed you" in text] != []

    world.at(130)
    booking.book(
        store_id=visit.store_id, department="sales", customer=visit.customer,
        starts_at=minute(60) + timedelta(days=1), by=world.cast.dana, now=minute(130),
    )  # fmt: skip
    promise = world.promise(RULE)
    assert (promise.state, promise.broken_at) == ("kept", None)
    assert world.lead.state == "appointment"


def test_the_customers_answer_to_the_new_time_saves_it_and_is_owed_an_answer(
    world: World, visit: Appointment
) -> None:
    world.at(125).phone_gets_it()
    world.at(140).customer_writes("Sorry, stuck at work. Do you have something on Thursday?")
    assert world.promise(RULE).state == "kept"
    assert world.promise("answer_sales_message").state == "open"


def test_an_attempt_saves_nothing_and_it_climbs_and_is_recovered(world: World, visit: Appointment) -> None:
    cast = world.cast
    world.at(125).phone_gets_it()
    world.at(140).calls(cast.dana, visit.customer_id, "voicemail")
    world.at(181)
    promise = world.promise(RULE)
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(180), cast.dana)
    assert world.at(211).promise(RULE).owner == cast.bea
    assert world.at(361).promise(RULE).owner == cast.gus
    world.calls(cast.gus, visit.customer_id)
    assert world.promise(RULE).is_recovered


def test_near_closing_it_is_due_by_the_end_of_the_day(world: World, visit: Appointment) -> None:
    booking.move(visit, starts_at=minute(6 * 60 + 30), by=world.cast.dana, now=minute(1))
    world.at(7 * 60 + 31)
    assert world.promise(RULE).due_at == minute(8 * 60)


def test_who_comes_late_needs_no_saving(world: World, visit: Appointment) -> None:
    world.at(125)
    visit.refresh_from_db()
    booking.check_in(visit, by=world.cast.sam, now=minute(125))
    assert world.promise(RULE).state == "void"


def test_who_came_is_not_missed(world: World, visit: Appointment) -> None:
    booking.check_in(visit, by=world.cast.sam, now=minute(58))
    world.at(200)
    assert world.promises(RULE) == []


def test_a_missed_service_visit_is_no_business_of_sales(asking: World) -> None:
    asking.calls(asking.cast.dana, asking.lead.customer_id)
    customer = Customer.objects.of_store(asking.cast.northside.pk).get(pk=asking.lead.customer_id)
    missed = booking.book(
        store_id=customer.store_id, department="service", customer=customer, starts_at=minute(60), by=asking.cast.sid, now=minute(0)
    )  # fmt: skip
    booking.miss(missed, now=minute(121))
    asking.at(130)
    assert asking.promises(RULE) == []
