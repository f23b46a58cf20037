"""Seams 38, 41 and 10 in service: a wish for a visit gets a time, a no-show is saved the same day, a text is answered."""

from __future__ import annotations

from django.db import transaction

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.events import bus
from dealership.events.catalogue.appointments import BookingRequested
from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import MARLENE, ServiceWorld
from tests.service.feeds import OPEN_RO, VISIT

ASKED, MISSED, ANSWERED = "offer_service_slot", "save_missed_service_visit", "answer_service_text"
ELEVEN = VISIT | {"Appointment Date": "11/23/2026", "Appointment Time": "11:00 AM"}


@beginning(ServiceWorld)
def known(lane: ServiceWorld) -> None:
    """Marlene was here last week; her RO is closed, and service is whom she texts with."""
    lane.dms_sends(OPEN_RO | {"Open Date": "11/16/2026", "RO Status": "C", "Close Date": "11/16/2026"})


def ask(lane: ServiceWorld) -> None:
    """A colleague notes on the phone that she would like a visit."""
    with transaction.atomic():
        bus.publish(
            BookingRequested(
                store_id=lane.cast.northside.pk, at=lane.now, subject=f"customer:{lane.customer.pk}",
                customer_id=lane.customer.pk, department="service", how="phone", wish="brakes, on Thursday",
                by=lane.cast.dana.pk,
            )
        )  # fmt: skip


def book(lane: ServiceWorld, at: float, by: str = "sid") -> Appointment:
    return booking.book(
        store_id=lane.cast.northside.pk, department="service", customer=lane.customer, starts_at=minute(at),
        by=lane.cast.people[by], now=lane.now,
    )  # fmt: skip


# --- 38 --------------------------------------------------------------------------------------------------------------


def test_a_wish_for_a_visit_is_kept_by_a_time(known: ServiceWorld) -> None:
    ask(known)
    promise = known.promise(ASKED)
    assert (promise.owner, promise.due_at) == (known.cast.sid, minute(20))
    assert promise.detail == "brakes, on Thursday · asked by phone"
    known.at(15)
    book(known, 3 * 24 * 60)
    promise = known.promise(ASKED)
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_a_wish_that_is_texted_gets_a_time(known: ServiceWorld) -> None:
    known.customer_writes("Can I bring my car in for an oil change on Thursday at 9?", MARLENE)
    assert known.promise(ASKED).state == "open"


def test_a_talk_without_a_time_keeps_no_wish(known: ServiceWorld) -> None:
    ask(known)
    known.at(5).calls(known.cast.sid, known.customer.pk)
    assert known.promise(ASKED).state == "open"


def test_a_wish_that_gets_no_time_is_broken_climbs_and_is_recovered(known: ServiceWorld) -> None:
    cast = known.cast
    ask(known)
    known.at(21)
    assert known.promise(ASKED).broken_at == minute(20)
    assert known.at(41).promise(ASKED).owner == cast.rosa
    assert known.at(91).promise(ASKED).owner == cast.gus
    book(known, 24 * 60, by="rosa")
    assert known.promise(ASKED).is_recovered


# --- 41 --------------------------------------------------------------------------------------------------------------


@beginning(ServiceWorld)
def expected(lane: ServiceWorld) -> None:
    """The DMS has set a visit at eleven, and its RO feed is fresh."""
    lane.dms_sends(ELEVEN, kind="SV_APPT")
    lane.at(110).dms_sends(OPEN_RO | {"RO Number": "1", "Customer Number": "5", "Cell Phone": "973-555-0155", "VIN": "",
                                      "Email 1": "", "First Name": "OLA", "Full Name": ""})  # fmt: skip


def test_a_no_show_is_declared_an_hour_later_and_offered_another_time(expected: ServiceWorld) -> None:
    expected.at(119)
    assert expected.promises(MISSED) == []
    expected.at(122)
    promise = expected.promise(MISSED)
    assert (promise.owner, promise.opened_at, promise.due_at) == (expected.cast.sid, minute(120), minute(180))
    assert any("What time would suit you instead?" in text for text in expected.texts())


def test_a_no_show_is_saved_by_their_answer(expected: ServiceWorld) -> None:
    expected.at(122).phone_gets_it()
    expected.at(130).customer_writes("Sorry! Tomorrow at 9 would work", MARLENE)
    promise = expected.promise(MISSED)
    assert (promise.state, promise.broken_at) == ("kept", None)


