"""Many cars in the shop at once: to a stage, and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from service import facts, stages
from service.models import RepairOrder

MOVE = "service.move"
#: Each is told as a fact, which what is promised about it follows: more is narrowed first.
MOST = 200


@transaction.atomic
def reach(*, keys: Collection[int], stage: str, by: StaffMember, now: datetime) -> BulkAct:
    """Each open one as `stages.reach`; those that are there already stay so. Raises NoSuchStage."""
    before = []
    for ro in _open(by.store_id, keys):
        if ro.stage == stage:
            continue
        stages.reach(ro, stage, by=by, now=now)
        before.append([ro.pk, ro.stage])
    kept = {"stage": stage, "rows": before}
    n = len(before)
    says = f"{n:,} RO{'' if n == 1 else 's'} moved: {stages.plain(stage)}"
    return bulk.note(act=MOVE, says=says, n=n, before=kept, by=by, now=now)


@bulk.undoes(MOVE)
def move_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that still stand where that act moved them are where they were."""
    was, stage, n = dict(act.before["rows"]), act.before["stage"], 0
    for ro in _open(act.store_id, was):
        if ro.stage_at != act.at:
            continue
        try:
            with transaction.atomic():
                stages.reach(ro, was[ro.pk], by=by, now=now, seen=stage)
        except (facts.NotOpen, stages.MovedMeanwhile):
            continue
        n += 1
    return n


def _open(store_id: int, keys: Collection[int]) -> list[RepairOrder]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = RepairOrder.objects.of_store(store_id).filter(pk__in=list(keys), state=RepairOrder.State.OPEN)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))
