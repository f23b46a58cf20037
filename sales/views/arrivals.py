"""What came and could not be read: its raw text, shown safely, and the form that makes it a lead."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import arrivals, board
from sales.forms import DismissForm, LeadForm, hinted
from sales.models import LeadArrival


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_LEADS)
def arrival_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """What came, and beside it the form, filled in with what was found. Posting it makes the lead."""
    arrival = _arrival(request, pk)
    if request.method != "POST":
        return _render(request, arrival)
    form = LeadForm(request.POST)
    if not form.is_valid():
        return _render(request, arrival, form=form, status=422)
    try:
        lead = arrivals.settle(
            arrival=arrival,
            prospect=form.prospect(),
            by=request.staff,
            now=clock.now(),
            may_text=form.cleaned_data["may_text"],
        )
    except arrivals.NotWaiting as error:
        form.add_error(None, str(error))
        return _render(request, _arrival(request, pk), form=form, status=422)
    return done(request, _("It is a lead now."), to=reverse("sales:lead_detail", args=[lead.pk]), moves=True)


@require_POST
@staff_only(May.WORK_LEADS)
def arrival_dismiss(request: StaffRequest, pk: int) -> HttpResponse:
    """It is no lead. Can be undone."""
    arrival = _arrival(request, pk)
    form = DismissForm(request.POST)
    if form.is_valid():
        try:
            arrivals.dismiss(arrival=arrival, by=request.staff, why=form.cleaned_data["why"], now=clock.now())
        except arrivals.NoReason as error:
            form.add_error("why", str(error))
        except arrivals.NotWaiting as error:
            form.add_error(None, str(error))
        else:
            undo = reverse("sales:arrival_bring_back", args=[pk])
            return done(request, _("Put away: no lead."), to=_list(), undo=undo, moves=True)
    return _render(request, _arrival(request, pk), dismiss_form=form, status=422)


@require_POST
@staff_only(May.WORK_LEADS)
def arrival_bring_back(request: StaffRequest, pk: int) -> HttpResponse:
    """It may be a lead after all."""
    arrival = _arrival(request, pk)
    try:
        arrivals.bring_back(arrival=arrival, by=request.staff, now=clock.now())
    except arrivals.NotWaiting as error:
        return done(request, str(error), to=_list(), moves=True)
    return done(
        request, _("It waits for a person again."), to=reverse("sales:arrival_detail", args=[pk]), moves=True
    )


@require_safe
@staff_only(May.SEE_LEADS)
@limited(limits.EXPORT)
def arrival_raw(request: StaffRequest, pk: int) -> HttpResponse:
    """Exactly what came, as a file that no browser opens."""
    arrival = _arrival(request, pk)
    response = HttpResponse(bytes(arrival.raw), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="lead-as-it-came-{arrival.pk}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _arrival(request: StaffRequest, pk: int) -> LeadArrival:
    return get_object_or_404(
        LeadArrival.objects.visible_to(request.staff).select_related("settled_by"), pk=pk
    )


def _list() -> str:
    return reverse("sales:arrival_list")


def _render(request: StaffRequest, arrival: LeadArrival, *, status: int = 200, **forms: Any) -> HttpResponse:
    text, n_hidden = board.raw_text(arrival)
    context = {
        "arrival": arrival,
        "is_waiting": arrival.state == LeadArrival.State.UNREADABLE,
        "press": "soon" if arrival.state == LeadArrival.State.UNREADABLE else "",
        "text": text,
        "n_hidden": n_hidden,
        "leads": arrival.leads.select_related("customer").order_by("pk"),
        "form": forms.get("form") or LeadForm(initial=hinted(arrival)),
        "dismiss_form": forms.get("dismiss_form") or DismissForm(),
    }
    return render_page(request, "sales/arrival_detail.html", None, context, status=status)
