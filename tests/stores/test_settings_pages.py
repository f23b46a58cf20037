"""Pages of a store's settings: hours, days that differ, texting, addresses; each change with who and when, and a way back."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dealership.stores import calendars, doors, opening, taking_back
from dealership.stores.hours import BadHours
from dealership.stores.models import DayException, OpenHours, Store, StoreChange
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

STORE = reverse("stores:overview")
HOURS = reverse("stores:hours")
DAYS = reverse("stores:day_list")
ROTATE = reverse("stores:rotate_lead_address")
#: Monday to Friday 8 to 6.
WORKDAYS = {
    f"{name}-{day}": [at] for day in range(5) for name, at in (("opens", "08:00"), ("closes", "18:00"))
}


@pytest.fixture(autouse=True)
def monday_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at Monday, 10 am."""
    monkeypatch.setattr("dealership.clock.now", lambda: NOW)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def newest(cast: Cast) -> StoreChange:
    return StoreChange.objects.of_store(cast.northside.pk).latest("pk")


def undo(change: StoreChange) -> str:
    return reverse("stores:undo_change", args=[change.pk])


def ranges(cast: Cast, department: str = "") -> list[tuple[int, time, time]]:
    rows = OpenHours.objects.of_store(cast.northside.pk).filter(department=department)
    return list(rows.order_by("weekday", "opens").values_list("weekday", "opens", "closes"))


# --- who may ----------------------------------------------------------------------------------------------------------


def test_only_who_manages_staff_sees_the_settings(cast: Cast, signed_in: Any) -> None:
    for page in (STORE, HOURS, DAYS):
        assert "/account/login" in Client().get(page).url
        assert signed_in(cast.mo).get(page).status_code == 403
        assert signed_in(cast.gus).get(page).status_code == 200
    for act in ("set_texting", "keep_store_hours", "add_usual_days", "rotate_lead_address"):
        assert signed_in(cast.mo).post(reverse(f"stores:{act}")).status_code == 403


def test_a_stranger_finds_no_day_and_no_change_of_the_other_store(cast: Cast, signed_in: Any) -> None:
    signed_in(cast.gus).post(DAYS, {"day": "2026-12-24", "name": "Inventory"})
    row, eve = DayException.objects.of_store(cast.northside.pk).get(), signed_in(cast.eve)
    assert eve.post(reverse("stores:remove_day", args=[row.pk])).status_code == 404
    assert eve.post(undo(newest(cast))).status_code == 404
    assert "Inventory" not in text_of(eve.get(DAYS)) + text_of(eve.get(STORE))
    assert "northside-leads" not in text_of(eve.get(STORE))
    assert DayException.objects.of_store(cast.northside.pk).exists()


