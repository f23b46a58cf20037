"""The page of the phones: whoever tries the product plays its customers. It does not exist with a real carrier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dealership import clock
from dealership.customers.models import ContactPoint
from dealership.messaging.forms import BehaviourForm, PhoneTextForm, StartTextForm
from dealership.messaging.models import SimulatedText
from dealership.messaging.simulator import samples, texts
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only, tell

MOST_PHONES = 30
MOST_TEXTS = 40
#: Words that customers send often, for one press.
QUICK = ("C", "STOP", "START", "HELP", "Can we do 3pm instead?", "How much is it?")


@dataclass(frozen=True)
class Handset:
    """A customer's phone: its number, whose it is, and the last text on it."""

    number: str
    name: str
    last_body: str
    last_at: datetime | None


def with_simulator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is there only while no real carrier is configured."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PHONE_SIMULATOR:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_GET
@with_simulator
@staff_only(May.PLAY_PHONES)
def phones(request: StaffRequest) -> HttpResponse:
    """The handsets that have texts with this store, newest first, and a form to text from any other. 2 queries beside the sign-in."""
    context = {"handsets": _handsets(request.staff), "start": StartTextForm(auto_id="start_%s")}
    return render_page(request, "messaging/phones.html", "messaging/_phone_list.html", context)


@require_GET
@with_simulator
@staff_only(May.PLAY_PHONES)
def phone_detail(request: StaffRequest, number: str) -> HttpResponse:
    """One handset: its texts with this store, and a reply. 3 queries beside the sign-in."""
    if request.headers.get("HX-Target") == "phone-texts":
        return render_page(
            request, "messaging/phone_detail.html", "messaging/_phone_texts.html", _phone(request, number)
        )
    return render_page(
        request, "messaging/phone_detail.html", "messaging/_phone.html", _phone(request, number)
    )


@require_POST
@with_simulator
@staff_only(May.PLAY_PHONES)
def write_as_customer(request: StaffRequest, number: str) -> HttpResponse:
    """The customer writes to this store."""
    typed = request.POST.copy()
    if word := typed.get("word"):
        typed["body"] = word
    form = PhoneTextForm(typed, request.FILES, auto_id="phone_%s")
    _known_or_404(request.staff, number)
    if form.is_valid():
        _write(request.staff, number, form)
        if not request.headers.get("HX-Request"):
            return redirect("messaging:phone_detail", number=number)
        response = render_page(
            request, "messaging/phone_detail.html", "messaging/_phone.html", _phone(request, number)
        )
        return tell(response)
    context = _phone(request, number) | {"form": form}
    return render_page(request, "messaging/phone_detail.html", "messaging/_phone.html", context, status=422)


@require_POST
@with_simulator
@staff_only(May.PLAY_PHONES)
def start_text(request: StaffRequest) -> HttpResponse:
    """A text from any number, also one that nobody knows."""
    form = StartTextForm(request.POST, request.FILES, auto_id="start_%s")
    if form.is_valid():
        number = form.cleaned_data["number"]
        _write(request.staff, number, form)
        to = reverse("messaging:phone_detail", args=[number])
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": to})
        return redirect(to)
    context = {"handsets": _handsets(request.staff), "start": form}
    return render_page(request, "messaging/phones.html", "messaging/_phone_list.html", context, status=422)


@require_POST
@with_simulator
@staff_only(May.PLAY_PHONES)
def behave(request: StaffRequest, number: str) -> HttpResponse:
    """How this phone takes its texts from now on."""
    _known_or_404(request.staff, number)
    form = BehaviourForm(request.POST)
    if form.is_valid():
        texts.set_behaviour(number, form.cleaned_data["behaviour"])
    if not request.headers.get("HX-Request"):
        return redirect("messaging:phone_detail", number=number)
    return render_page(
        request, "messaging/phone_detail.html", "messaging/_phone.html", _phone(request, number)
    )


def _write(staff: StaffMember, number: str, form: PhoneTextForm) -> None:
    data = form.cleaned_data
    texts.write_as_customer(
        store=staff.store,
        number=number,
        body=data["body"],
        photo=_photo(data),
        twice=data["twice"],
        now=clock.now(),
    )


def _photo(data: dict[str, Any]) -> bytes | None:
    """What was chosen, as it is; a picture of our own where one is only wished for."""
    if data["file"]:
        return bytes(data["file"].read())
    return samples.scratch() if data["photo"] else None


def _handsets(staff: StaffMember) -> list[Handset]:
    ours = staff.store.text_number
    recent = SimulatedText.objects.filter(Q(to_number=ours) | Q(from_number=ours)).order_by("-at", "-pk")
    last: dict[str, SimulatedText] = {}
    for text in recent[: MOST_PHONES * 12]:
        last.setdefault(text.from_number if text.is_from_customer else text.to_number, text)
    points = ContactPoint.objects.visible_to(staff).filter(kind=ContactPoint.Kind.PHONE, is_living=True)
    if len(last) < MOST_PHONES:
        newest = points.exclude(value__in=list(last)).order_by("-created_at")[: MOST_PHONES - len(last)]
        others = {point.value: point.customer.full_name for point in newest.select_related("customer")}
    else:
        others = {}
    names = dict(points.filter(value__in=list(last)).values_list("value", "customer__full_name"))
    shown = [
        Handset(number, names.get(number, _("Nobody we know")), text.body or _("(a photo)"), text.at)
        for number, text in list(last.items())[:MOST_PHONES]
    ]
    return shown + [Handset(number, name, "", None) for number, name in others.items()]


def _phone(request: StaffRequest, number: str) -> dict[str, Any]:
    name, shown = _known_or_404(request.staff, number)
    shown.reverse()
    return {
        "number": number,
        "name": name or _("Nobody we know"),
        "texts": shown,
        "form": PhoneTextForm(auto_id="phone_%s"),
        "behaviours": texts.Behaviour.choices,
        "behaviour": texts.behaviour_of(number),
        "quick": QUICK,
        "ours": request.staff.store.text_number,
    }


def _known_or_404(staff: StaffMember, number: str) -> tuple[str, list[SimulatedText]]:
    """Whose phone it is and its texts with this store; 404 for one that has nothing to do with this store."""
    ours = staff.store.text_number
    both = Q(from_number=number, to_number=ours) | Q(from_number=ours, to_number=number)
    shown = list(SimulatedText.objects.filter(both).order_by("-at", "-pk")[:MOST_TEXTS])
    point = (
        ContactPoint.objects.visible_to(staff)
        .filter(kind=ContactPoint.Kind.PHONE, value=number, is_living=True)
        .select_related("customer")
        .first()
    )
    if point is None and not shown:
        raise Http404(_("This phone has nothing to do with this store."))
    return (point.customer.full_name if point else "", shown)
