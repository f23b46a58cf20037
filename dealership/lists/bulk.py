"""Acts on many rows: on those that are ticked, or on all that match; with a way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from dealership.lists.asking import Asked
from dealership.lists.models import BulkAct
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember

#: More is narrowed first: one act is one transaction.
MOST_AT_ONCE = 2_000
#: So long it can be taken back.
TAKEN_BACK_WITHIN = timedelta(hours=1)


class BulkError(ValueError):
    """It cannot be done, or not taken back, and why."""


TakesBack = Callable[[BulkAct, StaffMember, datetime], int]


UNDOES: dict[str, TakesBack] = {}


def undoes(act: str) -> Callable[[TakesBack], TakesBack]:
    """Registers how acts of this kind are taken back: gives the number of rows that are as they were."""

    def add(function: TakesBack) -> TakesBack:
        UNDOES[act] = function
        return function

    return add


def chosen(
    asked: Asked, said: QueryDict, staff: StaffMember, now: datetime, *, most: int = MOST_AT_ONCE
) -> Rows:
    """The rows that a person ticked (`row=`), or all that match (`all=on`). Raises BulkError for none and for too many."""
    if said.get("all") == "on":
        rows = asked.matching(staff, now)
    else:
        keys = [int(key) for key in said.getlist("row")[:MOST_AT_ONCE] if key.isdecimal() and len(key) < 19]
        rows = asked.shape.rows(staff).filter(pk__in=keys)
    n = rows.order_by()[: most + 1].count()
    if not n:
        raise BulkError(_("Tick the rows that are meant, or all that match."))
    if n > most:
        raise BulkError(_("More than %(n)s match. Narrow the list first.") % {"n": f"{most:,}"})
    return rows


def note(*, act: str, says: str, n: int, before: Any, by: StaffMember, now: datetime) -> BulkAct:
    """Written in the transaction of the act itself."""
    return BulkAct.objects.create(
        store_id=by.store_id, act=act, says=says[:200], n=n, before=before, by=by, at=now
    )


@transaction.atomic
def take_back(act: BulkAct, *, by: StaffMember, now: datetime) -> int:
    """As it was before, where nobody has changed it since; the number of rows. Raises BulkError."""
    locked = BulkAct.objects.of_store(act.store_id).select_for_update(of=("self",)).get(pk=act.pk)
    if locked.undone_at is not None:
        raise BulkError(_("It was taken back already."))
    if now - locked.at > TAKEN_BACK_WITHIN:
        raise BulkError(_("It is older than an hour: change what is wrong by hand."))
    n = UNDOES[locked.act](locked, by, now)
    locked.undone_at = now
    locked.save(update_fields=["undone_at"])
    return n
