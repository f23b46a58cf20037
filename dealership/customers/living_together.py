"""The household on a customer's page: who lives with them, what these are owed, who may; and saying so."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, limits
from dealership.customers import household, merging
from dealership.customers import search as finding
from dealership.customers.models import Customer
from dealership.limits import limited
from dealership.web import May, StaffRequest, done, refused, render_page, staff_only


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.SEARCH, asked="q")
def household_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """Part of the customer's page: the others of their household with what is owed to them, and who may be of it; `q` looks for one more."""
    rows = Customer.objects.visible_to(request.staff).select_related("merged_into__merged_into")
    customer = merging.living(get_object_or_404(rows, pk=pk))
    family, text = merging.family(customer), request.GET.get("q", "").strip()
    together = household.members(customer, family)
    known = {customer.pk, *(row.pk for row in together)}
    owed = household.owed_to(together, request.staff)
    context: dict[str, Any] = {
        "customer": customer,
        "members": [(row, owed.get(row.pk, [])) for row in together],
        "proposed": household.proposed(customer, family, together),
        "may_write": request.staff.may(May.WRITE_TO_CUSTOMERS),
        "text": text,
        "hits": [hit for hit in finding.find(request.staff, text, limit=6) if hit.customer_id not in known]
        if text
        else [],
    }
    return render_page(request, "customers/household.html", "customers/_household.html", context)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def join_household(request: StaffRequest, pk: int) -> HttpResponse:
    """They live together; shown on each one's page."""
    customer, other = _two(request, pk)
    to = reverse("customers:customer_detail", args=[pk])
    try:
        household.join(customer=customer, other=other, by=request.staff, now=clock.now())
    except household.CannotJoin as error:
        return refused(request, str(error), to=to)
    undo = f"{reverse('customers:part_household', args=[pk])}?other={other.pk}"
    say = _("%(other)s and %(name)s are one household.")
    say %= {"other": other.full_name, "name": customer.full_name}
    return done(request, say, to=to, undo=undo)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def part_household(request: StaffRequest, pk: int) -> HttpResponse:
    """The other lives elsewhere, and is not proposed again."""
    customer, other = _two(request, pk)
    to = reverse("customers:customer_detail", args=[pk])
    try:
        household.part(customer=customer, other=other, by=request.staff, now=clock.now())
    except household.CannotJoin as error:
        return refused(request, str(error), to=to)
    undo = f"{reverse('customers:join_household', args=[pk])}?other={other.pk}"
    say = _("%(name)s is of another household.") % {"name": other.full_name}
    return done(request, say, to=to, undo=undo)


def _two(request: StaffRequest, pk: int) -> tuple[Customer, Customer]:
    """The customer, and the other whom the form names, or the address of an undo."""
    mine = Customer.objects.visible_to(request.staff).select_related("merged_into__merged_into")
    text = request.POST.get("other") or request.GET.get("other") or ""
    other = int(text) if text.isdecimal() and len(text) < 18 else 0
    return get_object_or_404(mine, pk=pk), get_object_or_404(mine, pk=other)
