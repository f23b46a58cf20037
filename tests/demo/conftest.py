"""The demo's two stores, empty, short histories of the first, and one that several tests judge."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unittest import TestCase, mock

import pytest

from dealership.demo import history, load, stores
from dealership.demo.history import Played
from dealership.messaging.transports import twilio
from dealership.stores.models import Store
from tests.house import standing

#: A Monday, 2:10 pm at Northside.
NOW = datetime(2026, 11, 23, 19, 10, tzinfo=UTC)


@dataclass
class History:
    """A store, what its history leaves, and that nothing in it failed."""

    store: Store
    played: Played


def _northside() -> Store:
    return stores.make(date(2026, 11, 23), "promises-are-kept")[0]


def _play(store: Store, now: datetime, *, days: float, seed: int, volume: float) -> Played:
    since = now - timedelta(days=days)
    with no_carrier():
        return history.make(
            store,
            since=since,
            until=now,
            seed=seed,
            volume=volume,
            opening=lambda on: load.open_store(on, now=now, begins=since),
        )


@contextmanager
def no_carrier() -> Iterator[None]:
    """Whoever tries to reach a carrier fails."""
    refuse = AssertionError("History called a carrier.")
    with mock.patch.object(twilio.Twilio, "__init__", side_effect=refuse):
        yield


def _one_history() -> bytes:
    store = _northside()
    with TestCase().assertNoLogs(level="ERROR"):
        played = _play(store, NOW, days=1.3, seed=1, volume=0.5)
    return pickle.dumps(History(store, played))


@pytest.fixture
@standing.on(_one_history)
def a_history(db: None) -> History:
    """A day and a bit of Northside up to NOW, in which nothing failed: played once for all that judge it."""
    made: History = pickle.loads(standing.what())
    return made


@pytest.fixture
def northside(db: None) -> Store:
    """Northside Honda as the demo makes it, with Eastside Ford beside it."""
    return _northside()


@pytest.fixture
def play(northside: Store) -> Callable[..., Played]:
    """Plays so many days of Northside, few leads and cars, up to a moment."""

    def play(now: datetime = NOW, *, days: float = 0.9, seed: int = 1, volume: float = 0.15) -> Played:
        return _play(northside, now, days=days, seed=seed, volume=volume)

    return play
