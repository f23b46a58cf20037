"""The canary that a worker drains, and the invariants that are judged every minute."""

from __future__ import annotations

import logging
import os
from typing import Any

from django.db import connection

from dealership import verify
from dealership.periodic import periodic

log = logging.getLogger(__name__)

#: A row a ten seconds, planted and drained in one turn of the queue; those of the last hour are kept.
_DRAIN = """
WITH old AS (DELETE FROM dealership_canary WHERE slot < now() - interval '1 hour')
INSERT INTO dealership_canary (slot, drained_at, drained_by)
VALUES (date_bin('10 seconds', now(), 'epoch'), now(), %s)
ON CONFLICT (slot) DO NOTHING
"""


@periodic(alone=False)
def drain_canary() -> dict[str, Any]:
    """Proves that somebody works: a worker, or the ticker where the broker is gone."""
    who = os.environ.get("KEPT_PROCESS", "worker")
    with connection.cursor() as cursor:
        cursor.execute(_DRAIN, [who])
    return {"by": who}


@periodic()
def verify_minute() -> dict[str, Any]:
    """Judges what is cheap enough for every minute; what is broken stands in the log and on the page *Operations*."""
    found = verify.verify(minute=True)
    broken = {one.name: one.violations for one in found if not one.holds}
    if broken:
        log.error("Invariants are broken: %s", broken)
    return {"checked": len(found), "broken": broken}
