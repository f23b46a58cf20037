"""A promised time that may be missed is noticed while there is time to tell the customer, and the reason is said."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.service import PromiseTimeAtRisk
from dealership.language import later
from dealership.scope import ScopedQuerySet
from service import facts, spoken, stages
from service.models import Recommendation, RepairOrder, ROPart

log = logging.getLogger(__name__)

#: So long before the promised time the car should be in work and everything decided.
LEAD = timedelta(minutes=90)
MOST = 500
_WHY = "promised times of all stores"
#: Reasons as pages say them: what is kept is English, and what names a part or a time stays so.
SAID = (
    later("the estimate is not decided"),
    later("the car is checked in, work has not begun"),
    later("the car is dispatched, work has not begun"),
    later("the car is waiting for parts, work has not begun"),
    later("the car is waiting for approval, work has not begun"),
)


def watch(*, now: datetime) -> int:
    """Publishes PromiseTimeAtRisk once for each promised time. One query where nothing is at risk; each RO by itself."""
    rows = (
        RepairOrder.objects.across_stores(_WHY)
        .filter(state=RepairOrder.State.OPEN, customer_pays=True, customer__isnull=False, promised_at__gt=now)
        .filter(
            Q(promised_at__lte=now + LEAD)
            | Q(Exists(_late_parts()))
            | Q(dms_promised_at__gt=F("promised_at"))
        )
        .exclude(stage=RepairOrder.Stage.READY)
        .exclude(risk_for=F("promised_at"))
        .order_by("promised_at")
    )
    noticed = 0
    for ro in rows.only("pk", "store_id")[:MOST]:
        try:
            noticed += _notice(ro, now)
        except Exception:
            log.exception("RO %s could not be looked at; the next turn tries again.", ro.pk)
    return noticed


@transaction.atomic
def _notice(ro: RepairOrder, now: datetime) -> bool:
    current = facts.lock(ro)
    promised_at = current.promised_at
    if current.state != RepairOrder.State.OPEN or promised_at is None or promised_at == current.risk_for:
        return False
    why = _reason(current, promised_at, now)
    if not why:
        return False
    current.risk_at, current.risk_for, current.risk_why = now, promised_at, why[:160]
    current.save(update_fields=["risk_at", "risk_for", "risk_why"])
    bus.publish(
        PromiseTimeAtRisk(
            **facts.of_now(current, now),
            promised_at=promised_at,
            why=current.risk_why,
            when_words=spoken.moment(promised_at, current.store.tz, now),
        )
    )
    live.bump(current.store_id, "service")
    return True


def _reason(ro: RepairOrder, promised_at: datetime, now: datetime) -> str:
    """Why it may be missed, "" where nothing says so."""
    zone = ro.store.tz
    part = (
        ROPart.objects.of_store(ro.store_id)
        .filter(ro_number=ro.ro_number, state__in=ROPart.AWAITED, eta_at__gt=promised_at)
        .order_by("-eta_at")
        .first()
    )
    if part is not None and part.eta_at is not None:
        return f"{part.part} comes {spoken.moment(part.eta_at, zone, now)}"
    if ro.dms_promised_at is not None and ro.dms_promised_at > promised_at:
        return f"the DMS says {spoken.moment(ro.dms_promised_at, zone, now)}, and nobody told the customer"
    if now < _time_to_worry(ro, promised_at):
        return ""
    if ro.recommendations.filter(state=Recommendation.State.SENT).exists():
        return "the estimate is not decided"
    return "" if ro.stage in stages.BEGUN else f"the car is {stages.plain(ro.stage)}, work has not begun"


def _time_to_worry(ro: RepairOrder, promised_at: datetime) -> datetime:
    """An hour and a half before; for a time that was nearer when it was promised, half way to it."""
    since = ro.promised_set_at or ro.opened_at
    return max(promised_at - LEAD, since + (promised_at - since) / 2)


def _late_parts() -> ScopedQuerySet[ROPart]:
    return ROPart.objects.across_stores(_WHY).filter(
        store_id=OuterRef("store_id"),
        ro_number=OuterRef("ro_number"),
        state__in=ROPart.AWAITED,
        eta_at__gt=OuterRef("promised_at"),
    )
