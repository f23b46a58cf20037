"""One RO: the customer's service story, and the list in which it is found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, limits
from dealership.customers.models import Customer
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.messaging import photos
from dealership.messaging.forms import TextForm, fresh_text
from dealership.messaging.wording import clean
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import board, comebacks, notes, repair_orders, ro_photos, tellings
from service.facts import NotOpen
from service.forms import REASONS, AddForm, BookForm, CloseForm, ComebackForm, MomentForm, NoteForm
from service.models import RepairOrder
from service.ro_list import ROS
from service.views.many_cars import acts_of


@require_safe
@staff_only(May.SEE_SERVICE)
def repair_order_list(request: StaffRequest) -> HttpResponse:
    """The ROs that are asked for, or those that a search finds."""
    text = clean(request.GET.get("q", "")).strip()[:80]
    context: dict[str, Any] = {"text": text}
    if text:
        context["ros"] = board.repair_orders(request.staff, text)
    else:
        asked = asking.read(ROS, request.GET)
        context["list"] = turn(asked, request.staff, clock.now())
        context["acts"] = acts_of(request.staff, asked.filters["state"])
    return render_page(request, "service/repair_order_list.html", None, context)


@require_safe
@staff_only(May.SEE_SERVICE)
@limited(limits.EXPORT)
def repair_order_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, ROS, "repair-orders")


@require_safe
@staff_only(May.SEE_SERVICE)
def repair_order_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One RO: whose car, how far it is, when it was promised, what was found and decided, what is owed, what was written."""
    return show_ro(request, find_ro(request, pk))


@require_safe
@staff_only(May.SEE_SERVICE)
def repair_order_by_number(request: StaffRequest, number: str) -> HttpResponse:
    """The page of the RO of this number, for whoever knows that alone."""
    rows = RepairOrder.objects.visible_to(request.staff).filter(ro_number=number).order_by("-pk")
    newest = rows.values_list("pk", flat=True).first()
    if newest is None:
        raise Http404(_("There is no RO of this number."))
    return redirect("service:repair_order_detail", newest)


@require_POST
@staff_only(May.WORK_SERVICE)
def tell_status(request: StaffRequest, pk: int) -> HttpResponse:
    """A person told the customer face to face how their car stands."""
    ro = find_ro(request, pk)
    try:
        repair_orders.tell_status(ro, by=request.staff, now=clock.now())
    except NotOpen as error:
        return show_ro(request, ro, trouble=str(error), status=422)
    say = _("Kept on record: %(name)s told how RO %(number)s stands.") % {
        "name": request.staff.first_name,
        "number": ro.ro_number,
    }
    return done(request, say, to=page_of(ro))


@require_POST
@staff_only(May.INSPECT)
def write_note(request: StaffRequest, pk: int) -> HttpResponse:
    """Something about the car, for colleagues."""
    ro = find_ro(request, pk)
    form = NoteForm(request.POST, auto_id="note_%s")
    if form.is_valid():
        try:
            notes.write(ro, text=clean(form.cleaned_data["note"]), by=request.staff, now=clock.now())
        except notes.NothingNoted as error:
            form.add_error("note", str(error))
        else:
            return done(request, _("Noted on RO %(number)s.") % {"number": ro.ro_number}, to=page_of(ro))
    return show_ro(request, ro, forms={"note_form": form}, status=422)


@require_POST
@staff_only(May.WORK_SERVICE)
def settle_comeback(request: StaffRequest, pk: int) -> HttpResponse:
    """What was wrong the first time and is right now; or that it is no comeback."""
    ro = find_ro(request, pk)
    form = ComebackForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            comebacks.settle(
                ro,
                is_comeback=typed["is_comeback"] == "yes",
                first_wrong=clean(typed["first_wrong"]),
                now_right=clean(typed["now_right"]),
                by=request.staff,
                now=clock.now(),
            )
        except comebacks.CannotSettle as error:
            form.add_error("first_wrong", str(error))
        else:
            return done(
                request,
                _("RO %(number)s: the comeback is settled.") % {"number": ro.ro_number},
                to=page_of(ro),
            )
    return show_ro(request, ro, forms={"comeback_form": form}, status=422)


