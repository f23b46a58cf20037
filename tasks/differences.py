"""The differences between what the facts say of promises and what stands in their rows; written in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tasks import batches, fold, opening
from tasks import due as due_times
from tasks.fold import Entry, Ground, Heard, Instance, Key, Role
from tasks.models import Promise, Task, Transition
from tasks.opening import Desk, Wanted
from tasks.playbook import Rule

STATE_OF = {
    Role.KEEPS: Promise.State.KEPT,
    Role.WAIVES: Promise.State.WAIVED,
    Role.VOIDS: Promise.State.VOID,
}
ROLE_OF = {state: role for role, state in STATE_OF.items()}


@dataclass
class Life:
    """One key: its rule, its ground, its promises so far, and the entries that must be folded."""

    key: Key
    rule: Rule
    ground: Ground
    first_at: datetime
    element: Any = None
    rows: list[Promise] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def settled(self) -> list[Promise]:
        """Promises that ended before anything new: they stand."""
        return [
            row
            for row in self.rows
            if row.closed_at and row.closed_at < self.first_at and row.closed_why != batches.MOVED_ORDER
        ]

    @property
    def moving(self) -> list[Promise]:
        """Promises that the new facts may change."""
        settled = {row.pk for row in self.settled}
        return [row for row in self.rows if row.pk not in settled]

    @property
    def since(self) -> datetime:
        """From when on facts matter to it."""
        moments = [self.first_at, *(row.opened_at for row in self.moving)]
        return min(moments)


class Differences:
    """What must be written so that the promises are what the facts say."""

    def __init__(self, lives: dict[Key, Life]) -> None:
        self.desk = Desk.for_stores(
            {key.store_id for key in lives}, (life.ground.customer_id for life in lives.values())
        )
        self.made: list[tuple[Promise, list[Task]]] = []
        self.changed: dict[int, Promise] = {}
        self.acts: list[tuple[Promise, dict[str, Any]]] = []

    def compare(self, life: Life) -> None:
        """Folds one life and notes the differences to its rows."""
        settled, moving = life.settled, {row.epoch: row for row in life.moving}
        epoch = settled[-1].epoch + 1 if settled else min(moving, default=0)
        instances = fold.fold([*life.entries, *_written(life, moving)], again=life.rule.again)
        before = settled[-1] if settled else None
        for n, instance in enumerate(instances, start=epoch):
            row = moving.pop(n, None)
            before = self._make(life, instance, n, before) if row is None else self._mend(life, row, instance)
        for row in moving.values():
            self._drop(row)

    def write(self) -> None:
        """Writes it all: new promises, changed ones, and an act for each."""
        if self.made:
            self.desk.rota.keep_turns()
            batches.open_many(self.made)
        if self.changed:
            batches.save_many(list(self.changed.values()))
        if self.acts:
            batches.record_many(self.acts)

    def _make(self, life: Life, instance: Instance, epoch: int, before: Promise | None) -> Promise | None:
        opened = instance.opened.heard
        if opened is None:
            return None
        again = life.rule.again and instance.opened.heard is not None and not _opens(life.rule, opened)
        wanted = Wanted(
            life.rule, opened.fact, opened.record_id, life.key.subject, life.key.about, life.element, epoch,
            instance.opened.at, before if again else None,
        )  # fmt: skip
        made = self.desk.make(wanted)
        if made is None:
            return None
        self.made.append(made)
        self._move(life, made[0], instance)
        self._end(made[0], instance.ended)
        if made[0].state != Promise.State.OPEN:
            for task in made[1]:
                task.state, task.why = Task.State.SKIPPED, "No longer needed."
        return made[0]

    def _mend(self, life: Life, row: Promise, instance: Instance) -> Promise:
        opened = instance.opened
        if row.opened_at != opened.at and opened.heard is not None:
            self._move_opening(life, row, opened)
        self._move(life, row, instance)
        ended = instance.ended
        if ended is None:
            if row.state != Promise.State.OPEN:
                self._note(row, batches.reopen(row))
        elif row.state != STATE_OF[ended.role] or row.closed_at != ended.at:
            self._end(row, ended)
        return row

    def _move_opening(self, life: Life, row: Promise, opened: Entry) -> None:
        # An earlier fact than the one that opened it came late: its clock began then.
        heard = opened.heard
        rule = self.desk.rule(life.rule, row.store_id) or life.rule
        if heard is None:
            return
        calendar = self.desk.calendar(row.store_id, row.department)
        expression = rule.due
        if callable(expression):
            expression = expression(heard.fact, life.element) if rule.for_each else expression(heard.fact)  # type: ignore[call-arg]
        due = due_times.compute(expression, start=opened.at, calendar=calendar, fact=heard.fact)
        row.opened_at, row.opened_by_id, row.assigned_at = opened.at, heard.record_id, opened.at
        renegotiated = row.due_at if row.renegotiated_at else None
        opening.set_times(row, rule, due, calendar)
        if renegotiated:
            row.due_at = renegotiated
        row.broken_at = batches.broken_at(row)
        row.next_step_at = opening.next_step(row)
        self.changed[row.pk] = row

    def _move(self, life: Life, row: Promise, instance: Instance) -> None:
        """The hour that the customer was told last, as long as each word came before the hour it replaced."""
        due, told = row.original_due_at, None
        rule = self.desk.rule(life.rule, row.store_id) or life.rule
        calendar = self.desk.calendar(row.store_id, row.department)
        for entry in instance.moves:
            if entry.heard is None or entry.at > due or callable(rule.due):
                break
            due = due_times.compute(rule.due, start=entry.at, calendar=calendar, fact=entry.heard.fact).at
            told = entry
        if told is None or told.heard is None or (due, told.at) == (row.due_at, row.renegotiated_at):
            return
        batches.move_hour(row, due, told_at=told.at)
        why = told.heard.fact.story().strip()
        act = {
            "act": Transition.Act.RENEGOTIATED,
            "at": told.at,
            "event_id": told.heard.record_id,
            "why": why[:300],
        }
        self._note(row, act)

    def _end(self, row: Promise, ended: Entry | None) -> None:
        if ended is None:
            return
        heard = ended.heard
        if heard is None:
            return  # a person ended it, and the row says so already
        act = batches.close(
            row,
            STATE_OF[ended.role],
            at=ended.at,
            event_id=heard.record_id,
            why=heard.fact.story().strip() or heard.fact.kind,
        )
        self._note(row, act)

    def _drop(self, row: Promise) -> None:
        if row.state == Promise.State.VOID:
            return
        act = batches.close(row, Promise.State.VOID, at=row.opened_at, event_id=None, why=batches.MOVED_ORDER)
        self._note(row, act)

    def _note(self, row: Promise, act: dict[str, Any]) -> None:
        if row.pk:
            self.changed[row.pk] = row
        self.acts.append((row, act))


def _written(life: Life, moving: dict[int, Promise]) -> Iterable[Entry]:
    # What the log does not hold: promises made by hand, those owed anew, and what people ended.
    for row in moving.values():
        if row.closed_why == batches.MOVED_ORDER:
            continue
        if row is next(iter(moving.values())) and (row.opened_by_id is None or row.epoch > 0):
            yield Entry(Role.OPENS, row.opened_at, None)
        if row.state != Promise.State.OPEN and row.closed_by_event_id is None and row.closed_at:
            yield Entry(ROLE_OF[Promise.State(row.state)], row.closed_at, None)


def _opens(rule: Rule, heard: Heard) -> bool:
    return any(trigger.fits(heard.fact) for trigger in rule.opens_on)
