"""Declined work: the list, and what is done about a line."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.appointments import booking
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import board, declined_work
from service.forms import REASONS, BookForm, CloseForm
from service.models import DeclinedLine


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
    return done(request, f"{line.description}: closed.", to=reverse("service:declined_work_list"))


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
    return done(request, f"{line.description}: booked.", to=reverse("service:declined_work_list"))


def _declined(
    request: StaffRequest,
    *,
    line: DeclinedLine | None = None,
    close_form: CloseForm | None = None,
    book_form: BookForm | None = None,
    status: int = 200,
) -> HttpResponse:
    colour = request.GET.get("colour", "")
    after = request.GET.get("after", "")
    lines, following = board.declined_list(request.staff, colour, after)
    if line is not None and line not in lines:
        lines.insert(0, line)
    context: dict[str, Any] = {
        "lines": lines,
        "after": after,
        "following": following,
        "colour": colour if colour in DeclinedLine.Colour.values else "",
        "asked": line.pk if line else 0,
        "asked_close": close_form,
        "asked_book": book_form,
        "close_form": CloseForm(),
        "book_form": BookForm(zone=request.staff.store.tz),
        "reasons": REASONS,
        "may_work": request.staff.may(May.WORK_SERVICE),
        "now": clock.now(),
    }
    page, part = "service/declined_work_list.html", "service/_declined_work.html"
    return render_page(request, page, part, context, status=status)


def _line(request: StaffRequest, pk: int) -> DeclinedLine:
    rows = DeclinedLine.objects.visible_to(request.staff).select_related("ro", "customer", "vehicle")
    return get_object_or_404(rows, pk=pk)