def test_no_page_asks_more_than_twelve_queries(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    gus = signed_in(cast.gus)
    gus.post(reverse("stores:add_usual_days"), {"year": "2026"})
    gus.get("/")
    for page in (STORE, HOURS, f"{HOURS}?department=sales", DAYS):
        with django_assert_max_num_queries(12):
            assert gus.get(page).status_code == 200


# --- hours ------------------------------------------------------------------------------------------------------------


def test_a_department_gets_hours_with_several_ranges_a_day_and_the_store_keeps_its_own(
    cast: Cast, signed_in: Any
) -> None:
    gus, store = signed_in(cast.gus), ranges(cast)
    assert "keeps the hours of the store" in text_of(gus.get(f"{HOURS}?department=parts"))
    posted = {"department": "parts", "opens-5": ["08:00", "13:00"], "closes-5": ["12:00", "4 pm"]}
    assert gus.post(HOURS, posted).status_code == 302
    assert ranges(cast, "parts") == [(5, time(8), time(12)), (5, time(13), time(16))]
    assert ranges(cast) == store
    assert not calendars.of(cast.northside.pk, "parts").is_open(NOW)
    assert calendars.of(cast.northside.pk, "service").is_open(NOW)
    shown = text_of(gus.get(STORE))
    assert "8:00 am – 12:00 pm, 1:00 pm – 4:00 pm" in shown
    change = newest(cast)
    assert (change.was, change.by_name, change.at) == ("the store’s hours", "Gus Ortega", NOW)
    assert change.became == "Mon–Fri closed; Sat 8:00 am – 12:00 pm, 1:00 pm – 4:00 pm; Sun closed"


def test_a_department_goes_back_to_the_stores_hours_and_that_can_be_undone(
    cast: Cast, signed_in: Any
) -> None:
    gus = signed_in(cast.gus)
    gus.post(HOURS, WORKDAYS | {"department": "sales"})
    own = ranges(cast, "sales")
    gus.post(reverse("stores:keep_store_hours"), {"department": "sales"})
    assert ranges(cast, "sales") == []
    back = gus.post(undo(newest(cast)), follow=True)
    assert "put back" in text_of(back)
    assert ranges(cast, "sales") == own
    for nobody in ("", "kitchen"):
        answer = gus.post(reverse("stores:keep_store_hours"), {"department": nobody})
        assert answer.status_code == 404
    assert ranges(cast) != []


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (["08:00"], [""], "Wed: give both the hour"),
        (["18:00"], ["08:00"], "does not end after it starts"),
        (["08:00", "11:00"], ["12:00", "14:00"], "overlap: join them"),
        (["eightish"], ["18:00"], "write the hours as 8:00 am"),
    ],
)
def test_hours_that_are_none_are_refused_beside_their_day_with_what_was_typed(
    cast: Cast, signed_in: Any, opens: list[str], closes: list[str], words: str
) -> None:
    before = ranges(cast)
    response = signed_in(cast.gus).post(HOURS, WORKDAYS | {"opens-2": opens, "closes-2": closes})
    assert response.status_code == 422
    assert words in text_of(response)
    assert f'value="{opens[0]}"' in text_of(response)
    wednesday = text_of(response).partition('id="day-2"')[2].partition("</fieldset>")[0]
    assert words in wednesday
    assert ranges(cast) == before


def test_a_week_without_any_hours_is_refused_and_a_store_without_them_says_so(
    cast: Cast, signed_in: Any
) -> None:
    gus = signed_in(cast.gus)
    empty = gus.post(HOURS, {"opens-0": [""], "closes-0": [""]})
    assert (empty.status_code, "Give at least one day some hours" in text_of(empty)) == (422, True)
    assert "never open" not in text_of(gus.get(STORE))
    OpenHours.objects.of_store(cast.northside.pk).delete()
    assert "The store is never open." in text_of(gus.get(STORE))
    assert "The store is never open." in text_of(gus.get(HOURS))


def test_rows_are_added_and_removed_without_saving(cast: Cast, signed_in: Any) -> None:
    gus, before = signed_in(cast.gus), ranges(cast)
    added = gus.post(HOURS, WORKDAYS | {"add": "6"})
    assert (added.status_code, text_of(added).count('name="opens-6"')) == (200, 1)
    removed = gus.post(HOURS, WORKDAYS | {"remove": "0-0"})
    assert 'name="opens-0"' not in text_of(removed)
    assert ranges(cast) == before


def test_midnight_ends_a_day(cast: Cast, signed_in: Any) -> None:
    signed_in(cast.gus).post(HOURS, {"opens-4": ["18:00"], "closes-4": ["00:00"]})
    assert ranges(cast) == [(4, time(18), time(0))]
    assert "6:00 pm – midnight" in newest(cast).became


def test_the_same_hours_again_are_no_change(cast: Cast, signed_in: Any) -> None:
    six_days = {
        f"{name}-{day}": [at] for day in range(6) for name, at in (("opens", "08:00"), ("closes", "18:00"))
    }
    answer = signed_in(cast.gus).post(HOURS, six_days, follow=True)
    assert "Nothing was changed." in text_of(answer)
    assert not StoreChange.objects.of_store(cast.northside.pk).exists()


