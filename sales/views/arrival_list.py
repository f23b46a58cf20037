"""The list of what came and could not be read: asked, kept, taken away; many said to be no lead at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.language import later
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only
from sales import arrivals, many_arrivals
from sales.arrival_listing import ARRIVALS, SHOW
from sales.models import LeadArrival

State = LeadArrival.State


@require_safe
@staff_only(May.SEE_LEADS)
def arrival_list(request: StaffRequest) -> HttpResponse:
    """What no reader understood and nobody has settled yet; what people made of others beside it."""
    asked = asking.read(ARRIVALS, request.GET)
    shown, may_work = asked.filters["show"], request.staff.may(May.WORK_LEADS)
    context = {
        "list": turn(asked, request.staff, clock.now()),
        "tabs": [(key, label, asked.but(show=key).address()) for key, label in SHOW],
        "shown": shown,
        "acts": [(reverse("sales:dismiss_arrivals"), _("Put away as no lead…"))]
        if may_work and shown == State.UNREADABLE
        else [],
    }
    return render_page(request, "sales/arrival_list.html", "sales/_arrival_list.html", context)


@require_safe
@staff_only(May.SEE_LEADS)
@limited(limits.EXPORT)
def arrival_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, ARRIVALS, "unreadable-leads")


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_LEADS)
def dismiss_arrivals(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match and wait, are no leads, for one reason."""
    return many.answer(request, DISMISS)


class NoLeadForm(many.ManyForm):
    """What they are."""

    why = forms.CharField(
        label=later("What they are"), max_length=200, help_text=later("One reason for all of them.")
    )


def _see(rows: Rows, staff: StaffMember) -> many.Seen:
    rows = rows.filter(state=State.UNREADABLE)
    if not (n := rows.count()):
        raise bulk.BulkError(_("All of these have been settled already."))
    counted = {"arrivals": ARRIVALS.count_of(n)}
    named = ARRIVALS.columns[0].adds(rows, staff) if ARRIVALS.columns[0].adds else rows
    return many.Seen(
        n=n,
        title=_("Put %(arrivals)s away as no lead") % counted,
        sub=_("Nobody is owed an answer to them; their text is kept"),
        button=_("Put %(arrivals)s away") % counted,
        hint=_("It can be taken back for an hour."),
        asks=_("What they are"),
        named=[
            (reverse("sales:arrival_detail", args=[row.pk]), row.found, row.why_words)
            for row in named.order_by("-received_at", "-pk").defer("raw")[: many.NAMED]
        ],
        keys=list(rows.values_list("pk", flat=True)),
    )


def _do(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_arrivals.dismiss(keys=keys, why=told["why"], by=staff, now=now)


DISMISS = many.Deed(
    ARRIVALS,
    NoLeadForm,
    _see,
    _do,
    refuses=(arrivals.NoReason, arrivals.NotWaiting),
    most=many_arrivals.MOST,
)
