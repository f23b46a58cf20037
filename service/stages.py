"""How far a car is in the shop: people move it, and the history is kept. The DMS alone opens and closes the RO."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import PromiseTimeSet, RepairOrderReady, StageReached
from dealership.staff.models import StaffMember
from service import facts, spoken
from service.models import RepairOrder, StageChange

Stage = RepairOrder.Stage
#: Work has begun on these.
BEGUN = (Stage.IN_WORK, Stage.QUALITY_CHECK, Stage.READY)


class NoSuchStage(ValueError):
    """The shop has no such stage."""


@transaction.atomic
def reach(ro: RepairOrder, stage: str, *, by: StaffMember, now: datetime) -> RepairOrder:
    """The car is at this stage now, whichever it was at before. Where it is already, nothing happens.

    Publishes StageReached, or RepairOrderReady. A car that was ready and is not after all owes its time again.
    Raises facts.NotOpen, NoSuchStage.
    """
    if stage not in Stage.values:
        raise NoSuchStage(f"Choose one of: {', '.join(Stage.labels)}.")
    current = facts.lock_open(ro)
    if current.stage == stage and current.stage_at is not None:
        return current
    was_ready = current.stage == Stage.READY
    current.stage, current.stage_at, current.ready_told_at = stage, now, None
    current.save(update_fields=["stage", "stage_at", "ready_told_at"])
    StageChange.objects.create(store_id=current.store_id, ro=current, stage=stage, by=by, at=now)
    told = facts.of_now(current, now)
    fact: Fact = (
        RepairOrderReady(**told, by=by.pk)
        if stage == Stage.READY
        else StageReached(**told, by=by.pk, stage=stage, stage_words=current.get_stage_display())
    )
    again: list[Fact] = []
    if was_ready and current.promised_at is not None and current.promised_at > now:
        words = spoken.moment(current.promised_at, current.store.tz, now)
        again.append(PromiseTimeSet(**told, by=by.pk, promised_at=current.promised_at, when_words=words))
    bus.publish(fact, *again)
    live.bump(current.store_id, "service")
    return current
