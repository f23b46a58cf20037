"""Pages of parts: the board, the shelf, what is asked for, panels of other pages. Twelve queries at most each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.customers import search as finding
from dealership.customers.models import Customer
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.messaging.wording import clean
from dealership.web import May, StaffRequest, done, render_page, staff_only
from parts import board, requests, shelf_list, stock
from parts.forms import AskForm, fresh_ask
from parts.lives import PartsError
from parts.models import KnownRO
from parts.views.requests import address


@require_safe
@staff_only(May.SEE_PARTS)
def parts_board(request: StaffRequest) -> HttpResponse:
    """What waits for a price, for an order, for its day, for its car; `?list=` shows the rows behind a figure."""
    shown = request.GET.get("list", "")
    found = board.board(request.staff, clock.now())
    context: dict[str, Any] = {
        "board": found,
        "most": board.MOST,
        "list": shown if shown in board.TILES else "",
        "may_ask": request.staff.may(May.ASK_PARTS),
    }
    if context["list"]:
        label, empty, _test = board.TILES[shown]
        context |= {"list_label": label, "list_empty": empty, "cards": found.listed(shown)}
    return render_page(request, "parts/parts_board.html", "parts/_board.html", context)


@require_safe
@staff_only(May.SEE_PARTS)
def stock_list(request: StaffRequest) -> HttpResponse:
    """What lies on the shelf: all of it, as it is asked, or what fits a number or words. The cost is for people of parts alone."""
    staff = request.staff
    text = clean(request.GET.get("q", "")).strip()[:60]
    context: dict[str, Any] = {
        "text": text,
        "heard_at": stock.heard_at(staff),
        "may_see_cost": staff.may(May.WORK_PARTS),
        "may_ask": staff.may(May.ASK_PARTS),
    }
    if text:
        context |= {"rows": stock.search(staff, text), "most": stock.MOST_FOUND}
    else:
        context["list"] = turn(asking.read(shelf_list.shape_for(staff), request.GET), staff, clock.now())
    return render_page(request, "parts/stock_list.html", None, context)


@require_safe
@staff_only(May.SEE_PARTS)
@limited(limits.EXPORT)
def stock_export(request: StaffRequest) -> HttpResponse:
    """What is seen of the shelf, all pages of it."""
    return many.file(request, shelf_list.shape_for(request.staff), "shelf")


@require_http_methods(["GET", "POST"])
@staff_only(May.ASK_PARTS)
def request_new(request: StaffRequest) -> HttpResponse:
    """A part is asked for: for an RO (`?ro=`), or over the counter (`?customer=`)."""
    form = AskForm(request.POST) if request.method == "POST" else _asked_for(request)
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        customer = _customer(request, typed.pop("customer"))
        try:
            part = requests.ask(
                store_id=request.staff.store_id,
                customer=customer,
                by=request.staff,
                now=clock.now(),
                **typed,
            )
        except PartsError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return done(
                request,
                _("Parts is asked for %(part)s.") % {"part": part.description},
                to=address(part),
                moves=True,
            )
    return _ask_page(request, form, status=422 if form.is_bound else 200)


@require_safe
@staff_only(May.SEE_PARTS)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's parts, for their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    context = {
        "customer": customer,
        "cards": board.of_customer(request.staff, customer, clock.now()),
        "may_ask": request.staff.may(May.ASK_PARTS),
    }
    return render_page(request, "parts/_customer_panel.html", "parts/_customer_panel.html", context)


@require_safe
@staff_only(May.SEE_PARTS)
def ro_panel(request: StaffRequest, ro_number: str) -> HttpResponse:
    """The parts of one RO, for its page. Of an RO that parts has not heard of it says nothing but that."""
    ro = KnownRO.objects.visible_to(request.staff).filter(ro_number=ro_number).first()
    context = {
        "ro": ro,
        "cards": board.of_ro(request.staff, ro_number, clock.now()),
        "may_ask": request.staff.may(May.ASK_PARTS) and ro is not None and ro.state != KnownRO.State.VOIDED,
    }
    return render_page(request, "parts/_ro_panel.html", "parts/_ro_panel.html", context)


def _asked_for(request: StaffRequest) -> AskForm:
    asked = request.GET.get("customer", "")
    chosen = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    return fresh_ask(
        ro_number=clean(request.GET.get("ro", ""))[:24],
        part_number=clean(request.GET.get("number", ""))[:40],
        description=clean(request.GET.get("part", ""))[:120],
        customer=chosen,
    )


def _ask_page(request: StaffRequest, form: AskForm, *, status: int) -> HttpResponse:
    number = str(form["ro_number"].value() or "").strip()
    known = requests.known_ro(request.staff.store_id, number) if number else None
    text = clean(request.GET.get("q", "")).strip()[:80]
    context = {
        "form": form,
        "ro": known,
        "is_unknown_ro": bool(number) and known is None,
        "customer": None if number else _chosen(request, form["customer"].value()),
        "text": text,
        "hits": finding.find(request.staff, text, limit=12) if text else [],
    }
    return render_page(request, "parts/request_new.html", None, context, status=status)


def _customer(request: StaffRequest, pk: int | None) -> Customer | None:
    return get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk) if pk else None


def _chosen(request: StaffRequest, asked: object) -> Customer | None:
    number = str(asked or "")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    return Customer.objects.visible_to(request.staff).filter(pk=int(number)).first()
