"""What a person does with a promise. Each act: fetch, validate, one verb, answer. A sheet on the page; a page without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, clocks, limits
from dealership.customers import search
from dealership.customers.models import Customer
from dealership.limits import limited
from dealership.messaging import calls
from dealership.messaging.models import Call
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import NoOpenHours
from dealership.stores.moments import WIRE
from dealership.web import May, StaffRequest, done, render_page, staff_only
from tasks import promises
from tasks.forms import CallForm, FinishForm, HandOffForm, MakeForm, RenegotiateForm, WaiveForm
from tasks.models import Promise
from tasks.views.day import get_promise

REFUSALS = (promises.NotOpen, promises.NotAllowed, promises.NoReason, promises.BadTime)
#: Beside which field a refusal is shown; the rest stand above the form.
FIELDS: dict[type[Exception], str] = {promises.BadTime: "due_at"}


@require_POST
@staff_only()
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a promise on: one's own offer, or one from the team's queue."""
    promise = get_promise(request, pk)
    return _at_once(
        request,
        promise,
        lambda now: promises.accept(promise, by=request.staff, now=now),
        _("It is yours now."),
    )


@require_POST
@staff_only()
def unwaive(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of a waiver: it is owed again."""
    promise = get_promise(request, pk)
    return _at_once(
        request, promise, lambda now: promises.unwaive(promise, by=request.staff, now=now), _("Owed again.")
    )


@require_POST
@staff_only()
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of one's own hand-off, while the other has not taken it on."""
    promise = get_promise(request, pk)
    return _at_once(
        request,
        promise,
        lambda now: promises.take_back(promise, by=request.staff, now=now),
        _("Back with you."),
    )


@staff_only()
def hand_off(request: StaffRequest, pk: int) -> HttpResponse:
    """Gives it to a colleague, with a reason."""
    promise, now = get_promise(request, pk), clock.now()
    form = HandOffForm(request.POST or None, staff=request.staff, promise=promise)
    if request.method == "POST" and form.is_valid():
        to: StaffMember = form.cleaned_data["to"]
        if _tried(
            form,
            lambda: promises.hand_off(
                promise, to=to, by=request.staff, why=form.cleaned_data["why"], now=now
            ),
        ):
            undo = reverse("tasks:take_back", args=[pk])
            return done(
                request, _("Handed to %(name)s.") % {"name": to.first_name}, to=_address(promise), undo=undo
            )
    return _sheet(request, form, promise, title=_("Hand off"), button=_("Hand off"), ends=True)


@staff_only()
def waive(request: StaffRequest, pk: int) -> HttpResponse:
    """It need not be kept, with a reason."""
    promise, now = get_promise(request, pk), clock.now()
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if _tried(form, lambda: promises.waive(promise, by=request.staff, why=why, now=now)):
            return done(request, _("Waived."), to=_address(promise), undo=reverse("tasks:unwaive", args=[pk]))
    return _sheet(request, form, promise, title=_("Waive"), button=_("Waive it"), ends=True)


@staff_only()
def renegotiate(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer was told a new time before the old one passed."""
    promise, now = get_promise(request, pk), clock.now()
    zone = request.staff.store.tz
    form = RenegotiateForm(request.POST or None, zone=zone)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        due_at, words = data["due_at"], data["words"]
        if _tried(
            form, lambda: promises.renegotiate(promise, due_at=due_at, words=words, by=request.staff, now=now)
        ):
            return done(
                request,
                _("Now promised for %(when)s.") % {"when": clocks.when(due_at, zone, now)},
                to=_address(promise),
            )
    times = quick_times(request.staff, now, promise.department)
    return _sheet(
        request, form, promise, title=_("Tell a new time"), button=_("Set the new time"), times=times
    )


@staff_only(May.WRITE_TO_CUSTOMERS)
def log_call(request: StaffRequest, pk: int) -> HttpResponse:
    """A call about this promise was made. Speaking with the customer may keep it; an attempt does not."""
    promise, now = get_promise(request, pk), clock.now()
    form = CallForm(request.POST or None)
    if request.method == "POST" and promise.customer is None:
        form.add_error(None, _("There is no customer to call about this."))
    if request.method == "POST" and form.is_valid() and promise.customer is not None:
        outcome = form.cleaned_data["outcome"]
        calls.log(
            customer=promise.customer,
            by=request.staff,
            outcome=outcome,
            note=form.cleaned_data["note"],
            subject=promise.subject,
            department=promise.department,
            now=now,
        )
        return done(
            request,
            _("Call logged: %(outcome)s.") % {"outcome": str(Call.Outcome(outcome).label).lower()},
            to=_address(promise),
        )
    return _sheet(request, form, promise, title=_("Log a call"), button=_("Log the call"))


@staff_only()
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """A promise that a person made is kept, on a named person's word."""
    promise, now = get_promise(request, pk), clock.now()
    form = FinishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if _tried(form, lambda: promises.finish_by_hand(promise, by=request.staff, why=why, now=now)):
            return done(request, _("Kept."), to=_address(promise))
    return _sheet(
        request, form, promise, title=_("It is done"), button=pgettext("promise", "Keep it"), ends=True
    )


@staff_only(May.SEE_CUSTOMERS)
def make(request: StaffRequest) -> HttpResponse:
    """A new promise by hand: "I call back at three"."""
    now, staff = clock.now(), request.staff
    chosen = request.POST.get("customer") or request.GET.get("customer") or ""
    customer = Customer.objects.visible_to(staff).filter(pk=int(chosen)).first() if _is_key(chosen) else None
    # What was typed before the customer was chosen comes along.
    typed = {name: request.GET[name] for name in ("sentence", "due_at", "owner") if name in request.GET}
    form = MakeForm(
        request.POST or None, staff=staff, initial={**typed, "customer": customer.pk if customer else None}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made: list[Promise] = []

        def act() -> None:
            made.append(promises.make_by_hand(store_id=staff.store_id, by=staff, now=now, **data))

        if _tried(form, act):
            said = clocks.when(made[0].due_at, staff.store.tz, now)
            return done(request, _("Promised for %(when)s.") % {"when": said}, to=_address(made[0]))
    context = {
        "now": now,
        "form": form,
        "customer": customer,
        "hits": search.find(staff, request.GET.get("q", ""), limit=8),
        "times": quick_times(staff, now, ""),
    }
    return render_page(
        request, "tasks/make.html", "tasks/_make.html", context, status=422 if form.errors else 200
    )


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.SEARCH, asked="q")
def customer_choice(request: StaffRequest) -> HttpResponse:
    """Part of a new promise: the customers that the typed text may mean."""
    text = request.GET.get("q", "")
    context = {"hits": search.find(request.staff, text, limit=8), "asked": text}
    return render_page(request, "tasks/_customer_choice.html", "tasks/_customer_choice.html", context)


def quick_times(staff: StaffMember, now: datetime, department: str) -> list[tuple[str, str]]:
    """Times that are often promised, as (words, value of a field): in 30 minutes, in an hour, by close, the next open day."""
    zone = staff.store.tz
    moments = [(_("in 30 min"), now + timedelta(minutes=30)), (_("in 1 h"), now + timedelta(hours=1))]
    try:
        calendar = calendars.of(staff.store_id, department)
        closes = calendar.closes_at(now)
        if closes is not None and timedelta(hours=1) < closes - now <= timedelta(days=1):
            moments.append((_("by close"), closes))
        opens = calendar.next_open(calendar.end_of_day(now) + timedelta(minutes=1)) + timedelta(hours=1)
        moments.append((clocks.when(opens, zone, now), opens))
    except NoOpenHours:
        pass
    return [(words, at.astimezone(zone).strftime(WIRE)) for words, at in moments]


def _at_once(
    request: StaffRequest, promise: Promise, act: Callable[[datetime], Promise], say: str
) -> HttpResponse:
    """An act of one press: done and said, or refused and said why."""
    try:
        act(clock.now())
    except REFUSALS as refusal:
        return done(request, str(refusal), to=_address(promise))
    return done(request, say, to=_address(promise))


def _tried(form: forms.Form, act: Callable[[], Any]) -> bool:
    """Whether the verb did it; else its sentence stands beside the field it is about, or above the form."""
    try:
        act()
    except REFUSALS as refusal:
        name = FIELDS.get(type(refusal))
        form.add_error(name if name in form.fields else None, str(refusal))
        return False
    return True


def _sheet(request: StaffRequest, form: forms.Form, promise: Promise, **words: Any) -> HttpResponse:
    context = {"form": form, "promise": promise, **words}
    status = 422 if form.errors else 200
    return render_page(request, "tasks/act.html", "tasks/_act.html", context, status=status)


def _address(promise: Promise) -> str:
    return reverse("tasks:promise_detail", args=[promise.pk])


def _is_key(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 19
