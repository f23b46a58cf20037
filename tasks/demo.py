"""People of the demo keep what they owe: each promise is seen to after a while, by whoever owns it then. Some are slow, some forget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dealership.demo import keeping, stage
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.demo.stores import HABITS
from tasks import promises, steps, sweep
from tasks.models import Promise

#: After so many tries in vain it is waived, with the reason.
MOST_TRIES = 4
OUT_OF_REACH = "Called and wrote several times, no answer: they know where we are."


@dataclass(frozen=True)
class Habit:
    """Of a hundred promises: how many are seen to in time, how many are left until they have climbed; the others are late."""

    in_time: int
    forgotten: int


USUAL = Habit(90, 2)
HABIT_OF = {"quick": Habit(97, 0), "slow": Habit(62, 9)}


@stage.watcher(Promise)
def watch_promises(on: Stage, seen: int) -> int:
    """New promises: when somebody will see to them is drawn."""
    rows = Promise.objects.of_store(on.store.pk).filter(pk__gt=seen).order_by("pk")
    for promise in rows.select_related("owner"):
        seen = promise.pk
        if promise.state == Promise.State.OPEN and keeping.keeper_of(promise.rule):
            at = _first_look(on, promise)
            if on.curtain and promise.opened_at >= on.curtain[0]:
                at = max(at, on.curtain[1] + timedelta(seconds=on.dice.randrange(60, 1200)))
            on.later(at, "tasks.keep", promise=promise.pk, tries=0)
    return seen


@stage.passing(
    "promises climb",
    "SELECT min(next_step_at) FROM tasks_promise WHERE store_id = {store} AND state = 'open' AND parked_at IS NULL",
)
def climb(now: datetime) -> None:
    """What time does to promises."""
    sweep.run(now)


@stage.passing(
    "steps are taken",
    "SELECT min(run_at) FROM tasks_task WHERE store_id = {store} AND state = 'waiting' AND kind = 'text'",
)
def take_steps(now: datetime) -> None:
    """The texts that promises send by themselves."""
    steps.take_due(now)


@stage.scene("tasks.keep")
def keep(on: Stage, promise: int, tries: int) -> str:
    """Whoever owns it sees to it now, if it is still owed."""
    row = (
        Promise.objects.of_store(on.store.pk)
        .filter(pk=promise, state=Promise.State.OPEN)
        .select_related("owner", "customer")
        .first()
    )
    if row is None:
        return ""
    owed = Owed(row.pk, row.rule, row.subject, row.about, row.department, row.detail, row.customer, row.owner)
    words = keeping.see_to(on, owed)
    if words:
        again = on.open_later(row.department, 60, 200)
        on.later(again, "tasks.keep", promise=promise, tries=tries + 1)
        return words
    if tries + 1 < MOST_TRIES:
        again = on.open_later(row.department, 40 * (tries + 1), 200 * (tries + 1))
        on.later(again, "tasks.keep", promise=promise, tries=tries + 1)
        return ""
    row.refresh_from_db(fields=["state"])
    if row.state == Promise.State.OPEN:
        promises.waive(row, by=row.owner, why=OUT_OF_REACH, now=on.now)
    return f"{row.owner.first_name} let go after {tries + 1} tries: {row.sentence}."


def _first_look(on: Stage, promise: Promise) -> datetime:
    """When its owner sees to it: mostly within its time; late, or only after it has climbed, as their habits are."""
    habit = HABIT_OF.get(HABITS.get(promise.owner.name, ""), USUAL)
    calendar, start = on.calendar(promise.department), max(promise.opened_at, on.now)
    drawn = on.dice.randrange(100)
    if drawn < habit.in_time and start < promise.due_at:
        minutes = calendar.minutes_between(start, promise.due_at)
        part = on.dice.betavariate(2, 3.2)
        at = calendar.add_minutes(start, int(minutes * part)) + timedelta(seconds=on.dice.randrange(5, 50))
        return at if at < promise.due_at else max(start, promise.due_at - timedelta(seconds=20))
    if drawn < 100 - habit.forgotten or not promise.rung_ats:
        return on.open_later(promise.department, 3, 70, start=max(promise.due_at, start))
    return on.open_later(promise.department, 10, 120, start=max(promise.rung_ats[-1], start))
