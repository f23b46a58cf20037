"""Plays a store's last weeks up to now: jumps from act to act, and to each moment at which the product has something to do by itself."""

from __future__ import annotations

import gc
import heapq
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.utils.module_loading import import_string

from dealership import clock, doorbell, sight, steady
from dealership.demo import stage
from dealership.demo.stage import Args, Stage
from dealership.stores.models import Store

log = logging.getLogger(__name__)

#: Who does here what the doorbell would wake a worker for.
ANSWERS = {
    "dealership.messaging.jobs.send_due": "dealership.demo.carrier.deliver",
    "dealership.dms.jobs.stage_files": "dealership.dms.jobs.stage_waiting",
    "service.jobs.apply_repair_orders": "service.jobs.pull_repair_orders",
    "service.jobs.apply_appointments": "service.jobs.pull_appointments",
    "parts.jobs.apply_stock": "parts.jobs.pull_stock",
    "sales.jobs.apply_deals": "sales.jobs.pull_deals",
}
#: The product's own clock rests so long between two turns.
REST, REST_IN_SKETCH = timedelta(minutes=10), timedelta(minutes=60)
NEVER = datetime.max.replace(tzinfo=UTC)
MOST_RINGS = 12


@dataclass(order=True)
class Act:
    """Something that will happen."""

    at: datetime
    n: int
    scene: str = field(compare=False)
    args: Args = field(compare=False)


@dataclass
class Heap:
    """History's script: acts in the order of their time."""

    acts: list[Act] = field(default_factory=list)
    n: int = 0

    def add(self, at: datetime, scene: str, args: Args) -> None:
        """One act more."""
        self.n += 1
        heapq.heappush(self.acts, Act(at, self.n, scene, args))


@dataclass
class Played:
    """What a history leaves: acts whose time has not come, and how far the script has looked."""

    left: list[Act]
    marks: dict[str, int]
    n_acts: int


def make(
    store: Store,
    *,
    since: datetime,
    until: datetime,
    seed: int,
    volume: float = 1.0,
    in_full_from: date = date.min,
    opening: Callable[[Stage], None] = lambda on: None,
) -> Played:
    """Plays from `since` until `until`. `opening` sets the first acts. Raises RealCarrier where phones are real."""
    clock.require_no_carrier()
    stage.load_acts()
    heap = Heap()
    on = Stage(store, heap, seed, volume, is_history=True)
    on.in_full_from, on.ends = in_full_from, until
    n_acts = 0
    with sight.one_store(store.pk), steady.holding(), doorbell.noted() as rung:
        _set_first_acts(on, since, opening)
        turned_at = since
        while heap.acts:
            at = _next_turn(on, turned_at)
            if min(heap.acts[0].at, at) > until:
                break
            if at <= heap.acts[0].at:
                _turn(on, at, rung, heap.n)
                turned_at = at
                continue
            act = heapq.heappop(heap.acts)
            n_acts += 1
            with clock.at(act.at), _gone_on():
                on.perform(act.scene, act.args, now=act.at, n=act.n)
            with clock.at(act.at), _gone_on():
                _answer(rung, act.at)
                on.watch(now=act.at, n=act.n)
        _turn(on, until, rung, heap.n)
    return Played(sorted(heap.acts), on.marks, n_acts)


def _set_first_acts(on: Stage, since: datetime, opening: Callable[[Stage], None]) -> None:
    with clock.at(since):
        on.now, on.dice = since, on.dice_of("opening")
        opening(on)
    first = since.astimezone(on.store.tz).date()
    on.later(since, "house.day", day=first.isoformat())


def _turn(on: Stage, at: datetime, rung: set[str], n: int) -> None:
    """The product does by itself what is due at this moment."""
    with clock.at(at), _gone_on():
        on.pass_time(at)
    with clock.at(at), _gone_on():
        _answer(rung, at)
        on.watch(now=at, n=n)


@contextmanager
def _gone_on() -> Iterator[None]:
    """What fails is logged, and the history goes on without it: one mishap does not cost the demo."""
    try:
        yield
    except Exception:
        log.exception("Something in the demo's history failed.")


def _next_turn(on: Stage, last: datetime) -> datetime:
    """When the product has something to do by itself: never at once again, so that what waits is done together."""
    is_sketch = on.is_sketch(last.astimezone(on.store.tz).date())
    return max(min(on.due.values(), default=NEVER), last + (REST_IN_SKETCH if is_sketch else REST))


def _answer(rung: set[str], at: datetime) -> None:
    """Does what was rung for, and what that rings for."""
    for _ in range(MOST_RINGS):
        due = [name for name in ANSWERS if name in rung]
        rung.clear()
        if not due:
            return
        for name in due:
            import_string(ANSWERS[name])(now=at)


def hurry() -> None:
    """This process does not wait for the disk at each commit: a load that is cut off begins anew. Nor does it tidy memory often."""
    gc.set_threshold(200_000, 50, 100)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
