"""Days on which parts should come: a day means its closing hour; said as people say them, in the customer's language. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dealership.appointments import when
from dealership.stores.hours import Calendar, spoken_date, to_utc

NO_DATE = "no date yet"


def end_of(day: date, calendar: Calendar) -> datetime:
    """When that day is over for the counter: its last closing hour, or midnight where it is closed."""
    spans = calendar.day_spans(day)
    if spans:
        return spans[-1][1]
    return to_utc(calendar.zone, datetime.combine(day + timedelta(days=1), time())).astimezone(UTC)


def day_of(eta_at: datetime, zone: tzinfo) -> date:
    """The day that is meant, also where its end is the next midnight."""
    return (eta_at.astimezone(zone) - timedelta(microseconds=1)).date()


def words(eta_at: datetime | None, zone: tzinfo) -> str:
    """ "Thu 26 Nov", or that nobody knows."""
    return spoken_date(day_of(eta_at, zone)) if eta_at else NO_DATE


def customer_words(eta_at: datetime, zone: tzinfo, language: str) -> str:
    """The day as a customer is told it: "Thu Nov 26", "jue 26 nov"."""
    return when.day(eta_at - timedelta(microseconds=1), zone, language)
