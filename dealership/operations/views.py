"""The page *Operations*: a general manager sees how the installation works, and lets what is parked be tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.operations import reads
from dealership.web import May, StaffRequest, done, render_page, staff_only

#: What lets each kind wait in line again: (pk, store, now) -> whether there was such a row of this store. By name: the ground
#: does not import who has them.
AGAIN = {
    "fact": "dealership.events.replay.again",
    "call": "dealership.messaging.carrier_calls.again",
    "photo": "dealership.messaging.photos.again",
    "hook": "dealership.hooks.hooks.again",
    "step": "tasks.steps.again",
    "promise": "tasks.sweep.again",
}
Again = Callable[[int, int, datetime], bool]


@require_safe
@staff_only(May.SEE_OPERATIONS)
def overview(request: StaffRequest) -> HttpResponse:
    """Parts, flows, lines, and what is parked."""
    store, now = request.staff.store, clock.now()
    after = request.GET.get("after", "")
    parked, onward = reads.parked(store, after)
    if after and not parked:
        # What stood there has been tried again since.
        after, (parked, onward) = "", reads.parked(store)
    context = {
        "now": now,
        "parts": reads.parts(store),
        "flows": reads.flows(store, now),
        "lines": reads.lines(store, now),
        "parked": parked,
        "n_parked": reads.n_parked(request.staff, now).n,
        "onward": f"?{urlencode({'after': onward})}" if onward else "",
        "first": reverse("operations:overview") if after else "",
    }
    return render_page(request, "operations/overview.html", "operations/_overview.html", context)


@require_POST
@staff_only(May.SEE_OPERATIONS)
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """What is parked waits in line again. `kind`: which line."""
    kind = request.POST.get("kind", "")
    if kind not in AGAIN:
        raise Http404
    replay: Again = import_string(AGAIN[kind])
    if not replay(pk, request.staff.store_id, clock.now()):
        raise Http404
    return done(request, _("It is tried again now."), to=reverse("operations:overview"))
