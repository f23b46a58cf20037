"""After a test that commits: every table is emptied. Row by row, since few have any: truncating all takes PostgreSQL a third of a second."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

#: As the owner, whom neither policies nor triggers nor keys hold up: all rows go at once, after whoever still writes some.
_FUNCTION = """
CREATE OR REPLACE FUNCTION empty_tables() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET session_replication_role = replica AS $$
DECLARE
    it regclass;
    filled regclass[] := ARRAY(
        SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname <> 'django_migrations' AND pg_relation_size(oid) > 0
    );
BEGIN
    FOREACH it IN ARRAY filled LOOP EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', it); END LOOP;
    FOREACH it IN ARRAY filled LOOP EXECUTE format('DELETE FROM %s', it); END LOOP;
END $$
"""
#: Nobody vacuums the servers of tests, and what was rolled back takes room as well.
_LARGE = """
SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 500000
"""


def prepare() -> None:
    """For the owner, in the database of the tests."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
    TransactionTestCase._fixture_teardown = empty  # type: ignore[method-assign]


def empty(_test: Any = None) -> None:
    """Empties every table, and gives back the room of large ones. Outside of any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT empty_tables()")
        cursor.execute(_LARGE)
        if large := [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"SET ROLE {settings.DATABASE_OWNER['USER']}")
            try:
                cursor.execute(f"VACUUM {', '.join(large)}")
            finally:
                cursor.execute("RESET ROLE")
