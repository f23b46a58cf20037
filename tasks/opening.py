"""What a new promise looks like: its owner, its hour, its ladder, and the sentences that say why. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from dealership.customers.models import CustomerPerson
from dealership.events.base import Fact
from dealership.language import in_english
from dealership.messaging.models import Conversation
from dealership.staff.rota import Choice, Rota
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from tasks import due as due_times
from tasks import rulebook
from tasks.models import Promise, StoreOverride, Task
from tasks.playbook import Prefer, Rule

#: The fields of facts that may name a person, in the order in which they are believed.
NAMING_FIELDS = ("owner_id", "to_id", "advisor_id", "person_id", "by")
#: Open promises of a person (for the rota).
CARRIED = "(SELECT count(*) FROM tasks_promise WHERE owner_id = person.id AND state = 'open')"


@dataclass(frozen=True)
class Wanted:
    """One promise to be made: the rule, the fact that calls for it, its element, and its place among its kind."""

    rule: Rule
    fact: Fact
    record_id: int
    subject: str
    about: str
    element: Any
    epoch: int
    opened_at: datetime
    #: The promise that was kept and is owed anew; None for a first one.
    before: Promise | None = None


@dataclass
class Desk:
    """All that is needed to make promises in some stores: each looked up once for a batch, when it is first needed."""

    store_ids: frozenset[int]
    customer_ids: frozenset[int]
    rota: Rota

    @classmethod
    def for_stores(cls, store_ids: Iterable[int], customer_ids: Iterable[int | None] = ()) -> Desk:
        """The calendars, people and own numbers of these stores, and who knows these customers."""
        stores = frozenset(store_ids)
        return cls(stores, frozenset(pk for pk in customer_ids if pk), Rota.of_stores(stores, CARRIED))

    @cached_property
    def hours(self) -> dict[tuple[int, str], Calendar]:
        """Calendars by (store, department)."""
        return calendars.of_stores(self.store_ids)

    @cached_property
    def overrides(self) -> dict[tuple[int, str], StoreOverride]:
        """The stores' own numbers, by (store, rule)."""
        return rulebook.overrides(self.store_ids)

    @cached_property
    def holders(self) -> dict[tuple[int, str], int]:
        """Who holds the conversation, by (customer, department)."""
        rows = Conversation.objects.across_stores("a batch of several stores").filter(
            customer_id__in=self.customer_ids, holder__isnull=False
        )
        return {
            (row[0], row[1]): row[2] for row in rows.values_list("customer_id", "department", "holder_id")
        }

    @cached_property
    def persons(self) -> dict[tuple[int, str], int]:
        """Whose customer it is, by (customer, department)."""
        rows = CustomerPerson.objects.across_stores("a batch of several stores").filter(
            customer_id__in=self.customer_ids
        )
        return {(row[0], row[1]): row[2] for row in rows.values_list("customer_id", "department", "staff_id")}

    def calendar(self, store_id: int, department: str) -> Calendar:
        """The department's calendar."""
        return calendars.calendar_of(self.hours, store_id, department)

    def rule(self, rule: Rule, store_id: int) -> Rule | None:
        """The rule as this store runs it; None where it is switched off."""
        override = self.overrides.get((store_id, rule.key))
        if override is not None and not override.is_on:
            return None
        return rulebook.laid_over(rule, override)

    def make(self, wanted: Wanted) -> tuple[Promise, list[Task]] | None:
        """The promise and its steps, unsaved; None where the store has switched the rule off."""
        rule = self.rule(wanted.rule, wanted.fact.store_id)
        if rule is None:
            return None
        fact, calendar = wanted.fact, self.calendar(wanted.fact.store_id, wanted.rule.department)
        due = due_times.compute(_due_of(rule, wanted), start=wanted.opened_at, calendar=calendar, fact=fact)
        choice = self._owner(rule, wanted, calendar)
        promise = Promise(
            store_id=fact.store_id,
            rule=rule.key,
            seam=rule.seam,
            department=rule.department,
            seam_from=rule.seam_from,
            seam_to=rule.seam_to,
            sentence=rule.sentence,
            detail=_detail(rule, wanted)[:240],
            subject=wanted.subject,
            about=wanted.about,
            epoch=wanted.epoch,
            customer_id=wanted.before.customer_id if wanted.before else fact.customer_id,
            vehicle_id=wanted.before.vehicle_id if wanted.before else fact.vehicle_id,
            opened_by_id=wanted.record_id,
            owner_id=choice.staff_id,
            nobody_free=choice.is_last_resort,
            assigned_at=wanted.opened_at,
            opened_at=wanted.opened_at,
        )
        promise.why = {"exists": _exists(rule, fact), "owner": list(choice.why)}
        set_times(promise, rule, due, calendar)
        return promise, self._steps(rule, promise, calendar, fact)

    def _owner(self, rule: Rule, wanted: Wanted, calendar: Calendar) -> Choice:
        # Whoever is on shift when the clock starts to run: a weekend lead belongs to Monday's people.
        at = calendar.next_open(wanted.opened_at)
        return self.rota.choose(
            store_id=wanted.fact.store_id,
            role=rule.owed_by,
            at=at,
            preferred=self._preferred(rule, wanted),
        )

    def _preferred(self, rule: Rule, wanted: Wanted) -> Iterator[tuple[int | None, str]]:
        """Whom the rule would rather have, one after the other: nothing is looked up for those who are not asked."""
        customer = wanted.fact.customer_id or 0
        if wanted.before is not None:
            yield wanted.before.owner_id, "kept it last time"
        for prefer in rule.prefer:
            if prefer is Prefer.NAMED_BY_FACT:
                named = next((v for name in NAMING_FIELDS if (v := getattr(wanted.fact, name, None))), None)
                yield named, prefer.value
            elif prefer is Prefer.SALESPERSON:
                yield getattr(wanted.fact, "salesperson_id", None), prefer.value
            elif prefer is Prefer.CONVERSATION_HOLDER:
                yield self.holders.get((customer, rule.department)), prefer.value
            else:
                yield self.persons.get((customer, rule.department)), prefer.value

    def _steps(self, rule: Rule, promise: Promise, calendar: Calendar, fact: Fact) -> list[Task]:
        return [
            Task(
                store_id=promise.store_id,
                promise=promise,
                n=n,
                kind=step.kind,
                copy=step.copy,
                asks=step.asks,
                run_at=due_times.compute(
                    step.after, start=promise.opened_at, calendar=calendar, fact=fact
                ).at,
            )
            for n, step in enumerate(rule.tasks)
        ]


