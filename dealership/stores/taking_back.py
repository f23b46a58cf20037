"""Undo of a change to a store's settings, from what the change itself keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.stores import changes, days, doors, opening, said
from dealership.stores.changes import Person
from dealership.stores.hours import BadHours
from dealership.stores.models import PUT_BACK, Store, StoreChange


class CannotTakeBack(ValueError):
    """It cannot be put back any more; the message says why."""


@transaction.atomic
def take_back(change: StoreChange, *, by: Person | None, now: datetime) -> None:
    """Puts back what the change replaced. Idempotent. Raises CannotTakeBack when it was changed again since, or never can be."""
    Store.objects.select_for_update().get(pk=change.store_id)
    row = StoreChange.objects.of_store(change.store_id).select_for_update().get(pk=change.pk)
    if row.undone_at:
        return
    undo = row.undo
    if undo is None:
        raise CannotTakeBack(_("%(what)s cannot be put back.") % {"what": row.what_said})
    later = StoreChange.objects.of_store(row.store_id).filter(area=row.area, pk__gt=row.pk)
    if "days" not in undo and later.exists():
        words = _("%(what)s changed again since: set what you want instead.")
        raise CannotTakeBack(words % {"what": row.what_said})
    try:
        _put_back(row, undo, by, now)
    except BadHours as error:
        raise CannotTakeBack(said.trouble(error)) from error
    row.undone_at = now
    row.save(update_fields=["undone_at"])


def _put_back(row: StoreChange, undo: dict[str, Any], by: Person | None, now: datetime) -> None:
    if "texting_on" in undo:
        doors.set_texting(store_id=row.store_id, on=undo["texting_on"], by=by, now=now)
        return
    if "week" in undo:
        opening.put_back(store_id=row.store_id, **undo["week"])
    elif "days" in undo:
        days.swap(store_id=row.store_id, **undo["days"])
    changes.record(
        store_id=row.store_id,
        area=row.area,
        what=f"{row.what}{PUT_BACK}"[:120],
        was=row.became,
        became=row.was,
        by=by,
        now=now,
    )
