"""Stips: what is done about one.

Whoever sees a jacket may ask the customer and note it: F&I delegates that to the salesperson. That a paper is here and right
is for F&I to say.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealership import clock
from dealership.messaging import outbox
from dealership.web import May, StaffRequest, done, staff_only
from fni import jackets, stipulations
from fni.forms import AskedForm, AskForm, DropForm, StipForm
from fni.models import Stipulation
from fni.views import page


@require_POST
@staff_only(May.WORK_FNI)
def stip_new(request: StaffRequest, pk: int) -> HttpResponse:
    """The lender wants one more paper."""
    jacket = page.jacket_of(request, pk)
    form = StipForm(request.POST)
    if form.is_valid():
        try:
            stip = stipulations.issue(
                jacket, what=form.cleaned_data["what"], by=request.staff, now=clock.now()
            )
        except (jackets.NoReason, jackets.WrongStage) as error:
            form.add_error("what", str(error))
        else:
            return done(
                request,
                _("%(paper)s: to be asked for in four hours.") % {"paper": _(stip.what)},
                to=page.address(jacket),
            )
    return page.render(request, jacket, stip_form=form, status=422)


@require_POST
@staff_only(May.SEE_FNI)
def stip_asked(request: StaffRequest, pk: int) -> HttpResponse:
    """A person asked the customer, on the phone or face to face."""
    stip = _stip(request, pk)
    jacket = page.jacket_of(request, stip.jacket_id)
    form = AskedForm(request.POST)
    if not form.is_valid():
        return page.render(request, jacket, trouble=_("Say how the customer was asked."), status=422)
    try:
        stipulations.asked(stip, how=form.cleaned_data["how"], by=request.staff, now=clock.now())
    except stipulations.NotOpen as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(request, _("Asked for %(paper)s.") % {"paper": _(stip.what)}, to=page.address(jacket))


@require_POST
@staff_only(May.SEE_FNI, May.WRITE_TO_CUSTOMERS)
def stip_text(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer is asked by text; it counts when the phone has it."""
    stip = _stip(request, pk)
    jacket = page.jacket_of(request, stip.jacket_id)
    form = AskForm(request.POST, language=stipulations.language_of(jacket), auto_id=f"ask-{pk}-%s")
    if form.is_valid():
        body = form.cleaned_data["body"]
        try:
            stipulations.ask_by_text(stip, body=body, by=request.staff, now=clock.now())
        except (stipulations.NotOpen, stipulations.AlreadyAsked, stipulations.NobodyToAsk) as error:
            return page.render(request, jacket, trouble=str(error), status=422)
        except (outbox.NoNumber, outbox.NothingToSay, outbox.TooLong) as error:
            form.add_error("body", str(error))
        else:
            say = _("The text is on its way. It counts when their phone has it.")
            return done(request, say, to=page.address(jacket))
    return page.render(request, jacket, asked=stip, ask_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def stip_collect(request: StaffRequest, pk: int) -> HttpResponse:
    """It is here, and this person has looked at it."""
    stip = _stip(request, pk)
    jacket = page.jacket_of(request, stip.jacket_id)
    try:
        stipulations.collect(stip, by=request.staff, now=clock.now())
    except stipulations.NotOpen as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(
        request, _("%(paper)s: here and verified.") % {"paper": _(stip.what)}, to=page.address(jacket)
    )


@require_POST
@staff_only(May.WORK_FNI)
def stip_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """The lender no longer wants it."""
    stip = _stip(request, pk)
    jacket = page.jacket_of(request, stip.jacket_id)
    form = DropForm(request.POST, auto_id=f"drop-{pk}-%s")
    if form.is_valid():
        try:
            stipulations.drop(stip, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
        except (stipulations.NotOpen, jackets.NoReason) as error:
            form.add_error("why", str(error))
        else:
            return done(request, _("%(paper)s: dropped.") % {"paper": _(stip.what)}, to=page.address(jacket))
    return page.render(request, jacket, asked=stip, drop_form=form, status=422)


def _stip(request: StaffRequest, pk: int) -> Stipulation:
    rows = Stipulation.objects.visible_to(request.staff).select_related("jacket")
    return get_object_or_404(rows, pk=pk)
