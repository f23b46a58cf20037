"""Service appointments as the DMS tells them."""

from __future__ import annotations

import pytest

from dealership.appointments import booking
from dealership.appointments.models import Appointment, CapacityPlan
from dealership.dms.models import StagedRecord
from dealership.dms.readers.columns import APPOINTMENTS
from dealership.events.models import EventRecord
from dealership.messaging.models import Message
from service import offered_again
from service.models import DeclinedLine
from tasks.models import Promise
from tests.cast import Cast
from tests.service.feeds import CLOSED_RO, OPEN_RO, VISIT, Dms, at

TUESDAY = VISIT | {"Appointment Date": "11/24/2026", "Appointment Time": "9:30 AM"}
TODAY = VISIT | {"Appointment Date": "11/23/2026", "Appointment Time": "1:00 PM"}


@pytest.fixture
def dms(cast: Cast) -> Dms:
    return Dms(cast)


def visit_of(cast: Cast) -> Appointment:
    return Appointment.objects.of_store(cast.northside.pk).select_related("customer", "person").get()


def kinds(cast: Cast) -> list[str]:
    facts = EventRecord.objects.of_store(cast.northside.pk).filter(subject__startswith="appointment:")
    return list(facts.order_by("pk").values_list("kind", flat=True))


def test_a_visit_is_booked_with_its_customer_car_advisor_and_wish(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TUESDAY)
    visit = visit_of(cast)
    assert (visit.customer.full_name, visit.person, visit.transport) == ("Marlene Price", cast.ana, "waiter")
    assert visit.starts_at == at(23.5 * 60)
    assert (visit.concern, visit.source, visit.dms_number) == ("OIL CHANGE", "dms", "90017")
    assert kinds(cast) == ["AppointmentBooked"]
    assert not Message.objects.of_store(cast.northside.pk).exists()


def test_the_same_again_changes_nothing(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TUESDAY)
    again = dms.send_visits(at(30), TUESDAY)
    assert again.n_same == 1
    assert kinds(cast) == ["AppointmentBooked"]


def test_a_visit_that_the_dms_moves_is_moved_once(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TUESDAY)
    dms.send_visits(at(30), TUESDAY | {"Appointment Time": "11:00 AM"})
    assert visit_of(cast).starts_at == at(25 * 60)
    assert kinds(cast) == ["AppointmentBooked", "AppointmentMoved"]


def test_a_first_load_of_visits_long_past_was_a_load_all_the_same(cast: Cast) -> None:
    dms = Dms(cast, loaded=False)
    first = dms.send_visits(at(-60), VISIT | {"Appointment Date": "11/3/2026", "Appointment Time": "9:30 AM"})
    assert first.is_backfill
    assert not dms.send_visits(at(0), TUESDAY).is_backfill


def test_an_older_file_moves_nothing_back(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(30), TUESDAY | {"Appointment Time": "11:00 AM"})
    older = dms.send_visits(at(0), TUESDAY)
    assert older.n_older == 1
    assert visit_of(cast).starts_at == at(25 * 60)


def test_a_time_that_a_person_has_changed_since_stands_until_the_dms_changes_it(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TUESDAY)
    booking.move(visit_of(cast), starts_at=at(26 * 60), by=None, now=at(10))
    dms.send_visits(at(30), TUESDAY | {"Comment": "CUSTOMER CALLED"})
    assert visit_of(cast).starts_at == at(26 * 60)


def test_the_dms_books_where_there_is_no_room_and_it_is_told(cast: Cast, dms: Dms) -> None:
    CapacityPlan.objects.create(store=cast.northside, department="service", slot_minutes=30, per_slot=1)
    other = {"Appointment Number": "90018", "Customer Number": "88", "Cell Phone": "973-555-0188", "Email 1": "",
             "VIN": "1HGCM82633A004352", "First Name": "OLA", "Full Name": ""}  # fmt: skip
    dms.send_visits(at(0), TUESDAY, TUESDAY | other)
    assert Appointment.objects.of_store(cast.northside.pk).count() == 2
    assert "SlotOverrun" in kinds(cast)


@pytest.mark.parametrize(
    ("header", "said"),
    [("Appointment Status", "CANCELLED"), ("Status", "Canceled by cust"), ("Cancelled Flag", "Y")],
)
def test_a_visit_that_the_dms_cancels_is_cancelled(cast: Cast, dms: Dms, header: str, said: str) -> None:
    dms.send_visits(at(0), TUESDAY)
    dms.send_visits(at(30), TUESDAY | {header: said}, header=(*APPOINTMENTS, header))
    assert visit_of(cast).state == "cancelled"
    dms.send_visits(at(60), TUESDAY | {header: ""}, header=(*APPOINTMENTS, header))
    assert visit_of(cast).state == "booked"


