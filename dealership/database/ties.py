"""A row and its parent are of one store: every foreign key between rows of stores holds (store_id, parent_id) to (store_id, id).

Such a key says all that Django's own says and more, so it takes its place: a write is checked once, as before. Where the
parent is null nothing is checked, as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.utils import truncate_name

from dealership.scope import StoreOwned

#: PostgreSQL's longest name.
_LONGEST = 63
_CATALOGUE = """
    SELECT con.conrelid::regclass::text, con.contype::text, con.conname::text, con.confrelid::regclass::text,
           (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(con.conkey) WITH ORDINALITY k(num, n)
              JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num)
      FROM pg_constraint con
     WHERE con.contype IN ('f', 'u') AND con.connamespace = current_schema()::regnamespace
"""
#: Indexes on the store alone: what begins with the store serves as well.
_STORE_ALONE = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text
      FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attname = 'store_id'
     WHERE indkey::text = attnum::text AND NOT indisunique AND indpred IS NULL
"""


_COLUMNS = "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"


class StoresMixed(RuntimeError):
    """Rows hang on rows of another store: they are named, to be mended before the tables can be brought up to date."""


@dataclass(frozen=True, order=True)
class Tie:
    """A foreign key from rows of stores to rows of stores."""

    table: str
    column: str
    parent: str

    @property
    def name(self) -> str:
        """Of the constraint."""
        return truncate_name(f"{self.table}_{self.column}_same_store", _LONGEST)


@dataclass(frozen=True)
class Found:
    """The constraints that the database has: (table, columns, parent) of foreign keys, (table, columns) of unique ones, by name."""

    keys: dict[tuple[str, tuple[str, ...], str], str]
    unique: set[tuple[str, tuple[str, ...]]]


def wanted() -> list[Tie]:
    """Every foreign key between models of rows that belong to stores."""
    return sorted(
        Tie(model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in apps.get_models()
        if issubclass(model, StoreOwned)
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, StoreOwned)
    )


def found() -> Found:
    """What stands in the database's own catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE)
        rows = cursor.fetchall()
    return Found(
        keys={(table, tuple(columns), parent): name for table, kind, name, parent, columns in rows if kind == "f"},
        unique={(table, tuple(columns)) for table, kind, _, _, columns in rows if kind == "u"},
    )  # fmt: skip


@transaction.atomic
def tie() -> list[str]:
    """Makes what is missing where the tables are there (a migration may go back), and returns the statements that did.

    Raises StoresMixed where rows contradict it.
    """
    done = []
    there = _columns()
    possible = [one for one in wanted() if {(one.table, one.column), (one.parent, "store_id")} <= there]
    for statement, about in _missing(possible, found()):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except IntegrityError as error:
            raise StoresMixed(_whom_to_mend(about)) from error
        done.append(statement)
    return done


def _columns() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return set(cursor.fetchall())


def _missing(ties: Iterable[Tie], now: Found) -> Iterator[tuple[str, Tie]]:
    parents = set()
    for one in ties:
        if one.parent not in parents and (one.parent, ("store_id", "id")) not in now.unique:
            parents.add(one.parent)
            yield _make_unique(one.parent), one
    for one in ties:
        both = (one.table, ("store_id", one.column), one.parent)
        if both not in now.keys:
            yield _make_tie(one), one
        if alone := now.keys.get((one.table, (one.column,), one.parent)):
            yield f'ALTER TABLE "{one.table}" DROP CONSTRAINT "{alone}"', one
    if parents:
        yield from _indexes_to_spare(ties, parents)


def _make_unique(table: str) -> str:
    name = truncate_name(f"{table}_store_and_id", _LONGEST)
    return f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (store_id, id)'


def _make_tie(one: Tie) -> str:
    return (
        f'ALTER TABLE "{one.table}" ADD CONSTRAINT "{one.name}" FOREIGN KEY (store_id, "{one.column}") '
        f'REFERENCES "{one.parent}" (store_id, id) DEFERRABLE INITIALLY DEFERRED'
    )


def _indexes_to_spare(ties: Iterable[Tie], parents: set[str]) -> Iterator[tuple[str, Tie]]:
    with connection.cursor() as cursor:
        cursor.execute(_STORE_ALONE)
        alone = dict(cursor.fetchall())
    of = {one.parent: one for one in ties}
    for table in sorted(parents & set(alone)):
        yield f"DROP INDEX {alone[table]}", of[table]


def _whom_to_mend(one: Tie) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT child.id FROM "{one.table}" child LEFT JOIN "{one.parent}" parent ON parent.id = child."{one.column}" '  # noqa: S608 - names of ours
            f'WHERE child."{one.column}" IS NOT NULL AND parent.store_id IS DISTINCT FROM child.store_id ORDER BY 1 LIMIT 10'
        )
        rows = ", ".join(str(pk) for (pk,) in cursor.fetchall())
    return (
        f"{one.table}.{one.column} names rows of {one.parent} that another store has, or none: rows {rows}. "
        "Mend these first, then migrate again."
    )