def test_an_older_change_cannot_be_put_back_over_a_newer_one(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    gus.post(HOURS, WORKDAYS)
    first = newest(cast)
    gus.post(HOURS, {"opens-0": ["10:00"], "closes-0": ["12:00"]})
    answer = gus.post(undo(first))
    assert answer.status_code == 422
    assert "changed again since" in text_of(answer)
    assert ranges(cast) == [(0, time(10), time(12))]


def test_hours_of_the_other_store_stay_as_they_are(cast: Cast, signed_in: Any) -> None:
    theirs = OpenHours.objects.of_store(cast.eastside.pk)
    before = list(theirs.values_list("pk", "opens", "closes"))
    signed_in(cast.gus).post(HOURS, WORKDAYS)
    assert list(theirs.values_list("pk", "opens", "closes")) == before


# --- days that differ -------------------------------------------------------------------------------------------------


def test_a_holiday_is_added_removed_and_put_back(cast: Cast, signed_in: Any) -> None:
    gus, friday = signed_in(cast.gus), date(2026, 11, 27)
    gus.post(DAYS, {"day": "2026-11-27", "name": "Day after Thanksgiving"})
    assert not calendars.of(cast.northside.pk, "service").day_spans(friday)
    row = DayException.objects.of_store(cast.northside.pk).get()
    gone = gus.post(reverse("stores:remove_day", args=[row.pk]), follow=True)
    assert f'action="{undo(newest(cast))}"' in text_of(gone)
    assert calendars.of(cast.northside.pk, "service").day_spans(friday)
    removal = newest(cast)
    for _ in range(2):
        gus.post(undo(removal))
    assert not calendars.of(cast.northside.pk, "service").day_spans(friday)
    assert "Day after Thanksgiving" in text_of(gus.get(DAYS))


def test_a_day_may_have_other_hours_in_one_department_in_two_stretches(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    for opens, closes in (("09:00", "11:00"), ("13:00", "15:00")):
        form = {"day": "2026-12-24", "name": "Christmas Eve", "department": "sales"}
        assert gus.post(DAYS, form | {"opens": opens, "closes": closes}).status_code == 302
    spans = calendars.of(cast.northside.pk, "sales").day_spans(date(2026, 12, 24))
    assert [end - start for start, end in spans] == [timedelta(hours=2)] * 2
    whole = calendars.of(cast.northside.pk, "service").day_spans(date(2026, 12, 24))
    assert sum((end - start for start, end in whole), timedelta()) == timedelta(hours=10)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"day": "", "name": "Inventory"}, "This field is required"),
        ({"day": "2026-12-24", "name": ""}, "This field is required"),
        ({"day": "24/12", "name": "Inventory"}, "Enter a valid date"),
        ({"day": "1626-12-24", "name": "Inventory"}, "between 2000 and 2099"),
        ({"day": "2026-12-24", "name": "Inventory", "opens": "09:00"}, "Give both times"),
        ({"day": "2026-12-24", "name": "Inventory", "opens": "9", "closes": "nine"}, "A time as"),
        (
            {"day": "2026-12-24", "name": "Inventory", "opens": "15:00", "closes": "09:00"},
            "does not end after",
        ),
        ({"day": "2026-12-24", "name": "Inventory", "opens": "15:00", "closes": "00:00"}, "by 11:59 pm"),
        ({"day": "2026-12-31", "name": "Inventory"}, "is there already"),
        ({"day": "2026-12-31", "name": "Inventory", "opens": "09:00", "closes": "10:00"}, "is there already"),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_what_was_typed(
    cast: Cast, signed_in: Any, form: dict[str, str], words: str
) -> None:
    DayException.objects.create(store=cast.northside, date=date(2026, 12, 31), name="Closed early")
    response = signed_in(cast.gus).post(DAYS, form)
    assert response.status_code == 422
    assert words in text_of(response)
    assert form["name"] in text_of(response)
    assert DayException.objects.of_store(cast.northside.pk).count() == 1


def test_the_usual_holidays_of_a_year_are_added_once_and_taken_back_at_once(
    cast: Cast, signed_in: Any
) -> None:
    gus, usual = signed_in(cast.gus), reverse("stores:add_usual_days")
    DayException.objects.create(store=cast.northside, date=date(2027, 7, 4), name="Ours")
    gus.post(usual, {"year": "2027"})
    rows = DayException.objects.of_store(cast.northside.pk).order_by("date")
    assert [(row.date.month, row.name) for row in rows if row.name != "Ours"] == [
        (1, "New Year's Day"),
        (5, "Memorial Day"),
        (9, "Labor Day"),
        (11, "Thanksgiving Day"),
        (12, "Christmas Day"),
    ]
    change = newest(cast)
    assert "are there already" in text_of(gus.post(usual, {"year": "2027"}, follow=True))
    gus.post(undo(change))
    assert [row.name for row in rows.all()] == ["Ours"]


