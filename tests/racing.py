"""Several clients at once, each in a thread with a connection of its own, all starting at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def race(runners: Sequence[Callable[[], Result]]) -> list[Result | Exception]:
    """What each came to, or what it raised, in the order given."""
    start = Barrier(len(runners), timeout=20)

    def run(runner: Callable[[], Result]) -> Result | Exception:
        start.wait()
        try:
            return runner()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(runners)) as pool:
        return list(pool.map(run, runners))
