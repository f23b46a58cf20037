"""A car that is back within thirty days for what it was here for: found as its RO opens, settled in writing by the foreman."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.dms.readers import columns
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import ComebackFound, ComebackSettled
from dealership.messaging.wording import excerpt
from dealership.staff.models import StaffMember
from service import concerns, facts
from service.concerns import Concern
from service.models import Comeback, RepairLine, RepairOrder
from service.stories import Story

WITHIN = timedelta(days=30)
#: How systems name the column in which the advisor marks one, in `columns.plain` form.
_FLAGS = frozenset(
    {"comeback", "comeback flag", "come back", "come back flag", "lbr comeback flag", "lin comeback"}
)
_YES = frozenset({"y", "yes", "true", "t", "1"})
_WHY = "cars of a batch"


class CannotSettle(ValueError):
    """It cannot be settled so; the message says what to write."""


def find(stories: Sequence[Story], now: datetime) -> list[Fact]:
    """The comebacks among ROs that a batch opens or the DMS marks, each written once; returns their facts. At most three queries."""
    here = [
        story
        for story in stories
        if story.latest and not story.backfill and story.ro.state == RepairOrder.State.OPEN
    ]
    fresh = [story for story in here if story.is_new and story.ro.vehicle_id]
    marked = [story for story in here if _is_flagged(story)]
    if not fresh and not marked:
        return []
    earlier = _earlier(fresh) if fresh else {}
    known, marks = _known(marked), {story.key for story in marked}
    made: list[Comeback] = []
    found: list[Fact] = []
    for story in {story.key: story for story in (*fresh, *marked)}.values():
        ro = story.ro
        before, said = _match(earlier.get(ro.vehicle_id or 0, ()), story)
        if ro.pk in known or (before is None and story.key not in marks):
            continue
        at = min(story.latest.version.stamp, now) if story.latest else now
        concern = excerpt(said, 120)
        made.append(
            Comeback(
                store_id=ro.store_id, ro=ro, earlier_ro=before, concern=concern.capitalize(), found_at=at
            )
        )
        told = facts.common(ro, ro.cycle, at)
        number = before.ro_number if before else "unknown"
        found.append(ComebackFound(**told, earlier_ro=number, concern=concern.lower()))
    Comeback.objects.bulk_create(made)
    return found


@transaction.atomic
def settle(
    ro: RepairOrder, *, is_comeback: bool, first_wrong: str, now_right: str, by: StaffMember, now: datetime
) -> Comeback:
    """What was wrong the first time and is right now; or, where it is none, why (`now_right`). Twice is once.

    Raises CannotSettle where the words are missing, or there is no comeback.
    """
    current = facts.lock(ro)
    comeback = Comeback.objects.of_store(ro.store_id).filter(ro=current).first()
    if comeback is None:
        raise CannotSettle(_("This RO is no comeback."))
    if comeback.settled_at is not None:
        return comeback
    wrong, right = first_wrong.strip()[:300], now_right.strip()[:300]
    if not right or (is_comeback and not wrong):
        raise CannotSettle(
            _("Write what was wrong the first time, and what is right now.")
            if is_comeback
            else _("Write why it is no comeback.")
        )
    comeback.is_comeback, comeback.first_wrong, comeback.now_right = is_comeback, wrong, right
    comeback.settled_by, comeback.settled_at = by, now
    comeback.save(update_fields=["is_comeback", "first_wrong", "now_right", "settled_by", "settled_at"])
    what = f"{wrong}; now {right}" if is_comeback else f"none, {right}"
    bus.publish(ComebackSettled(**facts.of_now(current, now), by=by.pk, what=excerpt(what, 160)))
    live.bump(ro.store_id, "service")
    return comeback


def _earlier(fresh: Sequence[Story]) -> dict[int, list[tuple[RepairOrder, list[Concern]]]]:
    """ROs of these cars that closed in the last thirty days, newest first, with their concerns."""
    first = min(story.ro.opened_at for story in fresh) - WITHIN
    ros = list(
        RepairOrder.objects.across_stores(_WHY)
        .filter(
            vehicle_id__in={story.ro.vehicle_id for story in fresh},
            state=RepairOrder.State.CLOSED,
            closed_at__gte=first,
        )
        .only("pk", "store_id", "ro_number", "vehicle_id", "closed_at", "opened_at")
        .order_by("-closed_at", "-pk")
    )
    lines: dict[int, list[Concern]] = defaultdict(list)
    if ros:
        rows = RepairLine.objects.across_stores(_WHY).filter(ro_id__in=[ro.pk for ro in ros]).order_by("pk")
        for line in rows.only("ro_id", "op_code", "complaint", "description"):
            lines[line.ro_id].append(Concern(line.op_code, line.complaint or line.description))
    found: dict[int, list[tuple[RepairOrder, list[Concern]]]] = defaultdict(list)
    for ro in ros:
        found[ro.vehicle_id or 0].append((ro, lines[ro.pk]))
    return found


def _known(marked: Sequence[Story]) -> set[int]:
    """ROs that are comebacks already: a mark comes again with every file."""
    if not marked:
        return set()
    rows = Comeback.objects.across_stores(_WHY).filter(ro_id__in=[story.ro.pk for story in marked])
    return set(rows.values_list("ro_id", flat=True))


def _match(
    earlier: Sequence[tuple[RepairOrder, list[Concern]]], story: Story
) -> tuple[RepairOrder | None, str]:
    """The RO that this one is the comeback of, and the concern in this one's words."""
    ro = story.ro
    lines = story.latest.record.lines if story.latest else ()
    here = [Concern(line.op_code, line.complaint or line.description) for line in lines]
    for before, had in earlier if story.is_new else ():
        closed = before.closed_at
        if closed is None or before.store_id != ro.store_id or not closed <= ro.opened_at <= closed + WITHIN:
            continue
        again = concerns.first_same(had, here)
        if again is not None:
            return before, again.words
    return None, here[0].words if here else ""


def _is_flagged(story: Story) -> bool:
    latest = story.latest
    return latest is not None and any(
        columns.plain(header) in _FLAGS and value.strip().casefold() in _YES
        for header, value in latest.staged.raw.items()
    )
