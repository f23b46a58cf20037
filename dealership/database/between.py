"""Migrations that have become part of their app's first one: a database that met the app but not them gets what they did, by their own statements.

Django takes a migration that replaces others only where all of them were applied, or none. So this comes before `migrate`.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

_BOOK = Path(__file__).with_name("between.sql")
_HEADING = re.compile(r"^-- migration (\w+)\.(\w+)$", re.MULTILINE)


def steps() -> list[tuple[str, str, str]]:
    """App, migration and what it did, in their order."""
    _, *parts = _HEADING.split(_BOOK.read_text())
    return list(zip(parts[::3], parts[1::3], parts[2::3], strict=True))


@transaction.atomic
def catch_up() -> list[str]:
    """Does what this database has missed, and returns the names. A new one has missed nothing."""
    recorder = MigrationRecorder(connection)
    applied = set(recorder.applied_migrations())
    apps = {app for app, _ in applied}
    missed = [step for step in steps() if step[0] in apps and step[:2] not in applied]
    with connection.cursor() as cursor:
        for app, name, statements in missed:
            cursor.execute(statements)
            recorder.record_applied(app, name)
    return [f"{app}.{name}" for app, name, _ in missed]
