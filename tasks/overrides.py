"""A store lays its own numbers over a rule: dated, signed, with a reason. The rule itself is code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import due as due_times
from tasks import rulebook
from tasks.models import StoreOverride


class NotAllowed(ValueError):
    """This person may not change the store's numbers."""


class NoReason(ValueError):
    """A change of what is promised carries its reason."""


class NothingChanged(ValueError):
    """These are the numbers that hold already."""


@transaction.atomic
def lay_over(
    rule: str,
    *,
    is_on: bool,
    due: due_times.Expression | None,
    owner_role: str,
    why: str,
    by: StaffMember,
    now: datetime,
) -> StoreOverride:
    """From now on this store runs the rule so; `due` None and `owner_role` "" are the rule's own.

    Promises that stand keep the hour they were given. Raises KeyError for no such rule, NotAllowed, NoReason,
    NothingChanged.
    """
    if rule not in rulebook.rules():
        raise KeyError(rule)
    if not by.may(May.EDIT_PLAYBOOK):
        raise NotAllowed(_("A %(role)s may not change what the store promises.") % {"role": by.role_label})
    if len(why.strip()) < 3:
        raise NoReason(_("Say why in a few words: it stands in the history."))
    said = due_times.to_json(due) if due else None
    newest = StoreOverride.objects.visible_to(by).filter(rule=rule).order_by("-at", "-pk").first()
    held = (newest.is_on, newest.due, newest.owner_role) if newest else (True, None, "")
    if held == (is_on, said, owner_role):
        raise NothingChanged(_("Nothing differs from what holds now."))
    row = StoreOverride.objects.create(
        store_id=by.store_id,
        rule=rule,
        is_on=is_on,
        due=said,
        owner_role=owner_role,
        by=by,
        at=now,
        why=why.strip()[:200],
    )
    live.bump(by.store_id, "promises")
    return row
