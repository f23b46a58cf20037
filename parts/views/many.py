"""The list of parts that were asked for, its file, and what is done with many of them: what is owed about them handed off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only
from parts.request_list import REQUESTS
from tasks import hand_offs
from tasks.forms import HandOffManyForm


@require_safe
@staff_only(May.SEE_PARTS)
def request_list(request: StaffRequest) -> HttpResponse:
    """All parts that were asked for, ended ones too: narrowed, ordered, and done with as many."""
    staff = request.staff
    context = {
        "list": turn(asking.read(REQUESTS, request.GET), staff, clock.now()),
        "acts": _acts(staff),
        "may_ask": staff.may(May.ASK_PARTS),
    }
    return render_page(request, "parts/request_list.html", None, context)


@require_safe
@staff_only(May.SEE_PARTS)
@limited(limits.EXPORT)
def request_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, REQUESTS, "parts")


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN, May.ASK_PARTS)
def hand_off_parts(request: StaffRequest) -> HttpResponse:
    """What is owed about those that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, HAND_OFF)


def _acts(staff: StaffMember) -> list[tuple[str, str]]:
    """What this person may do with many."""
    acts = []
    if staff.may(May.REASSIGN) and staff.may(May.ASK_PARTS):
        acts.append((reverse("parts:hand_off_parts"), _("Hand off what is owed…")))
    return acts


def _see(rows: Rows, keys: Sequence[int] | None = None, **words: Any) -> many.Seen:
    found = list(rows.select_related("customer", "vehicle").order_by("requested_at", "pk"))
    return many.Seen(
        n=len(found),
        named=[
            (
                reverse("parts:request_detail", args=[part.pk]),
                part.description,
                " · ".join(
                    filter(
                        None,
                        (
                            part.customer.full_name if part.customer else _("Nobody named"),
                            _("RO %(number)s") % {"number": part.ro_number} if part.ro_number else "",
                            part.get_state_display(),
                        ),
                    )
                ),
            )
            for part in found[: many.NAMED]
        ],
        keys=[part.pk for part in found] if keys is None else keys,
        **words,
    )


def _see_handed(rows: Rows, staff: StaffMember) -> many.Seen:
    subjects = [f"part:{pk}" for pk in rows.order_by().values_list("pk", flat=True)]
    keys = hand_offs.open_on(staff.store_id, subjects)
    if not keys:
        raise bulk.BulkError(_("Nothing is owed about these parts now."))
    sub = ngettext(
        "%(n)s open promise about them will be a colleague’s",
        "%(n)s open promises about them will be a colleague’s",
        len(keys),
    ) % {"n": f"{len(keys):,}"}
    return _see(
        rows,
        keys,
        title=_("Hand off what is owed about %(parts)s") % {"parts": REQUESTS.count_of(len(subjects))},
        sub=sub,
        button=_("Hand off"),
        hint=_(
            "They are told, with your reason. It can be taken back for an hour, while they have not taken it on."
        ),
    )


def _hand_off(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return hand_offs.hand_off_many(keys=keys, to=told["to"], by=staff, why=told["why"], now=now)


HAND_OFF = many.Deed(
    REQUESTS,
    HandOffManyForm,
    _see_handed,
    _hand_off,
    refuses=(hand_offs.CannotHandOff,),
    most=hand_offs.MOST_HANDED,
)