def test_a_no_show_is_saved_by_another_time(expected: ServiceWorld) -> None:
    expected.at(122)
    visit = Appointment.objects.of_store(expected.cast.northside.pk).get(dms_number="90017")
    booking.move(visit, starts_at=minute(25 * 60), by=expected.cast.sid, now=minute(123))
    assert expected.promise(MISSED).state == "kept"


def test_a_no_show_that_nobody_reaches_is_broken_climbs_and_is_recovered(expected: ServiceWorld) -> None:
    cast = expected.cast
    expected.at(125)
    visit = Appointment.objects.of_store(cast.northside.pk).get(dms_number="90017")
    expected.calls(cast.sid, visit.customer_id, "voicemail")
    expected.at(181)
    assert expected.promise(MISSED).broken_at == minute(180)
    assert expected.at(211).promise(MISSED).owner == cast.rosa
    assert expected.at(361).promise(MISSED).owner == cast.gus
    expected.calls(cast.gus, visit.customer_id)
    assert expected.promise(MISSED).is_recovered


def test_who_comes_late_needs_no_saving(expected: ServiceWorld) -> None:
    expected.at(125).dms_sends(OPEN_RO | {"Appointment Number": "90017"})
    assert expected.promise(MISSED).state == "void"


def test_while_the_ro_feed_is_stale_nobody_is_said_not_to_have_come(lane: ServiceWorld) -> None:
    lane.dms_sends(
        OPEN_RO | {"RO Number": "1", "Customer Number": "5", "Cell Phone": "", "VIN": "", "Email 1": ""}
    )
    lane.dms_sends(ELEVEN | {"Appointment Time": "11:30 AM"}, kind="SV_APPT")
    lane.at(170)
    assert lane.promises(MISSED) == []
    assert lane.texts() == []
    page = lane.browser(lane.cast.rosa).get("/imports/").content.decode()
    assert "(1 visit waiting)" in page


# --- 10 --------------------------------------------------------------------------------------------------------------


def test_a_text_about_service_is_answered_by_a_person_in_time(opened: ServiceWorld) -> None:
    opened.writes_first(opened.cast.ana, "Your car is in the bay.")
    opened.phone_gets_it()
    opened.at(10).customer_writes("Will it be long?", MARLENE)
    promise = opened.promise(ANSWERED)
    assert (promise.owner, promise.due_at) == (opened.cast.ana, minute(25))
    opened.at(12).writes(opened.cast.ana, "About an hour.")
    assert opened.promise(ANSWERED).state == "open"
    opened.at(13).phone_gets_it()
    assert opened.promise(ANSWERED).state == "kept"


def test_a_text_that_nobody_answers_climbs_to_the_service_manager_and_the_general_manager(
    opened: ServiceWorld,
) -> None:
    opened.writes_first(opened.cast.ana, "Your car is in the bay.")
    opened.phone_gets_it()
    opened.at(10).customer_writes("Will it be long?", MARLENE)
    assert opened.at(41).promise(ANSWERED).owner == opened.cast.rosa
    assert opened.at(71).promise(ANSWERED).owner == opened.cast.gus
    opened.calls(opened.cast.gus, opened.customer.pk)
    assert opened.promise(ANSWERED).is_recovered


def test_a_visit_is_moved_and_its_customer_answered_in_one_act(known: ServiceWorld) -> None:
    sid, visit = known.cast.sid, book(known, 25 * 60)
    known.phone_gets_it()
    known.at(10).customer_writes("Something came up, can we do Wednesday afternoon instead?", MARLENE)
    promise = known.promise(ANSWERED)
    page = known.browser(sid).get(f"/promises/{promise.pk}/").content.decode()
    assert "Move the visit and answer" in page

    where = f"/appointments/{visit.pk}/move-and-answer/"
    assert "can we do Wednesday afternoon instead?" in known.browser(sid).get(where).content.decode()
    known.at(12).presses(
        sid,
        where,
        slot="2026-11-25 14:00",
        body="Wednesday at two it is. Sid",
        version=visit.version,
    )
    visit.refresh_from_db()
    assert visit.starts_at == minute(2 * 24 * 60 + 4 * 60)
    assert known.texts()[-1] == "Wednesday at two it is. Sid"
    assert not any("visit now is" in text for text in known.texts())
    known.at(13).phone_gets_it()
    assert known.promise(ANSWERED).state == "kept"
