"""The lane: who is due, and every car by how far it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.language import later
from dealership.web import May, StaffRequest, done, refused, render_page, staff_only
from service import lane as cars
from service import stages
from service.facts import NotOpen
from service.models import RepairOrder
from service.views.repair_orders import find_ro, page_of, show_ro

LISTS = {
    "silent": later("Longest silence first"),
    "open": later("Open ROs"),
    "approval": later("Waiting for approval"),
    "promised": later("Promised within the hour, or late"),
    "parts": later("Parts whose date the customer does not know"),
    "comebacks": later("Comebacks that nobody has settled"),
    "missed": later("Did not come today"),
    "closed": later("Closed today"),
}


@require_safe
@staff_only(May.SEE_SERVICE)
def lane(request: StaffRequest) -> HttpResponse:
    """Who is due, who is here and how far, what closed today; `?list=` shows the rows behind a tile."""
    now = clock.now()
    shown = request.GET.get("list", "")
    context: dict[str, Any] = {
        "lane": cars.read(request.staff, now),
        "most": cars.MOST,
        "now": now,
        "list": shown if shown in LISTS else "",
        "list_words": LISTS.get(shown, ""),
        "may_work": request.staff.may(May.WORK_SERVICE),
        "may_move": request.staff.may(May.INSPECT),
        "may_see_imports": request.staff.may(May.SEE_IMPORTS),
    }
    return render_page(request, "service/lane.html", "service/_lane.html", context)


@require_POST
@staff_only(May.INSPECT)
def move_stage(request: StaffRequest, pk: int) -> HttpResponse:
    """The car is at another stage of the shop: dragged, chosen in its menu, by a key, or put back.

    What is undone stands in the address, for a way back is posted without a form.
    """
    ro = find_ro(request, pk)
    sent = request.POST if "stage" in request.POST else request.GET
    stage, seen = sent.get("stage", ""), sent.get("seen")
    try:
        moved = stages.reach(ro, stage, by=request.staff, now=clock.now(), seen=seen)
    except (NotOpen, stages.NoSuchStage, stages.MovedMeanwhile) as error:
        if sent.get("from") == "lane":
            return refused(request, str(error), to=reverse("service:lane"))
        return show_ro(request, ro, trouble=str(error), status=422)
    to = reverse("service:lane") if sent.get("from") == "lane" else page_of(ro)
    told = {"number": ro.ro_number, "stage": moved.get_stage_display()}
    say = _("RO %(number)s: %(stage)s.") % told
    if ro.ready_told_at is not None and moved.stage != ro.stage:
        name = ro.customer.call_name if ro.customer else _("The customer")
        warning = _("%(name)s was told that it is ready: tell them when it will be.") % {"name": name}
        say = f"{say} {warning}"
    return done(request, say, to=to, undo=_way_back(ro, moved, sent.get("from", "")))


def _way_back(ro: RepairOrder, moved: RepairOrder, origin: str) -> str:
    """The address that puts the car back, while it stands where it was moved to; "" where it has not moved."""
    if moved.stage == ro.stage:
        return ""
    where = {"stage": ro.stage, "seen": moved.stage, "from": origin}
    return f"{reverse('service:move_stage', args=[ro.pk])}?{urlencode(where)}"
