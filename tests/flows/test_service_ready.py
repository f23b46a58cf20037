"""Seam 52: a car that is ready is told within ten minutes, by a person, on the carrier's word."""

from __future__ import annotations

from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import CLOSED_RO, OPEN_RO

RULE = "tell_ready"


@beginning(ServiceWorld)
def ready(lane: ServiceWorld) -> None:
    """Marlene's car is ready since the twentieth minute."""
    lane.dms_sends(OPEN_RO)
    lane.at(20).does(lane.cast.tess, "stage", stage="ready")


def test_a_text_tells_it_once_the_phone_has_it(ready: ServiceWorld) -> None:
    promise = ready.promise(RULE)
    assert (promise.owner, promise.due_at) == (ready.cast.ana, minute(30))
    page = ready.page(ready.cast.ana)
    assert "Your 2019 Civic is ready" in page
    ready.does(ready.cast.ana, "tell", how="text", body="Your car is ready, we are here until six.")
    assert ready.promise(RULE).state == "open"
    ready.at(25).phone_gets_it(body="ready")
    assert (ready.promise(RULE).state, ready.promise(RULE).broken_at) == ("kept", None)
    assert ready.ro.ready_told_at == minute(25)


def test_another_text_does_not_tell_that_it_is_ready(ready: ServiceWorld) -> None:
    ready.writes_first(ready.cast.ana, "By the way, your coffee mug is here.")
    ready.at(22).phone_gets_it()
    assert ready.promise(RULE).state == "open"


def test_silence_is_broken_climbs_and_is_recovered_in_person(ready: ServiceWorld) -> None:
    ready.jump(minute(31)).jump(minute(41))
    promise = ready.promise(RULE)
    assert (promise.broken_at, promise.owner) == (minute(30), ready.cast.rosa)
    ready.does(ready.cast.ana, "tell", how="in person")
    assert ready.promise(RULE).is_recovered
    assert ready.promise("tell_status").state == "open"


def test_a_call_keeps_it(ready: ServiceWorld) -> None:
    ready.calls(ready.cast.ana, ready.customer.pk)
    assert ready.promise(RULE).state == "kept"


def test_pressed_twice_it_is_one_text(ready: ServiceWorld) -> None:
    pressed = {"how": "text", "body": "It is ready.", "key": "0b7b2f9c-0000-4000-8000-000000000002"}
    for _ in range(2):
        ready.does(ready.cast.ana, "tell", **pressed)
    assert ready.texts() == ["It is ready."]


def test_a_car_that_is_not_ready_after_all_is_not_told_as_such(ready: ServiceWorld) -> None:
    ready.does(ready.cast.tess, "stage", stage="quality_check")
    assert ready.promise(RULE).state == "void"


def test_the_close_ends_it(ready: ServiceWorld) -> None:
    ready.at(25).dms_sends(CLOSED_RO)
    assert ready.promise(RULE).state == "void"
