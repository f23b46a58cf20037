"""The day, one promise, and what a customer is owed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock, clocks, live
from dealership.customers.models import Customer
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import NoOpenHours
from dealership.web import May, StaffRequest, done, render_page, staff_only
from tasks import explain, panels, queues
from tasks.models import Notice, Promise

HOURS_KEPT_SECONDS = 60


@require_safe
@staff_only()
def my_day(request: StaffRequest) -> HttpResponse:
    """What this person owes, most pressing first; with `?of=` somebody else or the whole store, for who may see that."""
    now = clock.now()
    return render_page(request, "tasks/my_day.html", "tasks/_day.html", day_context(request, now))


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def promise_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One promise: for whom, why, what has happened, what may be done; beside the day on a wide screen."""
    now = clock.now()
    promise = get_promise(request, pk)
    context: dict[str, Any] = {
        "now": now,
        "detail": explain.detail(request.staff, promise, now),
        "may_write": request.staff.may(May.WRITE_TO_CUSTOMERS),
    }
    if request.htmx:
        part = "tasks/_promise_card.html" if request.GET.get("part") == "card" else "tasks/_promise.html"
        return render_page(request, part, part, context)
    return render_page(request, "tasks/promise_detail.html", None, {**day_context(request, now), **context})


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """Part of the customer's page: what they are owed, by whom."""
    now = clock.now()
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    rows = queues.owed_to(request.staff, customer, now)
    context = {
        "now": now,
        "customer": customer,
        "rows": rows,
        "n_late": sum(row.look == "late" for row in rows),
    }
    return render_page(request, "tasks/_customer_panel.html", "tasks/_customer_panel.html", context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def subject_panel(request: StaffRequest, subject: str) -> HttpResponse:
    """Part of a department's page: what is and was promised about one thing, by its subject ("lead:17", "ro:48213")."""
    part = "tasks/_subject_panel.html"
    return render_page(request, part, part, panels.about(request.staff, subject))


@require_POST
@staff_only()
def see_notices(request: StaffRequest) -> HttpResponse:
    """The notices on the page have been read."""
    Notice.objects.visible_to(request.staff).filter(staff=request.staff, seen_at__isnull=True).update(
        seen_at=clock.now()
    )
    return done(request, _("Read."), to=reverse("tasks:my_day"))


def get_promise(request: StaffRequest, pk: int) -> Promise:
    """A promise of this store with what its page shows of it. Raises Http404."""
    promises = Promise.objects.visible_to(request.staff)
    return get_object_or_404(
        promises.select_related("customer", "vehicle", "owner", "queue", "made_by", "closed_by"), pk=pk
    )


def day_context(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """What the day's page and its part show."""
    of = request.GET.get("of", "")
    whose = whose_of(request, of) if of and of != str(request.staff.pk) else None
    staff = request.staff
    context: dict[str, Any] = {
        "now": now,
        "day": queues.my_day(staff, now, whose),
        "whose": whose,
        "greeting": _greeting(now.astimezone(staff.store.tz).hour),
        "today": clocks.long_day(now.astimezone(staff.store.tz).date()),
        "hours": hours_words(staff, now),
    }
    if staff.may(May.SEE_EVERYONES_PROMISES):
        people = (
            StaffMember.objects.visible_to(staff).filter(is_active=True).exclude(pk=staff.pk).order_by("name")
        )
        pairs = [(str(pk), name) for pk, name in people.values_list("pk", "name")]
        context["people"] = [("", _("Mine")), ("store", _("Everybody")), *pairs]
        context["of"] = of
    return context


def whose_of(request: StaffRequest, of: str) -> queues.Whose:
    """Whose promises `?of=` means. Raises PermissionDenied for others' without the right to see them, Http404 for nobody."""
    staff = request.staff
    if of in ("", str(staff.pk)):
        return queues.Whose(staff.store_id, staff)
    if not staff.may(May.SEE_EVERYONES_PROMISES):
        raise PermissionDenied(f"{staff.role_label} may not {May.SEE_EVERYONES_PROMISES}.")
    if of == "store":
        return queues.Whose(staff.store_id, None)
    if not of.isdecimal() or len(of) > 18:
        raise Http404(_("Nobody of that number works here."))
    return queues.Whose(staff.store_id, get_object_or_404(StaffMember.objects.visible_to(staff), pk=int(of)))


def hours_words(staff: StaffMember, now: datetime) -> str:
    """ "open until 6:00 pm", "closed, opens tomorrow 8:00 am"; kept for a minute, so that the page asks seldom."""
    key = f"hours:{staff.store_id}:{get_language()}"
    kept: str | None = live.ask(lambda: cache.get(key))
    if kept is None:
        kept = said = _hours(staff, now)
        live.ask(lambda: cache.set(key, said, HOURS_KEPT_SECONDS))
    return kept


def _hours(staff: StaffMember, now: datetime) -> str:
    calendar = calendars.of(staff.store_id)
    zone = staff.store.tz
    closes = calendar.closes_at(now)
    if closes is not None:
        # A store that never closes has no closing time worth saying.
        if closes - now > timedelta(days=1):
            return pgettext("hours", "open")
        return _("open until %(when)s") % {"when": clocks.when(closes, zone, now)}
    try:
        return _("closed, opens %(when)s") % {"when": clocks.when(calendar.next_open(now), zone, now)}
    except NoOpenHours:
        return _("closed")


def _greeting(hour: int) -> str:
    return _("Good morning") if 4 <= hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
