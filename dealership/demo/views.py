"""A day is played: started at a speed, paused, and told as it goes. There is no such page with a real carrier."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, live, pace, sight
from dealership.demo import play
from dealership.messaging.simulator.views import with_simulator
from dealership.models import PlayedAct
from dealership.web import May, StaffRequest, done, render_page, staff_only

MOST_TOLD = 40


class SpeedForm(forms.Form):
    """How fast the day goes."""

    speed = forms.TypedChoiceField(coerce=int, choices=[(speed, f"{speed}x") for speed in pace.SPEEDS])


@require_safe
@with_simulator
@staff_only(May.PLAY_PHONES)
def day(request: StaffRequest) -> HttpResponse:
    """How far the day is and what just happened. 2 queries beside the sign-in."""
    return _day(request)


@require_POST
@with_simulator
@staff_only(May.PLAY_PHONES)
def run(request: StaffRequest) -> HttpResponse:
    """The day goes on at this speed."""
    form = SpeedForm(request.POST)
    if not form.is_valid():
        return _day(request, trouble=_("Choose a speed: 1x, 10x or 60x."), status=422)
    try:
        with sight.beyond_the_store("a day is played in every store of the demo"):
            play.begin(speed=form.cleaned_data["speed"])
    except pace.NoDemo as error:
        return _day(request, trouble=str(error), status=422)
    return _told(request, _("The day goes on at %(speed)sx.") % {"speed": form.cleaned_data["speed"]})


@require_POST
@with_simulator
@staff_only(May.PLAY_PHONES)
def pause(request: StaffRequest) -> HttpResponse:
    """The day rests; the clock goes on as usual."""
    try:
        pace.pause()
    except pace.NoDemo as error:
        return _day(request, trouble=str(error), status=422)
    return _told(request, _("The day rests."))


def _told(request: HttpRequest, words: str) -> HttpResponse:
    live.bump(request.staff.store_id, "phones")  # type: ignore[attr-defined]
    return done(request, words, to=reverse("messaging:phones"))


def _day(request: StaffRequest, *, trouble: str = "", status: int = 200) -> HttpResponse:
    told = (
        PlayedAct.objects.visible_to(request.staff)
        .filter(done_at__isnull=False)
        .exclude(words="")
        .order_by("-done_at", "-pk")
        .values("done_at", "words")
    )
    context: dict[str, Any] = {
        "played": pace.current(),
        "told": list(told[:MOST_TOLD]),
        "speeds": pace.SPEEDS,
        "trouble": trouble,
        "now": clock.now(),
    }
    return render_page(request, "demo/day.html", "demo/_day.html", context, status=status)
