"""Two roles: the owner makes and changes tables, the product's own reads and writes rows and can do no more.

The owner is named by DATABASE_OWNER_URL, the product's role by DATABASE_URL. Without the first they are one, and row security
holds for it by force unless it is a superuser.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection
from psycopg2 import sql

#: A model with `append_only = True` has rows that nobody changes or takes away.
_APPEND_ONLY = "REVOKE UPDATE, DELETE ON {table} FROM {role}"
_RIGHTS = """
    GRANT USAGE ON SCHEMA public TO {role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
"""


@contextmanager
def owner() -> Iterator[None]:
    """Within the block the connection is the owner's. Outside of any transaction."""
    own = {name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD")}
    before = {name: connection.settings_dict[name] for name in own}
    if own == before:
        yield
        return
    connection.close()
    connection.settings_dict.update(own)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def provide() -> None:
    """Makes the product's role if there is none, and lets it read and write every table. For the owner."""
    name = settings.DATABASE_ROLE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = %s, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [name, name]
        )
        is_me, is_there = cursor.fetchone()
        if is_me:
            return
        if not is_there:
            cursor.execute(_new_role(name, settings.DATABASES["default"]["PASSWORD"]))
        role = sql.Identifier(name)
        cursor.execute(sql.SQL(_RIGHTS).format(role=role))
        there = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            if getattr(model, "append_only", False) and model._meta.db_table in there:
                table = sql.Identifier(model._meta.db_table)
                cursor.execute(sql.SQL(_APPEND_ONLY).format(table=table, role=role))


def _new_role(name: str, password: str) -> sql.Composed:
    secret = sql.SQL("PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    return sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(name), secret)
