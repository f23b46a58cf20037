"""Visits: set, confirmed, moved, cancelled, met. Places are counted and the facts are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from dealership.appointments import booking, slots
from dealership.appointments.models import Appointment, CapacityPlan, Slot
from dealership.customers.models import Customer
from dealership.events.models import EventRecord
from dealership.messaging.models import Message
from dealership.stores.models import Department
from tests import saboteurs
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, build, make_customer
from tests.promises import promise
from tests.racing import race

#: Tuesday 9:00 am in New York.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HALF = timedelta(minutes=30)


def plan(cast: Cast, per_slot: int = 1) -> None:
    CapacityPlan.objects.create(
        store=cast.northside, department=Department.SERVICE, slot_minutes=30, per_slot=per_slot
    )


def book(cast: Cast, customer: Customer, at: datetime = NINE, **more: Any) -> Appointment:
    given = {"by": cast.ana, "now": NOW, **more}
    return booking.book(
        store_id=cast.northside.pk, department="service", customer=customer, starts_at=at, **given
    )


def kinds(cast: Cast) -> list[str]:
    rows = EventRecord.objects.of_store(cast.northside.pk).order_by("pk")
    return [row.kind for row in rows]


def counts(cast: Cast) -> dict[datetime, tuple[int, int]]:
    rows = Slot.objects.of_store(cast.northside.pk)
    return {row.starts_at: (row.n_booked, row.n_over) for row in rows if row.n_booked or row.n_over}


@pytest.fixture
def maria(cast: Cast) -> Customer:
    return make_customer(cast.northside, "Maria Lopez", "+19735550117")


def test_a_visit_is_told_as_a_fact_and_to_the_customer(cast: Cast, maria: Customer) -> None:
    visit = book(cast, maria)
    fact = EventRecord.objects.of_store(cast.northside.pk).get(kind="AppointmentBooked")
    assert (fact.subject, fact.customer_id, fact.by) == (f"appointment:{visit.pk}", maria.pk, cast.ana.pk)
    assert fact.payload["when_words"] == "Tue Nov 24 at 9:00 am"
    text = Message.objects.of_store(cast.northside.pk).get()
    assert "Tue Nov 24 at 9:00 am" in text.body
    assert (text.asks, text.author_id, text.useless_after) == ("confirm", None, NINE)
    assert text.asked_about == f"appointment:{visit.pk}"


def test_a_spanish_speaker_is_told_in_spanish(cast: Cast) -> None:
    book(cast, make_customer(cast.northside, "Ana Soto", "+19735550118", language="es"))
    assert "mar 24 nov a las 9:00 am" in Message.objects.of_store(cast.northside.pk).get().body


@pytest.mark.parametrize(
    ("customers", "staffs", "set_for", "now_for"),
    [
        ("en", "es", "Your service visit is set for", "Your service visit now is"),
        ("es", "en", "Su visita de servicio queda para", "Su visita de servicio ahora es"),
    ],
)
def test_a_customer_is_told_in_their_language_whatever_staff_read(
    cast: Cast, customers: str, staffs: str, set_for: str, now_for: str
) -> None:
    with translation.override(staffs):
        visit = book(cast, make_customer(cast.northside, "Ana Soto", "+19735550118", language=customers))
        booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    first, second = Message.objects.of_store(cast.northside.pk).order_by("pk").values_list("body", flat=True)
    assert set_for in first
    assert now_for in second


def test_somebody_without_a_phone_is_booked_all_the_same(cast: Cast, maria: Customer) -> None:
    maria.contact_points.all().delete()
    book(cast, maria)
    assert kinds(cast) == ["AppointmentBooked"]
    assert not Message.objects.of_store(cast.northside.pk).exists()


@pytest.mark.parametrize("more", [{"source": "dms", "dms_number": "A1"}, {"backfill": True}])
def test_what_the_dms_books_or_what_is_history_texts_nobody(
    cast: Cast, maria: Customer, more: dict[str, Any]
) -> None:
    book(cast, maria, by=None, force=True, **more)
    assert not Message.objects.of_store(cast.northside.pk).exists()
    assert EventRecord.objects.of_store(cast.northside.pk).get().payload["backfill"] is bool(
        more.get("backfill")
    )


def test_the_same_visit_twice_is_one(cast: Cast, maria: Customer) -> None:
    plan(cast, per_slot=3)
    assert book(cast, maria) == book(cast, maria)
    assert book(cast, maria, NINE + HALF, dms_number="A1") == book(cast, maria, NINE, dms_number="A1")
    assert counts(cast) == {NINE: (1, 0), NINE + HALF: (1, 0)}


def test_the_last_place_is_taken_once(cast: Cast, maria: Customer) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + timedelta(minutes=10))
    with pytest.raises(booking.NoRoom, match="9:00 am"):
        book(cast, maria, NINE + timedelta(minutes=20))
    assert counts(cast) == {NINE: (1, 0)}
    assert slots.free(cast.northside.pk, "service", NINE.date())[0].starts_at == NINE - 2 * HALF
    assert NINE not in {slot.starts_at for slot in slots.free(cast.northside.pk, "service", NINE.date())}


def test_a_plan_that_shrinks_keeps_who_is_booked_and_takes_nobody_more(cast: Cast, maria: Customer) -> None:
    plan(cast, per_slot=2)
    for n in range(2):
        book(cast, make_customer(cast.northside, f"Owner {n}", f"+1973555012{n}"))
    CapacityPlan.objects.of_store(cast.northside.pk).update(per_slot=1)
    with pytest.raises(booking.NoRoom):
        book(cast, maria)
    CapacityPlan.objects.of_store(cast.northside.pk).update(per_slot=3)
    book(cast, maria)
    assert counts(cast) == {NINE: (3, 0)}


@pytest.mark.parametrize(
    ("at", "error"),
    [
        (datetime(2026, 11, 29, 15, tzinfo=UTC), booking.NotOpen),  # Sunday
        (datetime(2026, 11, 25, 3, tzinfo=UTC), booking.NotOpen),  # 10 pm
        (NOW - timedelta(hours=1), booking.InThePast),
        (NOW, booking.InThePast),
    ],
)
def test_nobody_is_booked_while_closed_or_before_now(
    cast: Cast, maria: Customer, at: datetime, error: type[Exception]
) -> None:
    with pytest.raises(error):
        book(cast, maria, at)
    assert kinds(cast) == []


def test_the_dms_books_beyond_capacity_and_the_overrun_is_told(cast: Cast, maria: Customer) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"))
    visit = book(cast, maria, source="dms", dms_number="A1", by=None, force=True)
    assert visit.is_overbooked
    assert kinds(cast)[-2:] == ["AppointmentBooked", "SlotOverrun"]
    assert counts(cast) == {NINE: (1, 1)}
    booking.cancel(visit, by=None, now=NOW)
    assert counts(cast) == {NINE: (1, 0)}


def test_a_move_takes_the_new_place_and_gives_back_the_old(cast: Cast, maria: Customer) -> None:
    plan(cast)
    visit = booking.confirm(book(cast, maria), by=cast.ana, now=NOW)
    moved = booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    assert counts(cast) == {NINE + HALF: (1, 0)}
    assert (moved.state, moved.confirmed_at) == ("booked", None)
    fact = EventRecord.objects.of_store(cast.northside.pk).get(kind="AppointmentMoved")
    assert datetime.fromisoformat(fact.payload["moved_from"]) == NINE
    last = Message.objects.of_store(cast.northside.pk).order_by("pk").last()
    assert last is not None
    assert "9:30 am" in last.body


def test_a_move_to_a_full_time_changes_nothing(cast: Cast, maria: Customer) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    visit = book(cast, maria)
    with pytest.raises(booking.NoRoom), transaction.atomic():
        booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    visit.refresh_from_db()
    assert (visit.starts_at, visit.state) == (NINE, "booked")
    assert counts(cast) == {NINE: (1, 0), NINE + HALF: (1, 0)}


def test_a_move_within_a_full_slot_keeps_its_place(cast: Cast, maria: Customer) -> None:
    plan(cast)
    booking.move(book(cast, maria), starts_at=NINE + timedelta(minutes=10), by=cast.ana, now=NOW)
    assert counts(cast) == {NINE: (1, 0)}


def test_a_cancelled_visit_gives_its_place_back_and_may_stand_again(cast: Cast, maria: Customer) -> None:
    plan(cast)
    visit = booking.cancel(book(cast, maria), why="sold the car", by=cast.ana, now=NOW)
    assert counts(cast) == {}
    booking.cancel(visit, by=cast.ana, now=NOW)
    assert kinds(cast) == ["AppointmentBooked", "AppointmentCancelled"]
    with pytest.raises(booking.Over):
        booking.confirm(visit, by=cast.ana, now=NOW)
    assert booking.rebook(visit, by=cast.ana, now=NOW).state == "booked"
    assert counts(cast) == {NINE: (1, 0)}


def test_a_cancelled_visit_whose_place_has_gone_does_not_stand_again(cast: Cast, maria: Customer) -> None:
    plan(cast)
    visit = booking.cancel(book(cast, maria), by=cast.ana, now=NOW)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"))
    with pytest.raises(booking.NoRoom):
        booking.rebook(visit, by=cast.ana, now=NOW)


def test_a_confirmation_and_an_arrival_are_told_once(cast: Cast, maria: Customer) -> None:
    visit = book(cast, maria)
    for _ in range(2):
        booking.confirm(visit, by=None, now=NOW)
    for _ in range(2):
        booking.check_in(visit, by=cast.ana, now=NINE, ro_number="48213")
    assert kinds(cast) == ["AppointmentBooked", "AppointmentConfirmed", "CustomerArrived"]
    visit.refresh_from_db()
    assert (visit.state, visit.arrived_at, visit.ro_number) == ("arrived", NINE, "48213")
    with pytest.raises(booking.Over):
        booking.cancel(visit, by=cast.ana, now=NINE)


def test_a_visit_is_missed_an_hour_after_its_time_and_no_sooner(cast: Cast, maria: Customer) -> None:
    visit = book(cast, maria)
    with pytest.raises(booking.TooEarly):
        booking.miss(visit, now=NINE + timedelta(minutes=59))
    booking.miss(visit, now=NINE + timedelta(hours=2))
    fact = EventRecord.objects.of_store(cast.northside.pk).get(kind="AppointmentMissed")
    assert fact.at == NINE + timedelta(hours=1)
    assert booking.check_in(visit, by=cast.ana, now=NINE + timedelta(hours=3)).state == "arrived"


def test_rows_of_two_stores_do_not_meet(cast: Cast, maria: Customer) -> None:
    with pytest.raises(booking.BookingError):
        book(cast, maria, by=cast.eve)
    with pytest.raises(booking.BookingError):
        book(cast, make_customer(cast.eastside, "Eli Roe", "+13125550117"))


@promise("P21", saboteur=saboteurs.places_are_counted_then_taken)
@pytest.mark.django_db(transaction=True)
def test_twelve_clients_over_a_few_slots_never_overbook() -> None:
    cast = build()
    plan(cast, per_slot=3)
    customers = [make_customer(cast.northside, f"Owner {n}", f"+197355501{n:02}") for n in range(12)]

    def act(n: int) -> None:
        for turn in range(4):
            at = NINE + HALF * ((n + turn) % 2)
            try:
                visit = book(cast, customers[n], at, by=None, source="dms")
                if (n + turn) % 3 == 0:
                    booking.move(visit, starts_at=at + HALF, by=None, now=NOW)
                elif (n + turn) % 3 == 1:
                    booking.cancel(visit, by=None, now=NOW)
            except booking.NoRoom:
                continue

    results = race([partial(act, n) for n in range(12)])
    assert [result for result in results if isinstance(result, Exception)] == []
    for slot in Slot.objects.of_store(cast.northside.pk):
        held = Appointment.objects.of_store(cast.northside.pk).filter(slot=slot).count()
        assert slot.n_booked == held <= 3
        assert slot.n_over == 0


@pytest.mark.django_db(transaction=True)
def test_two_moves_in_opposite_directions_wait_for_each_other() -> None:
    cast = build()
    plan(cast, per_slot=2)
    first = book(cast, make_customer(cast.northside, "Maria Lopez", "+19735550117"))
    second = book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)

    def swap(visit: Appointment, here: datetime, there: datetime) -> None:
        for turn in range(6):
            booking.move(visit, starts_at=there if turn % 2 == 0 else here, by=None, now=NOW)

    results = race([partial(swap, first, NINE, NINE + HALF), partial(swap, second, NINE + HALF, NINE)])
    assert [result for result in results if isinstance(result, Exception)] == []
    assert counts(cast) == {NINE: (1, 0), NINE + HALF: (1, 0)}
