"""What F&I shows on other departments' pages: a customer's jackets, and the jacket of a deal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from dealership import clock
from dealership.customers.models import Customer
from dealership.web import May, StaffRequest, render_page, staff_only
from fni import board


@require_safe
@staff_only(May.SEE_FNI)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's jackets, for their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    context = {"customer": customer, "jackets": board.of_customer(customer), "now": clock.now()}
    return render_page(request, "fni/_customer_panel.html", None, context)


@require_safe
@staff_only(May.SEE_FNI)
def deal_panel(request: StaffRequest, deal_number: str) -> HttpResponse:
    """How a deal stands with F&I, by its number, for the deal's page."""
    jacket = board.by_number(request.staff, deal_number)
    things = board.things(jacket) if jacket else []
    context = {
        "jacket": jacket,
        "missing": [thing for thing in things if thing.item.state == "missing"],
        "n_things": len(things),
        "stips": list(jacket.stips.filter(collected_at=None, dropped_at=None).order_by("pk"))
        if jacket
        else [],
        "now": clock.now(),
    }
    return render_page(request, "fni/_deal_panel.html", None, context)
