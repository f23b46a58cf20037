"""Hours in which a state lets a business solicit its people, as dated data with sources. Pure.

Local time is the recipient's. Where sources disagree or are silent, the narrower reading stands and `doubt` says
so. It is a table for software, not advice: a dealer's counsel confirms it for the states that the dealer texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

from dealership.messaging.purposes import Purpose
from dealership.stores.hours import spoken_time

READ_ON = date(2026, 11, 23)
"""When the sources below were last compared."""

SOURCES = {
    "cfr": "47 CFR 64.1200(c)(1): 8 am to 9 pm at the called party's location",
    "clickpoint": "blog.clickpointsoftware.com, federal and local call time and date compliance (reviewed July 2025)",
    "referrizer": "support.referrizer.com, TCPA quiet hours",
    "dropcowboy": "dropcowboy.com/state-compliance",
    "vicidial": "VICIdial forum topic 41540 (OK, WA)",
    "dnc": "dnc.dreamhosters.com, restricted call dates, January 2019 (AL, LA, MS, RI, UT)",
    "sb140": "Texas SB 140: from 1 September 2025 a text is a telephone solicitation",
    "pa-act": "Pennsylvania: no solicitation on legal holidays, Flag Day and Election Day among them (dnc.dreamhosters.com)",
    "pa-ag": "attorneygeneral.gov: telemarketers may call 8 am to 9 pm",
}

Hours = tuple[int, int]


@dataclass(frozen=True)
class StateHours:
    """One state's hours from `since` on: whole local hours [from, to) by kind of day, None where none is allowed.

    `holiday` "same" means that the weekday's hours stand. `cap` limits solicitations per number in 24 hours.
    """

    state: str
    weekdays: Hours
    saturday: Hours | None
    sunday: Hours | None
    sources: tuple[str, ...]
    holidays_closed: bool = False
    since: date = date.min
    cap: int | None = None
    doubt: str = ""


@dataclass(frozen=True)
class Window:
    """Whether and when one local day allows it: [opens, closes), or closed when both are None; `rule` in words."""

    opens: time | None
    closes: time | None
    rule: str

    def is_open(self, wall: time) -> bool:
        """Whether the wall-clock time lies in the window."""
        return self.opens is not None and self.closes is not None and self.opens <= wall < self.closes


def _same(state: str, hours: Hours, *sources: str, cap: int | None = None, doubt: str = "") -> StateHours:
    return StateHours(state, hours, hours, hours, sources, cap=cap, doubt=doubt)


FEDERAL: Hours = (8, 21)
TABLE: tuple[StateHours, ...] = (
    StateHours("AL", (8, 20), (8, 20), None, ("clickpoint", "dnc"), holidays_closed=True),
    _same("CT", (9, 20), "clickpoint", "referrizer", doubt="Some sources close at 9 pm."),
    _same("FL", (8, 20), "clickpoint", "referrizer", cap=3),
    _same("KY", (10, 21), "clickpoint"),
    StateHours("LA", (8, 20), (8, 20), None, ("clickpoint", "dnc"), holidays_closed=True),
    _same("MD", (8, 20), "clickpoint"),
    _same("MA", (8, 20), "clickpoint"),
    _same("MI", (9, 21), "clickpoint"),
    _same("MN", (9, 21), "clickpoint"),
    StateHours(
        "MS", (8, 20), (8, 20), None, ("clickpoint", "dnc"), True, doubt="Holidays: one source closes them."
    ),
    _same("NV", (9, 20), "clickpoint"),
    StateHours(
        "NJ", (8, 20), (8, 20), (8, 20), ("clickpoint",), True, doubt="Holidays: sources are silent; closed."
    ),
    _same("NM", (9, 21), "clickpoint"),
    _same("OK", (8, 20), "clickpoint", "vicidial", cap=3),
    StateHours(
        "PA", (8, 21), (8, 21), (8, 21), ("pa-act", "pa-ag"), True, doubt="Weekends: no source narrows them."
    ),
    StateHours(
        "RI",
        (9, 18),
        (10, 17),
        None,
        ("clickpoint", "dnc"),
        True,
        doubt="Sundays: sources are silent; closed.",
    ),
    StateHours("TX", FEDERAL, FEDERAL, FEDERAL, ("cfr",)),
    StateHours("TX", (9, 21), (9, 21), (12, 21), ("clickpoint", "sb140"), since=date(2025, 9, 1)),
    StateHours("UT", FEDERAL, FEDERAL, FEDERAL, ("cfr", "dnc"), True),
    StateHours(
        "WA", (8, 20), (8, 20), (8, 20), ("vicidial",), True, doubt="Holidays: sources are silent; closed."
    ),
)


def state_hours(state: str, on: date) -> StateHours | None:
    """The row in force for a state on a date; None where only the federal hours apply."""
    rows = [row for row in TABLE if row.state == state and row.since <= on]
    return max(rows, key=lambda row: row.since, default=None)


def solicitation_cap(state: str, on: date) -> int | None:
    """How many solicitations per number the state allows in 24 hours; None for no limit of its own."""
    row = state_hours(state, on)
    return row.cap if row else None


def window(state: str, at_local: datetime, purpose: Purpose) -> Window:
    """The law's window on the local day of `at_local`, in a state ("" or an unlisted one: federal hours).

    State hours bind marketing. What informs a customer about their own business keeps the federal hours, and an
    answer to someone who has just written has none.
    """
    return _window(state, at_local.date(), purpose)


@lru_cache(maxsize=4096)
def _window(state: str, day: date, purpose: Purpose) -> Window:
    if purpose is Purpose.CONVERSATIONAL:
        return Window(time.min, time.max, "an answer may go at any hour")
    row = state_hours(state, day) if purpose is Purpose.MARKETING else None
    if row is None:
        return _open(FEDERAL, "federal law")
    if row.holidays_closed and (name := closed_holiday(state, day)):
        return Window(None, None, f"{state} allows none on a holiday ({name})")
    by_day = {5: (row.saturday, "Saturdays"), 6: (row.sunday, "Sundays")}
    hours, kind = by_day.get(day.weekday(), (row.weekdays, "weekdays"))
    if hours is None:
        return Window(None, None, f"{state} allows none on {kind}")
    return _open(hours, f"{state} law on {kind}")


def _open(hours: Hours, whose: str) -> Window:
    opens, closes = time(hours[0]), time(hours[1])
    return Window(opens, closes, f"{whose} allows {spoken_time(opens)} to {spoken_time(closes)}")


@lru_cache(maxsize=256)
def _holidays(state: str, year: int) -> dict[date, str]:
    kinds = ("public", "government")
    found = dict(holidays.country_holidays("US", years=year))
    found |= dict(holidays.country_holidays("US", subdiv=state, years=year, categories=kinds))
    if state == "PA":
        lesser = holidays.country_holidays("US", subdiv=state, years=year, categories=("unofficial",))
        found |= {day: name for day, name in lesser.items() if name == "Good Friday"}
        first_of_november = date(year, 11, 1)
        first_monday = first_of_november + timedelta(days=-first_of_november.weekday() % 7)
        found |= {date(year, 6, 14): "Flag Day", first_monday + timedelta(days=1): "Election Day"}
    return found


def closed_holiday(state: str, day: date) -> str | None:
    """The name of the state's or the nation's legal holiday on that day, its observed day included."""
    return _holidays(state, day.year).get(day)
