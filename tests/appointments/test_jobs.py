"""Nobody came: declared in time, never on stale knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dealership.appointments import booking, freshness, jobs
from dealership.appointments.models import Appointment
from dealership.events.models import EventRecord
from tests.appointments.test_booking import NINE, book
from tests.cast import Cast, make_customer

LATER = NINE + timedelta(minutes=61)


@pytest.fixture
def feed() -> Iterator[dict[str, bool]]:
    """The department's feed: fresh, until the story says otherwise."""
    fresh = {"fresh": True}

    def check(store_id: int, at: datetime) -> bool:
        return fresh["fresh"]

    freshness.knows_arrivals("service")(check)
    yield fresh
    freshness.forget("service", check)


def visits(cast: Cast, n: int = 1) -> list[Appointment]:
    return [book(cast, make_customer(cast.northside, f"Owner {i}", f"+197355501{i:02}")) for i in range(n)]


def missed(cast: Cast) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind="AppointmentMissed"))


def test_a_visit_is_declared_missed_once_an_hour_after_its_time(cast: Cast, feed: dict[str, bool]) -> None:
    (visit,) = visits(cast)
    assert jobs.declare(now=NINE + timedelta(minutes=59))["missed"] == 0
    assert jobs.declare(now=LATER)["missed"] == 1
    assert jobs.declare(now=LATER)["missed"] == 0
    visit.refresh_from_db()
    assert (visit.state, visit.missed_at) == ("missed", NINE + timedelta(hours=1))
    assert [fact.at for fact in missed(cast)] == [NINE + timedelta(hours=1)]


def test_who_came_or_cancelled_is_not_missed(cast: Cast, feed: dict[str, bool]) -> None:
    came, cancelled = visits(cast, 2)
    booking.check_in(came, by=None, now=NINE)
    booking.cancel(cancelled, by=None, now=NINE)
    assert jobs.declare(now=LATER)["missed"] == 0


def test_while_the_feed_is_stale_nobody_is_declared_missed_and_other_departments_are(
    cast: Cast, feed: dict[str, bool]
) -> None:
    visits(cast)
    sales = booking.book(
        store_id=cast.northside.pk,
        department="sales",
        customer=make_customer(cast.northside, "Carl Benson", "+19735550118"),
        starts_at=NINE,
        by=cast.sam,
        now=NINE - timedelta(days=1),
    )
    feed["fresh"] = False
    assert jobs.declare(now=LATER) == {"missed": 1, "held_back": 1}
    sales.refresh_from_db()
    assert sales.state == "missed"
    feed["fresh"] = True
    assert jobs.declare(now=LATER)["missed"] == 1


def test_what_is_long_past_is_told_as_history(cast: Cast, feed: dict[str, bool]) -> None:
    visits(cast)
    jobs.declare(now=NINE + timedelta(days=4))
    assert [fact.payload["backfill"] for fact in missed(cast)] == [True]


def test_many_are_declared_in_batches(
    cast: Cast, feed: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    visits(cast, 5)
    monkeypatch.setattr(jobs, "BATCH", 2)
    assert jobs.declare(now=LATER)["missed"] == 5
    assert len(missed(cast)) == 5
