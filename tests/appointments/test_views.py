"""Pages of visits: a day with its places, booking, moving, and who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dealership.appointments import booking, views
from dealership.appointments.models import Appointment
from dealership.customers import search
from dealership.customers.models import Customer
from dealership.stores.models import DayException
from dealership.vehicles import garage
from tests.appointments.test_booking import HALF, NINE, book, plan
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

DAY = reverse("appointments:day")
BOOK = reverse("appointments:book")
TUESDAY = {"day": "2026-11-24", "department": "service"}


@pytest.fixture(autouse=True)
def monday_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at Monday, 10 am."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def maria(cast: Cast) -> Customer:
    customer = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    search.index(customer, "name", "Maria Lopez")
    return customer


def at(visit: Appointment, name: str = "appointment_detail") -> str:
    return reverse(f"appointments:{name}", args=[visit.pk])


def test_strangers_see_nothing(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit, eve = book(cast, maria), signed_in(cast.eve)
    for where in (DAY, BOOK, at(visit), reverse("appointments:customer_panel", args=[maria.pk])):
        assert "/account/login" in Client().get(where).url
    assert eve.get(at(visit)).status_code == 404
    assert eve.get(reverse("appointments:customer_panel", args=[maria.pk])).status_code == 404
    assert eve.get(BOOK, {"customer": maria.pk}).status_code == 404
    for name in ("confirm", "move", "check_in", "cancel", "rebook"):
        assert eve.post(at(visit, name)).status_code == 404
    assert "Maria" not in eve.get(DAY, TUESDAY).content.decode()
    visit.refresh_from_db()
    assert visit.state == "booked"


def test_a_technician_sees_the_day_and_books_nothing(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit, tess = book(cast, maria), signed_in(cast.tess)
    text = tess.get(DAY, TUESDAY).content.decode()
    assert "Maria Lopez" in text
    assert at(visit, "cancel") not in text
    assert tess.get(BOOK).status_code == 403
    assert tess.post(at(visit, "cancel")).status_code == 403


def test_a_day_shows_visits_places_and_figures(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    plan(cast, per_slot=2)
    car = garage.find_or_create(
        store_id=cast.northside.pk, vin="1HGCV1F30LA000002", model="Accord", seen_at=NOW, now=NOW
    )
    book(cast, maria, vehicle=car, concern="grinding at front", transport="waiter", person=cast.ana)
    for n in range(2):
        book(
            cast,
            make_customer(cast.northside, f"Owner {n}", f"+1973555012{n}"),
            source="dms",
            by=None,
            force=True,
        )
    client = signed_in(cast.ana)
    client.get(DAY, TUESDAY)
    with django_assert_max_num_queries(12):
        response = client.get(DAY, TUESDAY)
    text = response.content.decode()
    for words in (
        "Tuesday 24 November",
        "Maria Lopez",
        "2020 Accord",
        "grinding",
        "waits",
        "with Ana",
        "2/2",
        "1 over",
        "not confirmed",
    ):
        assert words in text
    assert {f.key: f.n for f in response.context["figures"]}["unconfirmed"] == 3
    assert dict(response.context["week"])[NINE.date()] == 3


def test_each_figure_opens_the_list_that_it_counts(cast: Cast, signed_in: Any) -> None:
    visits = [book(cast, make_customer(cast.northside, f"Owner {n}", f"+1973555012{n}")) for n in range(5)]
    booking.confirm(visits[0], by=cast.ana, now=NOW)
    booking.cancel(visits[1], by=cast.ana, now=NOW)
    booking.check_in(visits[2], by=cast.ana, now=NINE)
    booking.miss(visits[3], now=NINE + 3 * HALF)
    client = signed_in(cast.ana)
    for figure in client.get(DAY, TUESDAY).context["figures"]:
        shown = client.get(DAY, {**TUESDAY, "show": figure.key}).context["rows"]
        assert len(shown) == figure.n


def test_a_customer_who_is_late_is_marked(
    cast: Cast, maria: Customer, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(cast, maria)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NINE + timedelta(minutes=22))
    assert "22 min late" in signed_in(cast.ana).get(DAY, TUESDAY).content.decode()


def test_empty_closed_and_holiday_days_say_so(cast: Cast, signed_in: Any) -> None:
    DayException.objects.create(store=cast.northside, date="2026-11-26", name="Thanksgiving")
    client = signed_in(cast.ana)
    assert "Every place is free" in client.get(DAY, TUESDAY).content.decode()
    assert "Nobody is expected" in client.get(DAY, {"day": "2026-11-29"}).content.decode()
    assert "Closed: Thanksgiving" in client.get(DAY, {"day": "2026-11-26"}).content.decode()


@pytest.mark.parametrize("day", ["", "x", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_today(cast: Cast, signed_in: Any, day: str) -> None:
    response = signed_in(cast.ana).get(DAY, {"day": day, "department": "nonsense", "show": "nonsense"})
    assert response.status_code == 200
    assert response.context["day"] == NOW.date()


def test_a_visit_is_booked_from_the_search_to_the_day(cast: Cast, maria: Customer, signed_in: Any) -> None:
    plan(cast)
    client = signed_in(cast.ana)
    found = client.get(BOOK, {"q": "lopez", **TUESDAY}).content.decode()
    assert f"customer={maria.pk}" in found
    form = client.get(BOOK, {"customer": maria.pk, "time": "9:00 am", **TUESDAY}).content.decode()
    assert 'value="09:00"' in form
    assert "9:30 am" in form
    typed = {
        "customer": maria.pk,
        "department": "service",
        "day": "2026-11-24",
        "time": "09:00",
        "concern": "oil",
    }
    done = client.post(BOOK, typed)
    visit = Appointment.objects.of_store(cast.northside.pk).get()
    assert done.url == f"{DAY}?day=2026-11-24&department=service"
    assert (visit.starts_at, visit.concern, visit.booked_by, visit.source) == (
        NINE,
        "oil",
        cast.ana,
        "person",
    )
    assert at(visit, "cancel") in client.get(done.url).content.decode()


def test_the_first_free_times_are_offered_and_one_press_books_with_declined_work_and_all(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE - HALF)
    client = signed_in(cast.ana)
    client.get(BOOK, {"customer": maria.pk})
    with django_assert_max_num_queries(12):
        page = client.get(BOOK, {"customer": maria.pk})
    offered = [slot for _, slot in page.context["soonest"]]
    assert offered[:3] == ["2026-11-23 10:30", "2026-11-23 12:00", "2026-11-24 08:00"]
    typed = {"customer": maria.pk, "department": "service", "day": "2026-11-23", "time": "", "concern": "oil",
             "include": "Front pads"}  # fmt: skip
    assert client.post(BOOK, {**typed, "slot": "2026-11-24 08:00"}).status_code == 302
    visit = Appointment.objects.of_store(cast.northside.pk).get(customer=maria)
    assert (visit.starts_at, visit.concern) == (NINE - 2 * HALF, "oil\nFront pads")
    again = client.post(BOOK, {**typed, "slot": "nonsense"})
    assert again.status_code == 422
    assert "oil" in again.content.decode()


def test_a_full_time_is_refused_beside_it_and_the_rest_kept(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"))
    typed = {
        "customer": maria.pk,
        "department": "service",
        "day": "2026-11-24",
        "time": "09:00",
        "concern": "oil",
    }
    for change, words in (
        ({}, "are taken"),
        ({"time": "23:00"}, "Closed at"),
        ({"day": "2026-11-20"}, "has passed"),
        ({"time": "soon"}, "A time as"),
        ({"department": "kitchen"}, "Select a valid choice"),
    ):
        response = signed_in(cast.ana).post(BOOK, {**typed, **change})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert "oil" in response.content.decode()
    assert Appointment.objects.of_store(cast.northside.pk).count() == 1


def test_a_visit_is_confirmed_met_cancelled_and_set_again(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    visit, client = book(cast, maria), signed_in(cast.ana)
    for name, state in (
        ("confirm", "confirmed"),
        ("cancel", "cancelled"),
        ("rebook", "confirmed"),
        ("check_in", "arrived"),
    ):
        assert client.post(at(visit, name)).url == f"{DAY}?day=2026-11-24&department=service"
        visit.refresh_from_db()
        assert visit.state == state
    refused = client.post(at(visit, "cancel"), follow=True)
    assert "has taken place" in refused.content.decode()


def test_a_cancelled_visit_offers_its_undoing(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit = book(cast, maria)
    shown = signed_in(cast.ana).post(at(visit, "cancel"), follow=True).content.decode()
    assert f'action="{at(visit, "rebook")}"' in shown


def test_a_way_back_leads_nowhere_else(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit, client = book(cast, maria), signed_in(cast.ana)
    assert client.post(at(visit, "confirm"), {"back": at(visit)}).url == at(visit)
    assert client.post(at(visit, "confirm"), {"back": "https://evil.example/"}).url.startswith(DAY)


def test_a_visit_is_moved_or_told_why_not(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    visit, client = book(cast, maria), signed_in(cast.ana)
    client.get(at(visit))
    with django_assert_max_num_queries(12):
        assert "Another time" in client.get(at(visit)).content.decode()
    full = client.post(at(visit, "move"), {"day": "2026-11-24", "time": "09:30"})
    assert full.status_code == 422
    assert "are taken" in full.content.decode()
    moved = client.post(at(visit, "move"), {"day": "2026-11-25", "time": "9:30 am"})
    assert moved.url == f"{DAY}?day=2026-11-25&department=service"
    visit.refresh_from_db()
    assert visit.starts_at == NINE + timedelta(days=1) + HALF
    offered = [slot for _, slot in client.get(at(visit), {"day": "2026-11-24"}).context["free"]]
    assert offered[:3] == ["2026-11-24 08:00", "2026-11-24 08:30", "2026-11-24 09:00"]
    assert "2026-11-24 09:30" not in offered
    assert (
        client.post(at(visit, "move"), {"slot": offered[2], "day": "2026-11-25", "time": ""}).status_code
        == 302
    )
    visit.refresh_from_db()
    assert visit.starts_at == NINE


def test_the_customers_panel_shows_what_is_ahead_and_what_was(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    book(cast, maria)
    client, where = signed_in(cast.ana), reverse("appointments:customer_panel", args=[maria.pk])
    client.get(where)
    with django_assert_max_num_queries(6):
        text = client.get(where).content.decode()
    assert "tomorrow 9:00 am" in text
    assert "<html" not in text
    other = make_customer(cast.northside, "Carl Benson", "+19735550118")
    assert (
        "None ahead" in client.get(reverse("appointments:customer_panel", args=[other.pk])).content.decode()
    )


def test_a_time_of_an_address_is_read_or_left_out() -> None:
    assert str(views.read_time("9:40 am")) == str(views.read_time("09:40")) == "09:40:00"
    assert views.read_time("soon") is views.read_time("") is views.read_time(None) is None
