"""Facts that no rule could be made of yet: shown with their error, tried again on a press, and stopping nobody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.events import replay
from dealership.events.base import CATALOGUE
from dealership.events.models import EventRecord
from dealership.web import May, StaffRequest, done, render_page, staff_only
from tasks import kinds

SHOWN = 100


@dataclass(frozen=True)
class Failed:
    """One fact that failed: its row, and its name in words."""

    record: EventRecord
    words: str


@require_safe
@staff_only(May.SEE_FAILED_FACTS)
def failed_facts(request: StaffRequest) -> HttpResponse:
    """The facts of this store that wait, oldest first, at most 100."""
    waiting = EventRecord.objects.visible_to(request.staff).filter(applied_at__isnull=True, attempts__gt=0)
    rows = list(waiting.order_by("at", "pk")[: SHOWN + 1])
    context = {
        "now": clock.now(),
        "facts": [Failed(row, in_words(row.kind)) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "many": replay.MANY,
    }
    return render_page(request, "tasks/failed_facts.html", "tasks/_failed_facts.html", context)


@require_POST
@staff_only(May.SEE_FAILED_FACTS)
def replay_fact(request: StaffRequest, pk: int) -> HttpResponse:
    """Tries one fact again, now."""
    record = get_object_or_404(EventRecord.objects.visible_to(request.staff), pk=pk)
    back = reverse("tasks:failed_facts")
    if record.kind not in CATALOGUE:
        return done(
            request,
            _("%(kind)s is no longer a fact that this version knows.") % {"kind": record.kind},
            to=back,
        )
    if replay.replay(record.pk):
        return done(request, _("It could be applied now."), to=back)
    record.refresh_from_db(fields=["last_error"])
    why = record.last_error.splitlines()[0][:160]
    return done(request, _("It failed again: %(why)s") % {"why": why}, to=back)


def in_words(kind: str) -> str:
    """ "RepairOrderClosed" as "Repair order closed"."""
    words = kinds.words(kind)
    return words[:1].upper() + words[1:]
