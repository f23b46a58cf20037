"""Service pulls from the DMS: repair orders in batches, appointments one by one. A record that fails is parked and stops no other."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from dealership.dms import staging
from dealership.dms.models import Feed, StagedRecord
from dealership.periodic import periodic
from service import declined_work, repair_orders, visits

log = logging.getLogger(__name__)

BATCH = 200
#: A run ends between two batches after so long, well within the worker's limit.
SECONDS = 20.0

Apply = Callable[[Sequence[StagedRecord], datetime], None]


@periodic()
def apply_repair_orders() -> dict[str, Any]:
    """Applies the repair orders that wait, in the order of the DMS."""
    return pull_repair_orders(now=timezone.now())


@periodic()
def apply_appointments() -> dict[str, Any]:
    """Applies the appointments that wait, and notices booked visits that include declined work."""
    return pull_appointments(now=timezone.now())


def pull_repair_orders(*, now: datetime, seconds: float = SECONDS) -> dict[str, Any]:
    """As apply_repair_orders, at a moment that is given."""
    applied = _pull(Feed.Kind.REPAIR_ORDERS, _repair_orders, now, seconds)
    return {"looked_at": applied, "settled": staging.settle_files(now)}


def pull_appointments(*, now: datetime, seconds: float = SECONDS) -> dict[str, Any]:
    """As apply_appointments, at a moment that is given."""
    applied = _pull(Feed.Kind.APPOINTMENTS, _appointments, now, seconds)
    booked = declined_work.notice_bookings(now=now)
    return {"looked_at": applied, "settled": staging.settle_files(now), "declined_booked": booked}


def _pull(kind: str, apply: Apply, now: datetime, seconds: float) -> int:
    until = time.monotonic() + seconds
    n = 0
    while time.monotonic() < until:
        done = _batch(kind, apply, now)
        n += done
        if not done:
            break
    return n


@transaction.atomic
def _batch(kind: str, apply: Apply, now: datetime) -> int:
    with connection.cursor() as cursor:
        # Two workers at once would race for the same ROs: the second waits, and finds them done.
        cursor.execute("SELECT pg_advisory_xact_lock(7201, hashtext(%s))", [kind])
    staged = staging.claim(kind, limit=BATCH)
    if not staged:
        return 0
    try:
        with transaction.atomic():
            apply(staged, now)
    except (OperationalError, SoftTimeLimitExceeded):
        raise
    except Exception:
        log.exception("A batch of %s records failed; each is tried by itself.", kind)
        for record in staging.claim(kind, limit=BATCH):
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


def _repair_orders(staged: Sequence[StagedRecord], now: datetime) -> None:
    repair_orders.apply(staged, now=now)


def _appointments(staged: Sequence[StagedRecord], now: datetime) -> None:
    for record in staged:
        try:
            with transaction.atomic():
                visits.apply(record, now=now)
        except visits.CannotApply as reason:
            staging.park([(record, str(reason))], now=now)
