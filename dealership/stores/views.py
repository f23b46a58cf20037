"""Pages of a store's settings: its hours, its days that differ, whether it texts, where machines send. Nobody needs a developer for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.stores import calendars, changes, days, doors, opening, said, taking_back
from dealership.stores.forms import DayForm, SigningInForm, WeekForm
from dealership.stores.holidays import UnknownState
from dealership.stores.hours import BadHours
from dealership.stores.models import DayException, Department, Store, StoreChange
from dealership.web import May, StaffRequest, done, render_page, staff_only


@require_safe
@staff_only(May.MANAGE_STAFF)
def overview(request: StaffRequest) -> HttpResponse:
    """The store at a glance: what it is, when it is open, what goes out and comes in, and what was changed."""
    return _overview(request)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def hours(request: StaffRequest) -> HttpResponse:
    """The week of the store (`?department=` empty) or of one department; adding and removing rows saves nothing yet."""
    asked = (request.POST if request.method == "POST" else request.GET).get("department", "")
    department = asked if asked in Department.values else ""
    weeks = opening.weeks_of(request.staff.store_id)
    week = weeks.get(department) or weeks.get("", {})
    form = WeekForm(week, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and not form.is_redraw:
        if form.is_valid():
            try:
                change = opening.set_week(
                    store_id=request.staff.store_id,
                    department=department,
                    week=form.week,
                    by=request.staff,
                    now=clock.now(),
                )
                return _changed(request, change, _("Hours are set."), reverse("stores:hours"), department)
            except BadHours as error:
                form.error = said.trouble(error)
        status = 422
    context = {
        "form": form,
        "department": department,
        "name": opening.name_of(department),
        "departments": [("", _("The store")), *Department.choices],
        "has_own": department in weeks,
        "is_edited": department in weeks
        or not department
        or "own" in request.GET
        or request.method == "POST",
        "shown_week": opening.words(week),
        "own_weeks": set(weeks),
        "store_is_open": bool(weeks.get("")),
        "changes": changes.latest(request.staff.store_id, areas=("hours",), limit=8),
    }
    return render_page(request, "stores/hours.html", None, context, status=status)


@require_POST
@staff_only(May.MANAGE_STAFF)
def keep_store_hours(request: StaffRequest) -> HttpResponse:
    """A department gives up its own hours."""
    department = request.POST.get("department", "")
    if department not in Department.values:
        raise Http404("There is no such department.")
    change = opening.keep_store_hours(
        store_id=request.staff.store_id,
        department=Department(department),
        by=request.staff,
        now=clock.now(),
    )
    say = _("%(name)s keeps the store’s hours.") % {"name": opening.name_of(department)}
    return _changed(request, change, say, reverse("stores:hours"), department)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def day_list(request: StaffRequest) -> HttpResponse:
    """Holidays and other days that differ, from today on; a post adds one."""
    form = DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            change = days.add(
                store_id=request.staff.store_id,
                department=typed["department"],
                day=typed["day"],
                name=typed["name"],
                hours=form.hours,
                by=request.staff,
                now=clock.now(),
            )
            say = _("%(name)s is set.") % {"name": typed["name"]}
            return _changed(request, change, say, reverse("stores:day_list"))
        except days.DayTaken as error:
            form.add_error("day", str(error))
        except BadHours as error:
            form.add_error("closes", said.trouble(error))
    return _days(request, form, status=422 if request.method == "POST" else 200)


@require_POST
@staff_only(May.MANAGE_STAFF)
def remove_day(request: StaffRequest, pk: int) -> HttpResponse:
    """A day is like its weekday again, with a way back."""
    row = get_object_or_404(DayException.objects.visible_to(request.staff), pk=pk)
    change = days.remove(row, by=request.staff, now=clock.now())
    return _changed(
        request, change, _("%(name)s is removed.") % {"name": row.name}, reverse("stores:day_list")
    )


@require_POST
@staff_only(May.MANAGE_STAFF)
def add_usual_days(request: StaffRequest) -> HttpResponse:
    """The usual US holidays of this year or the next."""
    this_year = _today(request).year
    text = request.POST.get("year", "")
    year = int(text) if text in {str(this_year), str(this_year + 1)} else this_year
    try:
        change, n = days.add_usual(store=request.staff.store, year=year, by=request.staff, now=clock.now())
    except UnknownState:
        trouble = _("%(state)r is not a US state: give its two letters, like TX.")
        trouble = trouble % {"state": request.staff.store.state}
        return _days(request, DayForm(), trouble=trouble, status=422)
    if change is None:
        say = _("The usual holidays of %(year)s are there already.") % {"year": year}
        return done(request, say, to=reverse("stores:day_list"), moves=True)
    say = ngettext("%(n)s holidays of %(year)s are set.", "%(n)s holidays of %(year)s are set.", n)
    return _changed(request, change, say % {"n": n, "year": year}, reverse("stores:day_list"))


@require_POST
@staff_only(May.MANAGE_STAFF)
def set_texting(request: StaffRequest) -> HttpResponse:
    """Lets texts leave this store, or none."""
    on = request.POST.get("texting") == "on"
    change = doors.set_texting(store_id=request.staff.store_id, on=on, by=request.staff, now=clock.now())
    say = _("Texts leave this store.") if on else _("No text leaves this store.")
    return _changed(request, change, say, reverse("stores:overview"))


@require_POST
@staff_only(May.MANAGE_STAFF)
def set_signing_in(request: StaffRequest) -> HttpResponse:
    """What this store asks of whoever signs in, from their next request on."""
    form = SigningInForm(request.POST)
    if not form.is_valid():
        return _overview(request, sign_in_form=form, status=422)
    changed = doors.set_signing_in(
        store_id=request.staff.store_id, by=request.staff, now=clock.now(), **form.cleaned_data
    )
    say = _("It is asked for from now on.") if changed else _("Nothing was changed.")
    return done(request, say, to=f"{reverse('stores:overview')}#signing-in", moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def rotate_lead_address(request: StaffRequest) -> HttpResponse:
    """The address that every lead provider has is dead at once; the page says so before it sends this."""
    doors.rotate_lead_address(store_id=request.staff.store_id, by=request.staff, now=clock.now())
    say = _("Leads have a new address. Give it to each provider.")
    return done(request, say, to=f"{reverse('stores:overview')}#addresses", moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def undo_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts back what a change replaced."""
    change = get_object_or_404(StoreChange.objects.visible_to(request.staff), pk=pk)
    try:
        taking_back.take_back(change, by=request.staff, now=clock.now())
    except taking_back.CannotTakeBack as error:
        return _overview(request, trouble=str(error), status=422)
    pages = {"days": "stores:day_list", "hours": "stores:hours"}
    area, _sep, department = change.area.partition(":")
    to = reverse(pages.get(area, "stores:overview"))
    if department in Department.values:
        to = f"{to}?department={department}"
    return done(request, _("%(what)s: put back.") % {"what": change.what_said}, to=to, moves=True)


