"""Facts that no rule could be made of yet: shown with their error, tried again on a press or many at once, and stopping nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, limits
from dealership.events import replay
from dealership.events.base import CATALOGUE
from dealership.events.models import EventRecord
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, done, render_page, staff_only
from tasks import fact_list
from tasks.fact_list import FACTS, in_words


@require_safe
@staff_only(May.SEE_FAILED_FACTS)
def failed_facts(request: StaffRequest) -> HttpResponse:
    """The facts of this store that wait or are parked."""
    now, asked = clock.now(), asking.read(FACTS, request.GET)
    listed = turn(asked, request.staff, now)
    context = {
        "now": now,
        "list": listed,
        "cols": asked.columns,
        "facts": [(record, in_words(record.kind)) for record in listed.rows],
        "many": replay.MANY,
        "acts": [(reverse("tasks:facts_again"), _("Try again…"))]
        if asked.filters["state"] != "waiting"
        else [],
    }
    return render_page(request, "tasks/failed_facts.html", "tasks/_failed_facts.html", context)


@require_safe
@staff_only(May.SEE_FAILED_FACTS)
@limited(limits.EXPORT)
def fact_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, FACTS, "failed-facts")


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_FAILED_FACTS)
def facts_again(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, and are parked wait in line again."""
    return many.answer(request, TRY_AGAIN)


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


def _see(rows: Rows, staff: StaffMember) -> many.Seen:
    parked = rows.filter(parked_at__isnull=False)
    keys = list(parked.values_list("pk", flat=True))
    if not keys:
        raise bulk.BulkError(_("Nothing among these is parked."))
    counted = {"facts": FACTS.count_of(len(keys))}
    return many.Seen(
        title=_("Try %(facts)s again") % counted,
        sub=_("They wait in line again, as if for the first time"),
        button=_("Try %(facts)s again") % counted,
        hint=_("What has not been tried yet can be parked again, for an hour."),
        asks=_("Again"),
        n=len(keys),
        named=[
            ("", in_words(fact.kind), fact.last_error.partition("\n")[0][:160])
            for fact in parked.order_by("parked_at", "pk")[: many.NAMED]
        ],
        keys=keys,
    )


def _do(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return fact_list.try_again(keys=keys, by=staff, now=now)


TRY_AGAIN = many.Deed(FACTS, many.ManyForm, _see, _do)
