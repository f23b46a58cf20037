"""Pages of service. Twelve queries at most each, the rail's own counts apart."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.messaging.wording import clean
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import board, declined_work, repair_orders
from service.forms import REASONS, BookForm, CloseForm
from service.models import DeclinedLine, RepairOrder

LISTS = {
    "silent": "Longest silence first",
    "open": "Open ROs",
    "missed": "Did not come today",
    "closed": "Closed today",
}


@require_safe
@staff_only(May.SEE_SERVICE)
def lane(request: StaffRequest) -> HttpResponse:
    """Who is due, who is here, who has heard nothing, what closed today; `?list=` shows the rows behind a tile."""
    return _lane(request)


@require_POST
@staff_only(May.WORK_SERVICE)
def check_in(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer of this visit is here."""
    rows = Appointment.objects.visible_to(request.staff).filter(department=Department.SERVICE)
    visit = get_object_or_404(rows.select_related("customer"), pk=pk)
    booking.check_in(visit, by=request.staff, now=clock.now())
    return done(request, f"{visit.customer.full_name} is here.", to=reverse("service:lane"))


@require_safe
@staff_only(May.SEE_SERVICE)
def repair_order_list(request: StaffRequest) -> HttpResponse:
    """The newest ROs, or those that a search finds."""
    text = clean(request.GET.get("q", "")).strip()[:80]
    context = {"text": text, "ros": board.repair_orders(request.staff, text)}
    return render_page(request, "service/repair_order_list.html", None, context)


@require_safe
@staff_only(May.SEE_SERVICE)
def repair_order_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One RO: whose car, the lines with complaint, cause and correction, what was declined, what is owed, what was written."""
    return _repair_order(request, _ro(request, pk))


@require_POST
@staff_only(May.WORK_SERVICE)
def tell_status(request: StaffRequest, pk: int) -> HttpResponse:
    """A person told the customer face to face how their car stands."""
    ro = _ro(request, pk)
    try:
        repair_orders.tell_status(ro, by=request.staff, now=clock.now())
    except repair_orders.NotOpen as error:
        return _repair_order(request, ro, trouble=str(error), status=422)
    say = f"Kept on record: {request.staff.first_name} told how RO {ro.ro_number} stands."
    return done(request, say, to=reverse("service:repair_order_detail", args=[pk]))


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


@require_safe
@staff_only(May.SEE_SERVICE)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's ROs and declined work, for their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    ros, lines = board.of_customer(customer)
    context = {"customer": customer, "ros": ros, "lines": lines}
    return render_page(request, "service/_customer_panel.html", None, context)


def _lane(request: StaffRequest, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    shown = request.GET.get("list", "")
    context: dict[str, Any] = {
        "lane": board.lane(request.staff, now),
        "now": now,
        "list": shown if shown in LISTS else "",
        "list_words": LISTS.get(shown, ""),
        "may_work": request.staff.may(May.WORK_SERVICE),
    }
    return render_page(request, "service/lane.html", "service/_lane.html", context, status=status)


def _repair_order(
    request: StaffRequest, ro: RepairOrder, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "ro": ro,
        "lines": list(ro.lines.order_by("pk")),
        "declined": list(ro.declined_lines.order_by("colour", "pk")),
        "versions": board.versions(ro),
        "subject": f"ro:{ro.ro_number}",
        "trouble": trouble,
        "may_work": request.staff.may(May.WORK_SERVICE),
        "book_form": BookForm(zone=request.staff.store.tz),
        "close_form": CloseForm(),
        "reasons": REASONS,
        "now": clock.now(),
    }
    page, part = "service/repair_order_detail.html", "service/_repair_order.html"
    return render_page(request, page, part, context, status=status)


def _declined(
    request: StaffRequest,
    *,
    line: DeclinedLine | None = None,
    close_form: CloseForm | None = None,
    book_form: BookForm | None = None,
    status: int = 200,
) -> HttpResponse:
    colour = request.GET.get("colour", "")
    lines = board.declined_list(request.staff, colour)
    if line is not None and line not in lines:
        lines.insert(0, line)
    context: dict[str, Any] = {
        "lines": lines,
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


def _ro(request: StaffRequest, pk: int) -> RepairOrder:
    rows = RepairOrder.objects.visible_to(request.staff).select_related("customer", "vehicle", "advisor")
    return get_object_or_404(rows, pk=pk)


def _line(request: StaffRequest, pk: int) -> DeclinedLine:
    rows = DeclinedLine.objects.visible_to(request.staff).select_related("ro", "customer", "vehicle")
    return get_object_or_404(rows, pk=pk)
