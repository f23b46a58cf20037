"""What is owed with deals: the list of it; one written, moved, delivered, dropped."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import deals, routing, we_owes
from sales.deal_forms import DayForm, SignedForm, WeOweForm, WhyForm
from sales.models import WeOwe
from sales.views import deals as deal_views
from sales.we_owe_listing import SHOW, WE_OWES


@require_safe
@staff_only(May.SEE_DEALS)
def we_owe_list(request: StaffRequest) -> HttpResponse:
    """What is owed with deals, the next day first; what was settled beside it."""
    asked = asking.read(WE_OWES, request.GET)
    context = {
        "list": turn(asked, request.staff, clock.now()),
        "tabs": [(key, label, asked.but(show=key).address()) for key, label in SHOW],
        "shown": asked.filters["show"],
    }
    return render_page(request, "sales/we_owe_list.html", "sales/_we_owe_list.html", context)


@require_safe
@staff_only(May.SEE_DEALS)
@limited(limits.EXPORT)
def we_owe_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, WE_OWES, "we-owes")


@require_POST
@staff_only(May.WORK_DEALS)
def we_owe_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Something is promised with this deal."""
    deal = deal_views.find(request, pk)
    form = WeOweForm(request.POST, team=routing.team(request.staff.store_id), auto_id="owe_%s")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            we_owes.write(
                deal,
                item=typed["item"],
                on=typed["on"],
                owner=typed["owner"],
                by=request.staff,
                now=clock.now(),
            )
        except we_owes.InThePast as error:
            form.add_error("on", str(error))
        except (we_owes.NothingOwed, we_owes.CannotOwe, deals.DealEnded) as error:
            form.add_error("item", str(error))
        else:
            return _done(
                request, pk, _("%(name)s owes it by the day you gave.") % {"name": typed["owner"].first_name}
            )
    return deal_views.render(request, deal, owe_form=form, status=422)


@require_POST
@staff_only(May.WORK_DEALS)
def we_owe_move(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer was told another day."""
    owed, form = _find(request, pk), DayForm(request.POST)
    if form.is_valid():
        try:
            we_owes.move(owed, on=form.cleaned_data["on"], by=request.staff, now=clock.now())
        except (we_owes.InThePast, we_owes.Settled) as error:
            form.add_error("on", str(error))
        else:
            return _done(request, owed.deal_id, _("The new day is written down."))
    return _failed(request, owed, form)


@require_POST
@staff_only(May.WORK_DEALS)
def we_owe_deliver(request: StaffRequest, pk: int) -> HttpResponse:
    """It was handed over, and somebody signed."""
    owed, form = _find(request, pk), SignedForm(request.POST)
    if form.is_valid():
        try:
            we_owes.deliver(owed, signed_by=form.cleaned_data["signed_by"], by=request.staff, now=clock.now())
        except (we_owes.NoReason, we_owes.Settled) as error:
            form.add_error("signed_by", str(error))
        else:
            return _done(request, owed.deal_id, _("Delivered: %(item)s.") % {"item": owed.item})
    return _failed(request, owed, form)


@require_POST
@staff_only(May.WORK_DEALS)
def we_owe_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """It is no longer owed."""
    owed, form = _find(request, pk), WhyForm(request.POST)
    if form.is_valid():
        try:
            we_owes.drop(owed, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
        except (we_owes.NoReason, we_owes.Settled) as error:
            form.add_error("why", str(error))
        else:
            return _done(request, owed.deal_id, _("No longer owed: %(item)s.") % {"item": owed.item})
    return _failed(request, owed, form)


def _find(request: StaffRequest, pk: int) -> WeOwe:
    return get_object_or_404(WeOwe.objects.visible_to(request.staff), pk=pk)


def _done(request: StaffRequest, deal_pk: int, say: str) -> HttpResponse:
    return done(request, say, to=reverse("sales:deal_detail", args=[deal_pk]), moves=True)


def _failed(request: StaffRequest, owed: WeOwe, form: forms.Form) -> HttpResponse:
    """The deal's page, with what was typed and what is wrong with it beside its we-owe."""
    deal = deal_views.find(request, owed.deal_id)
    return deal_views.render(request, deal, asked=owed.pk, asked_form=form, status=422)
