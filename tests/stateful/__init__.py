"""Machines that do anything the product allows, in any order, and are judged by the file of invariants at the end of each life.

A life is a savepoint that is rolled back. `LIVES=200 make test ARGS=tests/stateful` lives longer than the suite has time for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from dealership import clock, verify
from tests.cast import MONDAY_TEN, Cast

#: Without LIVES the same few each time; with it, others each time.
LIVES = int(os.environ.get("LIVES", "0"))


class Life(RuleBasedStateMachine):
    """One store, from a Monday at ten on; `self.now` passes only where a rule lets it."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast, self.now = cast, MONDAY_TEN
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def passes(self, minutes: int) -> datetime:
        """Time goes by."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def teardown(self) -> None:
        """What the book says must be true is, whatever was done."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with clock.at(self.now):
                broken = {one.name: one.rows for one in verify.verify(at_rest=True) if not one.holds}
            assert not broken, broken
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)


def live(
    machine: Callable[[], Life], *, steps: int = 25, lives: int = LIVES or 6, shortest: bool = True
) -> None:
    """Lives of a machine, each of so many steps at most; the shortest that breaks something is told, or the first that was found."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=not LIVES or not shortest,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shortest else (Phase.generate,),
        ),
    )
