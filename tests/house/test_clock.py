"""One clock: it may be set while history is made, and run faster while a demo's day is played; never with a real carrier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dealership import clock, pace
from dealership.models import PlayedDay

MOMENT = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def demo(db: None, settings: Any) -> Iterator[PlayedDay]:
    """A database that the demo has filled, whose clock may run faster."""
    settings.PACED_CLOCK = True
    clock.forget_pace()
    yield PlayedDay.objects.create()
    PlayedDay.objects.all().delete()
    clock.forget_pace()
    clock.now()


@pytest.mark.django_db
def test_within_the_block_it_is_that_moment_for_everybody_who_asks() -> None:
    with clock.at(MOMENT):
        assert clock.now() == clock.database_now() == MOMENT
        assert clock.is_set()
        with clock.at(MOMENT + timedelta(hours=1)):
            assert clock.now() == MOMENT + timedelta(hours=1)
        assert clock.now() == MOMENT
    assert not clock.is_set()
    assert abs(clock.now() - clock.real()) < timedelta(seconds=1)


def test_a_faster_clock_goes_on_from_where_it_stood(demo: PlayedDay) -> None:
    before = clock.now()
    pace.run(speed=60)
    clock.forget_pace()
    row = PlayedDay.objects.get()
    assert row.real_at is not None
    kept = clock.Pace(row.real_at, row.shown_at or before, row.speed)
    assert kept.shown(row.real_at + timedelta(minutes=1)) == kept.shown_at + timedelta(hours=1)
    assert clock.speed() == 60
    assert clock.now() >= before
    assert abs(clock.now() - clock.database_now()) < timedelta(minutes=1)
    assert clock.shown_length(timedelta(seconds=30)) == timedelta(minutes=30)


def test_when_the_day_rests_the_clock_stays_where_it_is_and_goes_on_as_usual(demo: PlayedDay) -> None:
    ahead = clock.real() + timedelta(hours=9)
    pace.run(speed=60, shown_at=ahead)
    pace.pause()
    clock.forget_pace()
    assert timedelta(0) <= clock.now() - ahead < timedelta(minutes=5)
    assert clock.speed() == 1
    assert not PlayedDay.objects.get().is_playing


def test_what_was_put_there_at_another_pace_is_not_late_at_once(demo: PlayedDay) -> None:
    pace.run(speed=60, shown_at=clock.real() + timedelta(days=1))
    row = pace.pause()
    clock.forget_pace()
    assert row.real_at is not None
    assert clock.patience() > 60
    PlayedDay.objects.update(real_at=row.real_at - timedelta(minutes=3))
    clock.forget_pace()
    assert clock.patience() == 1


def test_the_clock_never_goes_back(demo: PlayedDay) -> None:
    before = clock.now()
    row = pace.run(speed=10, shown_at=before - timedelta(days=2))
    assert row.shown_at is not None
    assert row.shown_at >= before


def test_the_pace_is_read_once_a_second_and_not_at_each_question(demo: PlayedDay) -> None:
    clock.forget_pace()
    with CaptureQueriesContext(connection) as asked:
        for _ in range(20):
            clock.now()
    assert sum("dealership_playedday" in query["sql"] for query in asked.captured_queries) == 1


def test_with_a_real_carrier_the_clock_is_not_bent(demo: PlayedDay, settings: Any) -> None:
    pace.run(speed=60, shown_at=clock.real() + timedelta(days=1))
    clock.forget_pace()
    settings.PHONE_SIMULATOR = False
    assert abs(clock.now() - clock.real()) < timedelta(seconds=1)
    with pytest.raises(clock.RealCarrier):
        pace.run(speed=10)
    with pytest.raises(clock.RealCarrier), clock.at(MOMENT):
        pass


def test_while_the_database_is_away_whoever_knows_the_pace_goes_on_and_who_has_just_begun_does_not_guess(
    demo: PlayedDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise OperationalError("the database system is starting up")

    ahead = clock.real() + timedelta(days=1)
    pace.run(speed=1, shown_at=ahead)
    clock.forget_pace()
    assert clock.now() >= ahead
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        clock.forget_pace()
        assert clock.now() >= ahead
        patch.setattr(clock, "_pace_was_read", False)
        clock.forget_pace()
        with pytest.raises(OperationalError):
            clock.now()
    assert clock.now() >= ahead


@pytest.mark.django_db
def test_a_database_without_the_demo_plays_no_day() -> None:
    with pytest.raises(pace.NoDemo):
        pace.run(speed=60)
    with pytest.raises(pace.NoSuchSpeed):
        pace.run(speed=61)


@pytest.mark.django_db
def test_in_a_database_that_is_just_being_made_the_clock_breaks_nobodys_transaction(settings: Any) -> None:
    settings.PACED_CLOCK = True
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path TO not_made_yet")
        clock.forget_pace()
        assert abs(clock.now() - clock.real()) < timedelta(seconds=1)
        cursor.execute("SET LOCAL search_path TO DEFAULT")
        assert not PlayedDay.objects.exists()
    clock.forget_pace()
