"""Pages of the trail: who did what, whose records somebody opened, and the history of one record."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, spreadsheet
from dealership.audit import alarms, shape, trail
from dealership.audit.forms import TrailForm
from dealership.audit.kinds import KINDS
from dealership.audit.models import Alarm, Entry
from dealership.audit.words import Line, Words
from dealership.lists import asking
from dealership.lists.page import table, turn
from dealership.spreadsheet import Table
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from dealership.web import May, StaffRequest, done, render_page, staff_only


@require_safe
@staff_only(May.SEE_TRAIL)
def who_did_what(request: StaffRequest) -> HttpResponse:
    """Everything that was done here, newest first, and what is worth a look."""
    now, form = clock.now(), _form(request)
    asked = form.asked
    listed = turn(asking.read(shape.bound(asked), request.GET), request.staff, now)
    names = dict(form.fields["who"].choices)  # type: ignore[attr-defined]
    context = {
        "now": now,
        "form": form,
        "asked": asked,
        "lines": Words(request.staff, now).lines(listed.rows),
        "list": listed,
        "cols": listed.asked.columns,
        "person": names.get(asked.who) if asked.who else "",
        "most_alarms": alarms.MOST,
        "alarms": [
            (
                alarm,
                names.get(alarm.staff_id, _("Somebody")),
                alarm.began_at.astimezone(request.staff.store.tz).date(),
            )
            for alarm in alarms.unseen(request.staff)
        ],
    }
    return render_page(request, "audit/trail.html", None, context)


@require_safe
@staff_only(May.SEE_TRAIL)
def trail_export(request: StaffRequest) -> HttpResponse:
    """The same as a file, in the columns and the order that are seen. That it was taken along is noted like any other export."""
    form, staff, now = _form(request), request.staff, clock.now()
    asked, zone = asking.read(shape.bound(form.asked), request.GET), staff.store.tz
    found = asked.first_page().ordered(asked.matching(staff, now))[: trail.MOST_IN_A_FILE]
    entries = list(found.iterator(chunk_size=2000))
    columns = [column for column in asked.shape.columns if column.key in asked.columns]
    rows = (
        [_told(column.key, entry, line, zone) for column in columns]
        for entry, line in zip(entries, Words(staff, now).lines(entries), strict=True)
    )
    days = f"{form.asked.since}-{form.asked.until}"
    heads = [str(column.label) for column in columns]
    return spreadsheet.answer(request, f"who-did-what-{days}", Table(heads, rows))


def _told(column: str, entry: Entry, line: Line, zone: ZoneInfo) -> object:
    """One cell of the file."""
    match column:
        case "at":
            return f"{line.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        case "what":
            return line.title
        case "record":
            return line.thing
        case "changed":
            return "; ".join(line.changes)
        case "by":
            return entry.agent
        case "who" | "ip":
            return getattr(line, column)
    return getattr(entry, column)


@require_safe
@staff_only(May.SEE_TRAIL)
def affected(request: StaffRequest) -> HttpResponse:
    """Whose records one person opened in these days: what a breach by that sign-in would have reached."""
    form = _form(request)
    asked = form.asked
    context = {
        "form": form,
        "asked": asked,
        "person": dict(form.fields["who"].choices).get(asked.who) if asked.who else "",  # type: ignore[attr-defined]
        "list": turn(asking.read(shape.affected(asked), request.GET), request.staff, clock.now()),
    }
    return render_page(request, "audit/affected.html", None, context)


@require_safe
@staff_only(May.SEE_TRAIL)
def affected_export(request: StaffRequest) -> HttpResponse:
    """All of them as a file, in the columns and the order that are seen."""
    asked = _form(request).asked
    found = table(asking.read(shape.affected(asked), request.GET), request.staff, clock.now())
    return spreadsheet.answer(request, f"affected-{asked.since}-{asked.until}", found)


@require_POST
@staff_only(May.SEE_TRAIL)
def see_alarm(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody has looked at it."""
    alarm = get_object_or_404(Alarm.objects.visible_to(request.staff), pk=pk)
    alarms.see(alarm, by=request.staff, now=clock.now())
    return done(request, _("Looked at."), to=reverse("audit:trail"), moves=True)


@require_safe
@staff_only()
def record_history(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """What was done to one record, for whoever may open it; who looked at it, for managers."""
    what = KINDS[kind]
    if missing := [need for need in what.needs if not request.staff.may(need)]:
        raise PermissionDenied(f"{request.staff.role_label} may not {missing[0]}.")
    row = get_object_or_404(apps.get_model(what.model).objects.visible_to(request.staff), pk=pk)
    return _history(request, kind, row, back=reverse(what.page, args=[pk]))


@require_safe
@staff_only(May.MANAGE_STAFF)
def store_history(request: StaffRequest) -> HttpResponse:
    """What was changed about the store."""
    store = Store.objects.get(pk=request.staff.store_id)
    return _history(request, "store", store, back=reverse("stores:overview"))


def _history(request: StaffRequest, kind: str, row: Any, *, back: str) -> HttpResponse:
    now, may_see_looks = clock.now(), request.staff.may(May.SEE_WHO_LOOKED)
    with_looks = may_see_looks and request.GET.get("looks") != "no"
    rows = trail.of_record(request.staff, kind, row, with_looks=with_looks)
    found = trail.page(rows, request.GET.get("before"))
    context = {
        "now": now,
        "kind": kind,
        "label": KINDS[kind].label,
        "name": getattr(row, KINDS[kind].ref, "") if KINDS[kind].ref else str(row),
        "back": back,
        "lines": Words(request.staff, now).lines(found.entries),
        "older": found.older,
        "with_record": kind not in ("store", "staff"),
        "may_see_looks": may_see_looks,
        "with_looks": with_looks,
    }
    return render_page(request, "audit/record_history.html", None, context)


def _form(request: StaffRequest) -> TrailForm:
    people = StaffMember.objects.visible_to(request.staff).order_by("-is_active", "name")
    today = clock.now().astimezone(request.staff.store.tz).date()
    return TrailForm(request.GET, people=list(people.values_list("pk", "name")), today=today)
