"""Many changed rows in one statement. Django's bulk_update builds a CASE per row and field: fifty times slower here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.db import connection, models
from psycopg2.extras import execute_values

if TYPE_CHECKING:
    from dealership.database.base import DatabaseWrapper

PAGE = 1000


def write(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Writes these columns (attribute names, `owner_id`) of rows of one model, which the caller holds locked."""
    if not rows:
        return
    model = type(rows[0])
    sets = ", ".join(f'"{name}" = v."{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in ("id", *columns))
    update = (
        f'UPDATE "{model._meta.db_table}" AS p SET {sets} FROM (VALUES %s) AS v({names}) WHERE p.id = v.id'  # noqa: S608 - our own column names
    )
    fields = [_field(model, name) for name in columns]
    template = "(" + ", ".join(["%s::bigint", *(f"%s::{_type(field)}" for field in fields)]) + ")"
    values = [
        (row.pk, *(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields))
        for row in rows
    ]
    in_pages(update, values, template=template)


def in_pages(statement: str, values: Sequence[Sequence[Any]], *, template: str | None = None) -> None:
    """Sends a statement with `VALUES %s`, a thousand rows at a time."""
    # The driver's own cursor does not tell which stores are seen.
    cast("DatabaseWrapper", connection).tell()
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, statement, values, template=template, page_size=PAGE)


@cache
def _field(model: type[models.Model], name: str) -> models.Field:  # type: ignore[type-arg]
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _type(field: models.Field) -> str:  # type: ignore[type-arg]
    kind = (
        field.rel_db_type(connection) if isinstance(field, models.ForeignKey) else field.db_type(connection)
    )
    return kind or ""
