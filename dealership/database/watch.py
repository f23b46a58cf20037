"""Is row security in force for whoever this process speaks as? Superusers and roles with BYPASSRLS pass it by: that is said aloud."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connection

log = logging.getLogger(__name__)

_WHO = """
    SELECT rolname, rolsuper, rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass('stores_store') AND NOT relforcerowsecurity)
      FROM pg_roles WHERE rolname = current_user
"""
_looked = False


def trouble() -> str:
    """Why the database does not keep stores apart for this process, and what to do; empty when it does."""
    with connection.cursor() as cursor:
        cursor.execute(_WHO)
        role, is_super, bypasses, is_open = cursor.fetchone()
    words = "The tables have no policies: run `manage.py migrate`." if is_open else ""
    return _of_role(role, is_super, bypasses) or words


def look_once(wrapper: Any) -> None:
    """At the first connection of a process that speaks as the product: says in the log that row security is off, if it is."""
    global _looked
    if _looked or wrapper.settings_dict["USER"] != settings.DATABASE_ROLE:
        return
    _looked = True
    with wrapper.connection.cursor() as cursor:
        cursor.execute(_WHO)
        role, is_super, bypasses, _ = cursor.fetchone()
    if words := _of_role(role, is_super, bypasses):
        log.error("Row security is OFF. %s", words)


@checks.register(checks.Tags.database)
def check(*, databases: Iterable[str] | None = None, **_asked: Any) -> list[checks.CheckMessage]:
    """For `manage.py check --database default` and `migrate`; whoever asks for no database needs none that answers."""
    words = trouble() if databases else ""
    return [checks.Warning(f"Row security is off. {words}", id="kept.W001")] if words else []


def _of_role(role: str, is_super: bool, bypasses: bool) -> str:
    if not (is_super or bypasses):
        return ""
    why = "a superuser" if is_super else "allowed to bypass it"
    return (
        f"The database role {role} is {why}, so only the product's own filters keep stores apart. Let the product run as "
        "another role (DATABASE_URL) and migrate as this one (DATABASE_OWNER_URL)."
    )
