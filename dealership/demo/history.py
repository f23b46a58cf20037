"""Plays a store's last weeks up to now: jumps from act to act, lets the product's own periodic work run between, at each moment's time."""

from __future__ import annotations

import gc
import heapq
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.module_loading import import_string

from dealership import clock, doorbell, scope
from dealership.demo import stage
from dealership.demo.stage import Args, Stage
from dealership.stores.models import Store

log = logging.getLogger(__name__)

#: What the product does by itself as time passes. Each takes `now`.
BEAT = (
    "dealership.demo.visits.declare_missed",
    "service.risks.watch",
    "sales.milestones.tell",
    "marketing.surveys.ask_held",
    "marketing.reviews.ask_due",
    "tasks.demo.pass_time",
    "dealership.demo.carrier.deliver",
)
#: Who does here what the doorbell would wake a worker for.
ANSWERS = {
    "dealership.messaging.jobs.send_due": "dealership.demo.carrier.deliver",
    "dealership.dms.jobs.stage_files": "dealership.dms.jobs.stage_waiting",
    "service.jobs.apply_repair_orders": "service.jobs.pull_repair_orders",
    "service.jobs.apply_appointments": "service.jobs.pull_appointments",
    "parts.jobs.apply_stock": "parts.jobs.pull_stock",
    "sales.jobs.apply_deals": "sales.jobs.pull_deals",
}
#: Minutes between two beats by day, and by night.
BY_DAY, BY_DAY_IN_SKETCH, BY_NIGHT = 30, 120, 300
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
    on.in_full_from = in_full_from
    n_acts = 0
    with scope.one_store(store.pk), doorbell.noted() as rung:
        _set_first_acts(on, since, opening)
        beat_at = since
        while heap.acts and min(heap.acts[0].at, beat_at) <= until:
            if beat_at <= heap.acts[0].at:
                _beat(on, beat_at, rung, heap.n)
                beat_at = _next_beat(on, beat_at)
                continue
            act = heapq.heappop(heap.acts)
            n_acts += 1
            with clock.at(act.at), _gone_on():
                on.perform(act.scene, act.args, now=act.at, n=act.n)
            with clock.at(act.at), _gone_on():
                _answer(rung, act.at)
                on.watch(now=act.at, n=act.n)
        _beat(on, until, rung, heap.n)
    return Played(sorted(heap.acts), on.marks, n_acts)


def _set_first_acts(on: Stage, since: datetime, opening: Callable[[Stage], None]) -> None:
    with clock.at(since):
        on.now, on.dice = since, on.dice_of("opening")
        opening(on)
    first = since.astimezone(on.store.tz).date()
    on.later(since, "house.day", day=first.isoformat())


def _beat(on: Stage, at: datetime, rung: set[str], n: int) -> None:
    with clock.at(at), _gone_on():
        for name in BEAT:
            import_string(name)(now=at)
        _answer(rung, at)
        on.watch(now=at, n=n)


@contextmanager
def _gone_on() -> Iterator[None]:
    """What fails is logged, and the history goes on without it: one mishap does not cost the demo."""
    try:
        yield
    except Exception:
        log.exception("Something in the demo's history failed.")


def _next_beat(on: Stage, at: datetime) -> datetime:
    local = at.astimezone(on.store.tz)
    by_day = 7 <= local.hour < 21
    minutes = (BY_DAY_IN_SKETCH if on.is_sketch(local.date()) else BY_DAY) if by_day else BY_NIGHT
    return at + timedelta(minutes=minutes)


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
