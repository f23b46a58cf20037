"""Whether what must be true of the data is true: the judge after chaos, after a restore, and every minute while the product runs.

The sentences and their queries stand in `invariants.sql`. To them come one check for each key that leads from a row of a
store to a row of a store, made from the models (both must be of one store), and what is named in settings.INVARIANT_CHECKS.
Everything is looked at as of one moment, in one transaction that reads only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.module_loading import import_string

from dealership import clock
from dealership.scope import StoreOwned

BOOK = Path(__file__).with_name("invariants.sql")
SHOWN = 5
# For the session: a statement of the transaction itself comes too late, because the connection is told first what may be seen.
_LEVEL = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {}"
_BLOCK = re.compile(
    r"^-- name: (?P<name>\w+)\n-- (?P<says>[^\n]+)\n-- of: (?P<of>[^\n]+)\n-- when: (?P<when>[a-z ]+)\n(?P<query>.+?);$",
    re.MULTILINE | re.DOTALL,
)
WHENS = frozenset({"always", "alive", "minute"})


class BadBook(ValueError):
    """The file of invariants cannot be read."""


@dataclass(frozen=True)
class Invariant:
    """Something that must be true: a sentence, what is looked at, and a query for the rows that break it."""

    name: str
    says: str
    of: str
    query: str
    when: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """What was found: how many rows were looked at, how many break it, and the first of those."""

    name: str
    says: str
    checked: int
    violations: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """No row breaks it."""
        return not self.violations


#: What settings.INVARIANT_CHECKS names: takes nothing, returns its verdicts.
Check = Callable[[], Iterable[Verdict]]


@cache
def book() -> tuple[Invariant, ...]:
    """Everything that is written down, in the order of the file. Raises BadBook."""
    text = BOOK.read_text()
    found = []
    for block in _BLOCK.finditer(text):
        when = frozenset(block["when"].split())
        if not when <= WHENS or not {"always", "alive"} & when:
            raise BadBook(f"{block['name']}: “when” is of {', '.join(sorted(WHENS))}, not “{block['when']}”.")
        found.append(Invariant(block["name"], block["says"], block["of"], block["query"], when))
    names = [invariant.name for invariant in found]
    if len(names) != text.count("-- name: ") or len(set(names)) != len(names):
        raise BadBook("A block is not written as the others are, or a name stands twice.")
    return tuple(found)


@cache
def one_store() -> tuple[Invariant, ...]:
    """One for each key from a row of a store to a row of a store: they are of the same one."""
    return tuple(_keys_stay_within_a_store())


def _keys_stay_within_a_store() -> Iterator[Invariant]:
    for model in apps.get_models():
        if not issubclass(model, StoreOwned):
            continue
        table = model._meta.db_table
        for key in model._meta.concrete_fields:
            parent = key.related_model
            if not isinstance(key, models.ForeignKey) or not isinstance(parent, type):
                continue
            if not issubclass(parent, StoreOwned):
                continue
            yield Invariant(
                name=f"one_store:{table}.{key.column}",
                says=f"Each {model.__name__} and its {key.name} are of one store.",
                of=f"{table} WHERE {key.column} IS NOT NULL",
                query=(
                    f"SELECT c.id, c.store_id, p.id AS parent_id, p.store_id AS parent_store_id FROM {table} c "  # noqa: S608 - our own names
                    f"JOIN {parent._meta.db_table} p ON p.id = c.{key.column} WHERE p.store_id <> c.store_id"
                ),
                when=frozenset({"always"}),
            )


def chosen(*, at_rest: bool = False, minute: bool = False) -> list[Invariant]:
    """Those that are to be judged. `at_rest`: nobody works on this copy, so what waits may wait; `minute`: the cheap ones."""
    wanted = [*book(), *one_store()]
    if at_rest:
        wanted = [one for one in wanted if "alive" not in one.when]
    if minute:
        wanted = [one for one in wanted if "minute" in one.when]
    return wanted


def judge(invariants: Sequence[Invariant]) -> list[Verdict]:
    """What is found of each, all as of one moment. Inside a transaction of the caller's: as that sees things."""
    with one_moment(), connection.cursor() as cursor:
        values = {"now": clock.database_now(), "patience": clock.patience()}
        return [_judge(cursor, invariant, values) for invariant in invariants]


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction in which everything is seen as of its beginning; within one of the caller's, as that sees it."""
    if connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_LEVEL.format("REPEATABLE READ"))
    try:
        with transaction.atomic():
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_LEVEL.format("READ COMMITTED"))


def verify(*, at_rest: bool = False, minute: bool = False) -> list[Verdict]:
    """All of it: the book, one store, and, unless only the cheap ones are wanted, what other parts add."""
    found = judge(chosen(at_rest=at_rest, minute=minute))
    if not minute:
        for name in settings.INVARIANT_CHECKS:
            check: Check = import_string(name)
            found.extend(check())
    return found


def _judge(cursor: Any, invariant: Invariant, values: dict[str, Any]) -> Verdict:
    cursor.execute(f"SELECT count(*) FROM {invariant.of}")  # noqa: S608 - the book is ours
    checked = cursor.fetchone()[0]
    cursor.execute(invariant.query, values)
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(SHOWN)]
    return Verdict(invariant.name, invariant.says, checked, max(cursor.rowcount, len(rows)), rows)
