"""A week of visits by time and by person; a visit that is moved there, and a move that was a slip."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dealership.appointments import booking, grid
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.messaging.models import Message
from dealership.stores.models import DayException
from tests.appointments.test_booking import HALF, NINE, book, counts, plan
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

DAY = reverse("appointments:day")
WEEK = {"day": "2026-11-24", "department": "service", "view": "week"}
HTMX = {"HX-Request": "true"}
State = Message.State


@pytest.fixture(autouse=True)
def monday_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at Monday, 10 am."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def maria(cast: Cast) -> Customer:
    return make_customer(cast.northside, "Maria Lopez", "+19735550117")


def where(visit: Appointment, name: str) -> str:
    return reverse(f"appointments:{name}", args=[visit.pk])


def moved_text(cast: Cast) -> Message:
    return Message.objects.of_store(cast.northside.pk).filter(dedupe_key__contains=":moved:").latest("pk")


def test_a_week_by_time_shows_each_visit_in_its_slot_and_how_full_that_is(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    plan(cast)
    DayException.objects.create(store=cast.northside, date="2026-11-26", name="Thanksgiving")
    book(cast, maria, NINE + timedelta(minutes=10), person=cast.ana)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    client = signed_in(cast.ana)
    client.get(DAY, WEEK)
    with django_assert_max_num_queries(12):
        response = client.get(DAY, WEEK)
    text = response.content.decode()
    for words in ("1/1 full", "0/1", "Thanksgiving", "Maria Lopez", "23 November to 29 November"):
        assert words in text
    shown = response.context["grid"]
    (nine,) = [line for line in shown.lines if line.label == "9:00 am"]
    assert [len(cell.rows) if cell else None for cell in nine.cells] == [0, 1, 0, None, 0, 0, None]
    assert [cell.is_ahead for cell in nine.cells if cell] == [False, True, True, True, True]
    assert sum(column.n for column in shown.columns) == 2


def test_a_visit_outside_the_hours_stands_in_the_week_all_the_same(cast: Cast, maria: Customer) -> None:
    book(cast, maria, NINE - timedelta(hours=5), source="dms", force=True)
    found = grid.of_week(cast.ana, "service", NINE.date(), by_person=False, now=NOW)
    assert [line.label for line in found.lines if any(c and c.rows for c in line.cells)] == ["4:00 am"]


def test_a_week_by_person_shows_who_has_nobody_yet_and_whom_nobody_has(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    book(cast, maria, person=cast.ana)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"))
    text = signed_in(cast.ana).get(DAY, {**WEEK, "by": "person"}).content.decode()
    for name in ("Ana Moreno", "Lou Becker", "Whoever is free"):
        assert name in text
    found = grid.of_week(cast.ana, "service", NINE.date(), by_person=True, now=NOW)
    held = {line.label: sum(len(cell.rows) for cell in line.cells if cell) for line in found.lines}
    assert held == {"Ana Moreno": 1, "Lou Becker": 0, "whoever is free": 1}


def test_a_day_by_person_is_a_column_a_person_and_a_line_a_time(
    cast: Cast, maria: Customer, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    plan(cast, per_slot=2)
    book(cast, maria, person=cast.lou)
    client, asked = signed_in(cast.ana), {"day": "2026-11-24", "department": "service", "by": "person"}
    client.get(DAY, asked)
    with django_assert_max_num_queries(12):
        response = client.get(DAY, asked)
    shown = response.context["grid"]
    assert [column.label for column in shown.columns] == ["Ana Moreno", "Lou Becker"]
    (nine,) = [line for line in shown.lines if line.label == "9:00 am"]
    assert nine.note == "1/2"
    assert [len(cell.rows) for cell in nine.cells if cell] == [0, 1]
    page = response.content.decode()
    assert f'data-zone="2026-11-24 09:30 {cast.lou.pk}"' in page
    assert "Tuesday 24 November" in page


def test_whoever_may_not_book_has_a_week_that_stays(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit = book(cast, maria)
    text = signed_in(cast.tess).get(DAY, WEEK).content.decode()
    assert "Maria Lopez" in text
    assert "data-zone" not in text
    assert "data-move-url" not in text
    for who, status in ((cast.tess, 403), (cast.eve, 404)):
        assert signed_in(who).post(where(visit, "move_back")).status_code == status
    assert "Maria" not in signed_in(cast.eve).get(DAY, WEEK).content.decode()


def test_a_card_that_is_dropped_on_a_full_time_comes_back_with_a_sentence(
    cast: Cast, maria: Customer, signed_in: Any
) -> None:
    plan(cast)
    book(cast, make_customer(cast.northside, "Carl Benson", "+19735550118"), NINE + HALF)
    visit, client = book(cast, maria), signed_in(cast.ana)
    full = client.post(where(visit, "move"), {"day": "2026-11-24", "time": "09:30"}, headers=HTMX)
    assert full.status_code == 422
    said = json.loads(full.headers["HX-Trigger"])["kept:refused"]["say"]
    assert said.endswith("are taken: choose another time.")
    moved = client.post(where(visit, "move"), {"day": "2026-11-24", "time": "10:00"}, headers=HTMX)
    done = json.loads(moved.headers["HX-Trigger"])["kept:done"]
    assert done["say"] == "The visit of Maria Lopez is moved to Tue Nov 24 at 10:00 am."
    assert "Tue Nov 24 at 10:00 am" in moved_text(cast).body
    assert client.post(done["undo"], headers=HTMX).status_code == 204
    visit.refresh_from_db()
    assert visit.starts_at == NINE
    assert counts(cast) == {NINE: (1, 0), NINE + HALF: (1, 0)}


def test_a_move_that_was_a_slip_is_not_told_and_the_visit_is_confirmed_as_it_was(
    cast: Cast, maria: Customer
) -> None:
    visit = booking.confirm(book(cast, maria), by=cast.ana, now=NOW)
    booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    back = booking.move_back(visit, by=cast.ana, now=NOW)
    assert (back.starts_at, back.state, back.confirmed_at) == (NINE, "confirmed", NOW)
    text = moved_text(cast)
    assert (text.state, text.reasons) == (State.SUPPRESSED, ["moved again"])


def test_whoever_has_heard_of_the_move_hears_that_it_is_taken_back(cast: Cast, maria: Customer) -> None:
    visit = booking.confirm(book(cast, maria), by=cast.ana, now=NOW)
    booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    Message.objects.of_store(visit.store_id).filter(pk=moved_text(cast).pk).update(state=State.DELIVERED)
    back = booking.move_back(visit, by=cast.ana, now=NOW)
    assert (back.starts_at, back.state) == (NINE, "booked")
    assert (moved_text(cast).state, "9:00 am" in moved_text(cast).body) == (State.QUEUED, True)


def test_two_moves_in_a_row_tell_the_last_time_only(cast: Cast, maria: Customer) -> None:
    visit = book(cast, maria)
    for at in (NINE + HALF, NINE + 2 * HALF):
        booking.move(visit, starts_at=at, by=cast.ana, now=NOW)
    texts = Message.objects.of_store(visit.store_id).filter(dedupe_key__contains=":moved:").order_by("pk")
    assert [text.state for text in texts] == [State.SUPPRESSED, State.QUEUED]


def test_a_move_that_another_act_has_followed_is_not_taken_back(cast: Cast, maria: Customer) -> None:
    visit = book(cast, maria)
    with pytest.raises(booking.Over, match="changed since"):
        booking.move_back(visit, by=cast.ana, now=NOW)
    booking.move(visit, starts_at=NINE + HALF, by=cast.ana, now=NOW)
    with pytest.raises(booking.InThePast):
        booking.move_back(visit, by=cast.ana, now=NINE + timedelta(minutes=1))
    booking.confirm(visit, by=None, now=NOW)
    with pytest.raises(booking.Over):
        booking.move_back(visit, by=cast.ana, now=NOW)
