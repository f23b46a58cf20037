"""What time it is: the one place where the product asks. Domain functions are given `now`; views, jobs and commands ask here.

Two things may bend it, and only with the demo's data: `at(moment)` while history is made, in this context alone; and the
pace of a day that is played (`dealership.pace`), in every process, read from its row at most once a second. With a real
carrier neither row nor block is looked at: people's phones live in real time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

#: For what asks more than once while it works: a batch, or whatever may be held up in between.
Clock = Callable[[], datetime]

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)
READ_EVERY = 1.0
#: So long after a change of pace nothing is called late: every job of the ticker's has had its turn.
_SETTLES, _ANY = timedelta(minutes=2), 1_000_000


class RealCarrier(RuntimeError):
    """The clock is not bent while a real carrier is configured: its texts would leave at hours that are not."""


@dataclass(frozen=True)
class Pace:
    """From the real moment on that `shown_at` was shown, the clock runs `speed` times as fast."""

    real_at: datetime
    shown_at: datetime
    speed: int

    def shown(self, real: datetime) -> datetime:
        """What the clock shows at a real moment."""
        return self.shown_at + (real - self.real_at) * self.speed


_pace: Pace | None = None
_pace_read_at: float | None = None
_pace_was_read = False


def now() -> datetime:
    """The time, aware, UTC: by the database's clock, as far as this server's own is not the same."""
    moment = _set_to.get()
    return _paced(real()) if moment is None else moment


def today() -> date:
    """The day of `now()` in the current time zone."""
    return timezone.localdate(now())


def database_now() -> datetime:
    """The clock that decides: several servers may disagree about the time, the database does not."""
    moment = _set_to.get()
    if moment is not None:
        return moment
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    real: datetime = row[0]
    return _paced(real)


def real() -> datetime:
    """The real time, whatever is shown: for what machines owe one another, such as a heartbeat."""
    ahead: timedelta = getattr(connection, "clock_ahead", timedelta())
    return own() + ahead


def own() -> datetime:
    """By this machine's own clock, right or wrong: for the times of its own files."""
    return timezone.now()


def shown_length(machine_time: timedelta) -> timedelta:
    """How much the clock moves on while a machine works for so long. Leases and time limits of machines are given in this."""
    return machine_time * speed()


def speed() -> int:
    """How many times as fast as a real one the clock runs; 1 but while a day is played."""
    pace = _current() if settings.PACED_CLOCK and settings.PHONE_SIMULATOR else None
    return pace.speed if pace else 1


def patience() -> int:
    """How many times longer than by a real clock something may wait before it is late.

    For a while after the pace has changed, as long as it likes: what waits then was put there at another, or the clock has jumped.
    """
    pace = _current() if settings.PACED_CLOCK and settings.PHONE_SIMULATOR else None
    if pace is None:
        return 1
    return _ANY if real() - pace.real_at < _SETTLES else pace.speed


def is_set() -> bool:
    """Whether this context is in a moment that is not now: nobody is woken, and no page looks."""
    return _set_to.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block it is this moment, for this context alone. Raises RealCarrier."""
    require_no_carrier()
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


def require_no_carrier() -> None:
    """Raises RealCarrier unless texts stay within this machine."""
    if not settings.PHONE_SIMULATOR:
        raise RealCarrier("A real carrier is configured: the clock shows real time alone.")


def forget_pace() -> None:
    """The next question reads the pace anew."""
    global _pace_read_at
    _pace_read_at = None


def _paced(moment: datetime) -> datetime:
    pace = _current() if settings.PACED_CLOCK and settings.PHONE_SIMULATOR else None
    return pace.shown(moment) if pace else moment


def _current() -> Pace | None:
    global _pace, _pace_read_at
    tick = time.monotonic()
    # A transaction that has failed can read nothing: what was read last holds on.
    if (_pace_read_at is None or tick - _pace_read_at >= READ_EVERY) and not connection.needs_rollback:
        _pace_read_at = tick
        _pace = _read()
    return _pace


def _read() -> Pace | None:
    global _pace_was_read
    # A database that is just being made has no such table yet, and whoever asks goes on with their transaction.
    apart = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with apart, connection.cursor() as cursor:
            cursor.execute(
                "SELECT real_at, shown_at, speed FROM dealership_playedday WHERE shown_at IS NOT NULL"
            )
            row = cursor.fetchone()
    except OperationalError:
        if _pace_was_read:
            return _pace
        # A process that has just begun would take real time for what is shown, and put work off until then.
        forget_pace()
        raise
    except DatabaseError:
        return _pace
    _pace_was_read = True
    return Pace(*row) if row else None
