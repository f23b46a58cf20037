"""The lane: who is due, and every car by how far it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import lane as cars
from service import stages
from service.facts import NotOpen
from service.models import RepairOrder
from service.views.repair_orders import find_ro, show_ro

LISTS = {
    "silent": "Longest silence first",
    "open": "Open ROs",
    "approval": "Waiting for approval",
    "promised": "Promised within the hour, or late",
    "parts": "Parts whose date the customer does not know",
    "comebacks": "Comebacks that nobody has settled",
    "missed": "Did not come today",
    "closed": "Closed today",
}


@require_safe
@staff_only(May.SEE_SERVICE)
def lane(request: StaffRequest) -> HttpResponse:
    """Who is due, who is here and how far, what closed today; `?list=` shows the rows behind a tile."""
    now = clock.now()
    shown = request.GET.get("list", "")
    context: dict[str, Any] = {
        "lane": cars.read(request.staff, now),
        "now": now,
        "list": shown if shown in LISTS else "",
        "list_words": LISTS.get(shown, ""),
        "stages": RepairOrder.Stage.choices,
        "may_work": request.staff.may(May.WORK_SERVICE),
        "may_move": request.staff.may(May.INSPECT),
        "may_see_imports": request.staff.may(May.SEE_IMPORTS),
    }
    return render_page(request, "service/lane.html", "service/_lane.html", context)


@require_POST
@staff_only(May.INSPECT)
def move_stage(request: StaffRequest, pk: int) -> HttpResponse:
    """The car is at another stage of the shop."""
    ro = find_ro(request, pk)
    try:
        moved = stages.reach(ro, request.POST.get("stage", ""), by=request.staff, now=clock.now())
    except (NotOpen, stages.NoSuchStage) as error:
        return show_ro(request, ro, trouble=str(error), status=422)
    page = reverse("service:repair_order_detail", args=[pk])
    to = reverse("service:lane") if request.POST.get("from") == "lane" else page
    return done(request, f"RO {ro.ro_number}: {moved.get_stage_display()}.", to=to)
