"""The days on which a US dealership is closed unless it says otherwise. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

CLOSED_DAYS = (
    "New Year's Day",
    "Memorial Day",
    "Independence Day",
    "Labor Day",
    "Thanksgiving Day",
    "Christmas Day",
)


class UnknownState(ValueError):
    """The state is not a two-letter code of a US state or territory."""


def us_dealer_holidays(year: int, state: str | None = None) -> dict[date, str]:
    """Date and name of the default closed days of a year, in order: the day itself, never the observed one.

    With a state, only those that the state keeps. Raises `UnknownState`.
    """
    federal = legal_holidays(None, year, observed=False)
    kept = federal if state is None else legal_holidays(state.strip().upper(), year, observed=False)
    return {day: name for day, name in sorted(federal.items()) if name in CLOSED_DAYS and day in kept}


@lru_cache(maxsize=512)
def legal_holidays(state: str | None, year: int, *, observed: bool = True) -> dict[date, str]:
    """Public holidays of a state, or of the whole US, by the `holidays` package. Raises `UnknownState`."""
    try:
        return dict(holidays.country_holidays("US", subdiv=state, years=year, observed=observed))
    except NotImplementedError as error:
        raise UnknownState(f"{state!r} is not a US state: give its two letters, like TX.") from error
