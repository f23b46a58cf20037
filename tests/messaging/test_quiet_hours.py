"""Quiet hours by state, and where a customer is: the narrower reading wherever clues or sources disagree."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dealership.messaging.purposes import Purpose
from dealership.messaging.quiet_hours import SOURCES, TABLE, closed_holiday, solicitation_cap, window
from dealership.messaging.zones import (
    STATE_CODES,
    place_of_number,
    place_of_zip,
    read_state,
    read_zip,
    where,
    zones_of_state,
)

CHICAGO = ZoneInfo("America/Chicago")
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 21), date(2026, 11, 22)
CHRISTMAS = date(2026, 12, 25)


def hours(state: str, day: date, purpose: Purpose = Purpose.MARKETING) -> tuple[int, int] | None:
    found = window(state, datetime.combine(day, time(12), UTC), purpose)
    if found.opens is None or found.closes is None:
        return None
    return found.opens.hour, found.closes.hour


@pytest.mark.parametrize(
    ("state", "weekday", "saturday", "sunday", "holiday"),
    [
        ("AL", (8, 20), (8, 20), None, None),
        ("CT", (9, 20), (9, 20), (9, 20), (9, 20)),
        ("FL", (8, 20), (8, 20), (8, 20), (8, 20)),
        ("KY", (10, 21), (10, 21), (10, 21), (10, 21)),
        ("LA", (8, 20), (8, 20), None, None),
        ("MS", (8, 20), (8, 20), None, None),
        ("NJ", (8, 20), (8, 20), (8, 20), None),
        ("OK", (8, 20), (8, 20), (8, 20), (8, 20)),
        ("PA", (8, 21), (8, 21), (8, 21), None),
        ("RI", (9, 18), (10, 17), None, None),
        ("TX", (9, 21), (9, 21), (12, 21), (9, 21)),
        ("UT", (8, 21), (8, 21), (8, 21), None),
        ("WA", (8, 20), (8, 20), (8, 20), None),
        ("OH", (8, 21), (8, 21), (8, 21), (8, 21)),
        ("", (8, 21), (8, 21), (8, 21), (8, 21)),
    ],
)
def test_marketing_keeps_to_the_states_hours(state, weekday, saturday, sunday, holiday):
    days = (MONDAY, SATURDAY, SUNDAY, CHRISTMAS)
    assert tuple(hours(state, day) for day in days) == (weekday, saturday, sunday, holiday)


def test_no_state_is_wider_than_federal_law_and_each_names_its_source():
    for row in TABLE:
        assert row.sources
        assert set(row.sources) <= set(SOURCES)
        for allowed in filter(None, (row.weekdays, row.saturday, row.sunday)):
            assert 8 <= allowed[0] < allowed[1] <= 21


def test_texas_counts_texts_as_solicitation_from_september_2025():
    assert hours("TX", date(2025, 8, 24)) == (8, 21)
    assert hours("TX", date(2025, 9, 7)) == (12, 21)


def test_informing_keeps_federal_hours_and_an_answer_none():
    assert hours("RI", SUNDAY, Purpose.SERVICE) == (8, 21)
    assert hours("AL", SUNDAY, Purpose.SALES) == (8, 21)
    answer = window("RI", datetime.combine(SUNDAY, time(3), UTC), Purpose.CONVERSATIONAL)
    assert answer.is_open(time(3))


def test_windows_are_half_open_and_say_whose_rule_it_is():
    florida = window("FL", datetime.combine(MONDAY, time(12), UTC), Purpose.MARKETING)
    assert florida.is_open(time(8))
    assert florida.is_open(time(19, 59))
    assert not florida.is_open(time(20))
    assert florida.rule == "FL law on weekdays allows 8:00 am to 8:00 pm"
    sunday = window("LA", datetime.combine(SUNDAY, time(12), UTC), Purpose.MARKETING)
    assert sunday.rule == "LA allows none on Sundays"
    assert "Christmas Day" in window("UT", datetime.combine(CHRISTMAS, time(12), UTC), Purpose.MARKETING).rule


@pytest.mark.parametrize(
    ("state", "day"),
    [
        ("AL", date(2027, 7, 5)),  # the Fourth falls on a Sunday
        ("PA", date(2026, 6, 14)),  # Flag Day
        ("PA", date(2026, 11, 3)),  # Election Day
        ("PA", date(2027, 11, 2)),
        ("PA", date(2026, 4, 3)),  # Good Friday
        ("RI", date(2026, 8, 10)),  # Victory Day
        ("UT", date(2026, 7, 24)),  # Pioneer Day
        ("LA", date(2026, 2, 17)),  # Mardi Gras
    ],
)
def test_the_states_own_holidays_and_their_observed_days_are_known(state, day):
    assert closed_holiday(state, day)
    assert hours(state, day) is None


def test_florida_and_oklahoma_allow_three_solicitations_a_day():
    assert solicitation_cap("FL", MONDAY) == solicitation_cap("OK", MONDAY) == 3
    assert solicitation_cap("GA", MONDAY) is None
    assert solicitation_cap("", MONDAY) is None


def names(whereabouts) -> list[str]:
    return [zone.key for zone in whereabouts.zones]


def test_an_address_and_a_number_that_disagree_both_count():
    found = where("HI", "96801", "+12125550123", CHICAGO)
    assert names(found) == ["Pacific/Honolulu", "America/New_York"]
    assert found.states == ("HI", "NY")
    assert found.because == "ZIP 96801 (HI), number 212 (NY)"


def test_a_zip_that_lies_in_another_state_than_the_address_counts_beside_it():
    found = where("FL", "60611", None, CHICAGO)
    assert found.states == ("IL", "FL")
    assert "America/New_York" in names(found)


@pytest.mark.parametrize(
    "clues",
    [
        (None, None, None), ("", " ", ""), (None, None, "+18005550123"), (None, None, "+18885550123"),
        ("Narnia", "SW1A 1AA", "not a number"), (None, "00000", "+1"), ("AE", "09001", None),
    ],
)  # fmt: skip
def test_without_a_usable_clue_the_stores_time_stands(clues):
    found = where(*clues, CHICAGO)
    assert found.zones == (CHICAGO,)
    assert found.states == ()
    assert "store" in found.because


@pytest.mark.parametrize(
    ("number", "state", "zones"),
    [
        ("+18505550123", "FL", {"America/Chicago", "America/New_York"}),
        ("+19155550123", "TX", {"America/Denver"}),
        ("+12705550123", "KY", {"America/Chicago", "America/New_York"}),
        ("+18085550123", "HI", {"Pacific/Honolulu"}),
        ("+17875550123", "PR", {"America/Puerto_Rico"}),
        ("+17285550123", "FL", {"America/New_York"}),  # an overlay that the ZIP table does not list yet
    ],
)
def test_an_area_code_names_its_state_and_all_its_zones(number, state, zones):
    place = place_of_number(number)
    assert place.states == (state,)
    assert zones <= set(place.zones)


def test_an_area_code_takes_no_zone_from_the_state_next_door():
    assert set(place_of_number("+17065550123").zones) == {
        "America/New_York"
    }  # Georgia, ZIPs reach into Alabama


def test_a_foreign_number_has_its_own_zone_and_no_state():
    assert names(where(None, None, "+14165550123", CHICAGO)) == ["America/Toronto"]
    assert place_of_number("+442079460000").states == ()
    assert place_of_number("+442079460000").zones


def test_a_split_state_counts_every_zone_until_a_zip_is_known():
    assert names(where("tennessee", None, None, CHICAGO)) == ["America/Chicago", "America/New_York"]
    assert names(where("TN", "37201", None, CHICAGO)) == ["America/Chicago"]
    assert names(where("IN", "47708-1234", None, CHICAGO)) == ["America/Chicago"]


def test_every_state_has_a_zone():
    for code in STATE_CODES:
        assert zones_of_state(code), code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tx", "TX"),
        (" New  York ", "NY"),
        ("D.C.", None),
        ("XX", None),
        (None, None),
        ("Washington State", "WA"),
    ],
)
def test_states_are_read_by_code_or_name(text, code):
    assert read_state(text) == code


@pytest.mark.parametrize(
    ("text", "zip_code"),
    [
        ("60611", "60611"),
        (" 60611-1234 ", "60611"),
        ("606111234", "60611"),
        ("6061", None),
        ("٦٠٦١١", None),
        (None, None),
    ],
)
def test_zip_codes_are_read_with_or_without_four_more(text, zip_code):
    assert read_zip(text) == zip_code


def test_an_unknown_zip_says_nothing():
    assert place_of_zip("00000").zones == ()
