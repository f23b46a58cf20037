"""A person's devices: the card on *Security*, switching on and off, and what a woken device asks."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.language import later
from dealership.push import devices, ringing, vapid
from dealership.push.forms import DeviceForm, WhichForm
from dealership.push.models import Device, Nudge
from dealership.staff import sessions
from dealership.web import StaffRequest, done, render_page, staff_only

HERE = "staff:security"
#: Kept as it stands, said in the language of whoever hears it.
TRIED = "This is how Kept calls you."
NUDGES = (later("This is how Kept calls you."),)


@require_safe
@staff_only()
def card(request: StaffRequest) -> HttpResponse:
    """Part of *Security*: nothing where this installation has no key."""
    if not vapid.is_on():
        return HttpResponse(status=204)
    return _card(request)


@require_POST
@staff_only()
def turn_on(request: StaffRequest) -> HttpResponse:
    """The browser that asks rings for this person."""
    _only_where_on()
    form = DeviceForm(request.POST)
    if not form.is_valid():
        return _card(request, status=422, trouble=str(form.errors["endpoint"][0]))
    browser = sessions.in_words(request.headers.get("User-Agent", ""))
    devices.turn_on(request.staff, endpoint=form.cleaned_data["endpoint"], browser=browser, now=clock.now())
    return done(request, _("This device rings for you now."), to=reverse(HERE))


@require_POST
@staff_only()
def turn_off(request: StaffRequest) -> HttpResponse:
    """A device of this person's rings no more; another's is left alone."""
    _only_where_on()
    form = WhichForm(request.POST)
    if form.is_valid():
        devices.turn_off(request.staff, form.cleaned_data["device"])
    return done(request, _("It rings no more."), to=reverse(HERE))


@require_POST
@staff_only()
def try_out(request: StaffRequest) -> HttpResponse:
    """All devices of this person ring, to show how."""
    _only_where_on()
    now = clock.now()
    ringing.note([
        Nudge(
            store_id=request.staff.store_id, staff=request.staff, key=f"try:{now:%Y%m%d%H%M%S}",
            words=TRIED, path=reverse("tasks:my_day"), at=now,
        )
    ])  # fmt: skip
    return done(request, _("It rings in a moment."), to=reverse(HERE))


@require_safe
@staff_only()
def news(request: StaffRequest) -> JsonResponse:
    """What a woken device shows: the newest that this person was called for, and how many more."""
    rows = ringing.heard(request.staff, now=clock.now())
    if not rows:
        return JsonResponse({"words": "", "path": reverse("tasks:my_day"), "more": 0})
    first = rows[0]
    return JsonResponse({"words": _(first.words), "path": first.path, "more": len(rows) - 1})


def _card(request: StaffRequest, *, status: int = 200, trouble: str = "") -> HttpResponse:
    rows = Device.objects.visible_to(request.staff).filter(staff=request.staff).order_by("-since")
    context = {"devices": rows, "public_key": vapid.public_key(), "trouble": trouble}
    return render_page(request, "push/_card.html", None, context, status=status)


def _only_where_on() -> None:
    if not vapid.is_on():
        raise Http404("Nothing rings here.")
