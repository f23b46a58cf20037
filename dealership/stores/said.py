"""Days and moments as `hours` says them, in the language of whoever reads. What is stored is said by `hours`."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from dealership.language import is_own, later
from dealership.stores.hours import DAY_NAMES, MONTH_NAMES, BadHours, spoken_time


def weekday(n: int) -> str:
    """ "Mon" for 0."""
    return str(WEEKDAYS_ABBR[n])


def month(n: int) -> str:
    """ "Jan" for 1, "ene" in Spanish."""
    return MONTH_NAMES[n - 1] if is_own() else str(MONTHS_3[n])


def day(of: date) -> str:
    """A date as "Mon 23 Nov"."""
    return f"{weekday(of.weekday())} {of.day} {month(of.month)}"


def moment(local: datetime) -> str:
    """A local moment as "Mon 23 Nov 5:52 pm"."""
    return f"{day(local.date())} {spoken_time(local.time())}"


def trouble(error: BadHours) -> str:
    """What is wrong with the hours."""
    told = dict(error.told)
    if told.get("day") in DAY_NAMES:
        told["day"] = weekday(DAY_NAMES.index(told["day"]))
    return _(error.words) % told if told else _(error.words)


#: What `hours` finds wrong with hours that were typed.
TROUBLES = (
    later(
        "%(day)s: %(opens)s to %(closes)s does not end after it starts. For hours past midnight, split them: "
        "%(opens)s to midnight (00:00) on this day, and the rest on the next day."
    ),
    later("%(day)s: the hours from %(opens)s and from %(next)s overlap: join them into one range."),
)
