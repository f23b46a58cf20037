"""What the stories may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import MONDAY_TEN, Cast
from tests.flows.deal_world import DealWorld
from tests.flows.fni_world import FniWorld
from tests.flows.parts_world import PartsWorld
from tests.flows.sales_world import World
from tests.flows.service_world import ServiceWorld


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    """Northside on a Monday at ten; the clock stands until the story moves it."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield World(cast, clock)


@pytest.fixture
def lane(cast: Cast) -> Iterator[ServiceWorld]:
    """The same Monday in service, with feeds that have been loaded."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield ServiceWorld(cast, clock)


@pytest.fixture
def box(cast: Cast) -> Iterator[FniWorld]:
    """The same Monday in F&I, with Tina Wells who buys."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield FniWorld(cast, clock)


@pytest.fixture
def counter(cast: Cast) -> Iterator[PartsWorld]:
    """The same Monday at the parts counter, with one car in the lane."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield PartsWorld(cast, clock)


@pytest.fixture
def desk(cast: Cast) -> Iterator[DealWorld]:
    """The same Monday at the desk, with a customer, Nina Park."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield DealWorld(cast, clock)
