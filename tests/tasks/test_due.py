"""Due times: what playbooks may write, what it comes to on a store's calendar, and how it is said."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealership.stores.hours import Calendar, NoOpenHours
from tasks.due import (
    BadDue,
    FactHasNoTime,
    at,
    compute,
    earliest,
    end_of_open_day,
    from_json,
    next_block,
    open_days,
    open_hours,
    open_minutes,
    to_json,
    wall_hours,
    wall_minutes,
    words,
)

CHICAGO = ZoneInfo("America/Chicago")
THANKSGIVING = date(2026, 11, 26)
STORE = Calendar(
    CHICAGO,
    {**dict.fromkeys(range(5), ((time(8), time(18)),)), 5: ((time(9), time(14)),)},
    {THANKSGIVING: ()},
    {THANKSGIVING: "Thanksgiving"},
)


@dataclass(frozen=True)
class Booked:
    appointment_at: datetime | None
    note: str = "soon"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def due(expression, start, fact=None):
    return compute(expression, start=local(start), calendar=STORE, fact=fact)


@pytest.mark.parametrize(
    ("expression", "start", "expected"),
    [
        (open_minutes(5), "2026-11-23T17:58", "2026-11-24T08:03"),
        (open_hours(4), "2026-11-20T16:00", "2026-11-21T11:00"),
        (open_days(2), "2026-11-24T10:00", "2026-11-27T10:00"),
        (wall_minutes(90), "2026-11-23T17:30", "2026-11-23T19:00"),
        (wall_hours(24), "2026-10-31T12:00", "2026-11-01T11:00"),  # that day has 25 hours
        (end_of_open_day(), "2026-11-23T09:00", "2026-11-23T18:00"),
        (next_block("11:00", "15:00"), "2026-11-23T10:59", "2026-11-23T11:00"),
        (next_block("11:00", "15:00", silence=open_hours(2)), "2026-11-23T09:30", "2026-11-23T15:00"),
        (next_block("11:00", "15:00", silence=open_hours(2)), "2026-11-23T09:00", "2026-11-23T11:00"),
        (earliest(open_hours(2), end_of_open_day()), "2026-11-23T17:00", "2026-11-23T18:00"),
        (earliest(open_hours(2), end_of_open_day()), "2026-11-23T09:00", "2026-11-23T11:00"),
    ],
)
def test_due_times_follow_the_stores_clock(expression, start, expected):
    found = due(expression, start)
    assert found.at == local(expected)
    assert found.at.tzinfo is UTC


def test_the_hour_of_a_missed_appointment_is_counted_from_the_appointment():
    fact = Booked(local("2026-11-24T09:40"))
    missed = due(at("appointment_at", plus=wall_minutes(60)), "2026-11-20T12:00", fact)
    assert missed.at == local("2026-11-24T10:40")
    assert missed.words == "60 minutes after the appointment: Tue 24 Nov 10:40 am"
    assert due(at("appointment_at", minus=wall_hours(2)), "2026-11-20T12:00", fact).at == local(
        "2026-11-24T07:40"
    )
    assert due(at("appointment_at"), "2026-11-20T12:00", fact).at == local("2026-11-24T09:40")


def test_open_time_after_a_moment_of_the_fact_is_counted_in_open_hours():
    fact = Booked(local("2026-11-23T17:30"))
    found = due(at("appointment_at", plus=open_hours(1)), "2026-11-20T12:00", fact)
    assert found.at == local("2026-11-24T08:30")
    assert [piece.minutes for piece in found.counted] == [30, 30]


def test_a_due_time_keeps_what_was_counted_and_says_it():
    found = due(open_minutes(10), "2026-11-23T17:52")
    assert [piece.minutes for piece in found.counted] == [8, 2]
    assert (
        found.words
        == "Counted Mon 23 Nov 5:52 pm – 6:00 pm and Tue 24 Nov 8:00 am – 8:02 am: 10 open minutes"
    )
    assert due(wall_minutes(10), "2026-11-23T17:52").counted == []
    assert due(open_days(1), "2026-11-23T17:00").words == "1 open day: Tue 24 Nov 5:00 pm"
    assert [piece.minutes for piece in due(open_days(1), "2026-11-23T17:00").counted] == [60, 540]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (open_minutes(5), "5 open minutes"),
        (open_minutes(1), "1 open minute"),
        (open_hours(4), "4 open hours"),
        (open_days(2), "2 open days"),
        (open_days(1), "1 open day"),
        (wall_minutes(90), "90 minutes"),
        (wall_hours(24), "24 hours"),
        (end_of_open_day(), "by the end of the open day"),
        (next_block("11:00", "15:00"), "by the next of 11:00 am and 3:00 pm"),
        (
            next_block("11:00", "15:00", silence=open_hours(2)),
            "by the next of 11:00 am and 3:00 pm, after 2 open hours of silence",
        ),
        (at("appointment_at", plus=wall_minutes(60)), "60 minutes after the appointment"),
        (at("appointment_start", minus=wall_hours(2)), "2 hours before the appointment"),
        (at("promised_at"), "at the promised"),
        (at("promised_at", called="the promised time"), "at the promised time"),
        (
            earliest(open_hours(2), end_of_open_day()),
            "2 open hours or by the end of the open day, whichever comes first",
        ),
    ],
)
def test_expressions_are_said_as_people_say_them(expression, said):
    assert words(expression) == said


def test_the_first_of_two_says_both():
    found = due(earliest(open_hours(2), end_of_open_day()), "2026-11-23T17:00")
    assert found.words.startswith("By the end of the open day: Mon 23 Nov 6:00 pm")
    assert "2 open hours" in found.words


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (None, "empty"),
        (Booked(None), "empty"),
        (Booked(datetime(2026, 11, 23, 9)), "no time zone"),  # noqa: DTZ001
    ],
)
def test_a_fact_without_the_moment_is_an_error_that_names_it(fact, message):
    with pytest.raises(FactHasNoTime, match=message) as caught:
        due(at("appointment_at", plus=wall_minutes(60)), "2026-11-23T09:00", fact)
    assert "appointment_at" in str(caught.value)


def test_a_fact_that_names_words_instead_of_a_moment_is_an_error():
    with pytest.raises(FactHasNoTime, match="'soon'"):
        due(at("note"), "2026-11-23T09:00", Booked(None))


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        compute(open_minutes(5), start=datetime(2026, 11, 23, 9), calendar=STORE)  # noqa: DTZ001


def test_a_store_that_never_opens_is_a_configuration_error_except_by_the_wall_clock():
    shut = Calendar(CHICAGO, {})
    start = local("2026-11-23T09:00")
    for expression in (open_minutes(5), open_days(1), end_of_open_day(), next_block("11:00")):
        with pytest.raises(NoOpenHours, match="set opening hours"):
            compute(expression, start=start, calendar=shut)
    assert compute(wall_minutes(5), start=start, calendar=shut).at == start + timedelta(minutes=5)


@pytest.mark.parametrize(
    "build",
    [
        lambda: open_minutes(-1), lambda: open_minutes(2.5), lambda: open_minutes(True),
        lambda: open_days(0), lambda: wall_minutes(10**9), lambda: next_block(), lambda: next_block("25:00"),
        lambda: next_block("elevenish"), lambda: at("not a field"),
        lambda: at("a", plus=wall_minutes(1), minus=wall_minutes(1)),
    ],
)  # fmt: skip
def test_expressions_that_cannot_be_are_refused_where_they_are_written(build):
    with pytest.raises(BadDue):
        build()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "is a dict"),
        ("5 open minutes", "is a dict"),
        ({}, "no kind"),
        ({"kind": []}, "no kind"),
        ({"kind": "open_fortnights", "n": 1}, "use one of"),
        ({"kind": "open_minutes"}, "lacks 'n'"),
        ({"kind": "open_minutes", "n": "5"}, "whole number"),
        ({"kind": "open_minutes", "n": 5, "m": 6}, "knows no 'm'"),
        ({"kind": "end_of_open_day", "n": 5}, "takes nothing"),
        ({"kind": "next_block", "times": "11:00"}, "as a list"),
        ({"kind": "next_block", "times": []}, "at least one"),
        ({"kind": "next_block", "times": [None]}, "time of day"),
        ({"kind": "at", "field": 3}, "as words"),
        ({"kind": "at", "field": "a", "minus": {"kind": "open_days", "n": 1}}, "wall clock"),
        ({"kind": "earliest", "a": {"kind": "open_days", "n": 1}}, "lacks 'b'"),
    ],
)
def test_a_due_time_that_a_person_mistyped_says_what_to_write(data, message):
    with pytest.raises(BadDue, match=message):
        from_json(data)


def test_a_due_time_nested_without_end_is_refused():
    data = {"kind": "open_minutes", "n": 1}
    for _ in range(20_000):
        data = {"kind": "earliest", "a": data, "b": {"kind": "end_of_open_day"}}
    with pytest.raises(BadDue, match="too deeply"):
        from_json(data)


simple = st.one_of(
    st.builds(open_minutes, st.integers(0, 2000)),
    st.builds(open_days, st.integers(1, 40)),
    st.builds(wall_minutes, st.integers(0, 2000)),
    st.just(end_of_open_day()),
)
blocks = st.builds(
    lambda times, silence: next_block(*times, silence=silence),
    st.lists(st.sampled_from(["11:00", "15:00", "09:30", "16:45"]), min_size=1, max_size=3),
    st.none() | simple,
)
moments = st.one_of(
    st.builds(lambda plus: at("appointment_at", plus=plus), simple),
    st.builds(lambda n: at("appointment_at", minus=wall_minutes(n), called="the visit"), st.integers(0, 999)),
)
expressions = st.recursive(
    simple | blocks | moments, lambda inner: st.builds(earliest, inner, inner), max_leaves=4
)
starts = st.integers(0, 400 * 24 * 60).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))


@settings(max_examples=200)
@given(expressions)
def test_every_expression_survives_json(expression):
    assert from_json(json.loads(json.dumps(to_json(expression)))) == expression
    assert words(expression)


@settings(max_examples=150)
@given(simple | blocks, simple | blocks, starts, st.integers(0, 10_000))
def test_due_times_never_precede_their_start_nor_overtake_a_later_one(a, b, start, later):
    first = compute(a, start=start, calendar=STORE)
    assert first.at >= start
    assert compute(a, start=start + timedelta(days=later // 1440), calendar=STORE).at >= first.at
    both = compute(earliest(a, b), start=start, calendar=STORE)
    assert both.at == min(first.at, compute(b, start=start, calendar=STORE).at)
    assert all(start <= piece.start < piece.end <= both.at for piece in both.counted)
