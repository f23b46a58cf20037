"""The demo's two stores, empty, and a short history of the first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from dealership.demo import history, load, stores
from dealership.demo.history import Played
from dealership.stores.models import Store

#: A Monday, 2:10 pm at Northside.
NOW = datetime(2026, 11, 23, 19, 10, tzinfo=UTC)


@pytest.fixture
def northside(db: None) -> Store:
    """Northside Honda as the demo makes it, with Eastside Ford beside it."""
    made = stores.make(date(2026, 11, 23), "promises-are-kept")
    return made[0]


@pytest.fixture
def play(northside: Store) -> Callable[..., Played]:
    """Plays so many days of Northside, few leads and cars, up to a moment."""

    def play(now: datetime = NOW, *, days: float = 0.9, seed: int = 1, volume: float = 0.15) -> Played:
        since = now - timedelta(days=days)
        return history.make(
            northside,
            since=since,
            until=now,
            seed=seed,
            volume=volume,
            opening=lambda on: load.open_store(on, now=now, begins=since),
        )

    return play
