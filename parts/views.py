"""Pages of parts. Twelve queries at most each, the rail's own counts apart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.customers import merging
from dealership.customers import search as finding
from dealership.customers.models import Customer
from dealership.messaging import outbox
from dealership.messaging.forms import TextForm
from dealership.messaging.models import Purpose
from dealership.messaging.wording import clean
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.web import May, StaffRequest, done, render_page, staff_only
from parts import board, lives, requests, special_orders, stock, telling
from parts.forms import (
    WHY_NOT,
    AskForm,
    CancelForm,
    ChangeForm,
    GiveBackForm,
    OrderForm,
    QuoteForm,
    ReceiveForm,
    RefuseForm,
    fresh_ask,
)
from parts.lives import PartsError
from parts.models import KnownRO, PartsRequest

STAGES = ("Asked", "Quoted", "Approved", "Ordered", "Here", "Fitted")
#: How far each state is on that strip.
REACHED = {
    "requested": 0, "quoted": 1, "approved": 2, "ordered": 3, "backordered": 3, "shipped": 3, "partial": 3, "received": 4,
    "installed": 5, "returned": 5, "cancelled": 5,
}  # fmt: skip


@require_safe
@staff_only(May.SEE_PARTS)
def parts_board(request: StaffRequest) -> HttpResponse:
    """What waits for a price, for an order, for its day, for its car; `?list=` shows the rows behind a figure."""
    shown = request.GET.get("list", "")
    found = board.board(request.staff, clock.now())
    context: dict[str, Any] = {
        "board": found,
        "list": shown if shown in board.TILES else "",
        "may_ask": request.staff.may(May.ASK_PARTS),
    }
    if context["list"]:
        label, empty, _ = board.TILES[shown]
        context |= {"list_label": label, "list_empty": empty, "cards": found.listed(shown)}
    return render_page(request, "parts/parts_board.html", "parts/_board.html", context)


@require_safe
@staff_only(May.SEE_PARTS)
def stock_list(request: StaffRequest) -> HttpResponse:
    """What lies on the shelf, by number or words. The cost is for people of parts alone."""
    text = clean(request.GET.get("q", "")).strip()[:60]
    context = {
        "text": text,
        "rows": stock.search(request.staff, text) if text else [],
        "most": stock.MOST_FOUND,
        "heard_at": stock.heard_at(request.staff),
        "may_see_cost": request.staff.may(May.WORK_PARTS),
    }
    return render_page(request, "parts/stock_list.html", None, context)


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
            return done(request, f"Parts is asked for {part.description}.", to=_address(part), moves=True)
    return _ask_page(request, form, status=422 if form.is_bound else 200)


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
        return f"{part.description}: quoted."

    return _act(request, pk, "quote", form, act)


@require_POST
@staff_only(May.ASK_PARTS)
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer said yes to the price."""

    def act(part: PartsRequest, _: dict[str, Any]) -> str:
        requests.approve(part, by=request.staff, now=clock.now())
        return f"{part.description}: approved."

    return _act(request, pk, "approve", forms.Form(request.POST), act)


@require_POST
@staff_only(May.WORK_PARTS)
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """It was ordered."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.order(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description}: on order."

    return _act(request, pk, "order", OrderForm(request.POST, auto_id="order_%s"), act)


@require_POST
@staff_only(May.WORK_PARTS)
def change_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """It comes on another day, or nobody knows when."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.change_eta(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description}: the new day is noted, and owed to the customer."

    return _act(request, pk, "change", ChangeForm(request.POST, auto_id="change_%s"), act)


@require_POST
@staff_only(May.WORK_PARTS)
def ship(request: StaffRequest, pk: int) -> HttpResponse:
    """The source has sent it."""

    def act(part: PartsRequest, _: dict[str, Any]) -> str:
        special_orders.ship(part, by=request.staff, now=clock.now())
        return f"{part.description}: on its way."

    return _act(request, pk, "ship", forms.Form(request.POST), act)


