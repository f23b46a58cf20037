"""Where a demo's acts are registered and performed. An act is a row or an entry of a heap: when, which scene, with what.

@stage.scene("sales.lead")          what happens; returns a sentence for the log, "" for none
@stage.planner("sales")             lays out a day of this department
@stage.watcher(Promise)             looks at new rows of a table, and sets what follows from them
@stage.passing("texts", "SELECT …")  what the product does by itself as time passes, and when that is due next
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import import_module
from random import Random
from typing import Any, Protocol

from django.db import connection, models

from dealership.demo import made_up
from dealership.demo.made_up import Person
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores import calendars
from dealership.stores.hours import Calendar, to_utc
from dealership.stores.models import Store

#: Modules with acts, by name: the ground does not import who stands on it.
ACTS = (
    "dealership.demo.house",
    "dealership.demo.customers",
    "dealership.demo.visits",
    "tasks.demo",
    "sales.demo",
    "sales.deal_demo",
    "sales.stock_demo",
    "service.demo",
    "service.car_demo",
    "parts.demo",
    "fni.demo",
    "marketing.demo",
    "marketing.offer_demo",
    "dealership.demo.carrier",
)

OURS = frozenset({"dealership", "tasks", "sales", "service", "parts", "fni", "marketing"})
#: Of the usual number of leads and cars so many in the weeks that are sketched.
SKETCH = 0.06

Args = dict[str, Any]
Scene = Callable[..., str]
Planner = Callable[["Stage", date], None]
Look = Callable[["Stage", int], int]
Work = Callable[[datetime], object]
_scenes: dict[str, Scene] = {}
_committing: set[str] = set()
_planners: dict[str, Planner] = {}
_watchers: dict[str, Watcher] = {}
_passing: dict[str, Passing] = {}


@dataclass(frozen=True)
class Watcher:
    """Looks at the rows of a table after the last it has seen, and says which it has seen now."""

    table: str
    look: Look


@dataclass(frozen=True)
class Passing:
    """What the product's own clock does, and an SQL expression of when that has something to do next, of `{store}` and `{now}`."""

    moment: str
    work: Work


class Script(Protocol):
    """Where acts wait for their time."""

    def add(self, at: datetime, scene: str, args: Args) -> None:
        """One act more."""
        ...


