"""Cars in stock: how long they have stood, and which are not ready."""

from __future__ import annotations

from datetime import datetime, time

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.messaging.wording import clean
from dealership.stores.hours import to_utc
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import deal_board, inventory
from sales.deal_forms import UnitForm
from sales.models import InventoryUnit


@require_safe
@staff_only(May.SEE_DEALS)
def stock_list(request: StaffRequest) -> HttpResponse:
    """The cars, the oldest first. Two queries of its own."""
    asked = request.GET.get("show", "")
    shown = asked if asked in deal_board.STOCK_SHOWN else "in_stock"
    now = clock.now()
    context = {
        "units": deal_board.stock(request.staff, shown, now),
        "shown": shown,
        "chips": deal_board.STOCK_SHOWN.items(),
        "counts": deal_board.stock_counts(request.staff),
        "now": now,
        "may_work": request.staff.may(May.WORK_DEALS),
    }
    return render_page(request, "sales/stock_list.html", "sales/_stock_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_DEALS)
def unit_new(request: StaffRequest) -> HttpResponse:
    """A car came into stock; `?vin=` and `?how=` are known of one that was traded in."""
    now, zone = clock.now(), request.staff.store.tz
    known = {name: request.GET.get(name, "")[:40] for name in ("vin", "how", "car")}
    initial = {**known, "acquired_on": now.astimezone(zone).date()}
    form = UnitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        midday = to_utc(zone, datetime.combine(typed["acquired_on"], time(12)))
        try:
            unit = inventory.acquire(
                store_id=request.staff.store_id,
                stock_number=clean(typed["stock_number"]).strip(),
                vin=typed["vin"],
                car=clean(typed["car"]).strip(),
                condition=typed["condition"],
                how=typed["how"],
                acquired_at=min(midday, now),
                by=request.staff,
                now=now,
            )
        except inventory.NumberTaken as error:
            form.add_error("stock_number", str(error))
        else:
            say = f"{unit.label} stands under {unit.stock_number}."
            return done(request, say, to=reverse("sales:stock_list"), moves=True)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "sales/unit_new.html", None, {"form": form}, status=status)


@require_POST
@staff_only(May.WORK_DEALS)
def unit_ready(request: StaffRequest, pk: int) -> HttpResponse:
    """It stands on the lot and can be sold."""
    unit = get_object_or_404(InventoryUnit.objects.visible_to(request.staff), pk=pk)
    back = reverse("sales:stock_list")
    try:
        inventory.mark_ready(unit, by=request.staff, now=clock.now())
    except inventory.AlreadySold as error:
        return done(request, str(error), to=back)
    return done(request, f"{unit.stock_number} is front-line ready.", to=back)
