"""After each `migrate` the database watches what `watched.py` says, and refuses what must not be: nothing is written per table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from dealership.audit.watched import CHANGED, MADE, REMOVED, WATCHED, Watched

_HERE = Path(__file__).parent
_ROWS = {
    MADE: "SELECT to_jsonb(n) AS it, audit_plain(to_jsonb(n), plain) AS said FROM new_rows n",
    CHANGED: (
        "SELECT to_jsonb(n) AS it, audit_differs(to_jsonb(o), to_jsonb(n), plain, ignored) AS said "
        "FROM new_rows n JOIN old_rows o USING (id)"
    ),
    REMOVED: "SELECT to_jsonb(o) AS it, audit_plain(to_jsonb(o), plain) AS said FROM old_rows o",
}
_SEES = {MADE: "NEW TABLE AS new_rows", CHANGED: "OLD TABLE AS old_rows NEW TABLE AS new_rows",
         REMOVED: "OLD TABLE AS old_rows"}  # fmt: skip
_NAMES = {MADE: "audit_made", CHANGED: "audit_changed", REMOVED: "audit_removed"}
_OURS = """
    SELECT tgname, tgrelid::regclass::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgname = ANY(%s) AND tgrelid IN (
        SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace
    )
"""
_SIGN_IN = "staff_user"


def bring_up_to_date(**_signal: Any) -> None:
    """Idempotent; where the database watches all this already it asks once and changes nothing."""
    statements = _statements()
    stamp = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('audit_entry'), 'pg_class')")
        if cursor.fetchone()[0] == stamp:
            return
        cursor.execute("SELECT to_regclass('audit_entry')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(_OURS, [list(_NAMES.values())])
        for name, table in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name} ON {table}")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON TABLE audit_entry IS '{stamp}'")


def tables() -> dict[str, Watched]:
    """What is watched, by the table's name."""
    return {apps.get_model(one.model)._meta.db_table: one for one in WATCHED}


@contextmanager
def unprotected() -> Iterator[None]:
    """Within the block, one transaction, the tables can be emptied: a demo whose load was cut off begins anew.

    Needs the owner of the tables, which the product is not where it runs for real.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_not_emptied")
        yield
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_not_emptied")


def _statements() -> list[str]:
    there = set(connection.introspection.table_names())
    watch = Template((_HERE / "watch.sql").read_text())
    made = [(_HERE / "install.sql").read_text()]
    made += [watch.safe_substitute(name=f"{_NAMES[act]}_rows", rows=_ROWS[act]) for act in _NAMES]
    for table, watched in sorted(tables().items()):
        if table in there:
            made += [_trigger(table, watched, act) for act in watched.acts]
    if _SIGN_IN in there:
        made.append(
            f"CREATE OR REPLACE TRIGGER audit_changed AFTER UPDATE ON {_SIGN_IN} REFERENCING {_SEES[CHANGED]} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_watch_sign_in()"
        )
    return made


def _trigger(table: str, watched: Watched, act: str) -> str:
    rule = json.dumps(watched.rule(act)).replace("'", "''")
    return (
        f'CREATE OR REPLACE TRIGGER {_NAMES[act]} AFTER {act} ON "{table}" REFERENCING {_SEES[act]} '
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_NAMES[act]}_rows('{rule}')"
    )
