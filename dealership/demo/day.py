"""One day at Northside Honda, up to now: history, this morning's files, leads of the last hours, texts that are on their way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.module_loading import import_string

from dealership.customers.models import ContactPoint
from dealership.demo import papers
from dealership.dms import files
from dealership.dms.models import Feed
from dealership.messaging import calls
from dealership.messaging.models import Call
from dealership.messaging.simulator import texts
from dealership.staff.models import StaffMember
from dealership.stores.models import Store

#: Doors of upper packages that the demo knocks at.
TAKE_IN_LEAD = "sales.arrivals.take_in"
JOBS = (
    "dealership.dms.jobs.stage_files",
    "service.jobs.apply_repair_orders",
    "service.jobs.apply_appointments",
)
#: minutes ago, person, car asked about, question, source
LEADS = (
    (26 * 60, 9, {"year": "2025", "make": "Honda", "model": "Pilot", "status": "new"}, "Do you have one in blue?", "own site"),
    (190, 4, {"year": "2024", "make": "Honda", "model": "Ridgeline", "status": "used", "stock": "4471B"}, "Would you take my truck?", "cars.com"),
    (62, 7, {"year": "2026", "make": "Honda", "model": "Accord", "status": "new"}, "What is the lease for 36 months?", "own site"),
    (27, 1, {"year": "2026", "make": "Honda", "model": "Civic", "trim": "Sport", "status": "new"}, "Is it there to drive today?", "cars.com"),
    (3, 3, {"year": "2022", "make": "Honda", "model": "CR-V", "status": "used", "stock": "4502A"}, "What is your best price?", "own site"),
)  # fmt: skip
UNREADABLE = (
    b"Hi, this is Hector Ruiz, I saw the silver Odyssey on your lot on Sunday. Call me after five, 973 555 0144. "
    b"My wife wants to see it too."
)
#: person, words; they leave the customer's phone when the worker runs
TEXTS = (
    (0, "Can we do 3pm instead? stuck at work"),
    (4, "here is the scratch on the bumper, does it matter for the trade?"),
    (6, "Gracias, todo bien"),
)


@dataclass(frozen=True)
class Day:
    """The store's local time, and the moment that the demo is made at (UTC)."""

    store: Store
    now: datetime

    @property
    def local(self) -> datetime:
        """Now, as the clock at the store shows it, without zone: as files write times."""
        return self.now.astimezone(self.store.tz).replace(tzinfo=None, second=0, microsecond=0)


def make(store: Store, now: datetime, say: Callable[[str], None]) -> None:
    """Fills the store through the doors by which things come in. Nothing is sent to a real phone."""
    day = Day(store, now)
    say("history from the DMS")
    _drop(day, "SV", _history(day), now - timedelta(hours=20))
    _drop(day, "SV_APPT", _past_visits(day), now - timedelta(hours=20))
    _work(say)
    say("this morning’s files")
    _drop(day, "SV_APPT", _visits(day), now - timedelta(minutes=6))
    _drop(day, "SV", _lane(day), now - timedelta(minutes=4))
    _work(say)
    say("leads")
    take_in: Callable[..., Any] = import_string(TAKE_IN_LEAD)
    for n, (ago, person, car, question, source) in enumerate(LEADS):
        asked = now - timedelta(minutes=ago)
        data = papers.lead(
            70_100 + n, papers.PEOPLE[person], asked_at=asked, car=car, question=question, source=source
        )
        take_in(store_id=store.pk, data=data, came_by="post", now=asked)
    _answer(day, person=9, ago=26 * 60 - 3, by="Dana Ruiz", note="Wants the blue one, comes on Saturday.")
    _answer(day, person=4, ago=178, by="Nia Cole", note="Trade value promised for today.")
    take_in(store_id=store.pk, data=UNREADABLE, came_by="mail", now=now - timedelta(minutes=9))
    say("customers’ texts")
    for person, words in TEXTS:
        texts.write_as_customer(store=store, number="+1" + papers.PEOPLE[person][1], body=words, now=now)


def _answer(day: Day, *, person: int, ago: int, by: str, note: str) -> None:
    """Somebody called that customer back, so many minutes ago."""
    number = "+1" + papers.PEOPLE[person][1]
    point = (
        ContactPoint.objects.of_store(day.store.pk)
        .select_related("customer")
        .get(value=number, is_living=True)
    )
    staff = StaffMember.objects.of_store(day.store.pk).get(name=by)
    at = day.now - timedelta(minutes=ago)
    calls.log(
        customer=point.customer,
        by=staff,
        outcome=Call.Outcome.CONNECTED,
        note=note,
        department="sales",
        now=at,
    )


def _drop(day: Day, kind: str, rows: Iterator[dict[str, str]], at: datetime) -> None:
    feed = Feed.objects.of_store(day.store.pk).get(kind=kind)
    name = papers.file_name(kind, at.astimezone(day.store.tz))
    files.take_in(feed=feed, name=name, data=papers.file(rows), now=at)


def _work(say: Callable[[str], None]) -> None:
    for job in JOBS:
        import_string(job)()


def _history(day: Day) -> Iterator[dict[str, str]]:
    for n in range(36):
        opened = papers.slot(day.local - timedelta(days=300 - 8 * n), 9 + n % 6)
        yield papers.ro(
            47_000 + n, n, opened=opened, closed=opened, advisor="104" if n % 2 else "105", recommended=n % 3
        )
    yesterday = papers.slot(day.local - timedelta(days=1), 14)
    for n in range(4):
        yield papers.ro(48_180 + n, n + 5, opened=yesterday, advisor="104" if n % 2 else "105")


def _lane(day: Day) -> Iterator[dict[str, str]]:
    morning = papers.slot(day.local, 7.5)
    opened = morning if morning < day.local else papers.slot(day.local - timedelta(days=1), 15)
    yesterday = papers.slot(day.local - timedelta(days=1), 14)
    for n in range(2):
        yield papers.ro(
            48_180 + n,
            n + 5,
            opened=yesterday,
            closed=day.local,
            advisor="104" if n % 2 else "105",
            recommended=2,
        )
    for n in range(2, 4):
        yield papers.ro(
            48_180 + n, n + 5, opened=yesterday, promised=day.local + timedelta(hours=2), advisor="104"
        )
    for n in range(5):
        promised = day.local + timedelta(minutes=50 * (n - 1))
        yield papers.ro(
            48_200 + n,
            n,
            opened=opened,
            promised=promised,
            advisor="104" if n % 2 else "105",
            recommended=n % 2,
        )


def _past_visits(day: Day) -> Iterator[dict[str, str]]:
    for n in range(6):
        at = papers.slot(day.local - timedelta(days=20 + n), 9 + n % 5)
        yield papers.appointment(9_000 + n, n, at=at, made=at - timedelta(days=5), concern="Oil service")


def _visits(day: Day) -> Iterator[dict[str, str]]:
    made = day.local - timedelta(days=3)
    for n, hours in enumerate((-2.5, -1.5, -0.5, 0.5, 1, 2, 3.5)):
        at = (day.local + timedelta(hours=hours)).replace(minute=0 if n % 2 else 30)
        yield papers.appointment(
            9_100 + n, n + 8, at=at, made=made, concern=papers.WORK[n % 5][1], waits=n % 3 == 0
        )
    for n in range(6):
        at = papers.slot(day.local + timedelta(days=1), 8.5 + n)
        yield papers.appointment(
            9_200 + n, n, at=at, made=made, concern=papers.WORK[n % 5][1], waits=n % 2 == 0
        )
