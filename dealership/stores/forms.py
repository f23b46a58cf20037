"""What people type about a store: a week of ranges, and a day that differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.stores import said
from dealership.stores.hours import BadHours, Calendar, Range
from dealership.stores.models import Department

TIME_FORMATS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")
MOST_RANGES = 12
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


@dataclass
class TypedDay:
    """One weekday as it stands on the page: what was typed, and what is wrong with it."""

    weekday: int
    ranges: list[tuple[str, str]] = field(default_factory=list)
    error: str = ""

    @property
    def name(self) -> str:
        """ "Mon"."""
        return said.weekday(self.weekday)


class WeekForm:
    """Seven days with any number of ranges each, that works without JavaScript.

    The fields are `opens-<weekday>` and `closes-<weekday>`, repeated in their order. `add=<weekday>`,
    `remove=<weekday>-<place>` and `copy=<weekday>` change the form and save nothing (`is_redraw`).
    """

    def __init__(self, week: Mapping[int, Sequence[Range]], data: QueryDict | None = None) -> None:
        self.is_redraw = False
        self.week: dict[int, list[Range]] = {}
        self.error = ""
        if data is None:
            self.days = [
                TypedDay(weekday, [(f"{a:%H:%M}", f"{b:%H:%M}") for a, b in week.get(weekday, ())])
                for weekday in range(7)
            ]
        else:
            self.days = [TypedDay(weekday, _typed(data, weekday)) for weekday in range(7)]
            self._redraw(data)

    def is_valid(self) -> bool:
        """Reads what was typed into `week`; errors stand with their day."""
        for day in self.days:
            try:
                ranges = [_range(day.name, opens, closes) for opens, closes in day.ranges if opens or closes]
                if ranges:
                    Calendar(zone=ZoneInfo("UTC"), week={day.weekday: ranges})
                    self.week[day.weekday] = ranges
            except BadHours as error:
                day.error = said.trouble(error)
        return not any(day.error for day in self.days)

    def _redraw(self, data: QueryDict) -> None:
        add, remove, copy = data.get("add", ""), data.get("remove", ""), data.get("copy", "")
        self.is_redraw = bool(add or remove or copy)
        if add in _WEEKDAYS and len(self.days[int(add)].ranges) < MOST_RANGES:
            self.days[int(add)].ranges.append(("", ""))
        weekday, _, place = remove.partition("-")
        if weekday in _WEEKDAYS and place.isdecimal() and len(place) < 3:
            del self.days[int(weekday)].ranges[int(place) : int(place) + 1]
        if copy in _WEEKDAYS:
            for day in self.days[int(copy) + 1 : 5]:
                day.ranges = list(self.days[int(copy)].ranges)


_WEEKDAYS = tuple("0123456")


def read_time(text: str) -> time | None:
    """A wall-clock time as browsers and people write it; None for what is none."""
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text.strip(), form).time()  # noqa: DTZ007 - a wall clock has no zone
        except ValueError:
            continue
    return None


def _typed(data: QueryDict, weekday: int) -> list[tuple[str, str]]:
    opens, closes = data.getlist(f"opens-{weekday}"), data.getlist(f"closes-{weekday}")
    return [(a.strip()[:20], b.strip()[:20]) for a, b in list(zip(opens, closes, strict=False))[:MOST_RANGES]]


def _range(day: str, opens: str, closes: str) -> Range:
    read = read_time(opens), read_time(closes)
    if not opens or not closes:
        raise BadHours(_("%(day)s: give both the hour it begins and the hour it ends.") % {"day": day})
    if read[0] is None or read[1] is None:
        raise BadHours(_("%(day)s: write the hours as 8:00 am.") % {"day": day})
    return read[0], read[1]


class DayForm(forms.Form):
    """A day that differs: closed, or other hours."""

    day = forms.DateField(
        label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    name = forms.CharField(
        label=later("What it is"), max_length=80, help_text=later("As Thanksgiving, or inventory.")
    )
    department = forms.ChoiceField(
        label=later("Whose"), required=False, choices=[("", later("The whole store")), *Department.choices]
    )
    opens = forms.TimeField(
        label=later("Opens"),
        required=False,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": later("A time as 8:00 am.")},
    )
    closes = forms.TimeField(
        label=later("Closes"),
        required=False,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": later("A time as 6:00 pm.")},
    )

    def clean_day(self) -> date:
        """A day of this century."""
        day: date = self.cleaned_data["day"]
        if not _FIRST_DAY <= day <= _LAST_DAY:
            raise forms.ValidationError(_("Give a day between 2000 and 2099."))
        return day

    def clean(self) -> dict[str, Any]:
        """Both times, or neither."""
        typed: dict[str, Any] = super().clean() or {}
        if self.errors:
            return typed
        if (typed.get("opens") is None) != (typed.get("closes") is None):
            missing = "opens" if typed.get("opens") is None else "closes"
            self.add_error(missing, _("Give both times, or neither for a day that is closed."))
        return typed

    @property
    def hours(self) -> Range | None:
        """The range; None for closed."""
        opens, closes = self.cleaned_data["opens"], self.cleaned_data["closes"]
        return None if opens is None else (opens, closes)


class SigningInForm(forms.Form):
    """What this store asks of whoever signs in."""

    needs_second_factor = forms.BooleanField(
        label=later("Everybody needs a second factor"),
        required=False,
        help_text=later(
            "Beside the password: an app's code or a passkey. Who has none sets one up before any page opens."
        ),
    )
    idle_minutes = forms.IntegerField(
        label=later("Minutes until a page that nobody touches is locked"),
        min_value=5,
        max_value=240,
        error_messages={
            "min_value": later("At least 5 minutes."),
            "max_value": later("At most 240 minutes."),
        },
    )