def set_times(promise: Promise, rule: Rule, due: due_times.Due, calendar: Calendar) -> None:
    """Writes due time, warning, offer, rungs and the next step onto an unsaved or reopened promise."""
    promise.due_at = promise.original_due_at = due.at
    promise.why = {
        **promise.why,
        "due": due.words,
        "counted": [[piece.start.isoformat(), piece.end.isoformat(), piece.minutes] for piece in due.counted],
    }
    promise.warn_at = None
    if rule.warn_before is not None:
        promise.warn_at = max(
            promise.opened_at, due.at - timedelta(minutes=getattr(rule.warn_before, "n", 0))
        )
    if rule.accept_within is not None:
        promise.offered_until = due_times.compute(
            rule.accept_within, start=promise.assigned_at, calendar=calendar
        ).at
    promise.rung_ats = [
        max(due.at, due_times.compute(rung.after, start=promise.opened_at, calendar=calendar).at)
        for rung in rule.ladder.rungs
    ]
    promise.next_step_at = next_step(promise)


def next_step(promise: Promise) -> datetime | None:
    """The next moment at which the sweep has something to do: warn, offer on, break, climb. Nothing once it has ended."""
    if promise.state != Promise.State.OPEN:
        return None
    moments: list[datetime] = []
    if promise.warn_at and promise.warned_at is None and promise.broken_at is None:
        moments.append(promise.warn_at)
    if promise.offered_until and promise.accepted_at is None:
        moments.append(promise.offered_until)
    if promise.broken_at is None:
        moments.append(promise.due_at)
    if promise.rung < len(promise.rung_ats):
        moments.append(promise.rung_ats[promise.rung])
    return min(moments) if moments else None


def _due_of(rule: Rule, wanted: Wanted) -> due_times.Expression:
    if not callable(rule.due):
        return rule.due
    return rule.due(wanted.fact, wanted.element) if rule.for_each else rule.due(wanted.fact)  # type: ignore[call-arg]


def _detail(rule: Rule, wanted: Wanted) -> str:
    if wanted.before is not None:
        return wanted.before.detail
    if rule.for_each:
        return rule.detail(wanted.fact, wanted.element)  # type: ignore[call-arg]
    return rule.detail(wanted.fact)


def _exists(rule: Rule, fact: Fact) -> str:
    story = fact.story().strip()
    return f"{in_english(rule.department.label)} promises it: {story or fact.kind}."
