"""Service pulls from the DMS: repair orders in batches, appointments one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dealership import clock
from dealership.dms import pulling, staging
from dealership.dms.models import Feed, StagedRecord
from dealership.periodic import periodic
from service import offered_again, repair_orders, risks, visits


@periodic()
def apply_repair_orders() -> dict[str, Any]:
    """Applies the repair orders that wait, in the order of the DMS."""
    return pull_repair_orders(now=clock.now())


@periodic()
def apply_appointments() -> dict[str, Any]:
    """Applies the appointments that wait, and notices booked visits that include declined work."""
    return pull_appointments(now=clock.now())


@periodic()
def watch_promise_times() -> dict[str, Any]:
    """Notices promised times that may be missed."""
    return {"at_risk": risks.watch(now=clock.now())}


def pull_repair_orders(*, now: datetime, seconds: float = pulling.SECONDS) -> dict[str, Any]:
    """As apply_repair_orders, at a moment that is given."""
    return pulling.pull(Feed.Kind.REPAIR_ORDERS, _repair_orders, now=now, seconds=seconds)


def pull_appointments(*, now: datetime, seconds: float = pulling.SECONDS) -> dict[str, Any]:
    """As apply_appointments, at a moment that is given."""
    tally = pulling.pull(Feed.Kind.APPOINTMENTS, _appointments, now=now, seconds=seconds)
    booked = offered_again.notice_bookings(now=now)
    return {**tally, "declined_booked": booked}


def _repair_orders(staged: Sequence[StagedRecord], now: datetime) -> None:
    repair_orders.apply(staged, now=now)


def _appointments(staged: Sequence[StagedRecord], now: datetime) -> None:
    for record in staged:
        try:
            with transaction.atomic():
                visits.apply(record, now=now)
        except visits.CannotApply as reason:
            staging.park([(record, str(reason))], now=now)
