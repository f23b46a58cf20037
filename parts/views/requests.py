"""One request: its page, and what people do with it. Twelve queries at most."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.customers import merging
from dealership.messaging import outbox
from dealership.messaging.forms import TextForm
from dealership.messaging.models import Purpose
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.web import May, StaffRequest, done, render_page, staff_only
from parts import board, lives, requests, special_orders, telling
from parts.forms import (
    WHY_NOT,
    CancelForm,
    ChangeForm,
    GiveBackForm,
    OrderForm,
    QuoteForm,
    ReceiveForm,
    RefuseForm,
)
from parts.lives import PartsError
from parts.models import PartsRequest

#: So many of the newest acts stand on its page; a part has some ten.
MOST_ACTS = 200


@require_safe
@staff_only(May.SEE_PARTS)
def request_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One request: its life, what the customer was told, the shelf, what is owed, the conversation, and what may be done."""
    return _render(request, _find(request, pk))


@require_POST
@staff_only(May.WORK_PARTS)
def quote(request: StaffRequest, pk: int) -> HttpResponse:
    """Price and day are said."""
    form = QuoteForm(request.POST, auto_id="quote_%s")

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        del typed["price"]
        requests.quote(part, price_cents=form.price_cents, by=request.staff, now=clock.now(), **typed)
        return _("%(part)s: quoted.") % {"part": part.description}

    return _act(request, pk, "quote", form, act)


@require_POST
@staff_only(May.ASK_PARTS)
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer said yes to the price."""

    def act(part: PartsRequest, _typed: dict[str, Any]) -> str:
        requests.approve(part, by=request.staff, now=clock.now())
        return _("%(part)s: approved.") % {"part": part.description}

    return _act(request, pk, "approve", forms.Form(request.POST), act)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_PARTS)
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """It was ordered. Asked for, it is a sheet, for what is owed about the part: 1 query beside the sign-in."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.order(part, by=request.staff, now=clock.now(), **typed)
        return _("%(part)s: on order.") % {"part": part.description}

    part = _find(request, pk)
    if request.method == "GET":
        return _order_sheet(request, part, form=OrderForm(part=part, auto_id="order_%s"))
    form = OrderForm(request.POST, part=part, auto_id="order_%s")
    is_sheet = request.headers.get("HX-Target") == "order-part"
    return _act(request, pk, "order", form, act, show=_order_sheet if is_sheet else _render)


@require_POST
@staff_only(May.WORK_PARTS)
def change_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """It comes on another day, or nobody knows when."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.change_eta(part, by=request.staff, now=clock.now(), **typed)
        return _("%(part)s: the new day is noted, and owed to the customer.") % {"part": part.description}

    return _act(request, pk, "change", ChangeForm(request.POST, auto_id="change_%s"), act)


@require_POST
@staff_only(May.WORK_PARTS)
def ship(request: StaffRequest, pk: int) -> HttpResponse:
    """The source has sent it."""

    def act(part: PartsRequest, _typed: dict[str, Any]) -> str:
        special_orders.ship(part, by=request.staff, now=clock.now())
        return _("%(part)s: on its way.") % {"part": part.description}

    return _act(request, pk, "ship", forms.Form(request.POST), act)


@require_POST
@staff_only(May.WORK_PARTS)
def receive(request: StaffRequest, pk: int) -> HttpResponse:
    """It came, or some of it."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        now_is = special_orders.receive(part, by=request.staff, now=clock.now(), **typed)
        told = {"part": part.description, "state": now_is.get_state_display()}
        return _("%(part)s: %(state)s.") % told

    return _act(request, pk, "receive", ReceiveForm(request.POST, auto_id="receive_%s"), act)


@require_POST
@staff_only(May.WORK_PARTS)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """What came is wrong or damaged, and was ordered again."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.refuse(part, by=request.staff, now=clock.now(), **typed)
        return _("%(part)s: ordered again, and the new day is owed to the customer.") % {
            "part": part.description
        }

    return _act(request, pk, "refuse", RefuseForm(request.POST, auto_id="refuse_%s"), act)


@require_POST
@staff_only(May.ASK_PARTS)
def tell_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer was told on the phone or face to face."""

    def act(part: PartsRequest, _typed: dict[str, Any]) -> str:
        telling.tell_eta(part, by=request.staff, now=clock.now())
        told = {"name": request.staff.first_name, "part": part.description}
        return _("Kept on record: %(name)s told about %(part)s.") % told

    return _act(request, pk, "tell", forms.Form(request.POST), act)


