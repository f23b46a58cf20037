"""Seam 55, where the customer is there to be asked: declined work is offered as a visit is booked and as the car is checked in."""

from __future__ import annotations

from dealership.appointments.models import Appointment
from service.models import DeclinedLine
from tests.flows.beginnings import beginning
from tests.flows.sales_world import words
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import CLOSED_RO, VISIT

RULE = "offer_safety_work_again"
TODAY = VISIT | {"Appointment Date": "11/23/2026", "Appointment Time": "1:00 PM", "Complaint": "NOISE"}


@beginning(ServiceWorld)
def declined(lane: ServiceWorld) -> None:
    """Marlene declined brake pads and a cabin filter last week."""
    lane.dms_sends(CLOSED_RO | {"Open Date": "11/16/2026", "Close Date": "11/16/2026"})


def states(lane: ServiceWorld) -> dict[str, str]:
    rows = DeclinedLine.objects.of_store(lane.cast.northside.pk)
    return dict(rows.values_list("key", "state"))


def test_what_is_ticked_on_the_booking_page_is_booked_with_the_visit(declined: ServiceWorld) -> None:
    sid, customer = declined.browser(declined.cast.sid), declined.customer.pk
    assert (
        f"/service/customers/{customer}/booking/"
        in sid.get(f"/appointments/book/?customer={customer}").content.decode()
    )
    panel = words(sid.get(f"/service/customers/{customer}/booking/").content.decode())
    assert "Front pads 2mm" in panel
    assert "Cabin filter dirty" in panel
    form = {"customer": customer, "day": "2026-11-25", "time": "10:00", "department": "service",
            "concern": "Oil change", "include": "Front pads 2mm"}  # fmt: skip
    assert sid.post("/appointments/book/", form).status_code == 302
    assert (
        Appointment.objects.of_store(declined.cast.northside.pk).get().concern == "Oil change\nFront pads 2mm"
    )
    assert states(declined) == {"brkf": "booked", "cabin": "open"}
    assert declined.promise(RULE).state == "kept"


def test_a_time_that_has_passed_keeps_what_was_ticked(declined: ServiceWorld) -> None:
    form = {"customer": declined.customer.pk, "day": "2026-11-20", "time": "10:00", "department": "service",
            "include": "Front pads 2mm"}  # fmt: skip
    answer = declined.browser(declined.cast.sid).post("/appointments/book/", form)
    assert answer.status_code == 422
    assert "Front pads 2mm</textarea>" in answer.content.decode()


def test_check_in_shows_what_was_declined_and_writes_to_the_customer(declined: ServiceWorld) -> None:
    declined.at(30).dms_sends(TODAY, kind="SV_APPT")
    ana = declined.browser(declined.cast.ana)
    assert "2 declined before" in ana.get("/service/").content.decode()
    visit = Appointment.objects.of_store(declined.cast.northside.pk).get()
    path = f"/service/appointments/{visit.pk}/check-in/"
    page = words(ana.get(path).content.decode())
    assert "Front pads 2mm" in page
    assert "Your 2019 Civic is checked in" in page
    line = DeclinedLine.objects.of_store(declined.cast.northside.pk).get(key="brkf")
    form = {
        "lines": line.pk,
        "how": "text",
        "body": "Your car is here.",
        "key": "0b7b2f9c-0000-4000-8000-000000000003",
    }
    assert ana.post(path, form).status_code == 302
    declined.work()
    assert "Your car is here." in declined.texts()
    assert states(declined) == {"brkf": "booked", "cabin": "open"}
    assert declined.promise(RULE).state == "kept"
    visit.refresh_from_db(from_queryset=Appointment.objects.of_store(declined.cast.northside.pk))
    assert visit.state == "arrived"
