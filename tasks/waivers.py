"""Many promises at once need not be kept, and back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from tasks import promises
from tasks.models import Promise


class CannotWaive(ValueError):
    """Why not, in a sentence."""


WAIVE = "tasks.waive"


@transaction.atomic
def waive_many(*, keys: Collection[int], by: StaffMember, why: str, now: datetime) -> BulkAct:
    """Each as `promises.waive`, in one transaction; what has ended meanwhile stays as it ended. Raises CannotWaive."""
    rows = Promise.objects.of_store(by.store_id).filter(pk__in=keys, state=Promise.State.OPEN)
    try:
        waived = [
            promises.waive(row, by=by, why=why, now=now).pk
            for row in rows.select_related("owner").order_by("pk")
        ]
    except (promises.NotAllowed, promises.NotOpen, promises.NoReason) as error:
        raise CannotWaive(str(error)) from error
    says = f"{len(waived):,} promise{'' if len(waived) == 1 else 's'} waived"
    return bulk.note(act=WAIVE, says=says, n=len(waived), before=waived, by=by, now=now)


@bulk.undoes(WAIVE)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still waived by that act are owed again, with the hours that they had."""
    n = 0
    rows = Promise.objects.of_store(act.store_id).filter(
        pk__in=act.before, state=Promise.State.WAIVED, closed_at=act.at, closed_by=act.by
    )
    for row in rows.order_by("pk"):
        try:
            with transaction.atomic():
                promises.unwaive(row, by=by, now=now)
        except (promises.NotAllowed, promises.NotOpen):
            continue
        n += 1
    return n
