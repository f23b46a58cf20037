"""What is owed about the rows of a list goes to a colleague: the act on many that lists of departments share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.lists import bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.shape import Rows, Shape
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from tasks import hand_offs
from tasks.forms import HandOffManyForm


@dataclass(frozen=True)
class About:
    """A list whose rows are what promises are about."""

    shape: Shape
    #: What the promises about these rows are about; without a line, all about the thing.
    things: Callable[[Rows], Collection[hand_offs.Thing]]
    #: Those of its department, where what others owe about the same thing is not meant; None for whatever is owed.
    rules: Collection[str] | None
    #: The rows as they are named, in their order.
    ordered: Callable[[Rows], Rows]
    #: A row's page, what it is called, and what stands beside it.
    named: Callable[[Any], tuple[str, str, str]]


def hand_off(about: About) -> many.Deed:
    """Handing it off: everybody's by a manager, one's own by anybody."""

    def see(rows: Rows, staff: StaffMember) -> many.Seen:
        return _see(about, rows, staff)

    return many.Deed(
        about.shape,
        HandOffManyForm,
        see,
        _do,
        refuses=(hand_offs.CannotHandOff,),
        most=hand_offs.MOST_HANDED,
    )


def button(name: str) -> tuple[str, str]:
    """Below a list, the button of the act with this URL name: its address, and what it says."""
    return reverse(name), _("Hand off what is owed…")


def _see(about: About, rows: Rows, staff: StaffMember) -> many.Seen:
    owner = None if staff.may(May.REASSIGN) else staff
    keys = hand_offs.open_about(staff.store_id, about.things(rows), rules=about.rules, owner=owner)
    if not keys:
        raise bulk.BulkError(
            _("Nothing is owed about these now.")
            if owner is None
            else _("Nothing about these is owed by you.")
        )
    n = rows.count()
    sub = ngettext(
        "%(n)s open promise about them will be a colleague’s",
        "%(n)s open promises about them will be a colleague’s",
        len(keys),
    ) % {"n": f"{len(keys):,}"}
    return many.Seen(
        title=_("Hand off what is owed about %(rows)s") % {"rows": about.shape.count_of(n)},
        sub=sub,
        button=_("Hand off"),
        hint=_(
            "They are told, with your reason. It can be taken back for an hour, while they have not taken it on."
        ),
        n=n,
        named=[about.named(row) for row in about.ordered(rows)[: many.NAMED]],
        keys=keys,
    )


def _do(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return hand_offs.hand_off_many(keys=keys, to=told["to"], by=staff, why=told["why"], now=now)
