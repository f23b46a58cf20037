"""Seam 58: a car that is back for the same within thirty days is put right, and the foreman writes down how."""

from __future__ import annotations

from datetime import timedelta

from tests.cast import MONDAY_TEN
from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import OPEN_RO

RULE = "settle_comeback"
WHINE = {"Operation Codes": "DIAG", "Operation Code Descriptions": "DIAGNOSIS", "Labor Complaint": "WHINING NOISE WHEN BRAKING",
         "Operation Line Number": "1", "Operation Sale Types": "C"}  # fmt: skip
BEFORE = (
    OPEN_RO
    | WHINE
    | {"RO Number": "047000", "Open Date": "11/10/2026", "Close Date": "11/11/2026", "RO Status": "C"}
)
AGAIN = OPEN_RO | WHINE | {"Labor Complaint": "BRAKES STILL WHINE, NOISE AT LOW SPEED"}


@beginning(ServiceWorld)
def back(lane: ServiceWorld) -> None:
    """Marlene's car was here for a noise two weeks ago, and is here for it again."""
    lane.dms_sends(BEFORE)
    lane.at(10).dms_sends(AGAIN)


def test_it_is_found_as_the_ro_opens_and_settled_in_writing(back: ServiceWorld) -> None:
    promise = back.promise(RULE)
    assert (promise.owner, promise.due_at) == (back.cast.rosa, minute(10 + 24 * 60))
    assert "was RO 047000" in promise.detail
    assert "This car was here on RO 047000" in back.page(back.cast.rosa)
    assert "comeback" in back.browser(back.cast.rosa).get("/service/").content.decode()
    back.does(
        back.cast.rosa,
        "comeback",
        is_comeback="yes",
        first_wrong="Pads glazed",
        now_right="New pads and rotors",
    )
    assert (back.promise(RULE).state, back.promise(RULE).broken_at) == ("kept", None)
    assert "New pads and rotors" in back.page(back.cast.rosa)


def test_a_comeback_is_found_once_however_often_the_file_comes(back: ServiceWorld) -> None:
    back.at(20).dms_sends(AGAIN | {"Tag Number": "T9"})
    assert len(back.promises(RULE)) == 1


def test_that_it_is_none_needs_a_reason(back: ServiceWorld) -> None:
    path = f"/service/repair-orders/{back.ro.pk}/comeback/"
    browser = back.browser(back.cast.rosa)
    assert browser.post(path, {"is_comeback": "no", "now_right": ""}).status_code == 422
    assert browser.post(path, {"is_comeback": "yes", "now_right": "all"}).status_code == 422
    back.does(back.cast.rosa, "comeback", is_comeback="no", now_right="The rear brakes this time")
    assert back.promise(RULE).state == "kept"


def test_one_that_nobody_settles_is_broken_climbs_and_is_recovered(back: ServiceWorld) -> None:
    back.jump(MONDAY_TEN + timedelta(days=1, minutes=11)).jump(MONDAY_TEN + timedelta(days=2, minutes=11))
    promise = back.promise(RULE)
    assert (promise.broken_at, promise.owner) == (minute(10 + 24 * 60), back.cast.gus)
    back.does(back.cast.rosa, "comeback", is_comeback="yes", first_wrong="Pads", now_right="Rotors")
    assert back.promise(RULE).is_recovered


def test_a_car_that_is_here_for_something_else_is_no_comeback(lane: ServiceWorld) -> None:
    lane.dms_sends(BEFORE)
    lane.at(10).dms_sends(OPEN_RO)
    assert lane.promises(RULE) == []
