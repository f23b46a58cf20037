"""Tells the database who acts, in the same breath as each statement that writes a watched table: no round trip of its own.

The setting holds for the transaction, so what the statement sets off, or a later one by a raw cursor, is known as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from dealership import acting, clock
from dealership.audit import upkeep

_WRITES = re.compile(
    r'\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?"?(\w+)|\s*(WITH)\b', re.IGNORECASE
)
_SIGN_IN = "staff_user"


def listen(*, connection: Any, **_signal: Any) -> None:
    """For each new connection to the database."""
    if tell not in connection.execute_wrappers:
        connection.execute_wrappers.append(tell)


def tell(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Puts who acts before a statement that writes what is watched."""
    found = _WRITES.match(sql) if isinstance(sql, str) else None
    if found and (found[2] or found[1].lower() in _watched()):
        told = said()
        sql = f"SELECT set_config('kept.acting', {told if params is None else told.replace('%', '%%')}, true); {sql}"
    return execute(sql, params, many, context)


def said() -> str:
    """Who acts now, as a literal of SQL."""
    actor = acting.current()
    told: dict[str, Any] = {"agent": actor.agent, "at": clock.now().isoformat()}
    if actor.staff_id is not None:
        told["staff"] = actor.staff_id
    if actor.is_machine:
        told["machine"] = True
    told |= {
        name: value for name in ("ip", "session", "address", "request") if (value := getattr(actor, name))
    }
    # With standard_conforming_strings, which PostgreSQL has on, only the quote has to be doubled. No text holds a NUL.
    return "'" + json.dumps(told).replace("\\u0000", "").replace("'", "''") + "'"


@cache
def _watched() -> frozenset[str]:
    return frozenset({*upkeep.tables(), _SIGN_IN})