def test_a_state_that_is_none_is_said(cast: Cast, signed_in: Any) -> None:
    Store.objects.filter(pk=cast.northside.pk).update(state="ZZ")
    response = signed_in(cast.gus).post(reverse("stores:add_usual_days"), {"year": "2026"})
    assert (response.status_code, "not a US state" in text_of(response)) == (422, True)


def test_what_was_added_again_is_not_put_back_twice(cast: Cast, signed_in: Any) -> None:
    gus, form = signed_in(cast.gus), {"day": "2026-12-24", "name": "Inventory"}
    gus.post(DAYS, form)
    row = DayException.objects.of_store(cast.northside.pk).get()
    gus.post(reverse("stores:remove_day", args=[row.pk]))
    removal = newest(cast)
    gus.post(DAYS, form)
    answer = gus.post(undo(removal))
    assert (answer.status_code, "was added again" in text_of(answer)) == (422, True)
    assert DayException.objects.of_store(cast.northside.pk).count() == 1


# --- what goes out, what comes in -------------------------------------------------------------------------------------


def test_texting_is_turned_off_with_what_it_means_and_put_back(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    assert "no text leaves this store at all" in text_of(gus.get(STORE))
    gus.post(reverse("stores:set_texting"), {"texting": "off"})
    cast.northside.refresh_from_db()
    assert not cast.northside.texting_on
    assert "Texting has been off since" in text_of(gus.get(STORE))
    gus.post(undo(newest(cast)))
    cast.northside.refresh_from_db()
    cast.eastside.refresh_from_db()
    assert (cast.northside.texting_on, cast.eastside.texting_on) == (True, True)


def test_the_lead_address_is_shown_asked_for_and_replaced(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    assert "/hooks/adf/northside-leads/" in text_of(gus.get(STORE))
    assert "stops working at once" in text_of(gus.get(STORE))
    assert gus.get(ROTATE).status_code == 405
    assert Store.objects.get(pk=cast.northside.pk).lead_token == "northside-leads"
    gus.post(ROTATE)
    token = Store.objects.get(pk=cast.northside.pk).lead_token
    assert len(token) >= 32
    assert f"/hooks/adf/{token}/" in text_of(gus.get(STORE))
    lead = b"<?xml version='1.0'?><adf></adf>"
    old, new = (
        Client().post(f"/hooks/adf/{one}/", lead, content_type="text/xml").status_code
        for one in ("northside-leads", token)
    )
    assert (old, new) == (404, 202)
    change = newest(cast)
    assert token not in change.was + change.became
    assert gus.post(undo(change)).status_code == 422


def test_what_nobody_could_put_back_says_so(cast: Cast) -> None:
    doors.rotate_lead_address(store_id=cast.northside.pk, by=None, now=NOW)
    with pytest.raises(taking_back.CannotTakeBack, match="cannot be put back"):
        taking_back.take_back(newest(cast), by=cast.gus, now=NOW)


def test_touching_ranges_become_one_and_a_wrong_weekday_is_refused(cast: Cast) -> None:
    week = {0: [(time(12), time(18)), (time(8), time(12))]}
    opening.set_week(store_id=cast.northside.pk, department="", week=week, by=None, now=NOW)
    assert ranges(cast) == [(0, time(8), time(18))]
    with pytest.raises(BadHours, match="not a day of the week"):
        opening.set_week(store_id=cast.northside.pk, department="", week={7: week[0]}, by=None, now=NOW)


def test_who_reads_spanish_reads_it_and_what_they_change_is_kept_in_english(
    cast: Cast, in_spanish: Any
) -> None:
    client = in_spanish(cast.gus)
    page = client.post(HOURS, WORKDAYS | {"department": "sales"}, follow=True)
    assert "Horario de Ventas" in text_of(page)
    kept = newest(cast)
    assert (kept.what, kept.became) == ("Hours of Sales", "Mon–Fri 8:00 am – 6:00 pm; Sat–Sun closed")
    assert "lun–vie" in text_of(client.get(STORE))
    wrong = client.post(HOURS, WORKDAYS | {"department": "sales", "closes-0": ["07:00"]})
    assert "lun: de 8:00 am a 7:00 am no termina después de empezar." in text_of(wrong)
