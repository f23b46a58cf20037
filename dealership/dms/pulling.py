"""How departments pull: staged records of a kind, in batches and in the DMS's order. A record that fails is parked and stops no other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction

from dealership.dms import staging
from dealership.dms.models import StagedRecord

log = logging.getLogger(__name__)

BATCH = 200
#: A run ends between two batches after so long, well within the worker's limit.
SECONDS = 20.0

Apply = Callable[[Sequence[StagedRecord], datetime], None]


def pull(kind: str, apply: Apply, *, now: datetime, seconds: float = SECONDS) -> dict[str, int]:
    """Applies what waits of this kind, batch by batch, each in a transaction, and closes the books of what is done.

    Returns how many records were looked at, and how many files were settled. One query where nothing waits.
    """
    until = time.monotonic() + seconds
    n = 0
    while time.monotonic() < until:
        done = _batch(kind, apply, now)
        n += done
        if not done:
            break
    return {"looked_at": n, "settled": staging.settle_files(now) if n else 0}


def _batch(kind: str, apply: Apply, now: datetime) -> int:
    """The next records, counted and committed before the work begins: what kills its worker is not tried for ever."""
    if not staging.waits(kind):
        return 0
    keys = staging.count_try(kind, limit=BATCH, now=now)
    return _apply_batch(kind, keys, apply, now) or len(keys)


@transaction.atomic
def _apply_batch(kind: str, keys: Sequence[int], apply: Apply, now: datetime) -> int:
    with connection.cursor() as cursor:
        # Two workers at once would race for the same rows: the second waits, and finds them done.
        cursor.execute("SELECT pg_advisory_xact_lock(7201, hashtext(%s))", [kind])
    staged = staging.claim(kind, keys)
    if not staged:
        return 0
    try:
        with transaction.atomic():
            apply(staged, now)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        log.exception("A batch of %s records failed; each is tried by itself.", kind)
        for record in staging.claim(kind, keys):
            _alone(record, apply, now)
    return len(staged)


def _alone(record: StagedRecord, apply: Apply, now: datetime) -> None:
    try:
        with transaction.atomic():
            apply([record], now)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        log.exception("Record %s could not be applied and is parked.", record.pk)
        why = f"It could not be applied ({type(error).__name__}: {str(error)[:200]}). Mend it in the DMS, or set it aside."
        staging.park([(record, why)], now=now)