def test_a_day_without_an_hour_is_no_time_to_guess(cast: Cast, dms: Dms) -> None:
    file = dms.send_visits(
        at(0), TUESDAY | {"Appointment Time": ""}, TUESDAY | {"Appointment Number": "90018"}
    )
    assert (file.n_applied, file.n_parked) == (1, 1)
    assert "day and no hour" in StagedRecord.objects.of_store(cast.northside.pk).get(state="parked").why


def test_a_visit_whose_day_has_long_passed_is_not_kept(cast: Cast, dms: Dms) -> None:
    file = dms.send_visits(at(0), VISIT | {"Appointment Date": "11/2/2026"})
    assert file.n_older == 1
    assert not Appointment.objects.of_store(cast.northside.pk).exists()


def test_the_first_load_books_and_opens_nothing(cast: Cast) -> None:
    dms = Dms(cast, loaded=False)
    dms.send_visits(at(0), TUESDAY)
    assert visit_of(cast).state == "booked"
    assert not Promise.objects.of_store(cast.northside.pk).exists()
    assert not Message.objects.of_store(cast.northside.pk).exists()


def test_an_ro_with_the_number_of_the_visit_is_the_arrival(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TODAY)
    dms.send(at(150), OPEN_RO | {"Appointment Number": "90017"})
    visit = visit_of(cast)
    assert (visit.state, visit.ro_number) == ("arrived", "048213")


def test_an_ro_of_the_same_customer_and_day_is_the_arrival(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TODAY)
    dms.send(at(150), OPEN_RO)
    assert visit_of(cast).state == "arrived"


def test_an_ro_of_another_day_is_not_the_arrival(cast: Cast, dms: Dms) -> None:
    dms.send_visits(at(0), TUESDAY)
    dms.send(at(30), OPEN_RO)
    assert visit_of(cast).state == "booked"


def test_a_visit_that_is_told_after_its_ro_has_arrived(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    dms.send_visits(at(30), TODAY)
    assert visit_of(cast).state == "arrived"


def test_what_a_person_set_and_the_dms_sends_back_is_one_visit(cast: Cast, dms: Dms) -> None:
    dms.send(at(-60), OPEN_RO | {"Open Date": "11/20/2026"})
    customer = CLOSED_RO["Customer Number"]
    from dealership.customers.models import Customer

    person = Customer.objects.of_store(cast.northside.pk).get(dms_number=customer)
    booking.book(
        store_id=cast.northside.pk,
        department="service",
        customer=person,
        starts_at=at(23.5 * 60),
        by=cast.ana,
        now=at(0),
    )
    dms.send_visits(at(30), TUESDAY)
    assert visit_of(cast).dms_number == "90017"


def test_a_visit_for_declined_work_keeps_its_promise(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    brakes = {"Operation Code": "BRKF", "Operation Code Description": "FRONT PADS", "Complaint": ""}
    dms.send_visits(at(60), TUESDAY | brakes)
    assert DeclinedLine.objects.of_store(cast.northside.pk).get(key="brkf").state == "booked"
    states = dict(Promise.objects.of_store(cast.northside.pk).filter(seam=55).values_list("about", "state"))
    assert states == {"brkf": "kept", "cabin": "open"}


def test_a_visit_that_a_colleague_books_in_the_words_of_the_line_is_noticed_at_once(
    cast: Cast, dms: Dms
) -> None:
    dms.send(at(0), CLOSED_RO)
    line = (
        DeclinedLine.objects.of_store(cast.northside.pk)
        .select_related("customer", "vehicle")
        .get(key="cabin")
    )
    booking.book(
        store_id=cast.northside.pk, department="service", customer=line.customer, vehicle=line.vehicle,
        starts_at=at(48 * 60), concern="Cabin filter dirty, and a wash", by=cast.sid, now=at(30),
    )  # fmt: skip
    line.refresh_from_db(from_queryset=DeclinedLine.objects.of_store(cast.northside.pk))
    assert line.state == "booked"
    assert Promise.objects.of_store(cast.northside.pk).get(about="cabin").state == "kept"


def test_what_is_written_into_a_visit_later_is_noticed_by_the_job(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    line = DeclinedLine.objects.of_store(cast.northside.pk).select_related("customer").get(key="cabin")
    visit = booking.book(
        store_id=cast.northside.pk, department="service", customer=line.customer, starts_at=at(48 * 60),
        by=cast.sid, now=at(30),
    )  # fmt: skip
    visit.concern = "Cabin filter dirty"
    visit.save(update_fields=["concern"])
    assert offered_again.notice_bookings(now=at(31)) == 1
    assert offered_again.notice_bookings(now=at(32)) == 0


def test_a_visit_for_something_else_keeps_no_declined_work(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    dms.send_visits(at(60), TUESDAY | {"Complaint": "ROTATE"})
    assert DeclinedLine.objects.of_store(cast.northside.pk).filter(state="open").count() == 2
