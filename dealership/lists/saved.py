"""Views of lists: kept under a name, and forgotten."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from dealership.lists.asking import Asked
from dealership.lists.models import SavedView
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

MOST_VIEWS = 20


class ViewError(ValueError):
    """It cannot be kept, or not forgotten, by this person."""


def seen_by(staff: StaffMember, list_key: str) -> list[SavedView]:
    """What this person sees of that list: the store's views, then their own. One query."""
    rows = SavedView.objects.visible_to(staff).filter(Q(owner=None) | Q(owner=staff), list_key=list_key)
    return list(rows.order_by(F("owner").asc(nulls_first=True), "name"))


@transaction.atomic
def keep(*, asked: Asked, name: str, for_all: bool, by: StaffMember, now: datetime) -> SavedView:
    """The question under this name; the same name again means the new question. Raises ViewError."""
    name = name.strip()
    if not name:
        raise ViewError(_("Give it a name."))
    if for_all and not by.may(May.REASSIGN):
        raise ViewError(_("A manager keeps views for the whole store. Keep it for yourself."))
    owner = None if for_all else by
    rows = SavedView.objects.of_store(by.store_id).filter(list_key=asked.shape.key, owner=owner)
    known = rows.filter(name=name).first()
    if known is None and rows.count() >= MOST_VIEWS:
        raise ViewError(_("There are %(n)s already: forget one first.") % {"n": MOST_VIEWS})
    if known is not None:
        known.query, known.made_by, known.made_at = asked.address(), by, now
        known.save(update_fields=["query", "made_by", "made_at"])
        return known
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                store_id=by.store_id,
                list_key=asked.shape.key,
                name=name,
                query=asked.address(),
                owner=owner,
                made_by=by,
                made_at=now,
            )
    except IntegrityError:
        raise ViewError(
            _("“%(name)s” was kept just now by somebody else: choose another name.") % {"name": name}
        ) from None


def forget(*, view: SavedView, by: StaffMember) -> None:
    """Gone; its rows stay where they are. Raises ViewError."""
    if view.owner_id is None and not by.may(May.REASSIGN):
        raise ViewError(_("A manager keeps and forgets the views of the whole store."))
    view.delete()
