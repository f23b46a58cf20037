"""Times are said as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dealership import clocks

ZONE = ZoneInfo("America/New_York")
#: Monday 23 November 2026, 10:00 am in New York.
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(minutes=30), "10:30 am"),
        (timedelta(hours=-1), "9:00 am"),
        (timedelta(days=1), "tomorrow 10:00 am"),
        (timedelta(days=-1), "yesterday 10:00 am"),
        (timedelta(days=4), "Fri 10:00 am"),
        (timedelta(days=-3), "Fri 10:00 am"),
        (timedelta(days=30), "23 Dec 10:00 am"),
        (timedelta(days=-365), "23 Nov 2025"),
    ],
)
def test_a_moment_is_said_in_the_stores_time(after: timedelta, said: str) -> None:
    assert clocks.when(NOW + after, ZONE, NOW) == said


def test_midnight_divides_the_days_where_the_store_is() -> None:
    late = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    assert clocks.when(late, ZONE, NOW) == "11:59 pm"
    assert clocks.when(late + timedelta(minutes=1), ZONE, NOW) == "tomorrow 12:00 am"


@pytest.mark.parametrize(
    ("left", "clock"),
    [
        (timedelta(minutes=6, seconds=40), clocks.Clock("6:40", "10:06 am", "soon")),
        (timedelta(seconds=9), clocks.Clock("0:09", "10:00 am", "soon")),
        (timedelta(hours=3, minutes=30), clocks.Clock("1:30", "pm")),
        (timedelta(days=1, hours=-1), clocks.Clock("Tue", "9:00 am")),
        (timedelta(minutes=-22), clocks.Clock("22 min", "late", "late")),
        (timedelta(minutes=-65), clocks.Clock("1 h 05", "late", "late")),
        (timedelta(days=-3), clocks.Clock("3 d", "late", "late")),
    ],
)
def test_a_clock_counts_down_to_the_promise_and_up_from_the_breach(
    left: timedelta, clock: clocks.Clock
) -> None:
    assert clocks.until(NOW + left, ZONE, NOW) == clock


def test_whoever_waits_is_counted_to_the_second() -> None:
    assert clocks.since(NOW - timedelta(seconds=72), NOW) == clocks.Clock("1:12", "waiting", "live")


def test_a_gauge_says_how_much_is_left_of_how_much() -> None:
    assert (
        clocks.left_of(NOW - timedelta(seconds=72), NOW + timedelta(minutes=13, seconds=48), NOW)
        == "13:48 left of 15:00"
    )
    assert clocks.left_of(NOW - timedelta(hours=2), NOW - timedelta(minutes=22), NOW) == "22 min late"


@pytest.mark.parametrize(
    ("gone", "whole", "percent"),
    [(0, 60, 0), (15, 60, 25), (60, 60, 100), (90, 60, 100), (-5, 60, 0), (0, 0, 100)],
)
def test_a_bar_burns_from_nothing_to_all(gone: int, whole: int, percent: int) -> None:
    start = NOW - timedelta(minutes=gone)
    assert clocks.burnt(start, start + timedelta(minutes=whole), NOW) == percent