@dataclass
class Stage:
    """One store at one moment, as a scene finds it. `dice` is seeded anew for each act: the same act falls the same way."""

    store: Store
    script: Script
    seed: int
    volume: float = 1.0
    marks: dict[str, int] = field(default_factory=dict)
    #: History delivers and answers texts within this process; a day that is played uses the phone simulator.
    is_history: bool = False
    #: Before this day history is a sketch: the same people and cars, fewer of them.
    in_full_from: date = date.min
    #: When history ends: today, for whoever looks first.
    ends: datetime | None = None
    #: What comes up after this moment is seen to after the second: whoever first looks at the demo finds it open.
    curtain: tuple[datetime, datetime] | None = None
    now: datetime = field(init=False)
    #: When the act was to happen: the same however often it is done.
    at: datetime = field(init=False)
    dice: Random = field(init=False)
    #: When the product has something to do by itself, by what it is; as of the last look. History alone asks.
    due: dict[str, datetime] = field(default_factory=dict)
    _people: dict[tuple[Role, ...], list[StaffMember]] = field(default_factory=dict)
    _calendars: dict[tuple[int, str], Calendar] = field(default_factory=dict)

    def perform(self, scene: str, args: Args, *, now: datetime, n: int, at: datetime | None = None) -> str:
        """Performs one act; `n` is its number, from which the dice fall. What the product refuses does not happen."""
        self.now, self.at, self.dice = now, at or now, self.dice_of(n)
        self._people.clear()
        play = _scenes.get(scene)
        if play is None:
            return ""  # a row of an earlier version: nobody plays it any more
        try:
            return play(self, **args)
        except Exception as error:
            # Its own exceptions say that something cannot be: the car is not ready, the hour is taken. People live with that.
            if type(error).__module__.partition(".")[0] not in OURS:
                raise
            return ""

    def watch(self, *, now: datetime, n: int) -> None:
        """Lets whoever watches a table that has new rows look, and notes what is due next. One query when there is none."""
        names, clocks = sorted(_watchers), list(_passing) if self.is_history else []
        asked = [
            f'EXISTS (SELECT 1 FROM "{_watchers[name].table}" WHERE id > %s AND store_id = {self.store.pk:d})'  # noqa: S608 - our own table
            for name in names
        ] + [
            f"({_passing[name].moment.format(store=self.store.pk, now=repr(now.isoformat()))})"
            for name in clocks
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(asked)}", [self.marks.get(name, 0) for name in names])
            found = cursor.fetchone()
        for name, is_new in zip(names, found, strict=False):
            if is_new:
                self.now, self.dice = now, self.dice_of(n, name)
                self.marks[name] = _watchers[name].look(self, self.marks.get(name, 0))
        moments = zip(clocks, found[len(names) :], strict=True)
        self.due = {name: moment for name, moment in moments if moment is not None}

    def pass_time(self, now: datetime) -> None:
        """The product does by itself what is due by now."""
        for name in [name for name, moment in self.due.items() if moment <= now]:
            _passing[name].work(now)

    def later(self, at: datetime, scene: str, **args: Any) -> None:
        """That will happen then."""
        self.script.add(at, scene, args)

    def calendar(self, department: str) -> Calendar:
        """The department's open hours."""
        if not self._calendars:
            self._calendars = calendars.of_stores([self.store.pk])
        return calendars.calendar_of(self._calendars, self.store.pk, department)

    def open_later(
        self, department: str, low: float, high: float, *, start: datetime | None = None
    ) -> datetime:
        """So many open minutes of the department after `start` (now), drawn between the two."""
        minutes = round(self.dice.uniform(low, high))
        at = self.calendar(department).add_minutes(start or self.now, minutes)
        return at + timedelta(seconds=self.dice.randrange(1, 55))

    def local(self, moment: datetime) -> datetime:
        """A moment as the clock at the store shows it, without zone: as files write times."""
        return moment.astimezone(self.store.tz).replace(tzinfo=None, second=0, microsecond=0)

    def wall(self, day: date, hour: float) -> datetime:
        """That hour of that day at the store."""
        minutes = round(hour * 60)
        return to_utc(self.store.tz, datetime.combine(day, time(minutes // 60, minutes % 60)))

    def is_open(self, department: str, day: date) -> bool:
        """Whether the department opens on that day at all."""
        return bool(self.calendar(department).day_spans(day))

    def hours(self, department: str, day: date) -> tuple[datetime, datetime]:
        """When it opens first and closes last on that day."""
        spans = self.calendar(department).day_spans(day)
        return spans[0][0], spans[-1][1]

    def share(self, usual: float) -> float:
        """What the usual number is at this store on this day."""
        day = self.now.astimezone(self.store.tz).date()
        return usual * self.volume * (SKETCH if self.is_sketch(day) else 1.0)

    def is_sketch(self, day: date) -> bool:
        """Whether this day lies in the weeks that are sketched."""
        return day < self.in_full_from

    def count(self, usual: float) -> int:
        """About so many, of this store's volume."""
        mean = self.share(usual)
        return max(0, round(self.dice.gauss(mean, mean**0.5 / 2)))

    def some(self, usual: float) -> int:
        """As `count`, for small numbers: a part of one is one as often as that."""
        mean = self.share(usual)
        return int(mean) + (self.dice.random() < mean % 1)

    def few(self, usual: float) -> int:
        """As `some`, for what is never sketched: deals, parts, reviews."""
        mean = usual * self.volume
        return int(mean) + (self.dice.random() < mean % 1)

    def person(self, n: int) -> Person:
        """The n-th of the people who might be this store's customers."""
        return made_up.person(self.store.slug, n)

    def staff(self, *roles: Role) -> list[StaffMember]:
        """Who works here as that."""
        if roles not in self._people:
            rows = StaffMember.objects.of_store(self.store.pk).filter(is_active=True, role__in=roles)
            self._people[roles] = list(rows.order_by("pk"))
        return self._people[roles]

    def dice_of(self, *what: object) -> Random:
        """Dice that always fall the same way for the same thing, however often it is asked about."""
        return made_up.dice_of(self.seed, self.store.slug, *what)

    def chance(self, of: float) -> bool:
        """True in that share of cases."""
        return self.dice.random() < of


def scene(name: str, *, commits: bool = False) -> Callable[[Scene], Scene]:
    """Registers what happens in acts of this name. `commits`: it goes through a door that commits by itself.

    Such an act depends on `on.at`, its arguments and its dice alone, so that it may be done again.
    """

    def register(function: Scene) -> Scene:
        _scenes[name] = function
        if commits:
            _committing.add(name)
        return function

    return register


def commits(scene: str) -> bool:
    """Whether acts of this name commit by themselves."""
    return scene in _committing


def planner(department: str) -> Callable[[Planner], Planner]:
    """Registers who lays out a day."""

    def register(function: Planner) -> Planner:
        _planners[department] = function
        return function

    return register


def watcher(model: type[models.Model]) -> Callable[[Look], Look]:
    """Registers who looks at new rows of this model; given the key of the last it saw, it returns that of the last."""

    def register(function: Look) -> Look:
        _watchers[model._meta.label_lower] = Watcher(model._meta.db_table, function)
        return function

    return register


def passing(name: str, moment: str) -> Callable[[Work], Work]:
    """Registers what time does. `moment` is an SQL expression, NULL when nothing waits; what is in the past is due now."""

    def register(function: Work) -> Work:
        _passing[name] = Passing(moment, function)
        return function

    return register


def plan(stage: Stage, day: date) -> None:
    """Lays out a day: everybody's."""
    for name in sorted(_planners):
        _planners[name](stage, day)


def load_acts() -> None:
    """Reads the modules in which acts are registered."""
    for module in ACTS:
        import_module(module)
