"""Seams 54, 55 and 56: a closed RO is a trigger, not a finish line."""

from __future__ import annotations

from datetime import timedelta

from tasks.models import Promise
from tests.cast import MONDAY_TEN
from tests.flows.sales_world import minute
from tests.flows.service_world import MARLENE, ServiceWorld
from tests.service.feeds import CLOSED_RO, OPEN_RO, VISIT

DAY = 24 * 60


def states(lane: ServiceWorld) -> dict[str, str]:
    rows = Promise.objects.of_store(lane.cast.northside.pk).filter(seam__in=[54, 55, 56])
    return {f"{row.rule}:{row.about}".rstrip(":"): row.state for row in rows}


def test_a_close_opens_all_that_follows_with_an_owner_and_a_time(closed: ServiceWorld) -> None:
    cast = closed.cast
    asked, red, yellow, ahead = (
        closed.promise(rule)
        for rule in ("ask_how_it_was", "offer_safety_work_again", "offer_work_again", "set_next_visit")
    )
    assert (asked.owner, asked.due_at) == (cast.sid, minute(DAY))
    assert (red.owner, red.about, red.due_at) == (cast.ana, "brkf", minute(2 * DAY))
    assert (yellow.owner, yellow.about) == (cast.ana, "cabin")
    assert yellow.due_at > minute(20 * DAY)
    assert (ahead.owner, ahead.due_at) == (cast.ana, minute(7 * DAY))
    assert red.detail == "Front pads 2mm on the 2019 Civic"


# --- 54: how was it? -------------------------------------------------------------------------------------------------


def test_the_question_leaves_after_the_time_in_which_a_close_is_taken_back(closed: ServiceWorld) -> None:
    closed.at(59)
    assert closed.texts() == []
    closed.at(61)
    assert ["How was it?" in text for text in closed.texts()] == [True]


def test_a_good_answer_is_thanked_for_and_keeps_it(closed: ServiceWorld) -> None:
    closed.at(61).phone_gets_it()
    closed.at(90).customer_writes("5", MARLENE)
    promise = closed.promise("ask_how_it_was")
    assert (promise.state, promise.broken_at) == ("kept", None)
    closed.at(92)
    assert any("glad to hear it" in text for text in closed.texts())


def test_a_poor_answer_keeps_it_and_is_a_persons_to_answer(closed: ServiceWorld) -> None:
    closed.at(61).phone_gets_it()
    closed.at(90).customer_writes("2", MARLENE)
    assert closed.promise("ask_how_it_was").state == "kept"
    closed.at(92)
    assert not any("glad" in text for text in closed.texts())
    waiting = Promise.objects.of_store(closed.cast.northside.pk).filter(seam=10, state="open")
    assert waiting.count() == 1


def test_an_unasked_close_is_broken_climbs_and_is_recovered_by_a_call(lane: ServiceWorld) -> None:
    cast = lane.cast
    lane.dms_sends(CLOSED_RO | {"Opt Out": "Y"})
    lane.on(minute(DAY + 1))
    promise = lane.promise("ask_how_it_was")
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(DAY), cast.sid)
    assert lane.texts() == []
    assert lane.on(minute(2 * DAY + 1)).promise("ask_how_it_was").owner == cast.rosa
    lane.calls(cast.rosa, lane.customer.pk)
    assert lane.promise("ask_how_it_was").is_recovered


def test_a_reopen_takes_back_the_question_that_was_not_yet_sent(closed: ServiceWorld) -> None:
    closed.at(20).dms_sends(OPEN_RO)
    closed.at(120)
    assert closed.texts() == []
    assert set(states(closed).values()) == {"void"}


# --- 55: declined work -----------------------------------------------------------------------------------------------


