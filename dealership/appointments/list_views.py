"""The list of visits as a page and as a file."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dealership import clock, limits
from dealership.appointments.listing import VISITS
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, render_page, staff_only


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def appointment_list(request: StaffRequest) -> HttpResponse:
    """The visits that are asked for; those from today on, where nobody asked."""
    context = {
        "list": turn(asking.read(VISITS, request.GET), request.staff, clock.now()),
        "may_book": request.staff.may(May.BOOK),
    }
    return render_page(request, "appointments/appointment_list.html", "appointments/_list.html", context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.EXPORT)
def appointment_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, VISITS, "visits")
