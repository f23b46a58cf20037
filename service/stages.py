"""How far a car is in the shop: people move it, and the history is kept. The DMS alone opens and closes the RO."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

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


class MovedMeanwhile(ValueError):
    """Somebody else has moved the car since this person saw it."""


def plain(stage: str) -> str:
    """What a stage is called where it is kept: in English, whoever tells it."""
    with translation.override("en"):
        return str(Stage(stage).label)


def onward(stage: str) -> list[Stage]:
    """Where a car may go from a stage, in the order of the shop: anywhere else, for work also goes back."""
    return [other for other in Stage if other != stage]


@transaction.atomic
def reach(
    ro: RepairOrder, stage: str, *, by: StaffMember, now: datetime, seen: str | None = None
) -> RepairOrder:
    """The car is at this stage now. Where it is already, nothing happens.

    With `seen` it moves from that stage only: whoever looks at an older board does not undo what another has just done.
    Publishes StageReached, or RepairOrderReady. A car that was ready and is not after all owes its time again.
    Raises facts.NotOpen, NoSuchStage, MovedMeanwhile.
    """
    if stage not in Stage.values:
        raise NoSuchStage(_("Choose one of: %(stages)s.") % {"stages": ", ".join(map(str, Stage.labels))})
    current = facts.lock_open(ro)
    if current.stage == stage and (current.stage_at is not None or seen == stage):
        return current
    if seen is not None and current.stage != seen:
        raise MovedMeanwhile(_moved_words(current))
    was_ready = current.stage == Stage.READY
    current.stage, current.stage_at, current.ready_told_at = stage, now, None
    current.save(update_fields=["stage", "stage_at", "ready_told_at"])
    StageChange.objects.create(store_id=current.store_id, ro=current, stage=stage, by=by, at=now)
    told = facts.of_now(current, now)
    fact: Fact = (
        RepairOrderReady(**told, by=by.pk)
        if stage == Stage.READY
        else StageReached(**told, by=by.pk, stage=stage, stage_words=plain(stage))
    )
    again: list[Fact] = []
    if was_ready and current.promised_at is not None and current.promised_at > now:
        words = spoken.moment(current.promised_at, current.store.tz, now)
        again.append(PromiseTimeSet(**told, by=by.pk, promised_at=current.promised_at, when_words=words))
    bus.publish(fact, *again)
    live.bump(current.store_id, "service")
    return current


def _moved_words(ro: RepairOrder) -> str:
    last = ro.stage_changes.select_related("by").order_by("-pk").first()
    told = {"number": ro.ro_number, "stage": ro.get_stage_display()}
    if last is None:
        return _("The DMS moved RO %(number)s to %(stage)s meanwhile. It stays there.") % told
    told["who"] = last.by.first_name
    return _("%(who)s moved RO %(number)s to %(stage)s meanwhile. It stays there.") % told
