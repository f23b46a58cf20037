"""How long, and when, as people say it, in their language: an aware moment, a zone and now in; words out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.language import OWN
from dealership.stores import said as store_said
from dealership.stores.hours import DAY_NAMES, spoken_time

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """What a row's clock shows: a figure, the word under it, and how much it presses (late, soon, live or nothing)."""

    figure: str
    word: str
    press: str = ""


def when(at: datetime, zone: tzinfo, now: datetime) -> str:
    """A moment as it is said today: "9:40 am", "tomorrow 9:40 am", "Fri 2:40 pm", "12 Mar 9:40 am", "4 Nov 2024"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return spoken_time(local.time())
    said = day(local.date(), today)
    return said if local.year != today.year else f"{said} {spoken_time(local.time())}"


def noted(at: datetime, zone: tzinfo, now: datetime) -> str:
    """The same in the code's own language, whoever reads: for what is written down."""
    with translation.override(OWN):
        return when(at, zone, now)


def day(of: date, today: date) -> str:
    """A day as it is said today: "today", "tomorrow", "yesterday", "Fri" within six days, "12 Mar", "4 Nov 2024"."""
    apart = (of - today).days
    if apart in (0, 1, -1):
        return _("today") if not apart else _("tomorrow") if apart > 0 else _("yesterday")
    if abs(apart) < 7:
        return weekday(of)
    year = "" if of.year == today.year else f" {of.year}"
    return f"{of.day} {month(of)}{year}"


def weekday(of: date) -> str:
    """ "Fri"."""
    name = DAY_NAMES[of.weekday()]
    return _(name)  # Django has the words


def month(of: date) -> str:
    """ "Mar"."""
    return store_said.month(of.month)


def long_day(of: date) -> str:
    """A day in full: "Sunday 22 November"."""
    said = {"weekday": WEEKDAYS[of.weekday()], "day": of.day, "month": MONTHS[of.month]}
    return _("%(weekday)s %(day)s %(month)s") % said


def length(span: timedelta) -> str:
    """A length: "42 s", "22 min", "1 h 05", "3 d", "5 w"; never negative."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return f"{minutes // 1440} d" if minutes < 28 * 1440 else _("%(n)s w") % {"n": minutes // 10080}


def countdown(span: timedelta) -> str:
    """A length to the second, below an hour ("6:40", "0:09"); else as `length`."""
    if span >= HOUR:
        return length(span)
    seconds = max(0, int(span.total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


def until(due_at: datetime, zone: tzinfo, now: datetime) -> Clock:
    """The clock of something owed: up from the breach, down within the hour, else the hour or the day it is due."""
    left = due_at - now
    local = due_at.astimezone(zone)
    said = spoken_time(local.time())
    if left < timedelta(0):
        return Clock(length(-left), pgettext("under a clock", "late"), "late")
    if left < HOUR:
        return Clock(countdown(left), said, "soon")
    if local.date() == now.astimezone(zone).date():
        figure, half = said.split(" ")
        return Clock(figure, half)
    ahead = (local.date() - now.astimezone(zone).date()).days
    # The narrow column has room for "Tue", not for "tomorrow".
    figure = weekday(local) if ahead < 7 else day(local.date(), now.astimezone(zone).date())
    return Clock(figure, said)


def since(at: datetime, now: datetime) -> Clock:
    """The clock of somebody who waits."""
    return Clock(countdown(now - at), _("waiting"), "live")


def left_of(opened_at: datetime, due_at: datetime, now: datetime) -> str:
    """The gauge of one promise: "13:48 left of 15:00", "22 min late", "2 d left of 5 d"."""
    if due_at < now:
        return late(now - due_at)
    whole = max(due_at - opened_at, timedelta(0))
    return _("%(time)s left of %(whole)s") % {"time": countdown(due_at - now), "whole": countdown(whole)}


def late(by: timedelta) -> str:
    """ "22 min late"."""
    return _("%(time)s late") % {"time": length(by)}


def burnt(opened_at: datetime, due_at: datetime, now: datetime) -> int:
    """Percent of the time that is gone, 0 to 100."""
    whole = (due_at - opened_at).total_seconds()
    if whole <= 0 or now >= due_at:
        return 100
    return max(0, round(100 * (now - opened_at).total_seconds() / whole))
