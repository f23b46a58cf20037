"""The list of visits as a page and as a file, and what is done with many of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.appointments import giving, when
from dealership.appointments.booking import AWAITED, BookingError
from dealership.appointments.grid import NOBODY
from dealership.appointments.listing import VISITS
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def appointment_list(request: StaffRequest) -> HttpResponse:
    """The visits that are asked for; those from today on, where nobody asked."""
    context = {
        "list": turn(asking.read(VISITS, request.GET), request.staff, clock.now()),
        "may_book": request.staff.may(May.BOOK),
        "acts": [(reverse("appointments:give_visits"), _("Give to a colleague…"))]
        if request.staff.may(May.BOOK)
        else [],
    }
    return render_page(request, "appointments/appointment_list.html", "appointments/_list.html", context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.EXPORT)
def appointment_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, VISITS, "visits")


@require_http_methods(["GET", "POST"])
@staff_only(May.BOOK)
def give_visits(request: StaffRequest) -> HttpResponse:
    """A colleague expects those that are ticked, or all that match: whoever is away today is covered at once."""
    return many.answer(request, GIVE)


def _see_given(rows: Rows, staff: StaffMember) -> many.Seen:
    rows = rows.filter(state__in=AWAITED)
    keys = list(rows.order_by("starts_at", "pk").values_list("pk", flat=True))
    if not keys:
        raise bulk.BulkError(_("Nobody is expected any more for any of these."))
    named = rows.order_by("starts_at", "pk").select_related("customer", "person")[: many.NAMED]
    counted = {"visits": VISITS.count_of(len(keys))}
    zone, language = staff.store.tz, (get_language() or "en")[:2]
    return many.Seen(
        title=_("Give %(visits)s to a colleague") % counted,
        sub=_("They expect these customers from now on; the times stand, and no customer is texted"),
        button=_("Give %(visits)s") % counted,
        hint=_("What was owed about them goes along. It can be taken back for an hour."),
        n=len(keys),
        named=[
            (
                reverse("appointments:appointment_detail", args=[row.pk]),
                row.customer.full_name,
                f"{when.words(row.starts_at, zone, language)} · {row.person.name if row.person else NOBODY}",
            )
            for row in named
        ],
        keys=keys,
    )


def _give(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return giving.give_many(keys=keys, to=told["to"], by=staff, now=now)


GIVE = many.Deed(VISITS, many.ToColleagueForm, _see_given, _give, refuses=(BookingError,), most=giving.MOST)
