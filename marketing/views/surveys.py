"""The board, the surveys, one survey with what was done about it, a customer's panel."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.web import May, StaffRequest, done, render_page, staff_only
from marketing import board, surveys
from marketing.forms import AnswerForm, RecoveryForm
from marketing.models import Survey
from marketing.survey_list import SHOWN, SURVEYS
from tasks.owed_about import button


@require_safe
@staff_only(May.SEE_MARKETING)
def marketing_board(request: StaffRequest) -> HttpResponse:
    """How it felt, who is unhappy, what was written in public, what is leaving, what the sources bring."""
    now = clock.now()
    context = {"board": board.board(request.staff, now), "now": now}
    return render_page(request, "marketing/board.html", "marketing/_board.html", context)


@require_safe
@staff_only(May.SEE_MARKETING)
def survey_list(request: StaffRequest) -> HttpResponse:
    """The surveys behind every figure, as they are asked."""
    now = clock.now()
    asked = asking.read(SURVEYS, request.GET)
    listed = turn(asked, request.staff, now)
    context = {
        "list": listed,
        "rows": listed.rows,
        "cols": asked.columns,
        "show": asked.filters["show"],
        "chips": [(show, label, asked.but(show=show).address()) for show, (label, _w, _m) in SHOWN.items()],
        "acts": [button("marketing:hand_off_surveys")],
        "now": now,
    }
    return render_page(request, "marketing/survey_list.html", "marketing/_survey_list.html", context)


@require_safe
@staff_only(May.SEE_MARKETING)
def survey_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One survey: what they said, what is owed, and how they were won back."""
    return _survey(request, _get(request, pk))


@require_POST
@staff_only(May.RECOVER)
def survey_recover(request: StaffRequest, pk: int) -> HttpResponse:
    """A manager wrote down what went wrong and what was done."""
    survey = _get(request, pk)
    if not may_recover(request.staff, survey):
        words = _("The head of %(department)s writes down how they were won back.")
        raise PermissionDenied(words % {"department": survey.department.label})
    form = RecoveryForm(request.POST)
    if form.is_valid():
        try:
            surveys.recover(survey, **form.cleaned_data, by=request.staff, now=clock.now())
        except (surveys.NoCall, surveys.NotUnhappy) as error:
            form.add_error(None, str(error))
        else:
            settled = form.cleaned_data["is_resolved"]
            say = (
                _("Won back.") if settled else _("Kept on record; what is left is owed until it is settled.")
            )
            return done(request, say, to=_address(survey), moves=True)
    return _survey(request, survey, recovery_form=form, status=422)


@require_POST
@staff_only(May.SEE_MARKETING)
def survey_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """They told a person how it was."""
    survey = _get(request, pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            surveys.note_answer(survey, **form.cleaned_data, by=request.staff, now=clock.now())
        except surveys.NothingSaid as error:
            form.add_error("words", str(error))
        else:
            return done(request, _("Their answer is on record."), to=_address(survey), moves=True)
    return _survey(request, survey, answer_form=form, status=422)


@require_safe
@staff_only(May.SEE_MARKETING)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """What a customer said, for their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    context = {"customer": customer, **board.of_customer(request.staff, customer)}
    return render_page(request, "marketing/_customer_panel.html", None, context)


def may_recover(staff: StaffMember, survey: Survey) -> bool:
    """The head of the department that it is about, or the general manager."""
    return staff.may(May.RECOVER) and DEPARTMENT_OF[Role(staff.role)] in (None, survey.department)


def _survey(request: StaffRequest, survey: Survey, *, status: int = 200, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "survey": survey,
        "customer": merging.living(survey.customer),
        "recoveries": list(survey.recoveries.select_related("by", "call").order_by("-at")),
        "call": surveys.call_on_record(survey) if survey.is_open else None,
        "may_recover": may_recover(request.staff, survey),
        "recovery_form": forms.get("recovery_form") or RecoveryForm(),
        "answer_form": forms.get("answer_form") or AnswerForm(),
        "answering": "answer_form" in forms,
        "now": clock.now(),
    }
    page, part = "marketing/survey_detail.html", "marketing/_survey.html"
    return render_page(request, page, part, context, status=status)


def _get(request: StaffRequest, pk: int) -> Survey:
    rows = Survey.objects.visible_to(request.staff).select_related(
        "customer__merged_into__merged_into", "vehicle", "person"
    )
    return get_object_or_404(rows, pk=pk)


def _address(survey: Survey) -> str:
    return reverse("marketing:survey_detail", args=[survey.pk])