@require_POST
@staff_only(May.WORK_PARTS)
def receive(request: StaffRequest, pk: int) -> HttpResponse:
    """It came, or some of it."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        now_is = special_orders.receive(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description}: {now_is.get_state_display()}."

    return _act(request, pk, "receive", ReceiveForm(request.POST, auto_id="receive_%s"), act)


@require_POST
@staff_only(May.WORK_PARTS)
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """What came is wrong or damaged, and was ordered again."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.refuse(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description}: ordered again, and the new day is owed to the customer."

    return _act(request, pk, "refuse", RefuseForm(request.POST, auto_id="refuse_%s"), act)


@require_POST
@staff_only(May.ASK_PARTS)
def tell_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer was told on the phone or face to face."""

    def act(part: PartsRequest, _: dict[str, Any]) -> str:
        telling.tell_eta(part, by=request.staff, now=clock.now())
        return f"Kept on record: {request.staff.first_name} told about {part.description}."

    return _act(request, pk, "tell", forms.Form(request.POST), act)


@require_POST
@staff_only(May.ASK_PARTS, May.WRITE_TO_CUSTOMERS)
def text_eta(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer is told by text: the promise is kept when their phone has received it."""
    form = TextForm(request.POST, auto_id="tell_%s")

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        if part.customer is None:
            raise telling.NobodyToTell(f"No customer waits for {part.description}.")
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
        return "Your text is on its way; the day counts as told when it is received."

    return _act(request, pk, "text", form, act)


@require_POST
@staff_only(May.ASK_PARTS)
def install(request: StaffRequest, pk: int) -> HttpResponse:
    """It is in the car, or the customer took it along."""

    def act(part: PartsRequest, _: dict[str, Any]) -> str:
        requests.install(part, by=request.staff, now=clock.now())
        return f"{part.description}: {'fitted' if part.ro_number else 'handed over'}."

    return _act(request, pk, "install", forms.Form(request.POST), act)


@require_POST
@staff_only(May.WORK_PARTS)
def give_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Nobody waits for it any more."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        special_orders.give_back(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description} {special_orders.OUTCOMES[typed['outcome']]}."

    return _act(request, pk, "give_back", GiveBackForm(request.POST, auto_id="give_back_%s"), act)


@require_POST
@staff_only(May.ASK_PARTS)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """It is not needed after all."""

    def act(part: PartsRequest, typed: dict[str, Any]) -> str:
        requests.cancel(part, by=request.staff, now=clock.now(), **typed)
        return f"{part.description} is not needed any more."

    return _act(request, pk, "cancel", CancelForm(request.POST, auto_id="cancel_%s"), act)


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


def _act(
    request: StaffRequest,
    pk: int,
    name: str,
    form: forms.Form,
    act: Callable[[PartsRequest, dict[str, Any]], str],
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
            return done(request, say, to=_address(part))
    return _render(request, _find(request, pk), failed=name, form=form, status=422)


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
        "order": OrderForm(auto_id="order_%s"),
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
            initial={"key": uuid.uuid4(), "body": telling.draft(part, by=staff)}, auto_id="tell_%s"
        ),
    }
    if form is not None:
        shown[failed] = form
    may_work, may_ask = staff.may(May.WORK_PARTS), staff.may(May.ASK_PARTS)
    context: dict[str, Any] = {
        "card": card,
        "part": part,
        "order": order,
        "stages": _stages(part),
        "history": part.history.select_related("by").order_by("-at", "-pk")[:60],
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


def _stages(part: PartsRequest) -> list[tuple[str, str]]:
    """The strip of its life: words, and "done", "on" or nothing."""
    at = REACHED[part.state]
    last = {"returned": "Returned", "cancelled": "Not needed"}.get(part.state)
    if not part.ro_number and last is None:
        last = "Handed over"
    words = [*STAGES[:-1], last or STAGES[-1]]
    return [(word, "on" if n == at else "done" if n < at else "") for n, word in enumerate(words)]


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


def _find(request: StaffRequest, pk: int) -> PartsRequest:
    rows = PartsRequest.objects.visible_to(request.staff).select_related(
        "customer__merged_into", "vehicle", "advisor", "asked_by", "special_order", "store"
    )
    return get_object_or_404(rows, pk=pk)


def _address(part: PartsRequest) -> str:
    return reverse("parts:request_detail", args=[part.pk])
