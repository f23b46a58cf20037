"""One jacket and what F&I does with it: ticked, taken in or handed back, contracted, sent, funded, titled, put away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.web import May, StaffRequest, done, staff_only
from fni import board, checklists, funding, jackets, titles
from fni.checklists import Door
from fni.forms import (
    ContractForm,
    DescribeForm,
    FundForm,
    ItemForm,
    KickBackForm,
    RefuseForm,
    TitleForm,
    cents,
)
from fni.models import ChecklistItem, DealJacket
from fni.views import page


@require_safe
@staff_only(May.SEE_FNI)
def jacket_by_number(request: StaffRequest, number: str) -> HttpResponse:
    """The jacket of the deal of this number, for whoever knows that alone."""
    found = get_object_or_404(DealJacket.objects.visible_to(request.staff), deal_number=number)
    return redirect("fni:jacket_detail", found.pk)


@require_safe
@staff_only(May.SEE_FNI)
def jacket_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One jacket: what is here and what is missing, stips, kick-backs, the money, the title, what is owed, what was written."""
    return page.render(request, page.jacket_of(request, pk))


@require_POST
@staff_only(May.WORK_FNI)
def mark_item(request: StaffRequest, pk: int) -> HttpResponse:
    """A thing of the checklist is here, or missing, or not needed."""
    rows = ChecklistItem.objects.visible_to(request.staff).select_related("jacket")
    item = get_object_or_404(rows, pk=pk)
    jacket = page.jacket_of(request, item.jacket_id)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return page.render(request, jacket, trouble=_("Say whether it is here."), status=422)
    try:
        typed = form.cleaned_data
        jackets.mark(item, state=typed["state"], why=typed["why"], by=request.staff, now=clock.now())
    except (jackets.NoReason, jackets.WrongStage) as error:
        words = checklists.ALL[item.key].words
        return page.render(request, jacket, trouble=f"{words}: {error}", status=422)
    say = f"{checklists.ALL[item.key].words}: {item.get_state_display()}."
    return done(request, say, to=page.address(jacket))


@require_POST
@staff_only(May.WORK_FNI)
def take_in(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer is in the box, if the deal is ready."""
    jacket = page.jacket_of(request, pk)
    try:
        jackets.take_in(jacket, by=request.staff, now=clock.now())
    except (jackets.NotReady, jackets.WrongStage) as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(request, _("In the box."), to=page.address(jacket))


@require_POST
@staff_only(May.WORK_FNI)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Back to sales, with what is missing."""
    jacket = page.jacket_of(request, pk)
    keys = [thing.item.key for thing in board.things(jacket) if thing.door is Door.BOX]
    form = RefuseForm(request.POST, keys=keys)
    if form.is_valid():
        try:
            jackets.refuse(
                jacket,
                missing=form.cleaned_data["missing"],
                words=form.cleaned_data["words"],
                by=request.staff,
                now=clock.now(),
            )
        except (jackets.NoReason, jackets.WrongStage) as error:
            form.add_error("words", str(error))
        else:
            return done(request, _("Handed back to sales."), to=page.address(jacket))
    return page.render(request, jacket, refuse_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def describe(request: StaffRequest, pk: int) -> HttpResponse:
    """What kind of deal it is, who finances it and how much."""
    jacket = page.jacket_of(request, pk)
    form = DescribeForm(request.POST)
    if form.is_valid():
        try:
            jackets.describe(jacket, told=form.told(), by=request.staff, now=clock.now())
        except jackets.WrongStage as error:
            form.add_error(None, str(error))
        else:
            return done(request, _("The checklist follows the deal."), to=page.address(jacket))
    return page.render(request, jacket, describe_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def contract(request: StaffRequest, pk: int) -> HttpResponse:
    """The papers are signed."""
    jacket = page.jacket_of(request, pk)
    form = ContractForm(request.POST, jacket=jacket)
    if form.is_valid():
        try:
            funding.contract(
                jacket,
                lender=form.cleaned_data["lender"],
                amount_financed_cents=cents(form.cleaned_data["amount"]),
                by=request.staff,
                now=clock.now(),
            )
        except (jackets.NoReason, jackets.WrongStage) as error:
            form.add_error("lender", str(error))
        else:
            return done(request, _("Signed."), to=page.address(jacket))
    return page.render(request, jacket, contract_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """The jacket leaves for the lender, if it is complete."""
    jacket = page.jacket_of(request, pk)
    try:
        funding.send(jacket, by=request.staff, now=clock.now())
    except (jackets.NotReady, jackets.WrongStage) as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(request, _("With the lender."), to=page.address(jacket))


@require_POST
@staff_only(May.WORK_FNI)
def kick_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The lender sent it back."""
    jacket = page.jacket_of(request, pk)
    form = KickBackForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            funding.kick_back(
                jacket,
                why=typed["why"],
                needs_customer=typed["needs_customer"],
                by=request.staff,
                now=clock.now(),
            )
        except (jackets.NoReason, jackets.WrongStage) as error:
            form.add_error("why", str(error))
        else:
            return done(request, _("Noted: to be corrected within a day."), to=page.address(jacket))
    return page.render(request, jacket, kick_back_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def resend(request: StaffRequest, pk: int) -> HttpResponse:
    """Corrected, and with the lender again."""
    jacket = page.jacket_of(request, pk)
    try:
        funding.resend(jacket, by=request.staff, now=clock.now())
    except jackets.WrongStage as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(request, _("With the lender again."), to=page.address(jacket))


@require_POST
@staff_only(May.WORK_FNI)
def fund(request: StaffRequest, pk: int) -> HttpResponse:
    """The lender paid."""
    jacket = page.jacket_of(request, pk)
    form = FundForm(request.POST)
    if form.is_valid():
        try:
            funding.fund(jacket, paid_on=form.cleaned_data["paid_on"], by=request.staff, now=clock.now())
        except (funding.NotYet, jackets.WrongStage) as error:
            form.add_error("paid_on", str(error))
        else:
            return done(request, _("Funded."), to=page.address(jacket))
    return page.render(request, jacket, fund_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def send_title(request: StaffRequest, pk: int) -> HttpResponse:
    """Title and plates are out."""
    jacket = page.jacket_of(request, pk)
    form = TitleForm(request.POST)
    if form.is_valid():
        try:
            titles.send(jacket, proof=form.cleaned_data["proof"], by=request.staff, now=clock.now())
        except (jackets.NoReason, jackets.WrongStage) as error:
            form.add_error("proof", str(error))
        else:
            return done(request, _("Title and plates are out."), to=page.address(jacket))
    return page.render(request, jacket, title_form=form, status=422)


@require_POST
@staff_only(May.WORK_FNI)
def put_away(request: StaffRequest, pk: int) -> HttpResponse:
    """Paid, titled, done."""
    jacket = page.jacket_of(request, pk)
    try:
        jackets.put_away(jacket, by=request.staff, now=clock.now())
    except jackets.WrongStage as error:
        return page.render(request, jacket, trouble=str(error), status=422)
    return done(request, _("Put away."), to=page.address(jacket))
