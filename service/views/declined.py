"""Declined work: the list, and what is done about a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits
from dealership.appointments import booking
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import declined_work
from service.declined_list import DECLINED, RULES, things
from service.forms import REASONS, BookForm, CloseForm
from service.models import DeclinedLine
from tasks import hand_offs
from tasks.forms import HandOffManyForm


@require_safe
@staff_only(May.SEE_SERVICE)
def declined_work_list(request: StaffRequest) -> HttpResponse:
    """Work that was declined and is still to be offered, safety first."""
    return _declined(request)


@require_POST
@staff_only(May.WORK_SERVICE)
def close_declined(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer said why they will not buy it here."""
    line = _line(request, pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _declined(request, line=line, close_form=form, status=422)
    try:
        declined_work.close(line, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
    except (declined_work.NoReason, declined_work.NotOwed) as error:
        form.add_error("why", str(error))
        return _declined(request, line=line, close_form=form, status=422)
    return done(
        request, _("%(work)s: closed.") % {"work": line.description}, to=reverse("service:declined_work_list")
    )


@require_POST
@staff_only(May.WORK_SERVICE)
def book_declined(request: StaffRequest, pk: int) -> HttpResponse:
    """A visit for declined work."""
    line = _line(request, pk)
    form = BookForm(request.POST, zone=request.staff.store.tz)
    if not form.is_valid():
        return _declined(request, line=line, book_form=form, status=422)
    try:
        declined_work.book(line, starts_at=form.starts_at, by=request.staff, now=clock.now())
    except (booking.BookingError, declined_work.NotOwed) as error:
        form.add_error("time", str(error))
        return _declined(request, line=line, book_form=form, status=422)
    return done(
        request, _("%(work)s: booked.") % {"work": line.description}, to=reverse("service:declined_work_list")
    )


@require_safe
@staff_only(May.SEE_SERVICE)
@limited(limits.EXPORT)
def declined_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, DECLINED, "declined-work")


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN, May.WORK_SERVICE)
def hand_off_declined(request: StaffRequest) -> HttpResponse:
    """The promises about the lines that are ticked, or about all that match, go to a colleague: first seen, then done."""
    return many.answer(request, HAND_OFF)


def _see(rows: Rows, staff: StaffMember) -> many.Seen:
    lines = list(rows.select_related("ro", "customer").defer("ro__history").order_by("colour", "pk"))
    keys = hand_offs.open_about(staff.store_id, things(lines), rules=RULES)
    if not keys:
        raise bulk.BulkError(_("Nothing is promised about these lines now: book them, or close them."))
    sub = ngettext(
        "%(n)s open promise to offer it again will be a colleague’s",
        "%(n)s open promises to offer it again will be a colleague’s",
        len(keys),
    ) % {"n": f"{len(keys):,}"}
    return many.Seen(
        title=_("Hand off %(lines)s of declined work") % {"lines": DECLINED.count_of(len(lines))},
        sub=sub,
        button=_("Hand off"),
        hint=_(
            "They are told, with your reason. It can be taken back for an hour, while they have not taken it on."
        ),
        n=len(lines),
        named=[
            (
                reverse("service:repair_order_detail", args=[line.ro_id]),
                line.description,
                line.customer.full_name if line.customer else "",
            )
            for line in lines[: many.NAMED]
        ],
        keys=keys,
    )


def _hand_off(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return hand_offs.hand_off_many(keys=keys, to=told["to"], by=staff, why=told["why"], now=now)


HAND_OFF = many.Deed(
    DECLINED,
    HandOffManyForm,
    _see,
    _hand_off,
    refuses=(hand_offs.CannotHandOff,),
    most=hand_offs.MOST_HANDED,
)


def _declined(
    request: StaffRequest,
    *,
    line: DeclinedLine | None = None,
    close_form: CloseForm | None = None,
    book_form: BookForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    listed = turn(asking.read(DECLINED, request.GET), request.staff, now)
    if line is not None and line not in listed.rows:
        listed.rows.insert(0, line)
    may_give = request.staff.may(May.REASSIGN) and request.staff.may(May.WORK_SERVICE)
    context: dict[str, Any] = {
        "list": listed,
        "lines": listed.rows,
        "cols": listed.asked.columns,
        "here": request.GET.urlencode() if request.method == "GET" else "",
        "asked": line.pk if line else 0,
        "asked_close": close_form,
        "asked_book": book_form,
        "close_form": CloseForm(),
        "book_form": BookForm(zone=request.staff.store.tz),
        "reasons": REASONS,
        "may_work": request.staff.may(May.WORK_SERVICE),
        "acts": [(reverse("service:hand_off_declined"), _("Hand off…"))] if may_give else [],
        "ticks": "many" if may_give else "",
        "now": now,
    }
    page, part = "service/declined_work_list.html", "service/_declined_work.html"
    return render_page(request, page, part, context, status=status)


def _line(request: StaffRequest, pk: int) -> DeclinedLine:
    rows = DeclinedLine.objects.visible_to(request.staff).select_related("ro", "customer", "vehicle")
    return get_object_or_404(rows, pk=pk)
