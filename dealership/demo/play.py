"""Plays a day as its time comes: the acts that are due are claimed as rows, and done.

Whatever is killed, the rows are there and the next run goes on with them. An act, the mark that it is done and how far the
script has looked are one transaction. What comes by a door that commits by itself (`stage.scene(…, commits=True)`) is marked
afterwards: done again, it is made of the same bytes, and the product takes those once.
"""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from dealership import clock, live, pace
from dealership.demo import stage, stores
from dealership.demo.stage import Args, Stage
from dealership.models import PlayedAct, PlayedDay
from dealership.stores.models import Department, Store

log = logging.getLogger(__name__)

#: One run ends after so many seconds; the next comes a second later.
SECONDS = 8.0
#: What has waited longer than this when a day begins is not done any more, but for promises, and what the DMS sends in the night and the morning.
STALE = timedelta(minutes=15)
CATCHES_UP = ("tasks.keep", "service.visits", "sales.deal_file", "parts.shelf")
#: A day begins before the store opens, where less of it is left than this.
BEGINS, LEFT = 6.5, timedelta(hours=3)
FAILED = "did not work out."
#: Hours after the beginning at which somebody leaves for good.
LEAVES_AFTER = 4.0
#: And at which somebody has had enough of texts, or gets those of somebody else.
WRITTEN = ((2.2, "STOP"), (3.1, "You have the wrong number"), (5.0, "¿Ya está listo mi carro?"))


class Rows:
    """A script of rows, for one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(self, at: datetime, scene: str, args: Args) -> None:
        """One act more."""
        PlayedAct.objects.create(store=self.store, at=at, scene=scene, args=args)


def run(*, now: datetime) -> dict[str, Any]:
    """Does what is due, oldest first, and looks what follows. Nothing while no day is played."""
    day = PlayedDay.objects.filter(is_playing=True).first()
    if day is None:
        return {"resting": 1}
    stage.load_acts()
    ends, done = time.monotonic() + SECONDS, 0
    for store in Store.objects.filter(slug__in=stores.VOLUMES).order_by("pk"):
        on = stage_of(store, day)
        while time.monotonic() < ends and _next(on, day, clock.now()):
            done += 1
        _look(on, day)
    if day.until_at and clock.now() >= day.until_at:
        pace.pause()
    return {"acts": done}


def stage_of(store: Store, day: PlayedDay) -> Stage:
    """The store's stage, as far as the script has looked."""
    marks = dict(day.marks.get(store.slug, {}))
    return Stage(store, Rows(store), day.seed, day.volume * stores.VOLUMES.get(store.slug, 1.0), marks)


@transaction.atomic
def begin(*, speed: int, minutes: float | None = None) -> PlayedDay:
    """A day is played from now on; outside hours the clock goes on to the next morning first. `minutes` are real ones.

    Raises pace.NoDemo, pace.NoSuchSpeed and clock.RealCarrier.
    """
    stage.load_acts()
    now = clock.now()
    going = pace.current()
    shown_at = now if going and going.is_playing else _morning(now) or now
    until = shown_at + timedelta(minutes=minutes) * speed if minutes else None
    day = pace.run(speed=speed, shown_at=shown_at, until_at=until)
    for store in Store.objects.filter(slug__in=stores.VOLUMES).order_by("pk"):
        _lay_out(stage_of(store, day), shown_at)
    return day


def _next(on: Stage, day: PlayedDay, now: datetime) -> bool:
    """Does the next act that is due; False when there is none. An act that fails is told in the log, and the day goes on."""
    with transaction.atomic():
        act = _due(on.store, now)
        if act is None:
            return False
        if not stage.commits(act.scene):
            _close(on, day, act, _perform(on, act, now), now)
            return True
    words = _perform(on, act, now)
    with transaction.atomic():
        _close(on, day, act, words, now)
    return True


def _due(store: Store, now: datetime) -> PlayedAct | None:
    rows = PlayedAct.objects.of_store(store.pk).filter(done_at__isnull=True, at__lte=now)
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("at", "pk").first()


def _perform(on: Stage, act: PlayedAct, now: datetime) -> str:
    try:
        with transaction.atomic() if not stage.commits(act.scene) else nullcontext():
            return on.perform(act.scene, act.args, now=now, n=act.pk, at=act.at)
    except Exception:
        log.exception("An act of the demo failed; the day goes on without it.")
        return f"{act.scene} {FAILED}"


def _close(on: Stage, day: PlayedDay, act: PlayedAct, words: str, now: datetime) -> None:
    act.done_at, act.words = now, words[:200]
    act.save(update_fields=["done_at", "words"])
    _keep_marks(day, on)
    if words:
        live.bump(act.store_id, "phones")


@transaction.atomic
def _look(on: Stage, day: PlayedDay) -> None:
    on.watch(now=clock.now(), n=day.pk)
    _keep_marks(day, on)


def _keep_marks(day: PlayedDay, on: Stage) -> None:
    if day.marks.get(on.store.slug) == on.marks:
        return
    row = PlayedDay.objects.select_for_update().get(pk=day.pk)
    row.marks = {**row.marks, on.store.slug: on.marks}
    row.save(update_fields=["marks"])
    day.marks = {**row.marks, on.store.slug: dict(on.marks)}


def _morning(now: datetime) -> datetime | None:
    """The next morning of a store where the day is over, or nearly; None within its hours."""
    store = Store.objects.filter(slug__in=stores.VOLUMES).order_by("pk").first()
    if store is None:
        return None
    on = Stage(store, Rows(store), 1)
    calendar = on.calendar(Department.SERVICE)
    closes = calendar.closes_at(now) if calendar.is_open(now) else None
    if closes is not None and calendar.end_of_day(now) - now >= LEFT:
        return None
    today = now.astimezone(store.tz).date()
    for ahead in range(15):
        morning = on.wall(today + timedelta(days=ahead), BEGINS)
        if morning > now and on.is_open(Department.SERVICE, today + timedelta(days=ahead)):
            return morning
    return None


def _lay_out(on: Stage, shown_at: datetime) -> None:
    """What is stale is dropped, promises are seen to soon, the day is planned, and somebody will leave."""
    on.now, on.dice = shown_at, on.dice_of(shown_at.date())
    waiting = PlayedAct.objects.of_store(on.store.pk).filter(done_at__isnull=True)
    day = shown_at.astimezone(on.store.tz).date()
    if not _is_planned(on, day):
        waiting.filter(scene="house.day").delete()
        on.perform("house.day", {"day": day.isoformat()}, now=shown_at, n=day.toordinal())
    stale = waiting.filter(at__lt=shown_at - STALE)
    for act in stale.filter(scene__in=CATCHES_UP).order_by("at", "pk"):
        act.at = on.open_later("", 1, 45) if act.scene == CATCHES_UP[0] else shown_at
        act.save(update_fields=["at"])
    waiting.filter(at__lt=shown_at - STALE).delete()
    if waiting.filter(scene="customers.somebody").exists():
        return  # a day that was paused goes on
    for hours, body in WRITTEN:
        on.later(shown_at + timedelta(hours=hours), "customers.somebody", body=body)
    if name := stores.LEAVES.get(on.store.slug):
        on.later(shown_at + timedelta(hours=LEAVES_AFTER), "house.leave", name=name)


def _is_planned(on: Stage, day: date) -> bool:
    """Whether the history, or an earlier play, has laid out this day: the plan of the next one waits."""
    return (
        PlayedAct.objects.of_store(on.store.pk)
        .filter(done_at__isnull=True, scene="house.day", args__day=(day + timedelta(days=1)).isoformat())
        .exists()
    )
