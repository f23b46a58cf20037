"""Open hours: counted exactly, on both nights on which the clocks change, in every zone that matters."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealership.stores.holidays import UnknownState, us_dealer_holidays
from dealership.stores.hours import BadHours, Calendar, NoOpenHours, spoken_minutes, to_utc
from tests import saboteurs
from tests.promises import promise

CHICAGO = ZoneInfo("America/Chicago")
DAY_HOURS = ((time(8), time(12)), (time(13), time(18)))
WEEK = {**{day: ((time(8), time(18)),) for day in range(5)}, 5: ((time(9), time(14)),)}
THANKSGIVING = date(2026, 11, 26)
STORE = Calendar(CHICAGO, WEEK, {THANKSGIVING: ()}, {THANKSGIVING: "Thanksgiving"})
MINUTE = timedelta(minutes=1)

ZONES = [
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/Indiana/Indianapolis", "America/Indiana/Tell_City",
    "America/Puerto_Rico", "America/Havana", "Australia/Lord_Howe", "America/Santiago", "Atlantic/Azores",
]  # fmt: skip
NIGHTS = [
    date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5), date(2026, 10, 4),
    date(2026, 9, 6), date(2026, 3, 29), date(2026, 10, 25),
]  # fmt: skip
NIGHT_HOURS = (
    (time(0, 0), time(0, 45)), (time(1, 15), time(1, 45)), (time(2, 10), time(2, 50)),
    (time(2, 55), time(3, 20)), (time(8), time(18)), (time(23, 10), time(0, 0)),
)  # fmt: skip
NIGHT_CALENDARS = [Calendar(ZoneInfo(zone), dict.fromkeys(range(7), NIGHT_HOURS)) for zone in ZONES]


def at(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@st.composite
def moments_of_a_change_night(draw: st.DrawFn) -> datetime:
    night = datetime.combine(draw(st.sampled_from(NIGHTS)), time(), UTC)
    return night + draw(st.integers(-18 * 60, 36 * 60)) * MINUTE


calendars = st.sampled_from(NIGHT_CALENDARS)
counts = st.integers(0, 3000)


def test_five_open_minutes_before_closing_run_on_at_the_next_opening():
    due = STORE.add_minutes(at("2026-11-23T17:52"), 10)
    assert due == at("2026-11-24T08:02")
    assert due.tzinfo is UTC
    assert STORE.explain(at("2026-11-23T17:52"), due) == (
        "Counted Mon 23 Nov 5:52 pm – 6:00 pm and Tue 24 Nov 8:00 am – 8:02 am: 10 open minutes"
    )


def test_a_weekend_lead_is_counted_from_monday_morning():
    assert STORE.add_minutes(at("2026-11-21T22:00"), 5) == at("2026-11-23T08:05")


def test_a_holiday_is_skipped_and_named():
    start = at("2026-11-25T17:58")
    due = STORE.add_minutes(start, 5)
    assert due == at("2026-11-27T08:03")
    assert "closed Thu 26 Nov: Thanksgiving" in STORE.explain(start, due)


def test_long_counts_are_explained_in_one_line():
    start = at("2026-11-09T09:00")
    words = STORE.explain(start, STORE.add_minutes(start, 60 * 40))
    first, last = "Mon 9 Nov 9:00 am – 6:00 pm", "Fri 13 Nov 8:00 am – 9:00 am"
    assert words == f"Counted {first}, 3 more stretches and {last}: 40 open hours"


def test_nothing_to_count_is_said_plainly():
    words = STORE.explain(at("2026-11-22T09:00"), at("2026-11-22T10:00"))
    assert words == "No open time between Sun 22 Nov 9:00 am and Sun 22 Nov 10:00 am."


def test_ranges_are_half_open():
    assert not STORE.is_open(at("2026-11-23T07:59:59"))
    assert STORE.is_open(at("2026-11-23T08:00"))
    assert STORE.is_open(at("2026-11-23T17:59:59"))
    assert not STORE.is_open(at("2026-11-23T18:00"))


def test_a_lunch_break_is_not_counted():
    store = Calendar(CHICAGO, {0: DAY_HOURS})
    assert store.add_minutes(at("2026-11-23T11:30"), 45) == at("2026-11-23T13:15")
    assert store.minutes_between(at("2026-11-23T11:30"), at("2026-11-23T13:15")) == 45
    assert store.closes_at(at("2026-11-23T11:30")) == at("2026-11-23T12:00")
    assert store.end_of_day(at("2026-11-23T11:30")) == at("2026-11-23T18:00")


def test_next_open_is_now_when_open():
    now = at("2026-11-23T09:00")
    assert STORE.next_open(now) == now
    assert STORE.next_open(at("2026-11-21T14:00")) == at("2026-11-23T08:00")


def test_a_closed_store_has_no_closing_time():
    assert STORE.closes_at(at("2026-11-22T12:00")) is None


def test_hours_split_at_midnight_close_when_the_night_ends():
    store = Calendar(CHICAGO, {4: ((time(18), time(0)),), 5: ((time(0), time(2)),)})
    assert store.closes_at(at("2026-11-20T23:00")) == at("2026-11-21T02:00")
    assert store.add_minutes(at("2026-11-20T23:30"), 60) == at("2026-11-21T00:30")


def test_a_store_that_never_closes_is_counted_by_the_clock():
    always = Calendar(CHICAGO, dict.fromkeys(range(7), ((time(0), time(0)),)))
    start = at("2026-03-07T12:00")
    assert always.add_minutes(start, 3 * 24 * 60) == start.astimezone(UTC) + timedelta(days=3)
    closes = always.closes_at(start)
    assert closes is not None
    assert closes > start + timedelta(days=300)


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        (((time(18), time(2)),), "split them"),
        (((time(9), time(9)),), "does not end after it starts"),
        (((time(8), time(14)), (time(12), time(18))), "overlap"),
        (((time(8), time(0)), (time(22), time(23))), "overlap"),
        (((time(8, tzinfo=UTC), time(9, tzinfo=UTC)),), "without a zone"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_a_remedy(ranges, words):
    with pytest.raises(BadHours, match=words):
        Calendar(CHICAGO, {0: ranges})


def test_a_weekday_out_of_range_is_refused():
    with pytest.raises(BadHours, match="0 \\(Monday\\) to 6 \\(Sunday\\)"):
        Calendar(CHICAGO, {7: ((time(8), time(9)),)})


def test_ranges_may_come_in_any_order_and_touching_ones_are_one():
    store = Calendar(CHICAGO, {0: ((time(12), time(18)), (time(8), time(12)))})
    assert store.closes_at(at("2026-11-23T09:00")) == at("2026-11-23T18:00")


@pytest.mark.parametrize(
    "calendar", [Calendar(CHICAGO, {}), Calendar(CHICAGO, {}, {date(2020, 1, 1): ((time(8), time(9)),)})]
)
def test_a_calendar_that_never_opens_says_what_to_set(calendar):
    now = at("2026-11-23T09:00")
    for ask in (
        lambda: calendar.add_minutes(now, 5),
        lambda: calendar.next_open(now),
        lambda: calendar.open_days_after(now, 1),
        lambda: calendar.end_of_day(now),
        lambda: calendar.at_block(now),
    ):
        with pytest.raises(NoOpenHours, match="set opening hours"):
            ask()
    assert not calendar.is_open(now)


def test_a_moment_without_a_zone_is_refused():
    for ask in (STORE.is_open, STORE.next_open, STORE.end_of_day, lambda naive: STORE.add_minutes(naive, 0)):
        with pytest.raises(ValueError, match="no time zone"):
            ask(datetime(2026, 11, 23, 9))  # noqa: DTZ001


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        STORE.add_minutes(at("2026-11-23T09:00"), -1)


def test_two_open_days_later_is_the_same_time_of_day():
    assert STORE.open_days_after(at("2026-11-20T15:30"), 1) == at("2026-11-21T14:00")  # Saturday closes at 2
    assert STORE.open_days_after(at("2026-11-20T15:30"), 2) == at("2026-11-23T15:30")
    assert STORE.open_days_after(at("2026-11-24T10:00"), 2) == at("2026-11-27T10:00")  # over Thanksgiving


def test_an_evening_fact_is_due_at_the_end_of_the_day_it_falls_on():
    assert STORE.open_days_after(at("2026-11-23T20:15"), 1) == at("2026-11-24T18:00")


def test_open_days_keep_the_wall_clock_over_a_change_of_the_clocks():
    assert STORE.open_days_after(at("2026-10-30T10:00"), 2) == at("2026-11-02T10:00")


def test_the_end_of_day_moves_on_when_the_store_has_closed():
    assert STORE.end_of_day(at("2026-11-23T18:00")) == at("2026-11-24T18:00")
    assert STORE.end_of_day(at("2026-11-22T11:00")) == at("2026-11-23T18:00")


def test_blocks_are_local_times_within_open_hours():
    assert STORE.at_block(at("2026-11-23T09:00")) == at("2026-11-23T11:00")
    assert STORE.at_block(at("2026-11-23T11:00")) == at("2026-11-23T15:00")
    assert STORE.at_block(at("2026-11-21T11:30")) == at("2026-11-23T11:00")  # 3 pm Saturday is closed
    with pytest.raises(NoOpenHours, match="11:30 pm"):
        STORE.at_block(at("2026-11-23T09:00"), (time(23, 30),))


def test_a_skipped_hour_moves_forward_and_a_doubled_one_is_the_first():
    assert to_utc(CHICAGO, datetime(2026, 3, 8, 2, 30)) == datetime(2026, 3, 8, 8, 0, tzinfo=UTC)  # noqa: DTZ001
    assert to_utc(CHICAGO, datetime(2026, 11, 1, 1, 30)) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # noqa: DTZ001
    assert to_utc(CHICAGO, datetime(2026, 11, 1, 3, 0)) == datetime(2026, 11, 1, 9, 0, tzinfo=UTC)  # noqa: DTZ001


@promise("P24", saboteur=saboteurs.an_offset_is_a_zone)
def test_eight_is_eight_before_and_after_each_change_of_the_clocks():
    for name in ZONES:
        zone = ZoneInfo(name)
        calendar = Calendar(zone, dict.fromkeys(range(7), ((time(8), time(18)),)))
        for day in (night + timedelta(days=n) for night in NIGHTS for n in (-1, 0, 1)):
            ((opens, closes),) = calendar.day_spans(day)
            assert (opens.astimezone(zone).time(), closes.astimezone(zone).time()) == (time(8), time(18)), (
                name
            )
            due = calendar.add_minutes(closes - 10 * MINUTE, 20).astimezone(zone)
            assert (due.date(), due.time()) == (day + timedelta(days=1), time(8, 10)), name


def test_a_store_open_all_night_counts_the_hours_that_the_night_really_had():
    always = Calendar(CHICAGO, dict.fromkeys(range(7), ((time(0), time(0)),)))
    assert always.minutes_between(at("2026-03-08T00:00"), at("2026-03-09T00:00")) == 23 * 60
    assert always.minutes_between(at("2026-11-01T00:00"), at("2026-11-02T00:00")) == 25 * 60
    phoenix = ZoneInfo("America/Phoenix")
    flat = Calendar(phoenix, always.week)
    assert flat.minutes_between(at("2026-03-08T00:00", phoenix), at("2026-03-09T00:00", phoenix)) == 24 * 60


@settings(max_examples=250)
@given(calendars, moments_of_a_change_night(), counts, counts)
def test_counting_twice_is_counting_the_sum(calendar, start, m, n):
    assert calendar.add_minutes(calendar.add_minutes(start, m), n) == calendar.add_minutes(start, m + n)


@settings(max_examples=250)
@given(calendars, moments_of_a_change_night(), counts)
def test_what_was_added_is_what_lies_between(calendar, start, n):
    due = calendar.add_minutes(start, n)
    assert calendar.minutes_between(start, due) == n
    assert calendar.minutes_between(due, start) == -n
    assert sum(piece.minutes for piece in calendar.counted_ranges(start, n)) == n


@settings(max_examples=250)
@given(calendars, moments_of_a_change_night(), st.integers(0, 2000), counts, counts)
def test_a_later_start_or_a_longer_count_is_never_due_earlier(calendar, start, later, m, n):
    due = calendar.add_minutes(start, m)
    assert due >= start
    assert calendar.add_minutes(start + later * MINUTE, m) >= due
    assert (calendar.add_minutes(start, n) >= due) or n < m


@settings(max_examples=250)
@given(calendars, *[moments_of_a_change_night()] * 3)
def test_open_time_between_moments_adds_up(calendar, a, b, c):
    whole = calendar.open_time_between(a, c)
    assert calendar.open_time_between(a, b) + calendar.open_time_between(b, c) == whole
    assert abs(whole) <= abs(c - a)


@settings(max_examples=100)
@given(calendars, moments_of_a_change_night(), st.integers(1, 2 * 24 * 60))
def test_ranges_agree_with_is_open_minute_by_minute(calendar, start, length):
    end = start + length * MINUTE
    probes = [start + offset * MINUTE for offset in range(0, length, 17)]
    spans = calendar.ranges(start, end)
    assert all(start <= opens < closes <= end for opens, closes in spans)
    for probe in probes:
        assert calendar.is_open(probe) == any(opens <= probe < closes for opens, closes in spans)
        closes = calendar.closes_at(probe)
        assert (closes is not None) == calendar.is_open(probe)
        assert closes is None or not calendar.is_open(closes)
        assert calendar.is_open(calendar.next_open(probe))


@settings(max_examples=100)
@given(calendars, moments_of_a_change_night(), st.integers(1, 30), st.integers(0, 3 * 24 * 60))
def test_open_days_and_blocks_go_forward(calendar, start, days, later):
    due = calendar.open_days_after(start, days)
    assert start < due <= calendar.open_days_after(start, days + 1)
    assert calendar.open_days_after(start + timedelta(days=1), days) >= due
    block = calendar.at_block(start)
    assert start < block <= calendar.at_block(start + later * MINUTE)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 open minutes"), (1, "1 open minute"), (60, "60 open minutes"), (120, "2 open hours"),
        (90, "90 open minutes"),
        (240, "4 open hours"), (130, "2 open hours 10 minutes"), (181, "3 open hours 1 minute"),
    ],
)  # fmt: skip
def test_lengths_are_spoken_as_people_say_them(minutes, words):
    assert spoken_minutes(minutes) == words


def test_whole_days_by_the_wall_clock_are_said_as_days() -> None:
    assert spoken_minutes(3 * 24 * 60, kind="") == "3 days"
    assert spoken_minutes(3 * 24 * 60 + 1, kind="") == "72 hours 1 minute"
    assert spoken_minutes(3 * 24 * 60) == "72 open hours"


def test_the_default_closed_days_are_the_six_that_dealers_keep():
    assert us_dealer_holidays(2026, "TX") == {
        date(2026, 1, 1): "New Year's Day",
        date(2026, 5, 25): "Memorial Day",
        date(2026, 7, 4): "Independence Day",
        date(2026, 9, 7): "Labor Day",
        date(2026, 11, 26): "Thanksgiving Day",
        date(2026, 12, 25): "Christmas Day",
    }
    assert us_dealer_holidays(2026) == us_dealer_holidays(2026, "tx")


def test_an_unknown_state_is_refused_with_an_example():
    with pytest.raises(UnknownState, match="two letters"):
        us_dealer_holidays(2026, "Texas")
