"""Cars in stock: how long they have stood, and which are not ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember
from dealership.stores.hours import to_utc
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import deal_board, inventory, many_units
from sales.deal_forms import UnitForm
from sales.models import InventoryUnit
from sales.stock_listing import IN_STOCK, STATES, STOCK


@require_safe
@staff_only(May.SEE_DEALS)
def stock_list(request: StaffRequest) -> HttpResponse:
    """The cars as they are asked for: those in stock, the oldest first."""
    now, asked = clock.now(), asking.read(STOCK, request.GET)
    listed, counts = turn(asked, request.staff, now), deal_board.stock_counts(request.staff)
    context = {
        "list": listed,
        "units": [deal_board.unit_row(unit, now) for unit in listed.rows],
        "shown": asked.filters["show"],
        "chips": [(key, label, counts.get(key), asked.but(show=key).address()) for key, label in STATES],
        "now": now,
        "may_work": request.staff.may(May.WORK_DEALS),
        "acts": [(reverse("sales:ready_units"), _("Front-line ready…"))]
        if request.staff.may(May.WORK_DEALS) and asked.filters["show"] != "sold"
        else [],
    }
    return render_page(request, "sales/stock_list.html", "sales/_stock_list.html", context)


@require_safe
@staff_only(May.SEE_DEALS)
@limited(limits.EXPORT)
def stock_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, STOCK, "stock")


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
            say = _("%(car)s stands under %(number)s.") % {"car": _(unit.label), "number": unit.stock_number}
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
    said = _("%(number)s is front-line ready.") % {"number": unit.stock_number}
    return done(request, said, to=back, undo=reverse("sales:unit_not_ready", args=[pk]))


@require_POST
@staff_only(May.WORK_DEALS)
def unit_not_ready(request: StaffRequest, pk: int) -> HttpResponse:
    """It cannot be sold yet after all."""
    unit = get_object_or_404(InventoryUnit.objects.visible_to(request.staff), pk=pk)
    told, back = {"number": unit.stock_number}, reverse("sales:stock_list")
    if inventory.take_back_ready(unit, by=request.staff, now=clock.now()):
        return done(request, _("%(number)s is not front-line ready.") % told, to=back)
    return done(request, _("%(number)s was not ready, or is sold: it stays as it is.") % told, to=back)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_DEALS)
def ready_units(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, stand on the lot and can be sold."""
    return many.answer(request, READY)


def _see_ready(rows: Rows, staff: StaffMember) -> many.Seen:
    rows = rows.filter(IN_STOCK, front_line_ready_at__isnull=True)
    keys = list(rows.order_by("acquired_at", "pk").values_list("pk", flat=True))
    if not keys:
        raise bulk.BulkError(_("All of these are front-line ready already, or sold."))
    named = rows.order_by("acquired_at", "pk").select_related("vehicle")[: many.NAMED]
    counted = {"cars": STOCK.count_of(len(keys))}
    return many.Seen(
        title=_("%(cars)s front-line ready") % counted,
        sub=_("Reconditioned, photographed, on the lot: they can be sold"),
        button=_("Call %(cars)s ready") % counted,
        hint=_("It can be taken back for an hour, while they are not sold."),
        n=len(keys),
        named=[("", _(unit.label), unit.stock_number) for unit in named],
        keys=keys,
        asks=_("Are they ready"),
    )


def _ready(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_units.ready(keys=keys, by=staff, now=now)


READY = many.Deed(STOCK, many.ManyForm, _see_ready, _ready, most=many_units.MOST)
