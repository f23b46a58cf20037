"""What people do to a visit: confirm, move, give to somebody else, check in, cancel, set again. Each is one form that is posted."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealership import clock
from dealership.appointments import booking, giving, when
from dealership.appointments.forms import GiveForm, TimeForm
from dealership.appointments.grid import NOBODY
from dealership.appointments.models import Appointment
from dealership.appointments.views import day_url, detail_context, find, with_slot
from dealership.web import May, StaffRequest, done, refused, render_page, staff_only


@require_POST
@staff_only(May.BOOK)
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer said to a person that they come."""
    return _do(request, pk, lambda row: booking.confirm(row, by=request.staff, now=clock.now()))


@require_POST
@staff_only(May.BOOK)
def check_in(request: StaffRequest, pk: int) -> HttpResponse:
    """They are here."""
    return _do(request, pk, lambda row: booking.check_in(row, by=request.staff, now=clock.now()))


@require_POST
@staff_only(May.BOOK)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """It will not take place; it can be set again while its place is free."""

    def act(row: Appointment) -> Appointment:
        why = request.POST.get("why", "").strip()[:120]
        cancelled = booking.cancel(row, why=why, by=request.staff, now=clock.now())
        undo = reverse("appointments:rebook", args=[pk])
        said = _("The visit of %(name)s is cancelled.") % {"name": row.customer.full_name}
        messages.info(request, said, extra_tags=undo)
        return cancelled

    return _do(request, pk, act)


@require_POST
@staff_only(May.BOOK)
def rebook(request: StaffRequest, pk: int) -> HttpResponse:
    """A cancelled visit stands again."""
    return _do(request, pk, lambda row: booking.rebook(row, by=request.staff, now=clock.now()))


@require_POST
@staff_only(May.BOOK)
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Another time: from the form, beside whose time the reason stands if it cannot be, or from a card that was dragged there."""
    appointment = find(request, pk)
    zone = request.staff.store.tz
    form = TimeForm(with_slot(request.POST), zone=zone)
    if form.is_valid():
        try:
            moved = booking.move(appointment, starts_at=form.starts_at, by=request.staff, now=clock.now())
        except booking.BookingError as error:
            form.add_error("time", str(error))
        else:
            undo = reverse("appointments:move_back", args=[pk])
            return done(request, moved_words(moved), to=day_url(moved, zone), undo=undo)
    if request.headers.get("HX-Request"):
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return refused(request, why, to=day_url(appointment, zone))
    context = detail_context(request, find(request, pk), form)
    return render_page(request, "appointments/appointment_detail.html", None, context, status=422)


@require_POST
@staff_only(May.BOOK)
def move_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The move was a slip: the visit has its time again."""
    appointment = find(request, pk)
    to = day_url(appointment, request.staff.store.tz)
    try:
        back = booking.move_back(appointment, by=request.staff, now=clock.now())
    except booking.BookingError as error:
        return refused(request, str(error), to=to)
    return done(request, moved_words(back), to=day_url(back, request.staff.store.tz))


@require_POST
@staff_only(May.BOOK)
def give(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody else expects them: from the form, from a card that was dragged to their column, or put back (`?to=`)."""
    visit = find(request, pk)
    page, before = reverse("appointments:appointment_detail", args=[pk]), visit.person_id
    sent = request.POST if "to" in request.POST else request.GET
    form = GiveForm(sent, staff=request.staff)
    if "to" not in sent or not form.is_valid():
        return refused(request, _("Choose somebody who works here."), to=page)
    try:
        given = giving.give(visit, to=form.cleaned_data["to"], by=request.staff, now=clock.now())
    except booking.BookingError as error:
        return refused(request, str(error), to=page)
    said = {"name": given.customer.full_name, "person": given.person.name if given.person else NOBODY}
    undo = f"{reverse('appointments:give', args=[pk])}?to={before or ''}"
    return done(request, _("%(name)s is expected by %(person)s.") % said, to=page, undo=undo)


def moved_words(visit: Appointment) -> str:
    """What is said of a move, in the language of who moved it."""
    at = when.words(visit.starts_at, visit.store.tz, (get_language() or "en")[:2])
    return _("The visit of %(name)s is moved to %(when)s.") % {"name": visit.customer.full_name, "when": at}


def _do(request: StaffRequest, pk: int, act: Callable[[Appointment], Appointment]) -> HttpResponse:
    appointment = find(request, pk)
    try:
        act(appointment)
    except booking.BookingError as error:
        messages.error(request, str(error))
    back = request.POST.get("back", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = day_url(appointment, request.staff.store.tz)
    return HttpResponseRedirect(back)
