"""What the customer is told on purpose: a time, a new time, how the car stands, that it is ready."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock, clocks
from dealership.messaging import outbox
from dealership.messaging.wording import clean
from dealership.stores import calendars
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import promise_times, repair_orders, tellings
from service.facts import NotOpen
from service.forms import MomentForm, NewTimeForm, TellForm
from service.models import RepairOrder
from service.views.repair_orders import find_ro, page_of, show_ro

CANNOT_SEND = (outbox.NoNumber, outbox.NothingToSay, outbox.TooLong, tellings.CannotTell, NotOpen)
#: Times that are chosen with one tap, in minutes from the promised time or from now.
LATER = (30, 60, 120)


@require_POST
@staff_only(May.WORK_SERVICE)
def set_promise_time(request: StaffRequest, pk: int) -> HttpResponse:
    """The first time, said to the customer as the RO is written."""
    ro = find_ro(request, pk)
    form = MomentForm(request.POST, zone=request.staff.store.tz, auto_id="promise_%s")
    if form.is_valid():
        now = clock.now()
        try:
            promise_times.set_time(ro, promised_at=form.moment, by=request.staff, now=now)
        except (promise_times.CannotPromise, NotOpen) as error:
            form.add_error("time", str(error))
        else:
            told = {"number": ro.ro_number, "when": clocks.when(form.moment, request.staff.store.tz, now)}
            return done(request, _("RO %(number)s is promised for %(when)s.") % told, to=page_of(ro))
    return show_ro(request, ro, forms={"promise_form": form}, status=422)


@require_POST
@staff_only(May.WORK_SERVICE)
def tell_customer(request: StaffRequest, pk: int) -> HttpResponse:
    """How the car stands, or that it is ready: by the text of the form, or it was said already."""
    ro = find_ro(request, pk)
    form = TellForm(request.POST, language=tellings.language_of(ro), auto_id="text_%s")
    if form.is_valid():
        try:
            say = _tell(request, ro, form)
        except CANNOT_SEND as error:
            form.add_error("body", str(error))
        else:
            return done(request, say, to=page_of(ro))
    return show_ro(request, ro, forms={"tell_form": form}, status=422)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_SERVICE)
def new_time(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer is told a new time before the old one passes: by text, or it was said already."""
    ro = find_ro(request, pk)
    zone, now, language = request.staff.store.tz, clock.now(), tellings.language_of(ro)
    suggested = _asked_time(request) or _suggested(ro, now)
    if request.method == "POST":
        form = NewTimeForm(request.POST, zone=zone, language=language)
        if form.is_valid() and (say := _move(request, ro, form, now)):
            return done(request, say, to=page_of(ro), moves=True)
    else:
        local = suggested.astimezone(zone)
        body = tellings.draft(ro, "new_time", by=request.staff, now=now, promised_at=suggested)
        form = NewTimeForm(
            zone=zone,
            language=language,
            initial={"day": local.date(), "time": local.time(), "body": body, "key": tellings.fresh_key(),
                     "why": ro.risk_why if ro.risk_for == ro.promised_at else ""},
        )  # fmt: skip
    choices = [(at, f"{at.astimezone(zone):day=%Y-%m-%d&time=%H:%M}") for at in _choices(ro, now)]
    context = {"ro": ro, "form": form, "now": now, "choices": choices}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "service/new_time.html", "service/_new_time.html", context, status=status)


def _tell(request: StaffRequest, ro: RepairOrder, form: TellForm) -> str:
    now, by, ready = clock.now(), request.staff, ro.stage == RepairOrder.Stage.READY
    body, key = clean(form.cleaned_data["body"]), str(form.cleaned_data["key"])
    told = {"name": by.first_name, "number": ro.ro_number}
    if form.by_text:
        (tellings.say_ready if ready else tellings.say_status)(ro, body=body, key=key, by=by, now=now)
        return _("Your text is on its way.")
    if ready:
        tellings.ready_by_word(ro, by=by, now=now)
        return _("Kept on record: %(name)s told that RO %(number)s is ready.") % told
    repair_orders.tell_status(ro, by=by, now=now)
    return _("Kept on record: %(name)s told how RO %(number)s stands.") % told


def _move(request: StaffRequest, ro: RepairOrder, form: NewTimeForm, now: datetime) -> str:
    """What was done, in words; "" where the form says why not."""
    typed, by, at = form.cleaned_data, request.staff, form.moment
    told = {"number": ro.ro_number, "when": clocks.when(at, request.staff.store.tz, now)}
    try:
        if not form.by_text:
            promise_times.tell_by_word(
                ro, promised_at=at, how=typed["how"], why=clean(typed["why"]), by=by, now=now
            )
            return _("RO %(number)s is promised for %(when)s now.") % told
        tellings.say_new_time(
            ro, promised_at=at, why=clean(typed["why"]), body=clean(typed["body"]), key=str(typed["key"]), by=by, now=now
        )  # fmt: skip
    except promise_times.CannotPromise as error:
        form.add_error("time", str(error))
    except CANNOT_SEND as error:
        form.add_error("body", str(error))
    else:
        return _("Your text is on its way; %(when)s holds once their phone has it.") % told
    return ""


def _asked_time(request: StaffRequest) -> datetime | None:
    form = MomentForm(request.GET, zone=request.staff.store.tz)
    return form.moment if "time" in request.GET and form.is_valid() else None


def _suggested(ro: RepairOrder, now: datetime) -> datetime:
    return _choices(ro, now)[1]


def _choices(ro: RepairOrder, now: datetime) -> list[datetime]:
    """Half an hour, one and two hours later, at round quarters; and an hour after the next day opens."""
    start = max(ro.promised_at or now, now)
    quarter = timedelta(minutes=15)
    found = []
    for minutes in LATER:
        at = start + timedelta(minutes=minutes)
        rest = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
        found.append(at - rest + (quarter if rest else timedelta()))
    calendar = calendars.of(ro.store_id, Department.SERVICE)
    return [*found, calendar.next_open(calendar.end_of_day(start)) + timedelta(hours=2)]
