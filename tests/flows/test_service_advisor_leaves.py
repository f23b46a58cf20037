"""Seam 12: an advisor leaves; their cars, and what is owed about them, are with another at once, and customers hear who has them."""

from __future__ import annotations

from dealership.staff import people
from dealership.staff.roles import Role
from service.models import RepairOrder
from tasks.models import Promise
from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import OPEN_RO

RULE = "tell_who_has_the_car"


@beginning(ServiceWorld)
def left(lane: ServiceWorld) -> None:
    """Ana leaves with Marlene's car in the shop."""
    lane.dms_sends(OPEN_RO)
    people.deactivate(lane.cast.ana, by=lane.cast.gus, now=lane.at(5).now)


def test_the_car_and_all_that_is_owed_about_it_go_to_the_next_advisor(left: ServiceWorld) -> None:
    lou = left.cast.lou
    assert left.ro.advisor == lou
    assert {left.promise(rule).owner for rule in (RULE, "tell_status", "promise_a_time")} == {lou}
    assert left.promise(RULE).due_at == minute(125)
    assert "with Lou Becker now (Ana Moreno left)" in left.promise(RULE).detail


def test_many_cars_are_shared_and_each_stays_whole(lane: ServiceWorld) -> None:
    cast = lane.cast
    ivy = people.add(
        store_id=cast.northside.pk,
        details=people.Details(name="Ivy Chan", role=Role.ADVISOR),
        by=cast.gus,
        now=lane.now,
    )
    lane.dms_sends(*(OPEN_RO | {"RO Number": str(n), "Customer Number": str(n)} for n in range(4)))
    people.deactivate(cast.ana, by=cast.gus, now=lane.at(5).now)
    ros = RepairOrder.objects.of_store(cast.northside.pk)
    assert set(ros.values_list("advisor", flat=True)) == {cast.lou.pk, ivy.pk}
    owners = {ro.advisor_id: set[int]() for ro in ros}
    for ro in ros:
        owed = Promise.objects.of_store(cast.northside.pk).filter(subject=f"ro:{ro.ro_number}", state="open")
        owners[ro.advisor_id] |= set(owed.values_list("owner_id", flat=True))
    assert owners == {cast.lou.pk: {cast.lou.pk}, ivy.pk: {ivy.pk}}


def test_the_dms_that_still_names_who_left_takes_nothing_back(left: ServiceWorld) -> None:
    left.at(10).dms_sends(OPEN_RO | {"Tag Number": "T4"})
    assert left.ro.advisor == left.cast.lou
    left.at(20).dms_sends(OPEN_RO | {"Tag Number": "T4", "Service Advisor Number": "0105"})
    assert (left.ro.advisor, left.ro.handed_over_at) == (left.cast.lou, None)


def test_a_text_by_the_new_one_keeps_it(left: ServiceWorld) -> None:
    left.writes_first(left.cast.lou, "Hi Marlene, I have your car now.")
    left.at(8).phone_gets_it()
    assert left.promise(RULE).state == "kept"


def test_a_customer_who_hears_nothing_is_broken_climbs_and_is_recovered(left: ServiceWorld) -> None:
    left.jump(minute(126)).jump(minute(186))
    promise = left.promise(RULE)
    assert (promise.broken_at, promise.owner) == (minute(125), left.cast.rosa)
    left.does(left.cast.lou, "told")
    assert left.promise(RULE).is_recovered