@require_POST
@staff_only(May.ASK_PARTS, May.WRITE_TO_CUSTOMERS)
def text_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer is told by text: the promise is kept when their phone has received it."""
    form = TextForm(request.POST, language=telling.language_of(_find(request, pk)), auto_id="tell_%s")

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        if part.customer is None:
            raise telling.NobodyToTell(_("No customer waits for %(part)s.") % {"part": part.description})
        outbox.send(
            store_id=part.store_id,
            customer=merging.living(part.customer),
            body=typed["body"],
            author=request.staff,
            purpose=Purpose.SERVICE,
            subject=part.subject,
            dedupe_key=f"part:{typed['key']}",
            department=DEPARTMENT_OF[Role(request.staff.role)] or "",
            now=clock.now(),
        )
        return _("Your text is on its way; the day counts as told when it is received.")

    return _act(request, pk, "text", form, act)


@require_POST
@staff_only(May.ASK_PARTS)
def install(request: StaffRequest, pk: int) -> HttpResponse:
    """It is in the car, or the customer took it along."""

    def act(part: PartsRequest, _typed: dict[str, Any]) -> str:
        requests.install(part, by=request.staff, now=clock.now())
        say = _("%(part)s: fitted.") if part.ro_number else _("%(part)s: handed over.")
        return say % {"part": part.description}

    return _act(request, pk, "install", forms.Form(request.POST), act)


@require_POST
@staff_only(May.WORK_PARTS)
def give_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Nobody waits for it any more."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.give_back(part, by=request.staff, now=clock.now(), **typed)
        return special_orders.DONE[typed["outcome"]] % {"part": part.description}

    return _act(request, pk, "give_back", GiveBackForm(request.POST, auto_id="give_back_%s"), act)


@require_POST
@staff_only(May.ASK_PARTS)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """It is not needed after all."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        requests.cancel(part, by=request.staff, now=clock.now(), **typed)
        return _("%(part)s is not needed any more.") % {"part": part.description}

    return _act(request, pk, "cancel", CancelForm(request.POST, auto_id="cancel_%s"), act)


def _act(
    request: StaffRequest,
    pk: int,
    name: str,
    form: forms.Form,
    act: Callable[[PartsRequest, dict[str, Any]], str],
    show: Callable[..., HttpResponse] | None = None,
) -> HttpResponse:
    """One act on one request: what was typed is checked, done once, and said; else shown again with what is wrong."""
    part = _find(request, pk)
    if form.is_valid():
        try:
            say = act(part, dict(form.cleaned_data))
        except (PartsError, outbox.NoNumber, outbox.NothingToSay, outbox.TooLong) as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        else:
            return done(request, say, to=address(part))
    return (show or _render)(request, _find(request, pk), failed=name, form=form, status=422)


def _order_sheet(
    request: StaffRequest, part: PartsRequest, *, form: forms.Form, failed: str = "", status: int = 200
) -> HttpResponse:
    stands = "" if failed else lives.in_the_way(part, "order")
    context = {"part": part, "form": form, "stands": stands}
    page, fragment = "parts/order_part.html", "parts/_order_part.html"
    return render_page(request, page, fragment, context, status=status)


def _render(
    request: StaffRequest,
    part: PartsRequest,
    *,
    failed: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    (card,) = board.cards(request.staff, [part], clock.now())
    staff = request.staff
    order = card.order
    shown: dict[str, forms.Form] = {
        "quote": QuoteForm(initial=_quoted(card), auto_id="quote_%s"),
        "order": OrderForm(part=part, auto_id="order_%s"),
        "change": ChangeForm(auto_id="change_%s"),
        "receive": ReceiveForm(
            initial={
                "had": order.n_received if order else 0,
                "n": order.n_missing if order else 1,
                "car_is_here": card.car_is_here,
            },
            auto_id="receive_%s",
        ),
        "refuse": RefuseForm(auto_id="refuse_%s"),
        "give_back": GiveBackForm(auto_id="give_back_%s"),
        "cancel": CancelForm(auto_id="cancel_%s"),
        "text": TextForm(
            initial={"key": uuid.uuid4(), "body": telling.draft(part, by=staff)},
            language=telling.language_of(part),
            auto_id="tell_%s",
        ),
    }
    if form is not None:
        shown[failed] = form
    may_work, may_ask = staff.may(May.WORK_PARTS), staff.may(May.ASK_PARTS)
    context: dict[str, Any] = {
        "card": card,
        "part": part,
        "order": order,
        "stages": board.stages(part),
        "history": part.history.select_related("by").order_by("-at", "-pk")[:MOST_ACTS],
        "failed": failed,
        "trouble": " ".join(map(str, form.non_field_errors())) if form is not None else "",
        "forms": shown,
        "can": {name: lives.may(part, name) for name in lives.MOVES},
        "may_work": may_work,
        "may_ask": may_ask,
        "may_text": may_ask and staff.may(May.WRITE_TO_CUSTOMERS),
        "may_book": staff.may(May.BOOK),
        "reasons": WHY_NOT,
    }
    page, fragment = "parts/request_detail.html", "parts/_request.html"
    return render_page(request, page, fragment, context, status=status)


def _quoted(card: board.Card) -> dict[str, Any]:
    part, shelf = card.part, card.on_shelf
    cents = part.price_cents
    if cents is None and shelf is not None and shelf.price_cents is not None:
        cents = shelf.price_cents * part.quantity
    return {
        "price": f"{cents / 100:.2f}" if cents is not None else None,
        "part_number": part.part_number,
        "in_stock": shelf is not None and shelf.is_there,
    }


def _find(request: StaffRequest, pk: int) -> PartsRequest:
    rows = PartsRequest.objects.visible_to(request.staff).select_related(
        "customer__merged_into", "vehicle", "advisor", "asked_by", "special_order", "store"
    )
    return get_object_or_404(rows, pk=pk)


def address(part: PartsRequest) -> str:
    """Where a request is shown."""
    return reverse("parts:request_detail", args=[part.pk])
