"""The doorbell: wakes a worker after a commit. Nothing depends on it: the ticker finds what nobody rang for.

One wake-up a job lies on the broker until somebody hears it, however often it is rung for: what is done seldom is not crowded
out by what is rung for all the time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial

from django.core.cache import cache
from django.db import transaction

log = logging.getLogger(__name__)

#: What a ring wakes, by dotted name: the ground does not import who answers.
BELLS = {
    "facts": "dealership.events.jobs.replay_facts",
    "promises": "tasks.jobs.sweep_promises",
    "steps": "tasks.jobs.take_steps",
    "messages": "dealership.messaging.jobs.send_due",
    "photos": "dealership.messaging.jobs.fetch_photos",
    "carrier_calls": "dealership.messaging.jobs.settle_carrier_calls",
    "simulator": "dealership.messaging.jobs.run_simulator",
    "hooks": "dealership.hooks.jobs.make_calls",
    "feed_files": "dealership.dms.jobs.stage_files",
    "repair_orders": "service.jobs.apply_repair_orders",
    "service_appointments": "service.jobs.apply_appointments",
    "deals": "sales.jobs.apply_deals",
    "parts_stock": "parts.jobs.apply_stock",
}

#: What a customer waits for, and the promises' own clock. Their wake-ups stand in a line of their own: where there is more to do
#: than there are workers for, no text waits behind boards and feeds, and all the rest still has every other turn.
AT_ONCE = frozenset(
    {
        "dealership.messaging.jobs.settle_carrier_calls",
        "dealership.messaging.jobs.send_due",
        "dealership.events.jobs.replay_facts",
        "tasks.jobs.take_steps",
        "tasks.jobs.sweep_promises",
    }
)

LINE, LINE_AT_ONCE = "celery", "at_once"

_noted: ContextVar[set[str] | None] = ContextVar("rings_noted", default=None)
#: A wake-up that nobody has heard by then is no news any more. A stale one costs its line a turn, so this is longer than a line takes
#: on a day on which there is more to do than there are workers for.
HEARD_WITHIN = 120
#: One that is lost with whoever took it keeps others away no longer than this; where it is only late, a second one lies beside it.
SPOKEN_FOR, SPOKEN_FOR_AT_ONCE = 60, 10
_SILENT_SECONDS = 5.0
_silent_until = 0.0


def ring(name: str) -> None:
    """After this transaction commits, wakes the worker for `name`. Never raises for a broker that is down."""
    if (noted_here := _noted.get()) is not None:
        noted_here.add(BELLS[name])
        return
    transaction.on_commit(partial(_ring, BELLS[name]), robust=True)


@contextmanager
def noted() -> Iterator[set[str]]:
    """Within the block nobody is woken: the jobs that were rung for are in the set, for whoever made the block to do."""
    jobs: set[str] = set()
    token = _noted.set(jobs)
    try:
        yield jobs
    finally:
        _noted.reset(token)


def _ring(job: str) -> None:
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        knock(job)
    except Exception as error:  # whatever ails the broker, the row is safe and the ticker finds it
        _silent_until = time.monotonic() + _SILENT_SECONDS
        log.warning("The doorbell is out of order (%s); the ticker takes over.", error)


def knock(job: str) -> None:
    """Puts one wake-up for this job on the broker, unless one lies there: whoever hears that begins later than now.

    Raises what the broker raises; it expires if nobody hears it.
    """
    from dealership.celery import app

    line, spoken_for = (LINE_AT_ONCE, SPOKEN_FOR_AT_ONCE) if job in AT_ONCE else (LINE, SPOKEN_FOR)
    if not cache.add(_lies_there(job), 1, timeout=spoken_for):
        return
    try:
        app.send_task(job, queue=line, expires=HEARD_WITHIN, retry=False)
    except Exception:
        heard(job)
        raise


def heard(job: str) -> None:
    """The job begins: who knocks from now on needs another wake-up. Never raises."""
    with suppress(Exception):  # a broker that is away is the ticker's affair
        cache.delete(_lies_there(job))


def _lies_there(job: str) -> str:
    return f"knock:{job}"
