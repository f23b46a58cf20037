"""Many promises at once go to a colleague, and back while nobody has taken them on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from tasks import promises
from tasks.models import Promise


class CannotHandOff(ValueError):
    """Why not, in a sentence."""


HAND_OFF = "tasks.hand_off"
#: Each is handed off by itself, with its notice: more is narrowed first.
MOST_HANDED = 200
#: What a promise is about: "ro:48213" and which line of it; None for whatever of it.
Thing = tuple[str, str | None]


def open_about(
    store_id: int,
    things: Collection[Thing],
    *,
    rules: Collection[str] | None,
    owner: StaffMember | None = None,
) -> list[int]:
    """The keys of the open promises of these rules, or of any, about these things, everybody's or one person's. One query."""
    rows = _open(store_id).filter(subject__in={subject for subject, _ in things})
    if rules is not None:
        rows = rows.filter(rule__in=rules)
    if owner is not None:
        rows = rows.filter(owner=owner)
    wanted = set(things)
    return [
        pk
        for pk, subject, about in rows.order_by("pk").values_list("pk", "subject", "about")
        if (subject, about) in wanted or (subject, None) in wanted
    ]


def open_on(store_id: int, subjects: Collection[str]) -> list[int]:
    """The keys of all open promises about these things, whatever was promised. One query."""
    return list(_open(store_id).filter(subject__in=set(subjects)).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def hand_off_many(
    *, keys: Collection[int], to: StaffMember, by: StaffMember, why: str, now: datetime
) -> BulkAct:
    """Each as `promises.hand_off`, in one transaction; what the colleague owes already stays. Raises CannotHandOff."""
    rows = _open(by.store_id).filter(pk__in=keys).exclude(owner_id=to.pk)
    try:
        handed = [promises.hand_off(row, to=to, by=by, why=why, now=now).pk for row in rows.order_by("pk")]
    except (promises.NotAllowed, promises.NotOpen, promises.NoReason) as error:
        raise CannotHandOff(str(error)) from error
    count = f"{len(handed):,} promise{'' if len(handed) == 1 else 's'}"
    says = f"{count} handed to {to.name}"
    return bulk.note(act=HAND_OFF, says=says, n=len(handed), before=handed, by=by, now=now)


@bulk.undoes(HAND_OFF)
def take_back(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that the colleague has not taken on yet, if it was oneself who handed them over."""
    n = 0
    for row in _open(act.store_id).filter(pk__in=act.before).order_by("pk"):
        try:
            with transaction.atomic():
                promises.take_back(row, by=by, now=now)
        except (promises.NotAllowed, promises.NotOpen):
            continue
        n += 1
    return n


def _open(store_id: int) -> QuerySet[Promise]:
    return Promise.objects.of_store(store_id).filter(state=Promise.State.OPEN).select_related("owner")
