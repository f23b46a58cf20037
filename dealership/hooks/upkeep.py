"""After each `migrate` the database writes calls as `told.sql` and the catalogue say."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from dealership.hooks import kinds

_HERE = Path(__file__).parent
#: By the tables whose rows are told: the trigger's function.
_TABLES = {"events_eventrecord": "hooks_told_facts", "tasks_transition": "hooks_told_acts"}


def bring_up_to_date(**_signal: Any) -> None:
    """Idempotent; where the database knows all this already it asks once and changes nothing."""
    statements = [(_HERE / "told.sql").read_text(), *(_trigger(table) for table in _TABLES)]
    stamp = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT obj_description(to_regclass('hooks_hookcall'), 'pg_class'), to_regclass('hooks_hookcall'), to_regclass('tasks_transition')"
        )
        known, *tables = cursor.fetchone()
        # Halfway through the migrations, or back before ours, there is nothing to be told.
        if known == stamp or None in tables:
            return
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON TABLE hooks_hookcall IS '{stamp}'")


def _trigger(table: str) -> str:
    told = (
        [kinds.facts()]
        if table == "events_eventrecord"
        else [{act: name for act, (name, _) in kinds.ACTS.items()}, kinds.HANDED_OVER]
    )
    said = ", ".join(f"'{one if isinstance(one, str) else json.dumps(one)}'" for one in told)
    return (
        f"CREATE OR REPLACE TRIGGER hooks_told AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {_TABLES[table]}({said})"
    )