@require_safe
@staff_only(May.SEE_SERVICE)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's ROs and declined work, for their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    ros, lines = board.of_customer(customer)
    context = {"customer": customer, "ros": ros, "lines": lines}
    return render_page(request, "service/_customer_panel.html", None, context)


def find_ro(request: StaffRequest, pk: int) -> RepairOrder:
    """The RO, if this person may see it; else 404."""
    rows = RepairOrder.objects.visible_to(request.staff).select_related(
        "customer", "vehicle", "advisor", "store", "comeback__earlier_ro", "comeback__settled_by"
    )
    return get_object_or_404(rows, pk=pk)


def page_of(ro: RepairOrder) -> str:
    """Its address."""
    return reverse("service:repair_order_detail", args=[ro.pk])


def show_ro(
    request: StaffRequest,
    ro: RepairOrder,
    *,
    trouble: str = "",
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an RO; `forms` are those that failed, as they were filled in."""
    now, staff = clock.now(), request.staff
    is_open = ro.state == RepairOrder.State.OPEN
    may_work = staff.may(May.WORK_SERVICE)
    story = board.story(staff, ro)
    shown = photos.of_subject(ro.store_id, f"ro:{ro.ro_number}")
    context: dict[str, Any] = {
        "ro": ro,
        "story": story,
        "findings": [(line, shown.get(ro_photos.about(line.pk), [])) for line in story.findings],
        "photos": shown.get("", []),
        "primary": _primary(ro, story),
        "promised_since": ro.promised_set_at or ro.opened_at,
        "lines": list(ro.lines.order_by("pk")),
        "declined": [] if is_open and not ro.cycle else list(ro.declined_lines.order_by("colour", "pk")),
        "versions": board.versions(ro),
        "subject": f"ro:{ro.ro_number}",
        "trouble": trouble,
        "is_open": is_open,
        "awaited": [part for part in story.parts if part.is_awaited],
        "untold_parts": any(part.is_awaited and not part.is_told for part in story.parts),
        "is_ready": is_open and ro.stage == RepairOrder.Stage.READY,
        "stages": RepairOrder.Stage.choices,
        "may_work": may_work,
        "may_move": staff.may(May.INSPECT),
        "may_see_parts": staff.may(May.SEE_PARTS),
        **_empty_forms(request, ro, now),
        "now": now,
        **(forms or {}),
    }
    page, part = "service/repair_order_detail.html", "service/_repair_order.html"
    return render_page(request, page, part, context, status=status)


def _empty_forms(request: StaffRequest, ro: RepairOrder, now: datetime) -> dict[str, Any]:
    zone = request.staff.store.tz
    may_tell = ro.state == RepairOrder.State.OPEN and request.staff.may(May.WORK_SERVICE) and ro.customer
    return {
        "promise_form": MomentForm(
            zone=zone, initial={"day": now.astimezone(zone).date()}, auto_id="promise_%s"
        ),
        "tell_form": _half_written(request, ro) if may_tell else None,
        "add_form": AddForm(auto_id="add_%s"),
        "note_form": NoteForm(auto_id="note_%s"),
        "comeback_form": ComebackForm(auto_id="comeback_%s"),
        "book_form": BookForm(zone=zone),
        "close_form": CloseForm(),
        "reasons": REASONS,
    }


def _primary(ro: RepairOrder, story: board.Story) -> str:
    """What should be done first about this car: its button alone stands out."""
    if ro.stage != RepairOrder.Stage.READY:
        if ro.promised_at is None:
            return "promise"
        if story.unpresented:
            return "findings"
    return "tell"


def _half_written(request: StaffRequest, ro: RepairOrder) -> TextForm:
    """What the customer is most likely to be told now."""
    draft = tellings.draft(ro, tellings.COPY_OF[ro.stage], by=request.staff, now=clock.now())
    return fresh_text(draft, language=tellings.language_of(ro))
