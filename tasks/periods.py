"""Periods that a manager looks at: whole days of the store, and the days before that they are compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dealership.language import later
from tasks import retold
from tasks.rollups import day_start

DAY = timedelta(days=1)
MOST_DAYS = 400
NAMES = {
    "today": later("Today"),
    "yesterday": later("Yesterday"),
    "7": later("7 days"),
    "30": later("30 days"),
    "90": later("90 days"),
    "month": later("This month"),
    "custom": later("From – to"),
}
USUAL = "30"


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, where the store is."""

    first: date
    last: date
    zone: ZoneInfo
    key: str = "custom"

    @property
    def n_days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def starts_at(self) -> datetime:
        """The first moment of the first day."""
        return day_start(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after the last day."""
        return day_start(self.last + DAY, self.zone)

    @property
    def before(self) -> Period:
        """As many days, right before."""
        return Period(self.first - self.n_days * DAY, self.first - DAY, self.zone)

    def ending_with(self, n_days: int) -> Period:
        """The last so many days up to its end."""
        return Period(self.last - (n_days - 1) * DAY, self.last, self.zone)

    def pieces(self, most: int) -> Iterator[Period]:
        """The period in at most so many pieces of whole days, about equally long."""
        n = min(most, self.n_days)
        for i in range(n):
            first, end = self.n_days * i // n, self.n_days * (i + 1) // n
            yield Period(self.first + first * DAY, self.first + (end - 1) * DAY, self.zone)

    @property
    def words(self) -> str:
        """ "24 Oct – 22 Nov", "22 Nov"; with the years where they differ."""
        year = f" {self.last.year}" if self.first.year != self.last.year else ""
        if self.first == self.last:
            return _said(self.last, "")
        return f"{_said(self.first, f' {self.first.year}' if year else '')} – {_said(self.last, year)}"

    @property
    def before_words(self) -> str:
        """What it is compared with: "the day before", "the 30 days before"."""
        if self.n_days == 1:
            return _("the day before")
        return _("the %(n)s days before") % {"n": self.n_days}

    @property
    def query(self) -> dict[str, str]:
        """As addresses say it."""
        if self.key != "custom":
            return {"period": self.key}
        return {"period": "custom", "first": self.first.isoformat(), "last": self.last.isoformat()}


def named(key: str, today: date, zone: ZoneInfo) -> Period:
    """A period by its name, seen from this day. Raises KeyError for "custom" and for no name."""
    first, last = {
        "today": (today, today),
        "yesterday": (today - DAY, today - DAY),
        "7": (today - 6 * DAY, today),
        "30": (today - 29 * DAY, today),
        "90": (today - 89 * DAY, today),
        "month": (today.replace(day=1), today),
    }[key]
    return Period(first, last, zone, key)


def _said(day: date, year: str) -> str:
    return f"{retold.day(day)}{year}"
