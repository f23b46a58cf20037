"""Work that no person starts: absences whose time has come."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from dealership import clock, limits
from dealership.periodic import periodic
from dealership.staff import absences

log = logging.getLogger(__name__)


@periodic()
def begin_absences() -> dict[str, Any]:
    """Moves the promises of everybody whose time away begins, all stores. Safe to run twice."""
    return begin(now=clock.now())


def begin(*, now: datetime) -> dict[str, Any]:
    """As begin_absences, at a moment that is given. One that fails stops no other, and is tried again."""
    begun = failed = 0
    for pk in absences.due_to_begin(now=now):
        try:
            begun += absences.begin(pk, now=now)
        except Exception:
            failed += 1
            log.exception("Absence %s could not begin.", pk)
    return {"begun": begun, "failed": failed}


@periodic()
def forget_old_tries() -> dict[str, Any]:
    """Sweeps away counted tries that limit nobody any more. Safe to run twice."""
    return {"gone": limits.forget_old()}
