"""All playbooks together: read once, checked, and with a store's own numbers laid over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module

from django.conf import settings

from dealership import steady
from dealership.events.catalogue.messaging import CallConnected
from dealership.messaging import copy
from dealership.staff.roles import UP, Role
from dealership.stores.models import Department
from tasks import due as due_times
from tasks.models import StoreOverride
from tasks.playbook import Playbook, Rule, Same, When, to

BY_HAND = "by_hand"


class BadPlaybook(ValueError):
    """A rule that cannot work; the message names it and says what to mend."""


@dataclass(frozen=True)
class Book:
    """Every rule by its key, and which rules a fact opens, or bears on (ends, moves), by the fact's name."""

    rules: dict[str, Rule]
    opened_by: dict[str, tuple[Rule, ...]]
    borne_on: dict[str, tuple[Rule, ...]]


@cache
def book() -> Book:
    """The checked rule book. Raises BadPlaybook."""
    playbooks: list[Playbook] = [import_module(path).playbook for path in settings.PLAYBOOKS]
    rules: dict[str, Rule] = {}
    for rule in [rule for playbook in playbooks for rule in playbook.rules]:
        if rule.key in rules or rule.key == BY_HAND:
            raise BadPlaybook(f"Two rules are called {rule.key}: give one of them another key.")
        _check(rule)
        rules[rule.key] = rule
    return Book(rules, _index(rules, lambda rule: rule.opens_on), _index(rules, bearing))


def rules() -> dict[str, Rule]:
    """Every rule by its key, in the order of the playbooks."""
    return book().rules


def ending(rule: Rule) -> tuple[When, ...]:
    """What may end a promise of this rule."""
    return rule.kept_on + rule.waived_on + rule.void_on


def bearing(rule: Rule) -> tuple[When, ...]:
    """What may end a promise of this rule, or move its hour."""
    return ending(rule) + rule.moved_on


def rule_of(key: str) -> Rule:
    """The rule of a promise, also of one made by hand. Raises KeyError for a rule that is no longer in the book."""
    return BY_HAND_RULE if key == BY_HAND else rules()[key]


@steady.read
def overrides(store_ids: Iterable[int]) -> dict[tuple[int, str], StoreOverride]:
    """The newest row per store and rule: a store's own numbers. One query."""
    newest = (
        StoreOverride.objects.across_stores("the engine serves several stores at once")
        .filter(store_id__in=set(store_ids))
        .order_by("store_id", "rule", "-at", "-pk")
        .distinct("store_id", "rule")
    )
    return {(row.store_id, row.rule): row for row in newest}


def laid_over(rule: Rule, override: StoreOverride | None) -> Rule:
    """The rule as a store runs it."""
    if override is None:
        return rule
    due = due_times.from_json(override.due) if override.due else rule.due
    role = Role(override.owner_role) if override.owner_role else rule.owed_by
    return replace(rule, due=due, owed_by=role)


def _check(rule: Rule) -> None:
    where = f"{rule.department.label} playbook, {rule.key}"
    if not rule.opens_on:
        raise BadPlaybook(f"{where}: say which fact opens it.")
    if not rule.kept_on:
        raise BadPlaybook(f"{where}: say which fact keeps it, or it could never be kept.")
    if rule.moved_on and callable(rule.due):
        raise BadPlaybook(f"{where}: its hour is moved by facts; let it be read from them: at(…).")
    if rule.again and not rule.void_on:
        raise BadPlaybook(f"{where}: it is owed again and again; say which fact ends that.")
    if not rule.ladder.rungs:
        raise BadPlaybook(f"{where}: a ladder needs a rung, or nobody hears of it when it is not kept.")
    _check_ladder(rule, where)
    if {trigger.fact for trigger in rule.opens_on} & {
        trigger.fact for trigger in rule.kept_on
    } and not _apart(rule):
        raise BadPlaybook(f"{where}: the fact that opens it would keep it at once.")
    for step in rule.tasks:
        if step.kind == "text" and not copy.exists(step.copy):
            raise BadPlaybook(f"{where}: there is no copy {step.copy}.en.txt.")


def _check_ladder(rule: Rule, where: str) -> None:
    last = rule.ladder.rungs[-1].role
    if last is not Role.GENERAL_MANAGER and Role.GENERAL_MANAGER not in _way_up(last):
        raise BadPlaybook(
            f"{where}: its ladder ends at {last.label}, who may be nobody; end it where the general manager follows."
        )


def _way_up(role: Role) -> list[Role]:
    way = []
    while role in UP:
        role = UP[role]
        way.append(role)
    return way


def _apart(rule: Rule) -> bool:
    return all(
        opens.having != keeps.having
        for opens in rule.opens_on
        for keeps in rule.kept_on
        if opens.fact is keeps.fact
    )


def _index(rules: dict[str, Rule], triggers: object) -> dict[str, tuple[Rule, ...]]:
    index: dict[str, list[Rule]] = {}
    for rule in rules.values():
        for name in {trigger.fact.__name__ for trigger in triggers(rule)}:  # type: ignore[operator]
            index.setdefault(name, []).append(rule)
    return {name: tuple(found) for name, found in index.items()}


#: A promise that a person makes to a customer: kept by speaking with them, or by their word on what was done.
BY_HAND_RULE = Rule(
    key=BY_HAND,
    sentence="What a person promised is done",
    seam=0,
    department=Department.SALES,
    opens_on=(),
    owed_by=Role.GENERAL_MANAGER,
    due=due_times.open_hours(1),
    kept_on=(When(CallConnected),),
    same=Same.CUSTOMER,
    ladder=to(Role.GENERAL_MANAGER, after=due_times.open_hours(4)),
    seam_from="A person",
    seam_to="Customer",
    warn_before=due_times.wall_minutes(10),
)
