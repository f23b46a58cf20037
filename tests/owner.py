"""The owner of the tables, for tests that change them; row security does not hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block, a savepoint, the connection speaks as the owner. What else waits for the commit is checked at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_OWNER['USER']}")
        yield
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {settings.DATABASE_ROLE}")
