"""How old is what a feed told last, in open time; and what is held back while it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from dealership.appointments import booking
from dealership.appointments.freshness import knows_arrivals
from dealership.appointments.models import Appointment
from dealership.dms.models import Feed
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department


@dataclass(frozen=True)
class Freshness:
    """The state of one feed: `age` by the wall clock, `open_minutes` of silence in the department's hours."""

    feed: Feed
    age: timedelta | None
    open_minutes: int
    is_stale: bool

    @property
    def is_waiting(self) -> bool:
        """No file has come yet."""
        return self.age is None

    @property
    def words(self) -> str:
        """Stale or fresh; and why it is fresh in spite of its age, where the hours between were closed."""
        if self.is_stale:
            return _("stale")
        limit = timedelta(minutes=self.feed.stale_after_minutes)
        return _("fresh: closed meanwhile") if self.age is not None and self.age > limit else _("fresh")


def of(feed: Feed, now: datetime, calendar: Calendar | None = None) -> Freshness:
    """How fresh this feed is. A feed of which no file ever came is stale: nothing is known through it."""
    if feed.last_file_at is None:
        return Freshness(feed, None, 0, True)
    calendar = calendar or calendars.of(feed.store_id, Department.SERVICE)
    silent = calendar.minutes_between(feed.last_file_at, now) if now > feed.last_file_at else 0
    return Freshness(
        feed, max(now - feed.last_file_at, timedelta()), silent, silent > feed.stale_after_minutes
    )


def is_stale(feed: Feed, now: datetime) -> bool:
    """Whether nothing readable came for longer than the feed may be silent, counted in open hours."""
    return of(feed, now).is_stale


@knows_arrivals(Department.SERVICE)
def repair_orders_are_fresh(store_id: int, at: datetime) -> bool:
    """Who arrived is known by their RO: while that feed is stale, nobody is said not to have come. No feed: nothing to wait for."""
    feed = Feed.objects.of_store(store_id).filter(kind=Feed.Kind.REPAIR_ORDERS).first()
    return feed is None or not is_stale(feed, at)


def held_back(store_id: int, now: datetime) -> int:
    """Service visits an hour over their time of which nothing is said until the RO feed is fresh again."""
    return (
        Appointment.objects.of_store(store_id)
        .filter(department=Department.SERVICE, state__in=booking.AWAITED, starts_at__lte=now - booking.GRACE)
        .count()
    )
