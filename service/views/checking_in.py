"""Customers arrive, and book: what they declined before is offered again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.messaging import outbox
from dealership.messaging.wording import clean
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import offered_again, tellings
from service.forms import CheckInForm


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_SERVICE)
def check_in(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer of this visit is here: what they declined before, and a first text to them."""
    visits = Appointment.objects.visible_to(request.staff).filter(department=Department.SERVICE)
    visit = get_object_or_404(visits.select_related("customer", "vehicle", "store", "person"), pk=pk)
    lines = list(offered_again.open_lines(visit.customer, visit.vehicle_id)[: offered_again.MOST])
    now = clock.now()
    if request.method == "POST":
        form = CheckInForm(request.POST, lines=lines, language=visit.customer.language)
        if form.is_valid() and (say := _check_in(request, visit, form)):
            return done(request, say, to=reverse("service:lane"), moves=True)
    else:
        body = tellings.welcome(visit, by=request.staff)
        form = CheckInForm(
            lines=lines,
            language=visit.customer.language,
            initial={"body": body, "key": tellings.fresh_key()},
        )
    context = {"visit": visit, "form": form, "lines": lines, "now": now}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "service/check_in.html", None, context, status=status)


@require_safe
@staff_only(May.SEE_SERVICE)
def booking_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A part of the page on which a visit is booked: declined work to be included in it."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    lines = list(offered_again.open_lines(customer)[: offered_again.MOST])
    return render_page(request, "service/_booking_panel.html", None, {"customer": customer, "lines": lines})


def _check_in(request: StaffRequest, visit: Appointment, form: CheckInForm) -> str:
    """What was done, in words; "" where the form says why not."""
    typed, by, now = form.cleaned_data, request.staff, clock.now()
    try:
        lines = offered_again.check_in(visit, line_ids=typed["lines"], by=by, now=now)
    except booking.BookingError as error:
        form.add_error(None, str(error))
        return ""
    told = {"name": visit.customer.full_name, "n": len(lines)}
    said = _("%(name)s is here") % told
    if lines:
        said = (
            ngettext(
                "%(name)s is here, with %(n)s line declined before",
                "%(name)s is here, with %(n)s lines declined before",
                len(lines),
            )
            % told
        )
    if form.by_text:
        try:
            tellings.say_welcome(visit, body=clean(typed["body"]), key=str(typed["key"]), by=by, now=now)
        except (outbox.NoNumber, outbox.NothingToSay, outbox.TooLong) as error:
            return _("%(said)s. The text was not sent: %(why)s") % {"said": said, "why": error}
        return _("%(said)s, and your text is on its way.") % {"said": said}
    return f"{said}."
