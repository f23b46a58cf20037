"""How stories begin: told once, in a transaction that is never committed, and left standing for all the tests that go on from there."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from dealership.audit import entries
from tests import cast as the_cast
from tests.cast import MONDAY_TEN
from tests.house import standing


def beginning(kind: type[Any]) -> Callable[[Callable[[Any], None]], Any]:
    """Makes a fixture of a function that tells how a story begins in a new world of this kind.

    Each test is given that world as it was then: its rows, its clock, its carrier's memory. What the test does is rolled back.
    """

    def decorate(tell: Callable[[Any], None]) -> Any:
        def build() -> bytes:
            with time_machine.travel(MONDAY_TEN, tick=False) as clock:
                world = kind(the_cast.build(), clock)
                tell(world)
                return pickle.dumps(world)

        @standing.on(build)
        def begin(db: None) -> Iterator[Any]:
            # What is kept outside of the database is of other tests that went on from here.
            cache.clear()
            entries.forget_noted()
            with time_machine.travel(MONDAY_TEN, tick=False) as clock:
                world = pickle.loads(standing.what())
                world.wakes(clock)
                yield world

        begin.__doc__ = tell.__doc__
        return pytest.fixture(name=tell.__name__)(begin)

    return decorate