def test_safety_work_is_offered_by_text_and_kept_by_a_visit(closed: ServiceWorld) -> None:
    closed.on(minute(DAY))
    assert any("Front pads 2mm" in text and "Ana" in text for text in closed.texts())
    assert not any("Cabin" in text for text in closed.texts())
    answer = closed.browser(closed.cast.ana).post(
        f"/service/declined/{closed.line('brkf').pk}/book/", {"day": "2026-11-27", "time": "09:00"}
    )
    assert answer.status_code == 302
    assert states(closed)["offer_safety_work_again:brkf"] == "kept"
    assert states(closed)["offer_work_again:cabin"] == "open"
    assert states(closed)["set_next_visit"] == "kept"


def test_safety_work_that_nobody_offers_is_broken_climbs_and_is_recovered_when_it_is_sold(
    closed: ServiceWorld,
) -> None:
    cast = closed.cast
    closed.on(minute(2 * DAY + 1))
    promise = closed.promise("offer_safety_work_again")
    assert (promise.broken_at, promise.owner) == (minute(2 * DAY), cast.ana)
    closed.on(minute(4 * DAY + 1))
    assert closed.promise("offer_safety_work_again").owner == cast.sid
    sells = {
        "RO Number": "048300", "Open Date": "11/27/2026", "Close Date": "11/27/2026", "Operation Codes": "BRKF",
        "Operation Code Descriptions": "FRONT BRAKE PADS", "Operation Line Number": "1", "Operation Sale Types": "C",
        "Recommended Operation Codes": "", "Recommendations": "",
    }  # fmt: skip
    closed.on(minute(4 * DAY + 120)).dms_sends(CLOSED_RO | sells)
    promise = closed.promise("offer_safety_work_again")
    assert promise.is_recovered
    assert promise.broken_at == minute(2 * DAY)


def test_a_reason_from_the_customer_waives_the_line_and_no_other(closed: ServiceWorld) -> None:
    path = f"/service/declined/{closed.line('brkf').pk}/close/"
    assert closed.browser(closed.cast.ana).post(path, {"why": ""}).status_code == 422
    assert closed.browser(closed.cast.ana).post(path, {"why": "Done elsewhere"}).status_code == 302
    assert states(closed)["offer_safety_work_again:brkf"] == "waived"
    assert states(closed)["offer_work_again:cabin"] == "open"


# --- 56: the next visit ----------------------------------------------------------------------------------------------


def test_the_next_visit_is_kept_by_any_booking_also_by_the_dms(closed: ServiceWorld) -> None:
    spring = VISIT | {"Appointment Date": "5/18/2027", "Appointment Time": "9:00 AM"}
    closed.at(30).dms_sends(spring, kind="SV_APPT")
    promise = closed.promise("set_next_visit")
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_whoever_has_a_visit_ahead_is_not_asked_for_one(lane: ServiceWorld) -> None:
    lane.dms_sends(VISIT | {"Appointment Date": "5/18/2027", "Appointment Time": "9:00 AM"}, kind="SV_APPT")
    lane.at(30).dms_sends(CLOSED_RO)
    assert lane.promises("set_next_visit") == []


def test_a_customer_without_a_next_visit_is_broken_climbs_and_is_recovered(closed: ServiceWorld) -> None:
    cast = closed.cast
    closed.on(minute(7 * DAY + 1))
    promise = closed.promise("set_next_visit")
    assert (promise.broken_at, promise.owner) == (minute(7 * DAY), cast.ana)
    closed.on(MONDAY_TEN + timedelta(days=10))
    assert closed.promise("set_next_visit").owner == cast.sid
    closed.browser(cast.sid).post(
        f"/service/declined/{closed.line('cabin').pk}/book/", {"day": "2026-12-08", "time": "10:00"}
    )
    assert closed.promise("set_next_visit").is_recovered


def test_a_voided_ro_owes_nothing_of_this(closed: ServiceWorld) -> None:
    closed.at(30).dms_sends(OPEN_RO | {"RO Status": "V"})
    closed.at(120)
    assert set(states(closed).values()) == {"void"}
    assert closed.texts() == []
