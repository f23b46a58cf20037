"""How old a feed is in open time; while the RO feed is stale, nobody is said not to have come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.appointments import booking, jobs
from dealership.appointments.models import Appointment
from dealership.dms import freshness
from dealership.dms.models import Feed
from dealership.events.models import EventRecord
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.service.feeds import OPEN_RO, Dms, at


def feed(cast: Cast, hours_ago: float | None) -> Feed:
    last = MONDAY_TEN - timedelta(hours=hours_ago) if hours_ago is not None else None
    return Feed(store=cast.northside, kind="SV", last_file_at=last, stale_after_minutes=120)


@pytest.mark.parametrize(
    ("hours_ago", "stale"),
    [(0, False), (2.1, False), (17.5, False), (40, False), (40.5, True), (None, True)],
)
def test_only_open_time_counts(cast: Cast, hours_ago: float | None, stale: bool) -> None:
    # At ten on Monday the store has been open for two hours, and on Saturday until six.
    assert freshness.is_stale(feed(cast, hours_ago), MONDAY_TEN) is stale
    assert freshness.of(feed(cast, hours_ago), MONDAY_TEN).is_waiting is (hours_ago is None)


def test_a_feed_is_stale_once_it_was_silent_for_longer_than_it_may(cast: Cast) -> None:
    quiet = feed(cast, 0)
    assert not freshness.is_stale(quiet, MONDAY_TEN + timedelta(minutes=120))
    assert freshness.is_stale(quiet, MONDAY_TEN + timedelta(minutes=121))


def _due_at_eleven(cast: Cast) -> Appointment:
    return booking.book(
        store_id=cast.northside.pk, department="service", customer=make_customer(cast.northside, "Ada Wren", "+19735550177"),
        starts_at=at(60), source="dms", by=None, now=at(0),
    )  # fmt: skip


def test_a_stale_feed_declares_no_no_show_and_a_file_that_arrives_lets_it_be_said(cast: Cast) -> None:
    dms = Dms(cast)
    dms.send(at(-10), OPEN_RO)
    visit = _due_at_eleven(cast)
    assert jobs.declare(now=at(125)) == {"missed": 0, "held_back": 1}
    assert freshness.held_back(cast.northside.pk, at(125)) == 1
    visit.refresh_from_db(from_queryset=Appointment.objects.of_store(cast.northside.pk))
    assert visit.state == "booked"
    dms.send(at(126), OPEN_RO | {"Tag Number": "T1"})
    assert jobs.declare(now=at(127))["missed"] == 1


def test_an_arrival_that_the_late_file_tells_is_no_no_show(cast: Cast) -> None:
    dms = Dms(cast)
    dms.send(at(-10), OPEN_RO)
    visit = _due_at_eleven(cast)
    jobs.declare(now=at(125))
    came = {"RO Number": "048555", "Customer Number": "77", "First Name": "ADA", "Last Name": "WREN", "Full Name": "WREN,ADA",
            "Cell Phone": "973-555-0177", "Email 1": "", "VIN": "1HGCM82633A004352"}  # fmt: skip
    dms.send(at(126), OPEN_RO | came)
    jobs.declare(now=at(127))
    kinds = EventRecord.objects.of_store(cast.northside.pk).filter(subject=f"appointment:{visit.pk}")
    assert set(kinds.values_list("kind", flat=True)) == {"AppointmentBooked", "CustomerArrived"}


def test_a_store_without_a_feed_waits_for_none(cast: Cast) -> None:
    _due_at_eleven(cast)
    assert jobs.declare(now=at(125))["missed"] == 1


def test_another_stores_stale_feed_holds_nothing_back_here(cast: Cast) -> None:
    Dms(cast, cast.eastside)
    _due_at_eleven(cast)
    assert jobs.declare(now=at(125))["missed"] == 1
