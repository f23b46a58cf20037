"""Times as customers are told them, in the store's zone and in their language. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    # Without the accents that would make a text twice as dear to send.
    "es": ("lun", "mar", "mié", "jue", "vie", "sab", "dom"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}


def words(at: datetime, zone: tzinfo, language: str = "en") -> str:
    """ "Tue Nov 24 at 9:40 am", "mar 24 nov a las 9:40 am"."""
    if language == "es":
        one = at.astimezone(zone).hour % 12 == 1
        return f"{day(at, zone, language)} a la{'' if one else 's'} {clock(at, zone)}"
    return f"{day(at, zone, language)} at {clock(at, zone)}"


def day(at: datetime, zone: tzinfo, language: str = "en") -> str:
    """ "Tue Nov 24", "mar 24 nov"."""
    local = at.astimezone(zone)
    if language == "es":
        return f"{_DAYS['es'][local.weekday()]} {local.day} {_MONTHS['es'][local.month - 1]}"
    return f"{_DAYS['en'][local.weekday()]} {_MONTHS['en'][local.month - 1]} {local.day}"


def clock(at: datetime, zone: tzinfo) -> str:
    """ "9:40 am"."""
    local = at.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def listed(times: Sequence[datetime], zone: tzinfo, language: str = "en") -> str:
    """Times of one day or of several: "8:00 am, 9:30 am or 1:00 pm", with the day where it changes."""
    said: list[str] = []
    last_day = None
    for at in times:
        of = at.astimezone(zone).date()
        said.append(clock(at, zone) if of == last_day else words(at, zone, language))
        last_day = of
    joint = " o " if language == "es" else " or "
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])}{joint}{said[-1]}" if said else ""