def _overview(
    request: StaffRequest, *, trouble: str = "", sign_in_form: SigningInForm | None = None, status: int = 200
) -> HttpResponse:
    store = Store.objects.select_related("group").get(pk=request.staff.store_id)
    now = clock.now()
    weeks = opening.weeks_of(store.pk)
    calendar = calendars.of(store.pk)
    context: dict[str, Any] = {
        "now": now,
        "shop": store,
        "trouble": trouble,
        "is_open": calendar.is_open(now),
        "never_opens": not weeks.get(""),
        "weeks": [
            (value, label, opening.words(weeks[value]) if weeks.get(value) else [])
            for value, label in [("", _("The store")), *Department.choices]
        ],
        "days": days.coming(store.pk, now.astimezone(store.tz).date(), limit=4),
        "lead_address": settings.PUBLIC_BASE_URL + reverse("leads_in:adf", args=[store.lead_token]),
        "sign_in_form": sign_in_form
        or SigningInForm(
            initial={"needs_second_factor": store.needs_second_factor, "idle_minutes": store.idle_minutes}
        ),
        "is_simulated": settings.PHONE_SIMULATOR,
        "changes": changes.latest(store.pk, limit=30),
    }
    return render_page(request, "stores/overview.html", None, context, status=status)


def _days(request: StaffRequest, form: DayForm, *, trouble: str = "", status: int = 200) -> HttpResponse:
    today = _today(request)
    context = {
        "form": form,
        "trouble": trouble,
        "days": days.coming(request.staff.store_id, today),
        "years": (today.year, today.year + 1),
        "changes": changes.latest(request.staff.store_id, areas=("days",), limit=8),
    }
    return render_page(request, "stores/day_list.html", None, context, status=status)


def _changed(
    request: StaffRequest, change: StoreChange | None, say: str, to: str, department: str = ""
) -> HttpResponse:
    undo = reverse("stores:undo_change", args=[change.pk]) if change else ""
    if department:
        to = f"{to}?department={department}"
    return done(request, say if change else _("Nothing was changed."), to=to, undo=undo, moves=True)


def _today(request: StaffRequest) -> Any:
    return clock.now().astimezone(request.staff.store.tz).date()
