"""Row security: PostgreSQL itself shows and takes only rows of the stores that are seen, whoever forgets to ask for them.

A policy reads two settings of the connection: `app.stores`, the keys that are seen, and `app.across`, "on" where all are. Neither is
there on a new connection, and then there are no rows. Both are read once a statement, not once a row.

Security is forced, so that it holds for the tables' owner too, where the product runs as that.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2s
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models, transaction

from dealership.scope import StoreOwned

ForeignKey: TypeAlias = "models.ForeignKey[Any, Any]"
_ACROSS = "(SELECT current_setting('app.across', true) = 'on')"
_STORES = "((SELECT NULLIF(current_setting('app.stores', true), ''))::bigint[])"
#: Tables whose rows belong to a store by another column than store_id.
BY_ANOTHER_COLUMN = {"stores_store": "id"}
_CATALOGUE = """
    SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity, array_agg(p.polname::text) FILTER (WHERE p.polname IS NOT NULL)
      FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace GROUP BY c.oid
"""


def wanted() -> dict[str, str]:
    """The condition under which a row is seen and may be written, by table."""
    conditions = {table: _by_column(column) for table, column in BY_ANOTHER_COLUMN.items()}
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, StoreOwned):
            conditions[model._meta.db_table] = _by_column("store_id")
        elif model._meta.auto_created and (parents := _parents(model)):
            conditions[model._meta.db_table] = _by_parents(*parents)
    return conditions


@transaction.atomic
def enforce() -> list[str]:
    """Makes what is missing, and returns the statements that did."""
    done = list(_missing())
    with connection.cursor() as cursor:
        for statement in done:
            cursor.execute(statement)
    return done


def found() -> dict[str, tuple[bool, list[str]]]:
    """By table: whether row security is on and forced, and the names of its policies."""
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE)
        return {table: (forced, names or []) for table, forced, names in cursor.fetchall()}


def policy_name(condition: str) -> str:
    """Of a policy with this condition: another condition has another name, and replaces it."""
    return f"of_store_{blake2s(condition.encode(), digest_size=5).hexdigest()}"


def _missing() -> Iterator[str]:
    now = found()
    for table, condition in sorted(wanted().items()):
        if table not in now:
            continue  # a migration may go back
        forced, names = now[table]
        name = policy_name(condition)
        if not forced:
            yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY'
        for old in set(names) - {name}:
            yield f'DROP POLICY "{old}" ON "{table}"'
        if name not in names:
            yield f'CREATE POLICY "{name}" ON "{table}" USING ({condition}) WITH CHECK ({condition})'


def _by_column(column: str) -> str:
    return f"{_ACROSS} OR {column} = ANY ({_STORES})"


def _by_parents(one: ForeignKey, other: ForeignKey) -> str:
    """Of a table that only links rows: both are seen, and of one store."""
    return (
        f"EXISTS (SELECT 1 FROM \"{_table(one)}\" one JOIN \"{_table(other)}\" other USING (store_id) "  # noqa: S608 - names of ours
        f"WHERE one.id = {one.column} AND other.id = {other.column})"
    )  # fmt: skip


def _parents(model: type[models.Model]) -> list[ForeignKey]:
    found: list[ForeignKey] = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, StoreOwned)
    ]
    return found if len(found) == 2 else []


def _table(field: ForeignKey) -> str:
    return str(field.related_model._meta.db_table)
