"""What time it is: the one place where the product asks. Domain functions are given `now`; views, jobs and commands ask here."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """The time by this server's clock, aware, UTC."""
    return timezone.now()


def today() -> date:
    """The day of `now()` in the current time zone."""
    return timezone.localdate(now())


def database_now() -> datetime:
    """The clock that decides: several servers may disagree about the time, the database does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    moment: datetime = row[0]
    return moment
