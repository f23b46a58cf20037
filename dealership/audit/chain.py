"""The chain of seals: what was written cannot be changed, taken out or slipped in between without a trace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

#: Entries a seal, at most: a day's worth is a few of these.
BATCH = 5000


@dataclass(frozen=True)
class Break:
    """Something that does not hold: in which seal, of which entry, and what."""

    store_id: int
    seal: int | None
    entry: int | None
    trouble: str


@dataclass(frozen=True)
class Head:
    """The newest seal of a store: kept elsewhere, it proves that nothing before it was changed or cut off."""

    store_id: int
    number: int
    hash: str
    at: datetime


def seal(*, now: datetime, at_most: int = BATCH) -> int:
    """Seals what has been written since, batch by batch; returns how many entries. Twice is once."""
    total = 0
    while n := _seal(now, at_most):
        total += n
    return total


@transaction.atomic
def _seal(now: datetime, at_most: int) -> int:
    with connection.cursor() as cursor:
        # One at a time: the second sees what the first has sealed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kept'), hashtext('audit seal'))")
        cursor.execute("SELECT audit_seal_waiting(%s, %s)", [now, at_most])
        return int(cursor.fetchone()[0])


def broken() -> list[Break]:
    """What does not hold; empty while all is well. Reads everything: for a nightly check, and `manage.py verify`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT store_id, seal, entry, trouble FROM audit_broken() ORDER BY 1, 2 NULLS LAST, 3 NULLS FIRST"
        )
        return [Break(*row) for row in cursor.fetchall()]


def heads() -> list[Head]:
    """The newest seal of each store."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (store_id) store_id, number, hash, at FROM audit_seal ORDER BY store_id, number DESC"
        )
        return [Head(*row) for row in cursor.fetchall()]


def missing(kept: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Of heads that were kept elsewhere (store, number, hash): those that the chain does not have any more."""
    wanted = list(kept)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT store_id, number, hash FROM audit_seal WHERE (store_id, number) IN "
            "(SELECT * FROM unnest(%s::bigint[], %s::bigint[]))",
            [[store for store, _, _ in wanted], [number for _, number, _ in wanted]],
        )
        there = set(cursor.fetchall())
    return [head for head in wanted if head not in there]
