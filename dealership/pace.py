"""The pace of a demo's day: one row says since when the clock shows what, and how fast it runs. `dealership.clock` reads it.

Only a database that the demo has filled has that row, and only with the phone simulator is it ever written.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import clock
from dealership.models import PlayedDay

SPEEDS = (1, 10, 60)


class NoDemo(LookupError):
    """This database was not filled by the demo: its clock is not bent."""


class NoSuchSpeed(ValueError):
    """A clock runs once, ten or sixty times as fast as a real one."""


@transaction.atomic
def run(*, speed: int, shown_at: datetime | None = None, until_at: datetime | None = None) -> PlayedDay:
    """From now on the clock runs at this speed and the script is played, until that shown time if one is given.

    `shown_at`: the clock goes on from there, never back. Raises NoDemo, NoSuchSpeed, and clock.RealCarrier.
    """
    if speed not in SPEEDS:
        raise NoSuchSpeed(f"The speed is one of {', '.join(map(str, SPEEDS))}.")
    row = _set(speed, shown_at)
    row.is_playing, row.until_at = True, until_at
    row.began_at = row.shown_at
    row.save()
    return row


@transaction.atomic
def pause() -> PlayedDay:
    """The script rests. The clock goes on at its usual speed from where it stands. Raises NoDemo and clock.RealCarrier."""
    row = _set(1, None)
    row.is_playing, row.until_at = False, None
    row.save()
    return row


def current() -> PlayedDay | None:
    """The day as it is played, or None where there is no demo."""
    return PlayedDay.objects.first()


def _set(speed: int, shown_at: datetime | None) -> PlayedDay:
    clock.require_no_carrier()
    row = PlayedDay.objects.select_for_update().first()
    if row is None:
        raise NoDemo(_("Only the demo's own database plays days: it is loaded into an empty one."))
    real = clock.now() if clock.is_set() else clock.real()
    shown = row.shown_at + (real - row.real_at) * row.speed if row.shown_at and row.real_at else real
    row.real_at, row.shown_at, row.speed = real, max(shown, shown_at or shown), speed
    transaction.on_commit(clock.forget_pace)
    return row
