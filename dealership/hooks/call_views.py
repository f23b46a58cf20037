"""The page of all calls: narrowed, taken along, and parked ones made again, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.hooks import calls, said
from dealership.hooks.calls import CALLS, STATES
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only


@require_safe
@staff_only(May.MANAGE_STAFF)
def call_list(request: StaffRequest) -> HttpResponse:
    """Every call of the last weeks: what waits, what is parked, what was taken."""
    asked = asking.read(CALLS, request.GET)
    may_be_parked = asked.filters["state"] in ("", "parked")
    context = {
        "list": turn(asked, request.staff, clock.now()),
        "acts": [(reverse("hooks:again_many"), _("Try again…"))] if may_be_parked else [],
    }
    return render_page(request, "hooks/call_list.html", None, context)


@require_safe
@staff_only(May.MANAGE_STAFF)
@limited(limits.EXPORT)
def call_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, CALLS, "calls")


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def again_many(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, and are parked are made again."""
    return many.answer(request, MAKE_AGAIN)


def _see(rows: Rows, staff: StaffMember) -> many.Seen:
    parked = rows.filter(STATES["parked"])
    keys = list(parked.values_list("pk", flat=True))
    if not keys:
        raise bulk.BulkError(_("Nothing among these is parked."))
    counted = {"calls": CALLS.count_of(len(keys))}
    named = parked.select_related("hook").order_by("parked_at", "pk")[: many.NAMED]
    return many.Seen(
        title=_("Try %(calls)s again") % counted,
        sub=_("They wait in line again, as if for the first time"),
        button=_("Try %(calls)s again") % counted,
        hint=_("What has not been called yet can be parked again, for an hour."),
        asks=_("Again"),
        n=len(keys),
        named=[
            (
                reverse("hooks:hook_detail", args=[call.hook_id]),
                f"{call.hook.name}: {said.name(call.kind)}",
                call.error_said,
            )
            for call in named
        ],
        keys=keys,
    )


def _do(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return calls.make_again(keys=keys, by=staff, now=now)


MAKE_AGAIN = many.Deed(CALLS, many.ManyForm, _see, _do)
