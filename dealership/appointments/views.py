"""Pages of visits: a day with its places, one visit, a new one, a customer's panel. Twelve queries at most each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import TimeField
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock
from dealership.appointments import board, booking, grid, slots
from dealership.appointments.capacity import FreeSlot
from dealership.appointments.forms import TIME_FORMATS, BookForm, GiveForm, TimeForm
from dealership.appointments.models import Appointment
from dealership.customers import merging, search
from dealership.customers.models import Customer
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.stores.models import Department
from dealership.vehicles.models import Ownership
from dealership.web import May, StaffRequest, render_page, staff_only

#: Departments that customers visit by appointment.
VISITED = (Department.SERVICE, Department.SALES, Department.PARTS, Department.FNI)
#: So many days are looked through for the first free times.
AHEAD = 8
_FIRST_DAY, _LAST_DAY = date(2000, 1, 3), date(2099, 12, 20)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def day(request: StaffRequest) -> HttpResponse:
    """The visits of a day in one department, how full its slots are, and the week around it; `?view=week` and `?by=person`: as a grid."""
    staff, now = request.staff, clock.now()
    today = now.astimezone(staff.store.tz).date()
    shown_day, department = read_day(request.GET.get("day"), today), _department(request)
    if request.GET.get("view") == "week" or request.GET.get("by") == "person":
        return _grid(request, shown_day, department, today, now)
    places = slots.of_day(staff.store_id, department, shown_day)
    rows = board.day_rows(staff, department, shown_day, now=now)
    shown = request.GET.get("show", "all")
    shown = shown if shown in dict(board.SHOWN) else "all"
    context = {
        "now": now,
        "day": shown_day,
        "today": today,
        "department": department,
        "departments": [(name.value, name.label) for name in VISITED],
        "places": places,
        "rows": [row for row in rows if shown in row.lists],
        "shown": shown,
        "figures": board.figures(rows),
        "week": board.week_counts(staff, department, shown_day),
        "may_book": staff.may(May.BOOK),
        **_around(shown_day),
    }
    return render_page(request, "appointments/day.html", "appointments/_day.html", context)


def _grid(request: StaffRequest, day: date, department: str, today: date, now: datetime) -> HttpResponse:
    """The week by time or by person, or the day by person."""
    staff, is_week = request.staff, request.GET.get("view") == "week"
    by = "person" if request.GET.get("by") == "person" else "time"
    step = timedelta(days=7 if is_week else 1)
    context = {
        "now": now,
        "day": day,
        "today": today,
        "department": department,
        "departments": [(name.value, name.label) for name in VISITED],
        "view": "week" if is_week else "day",
        "by": by,
        "grid": grid.of_week(staff, department, day, by_person=by == "person", now=now)
        if is_week
        else grid.of_day(staff, department, day, now=now),
        "may_book": staff.may(May.BOOK),
        "before": day - step,
        "after": day + step,
    }
    return render_page(request, "appointments/grid.html", "appointments/_grid.html", context)


def _around(day: date) -> dict[str, date]:
    return {"week_before": day - timedelta(days=7), "week_after": day + timedelta(days=7)}


@require_http_methods(["GET", "POST"])
@staff_only(May.BOOK)
def book(request: StaffRequest) -> HttpResponse:
    """A new visit: first the customer, then the time among those that are free."""
    customer = _chosen_customer(request)
    if customer is None:
        text = request.GET.get("q", "").strip()
        context: dict[str, Any] = {"text": text, "query": _kept_query(request)}
        context["hits"] = search.find(request.staff, text, limit=20) if text else []
        return render_page(request, "appointments/book_customer.html", None, context)
    now = clock.now()
    form = _book_form(request, customer, now)
    if request.method == "POST" and form.is_valid():
        appointment = _book(request, customer, form, now)
        if appointment is not None:
            zone = request.staff.store.tz
            messages.info(
                request,
                _("The visit is set."),
                extra_tags=reverse("appointments:cancel", args=[appointment.pk]),
            )
            return redirect(day_url(appointment, zone))
    context = _book_context(request, customer, form, now)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "appointments/book.html", None, context, status=status)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def appointment_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One visit and what can be done with it."""
    context = detail_context(request, find(request, pk))
    return render_page(request, "appointments/appointment_detail.html", None, context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer's visits to come, and the last of those that were: a part of their page."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    now = clock.now()
    rows = board.of_customer(request.staff, merging.family(customer), now=now)
    context = {
        "customer": customer,
        "now": now,
        "ahead": [row for row in rows if row.appointment.starts_at >= now],
        "past": [row for row in rows if row.appointment.starts_at < now],
        "may_book": request.staff.may(May.BOOK),
    }
    part = "appointments/_customer_panel.html"
    return render_page(request, part, part, context)


def find(request: StaffRequest, pk: int) -> Appointment:
    """The visit, if this person may see it; else 404."""
    rows = Appointment.objects.visible_to(request.staff).select_related(
        "customer", "vehicle", "person", "store", "booked_by"
    )
    return get_object_or_404(rows, pk=pk)


def detail_context(
    request: StaffRequest, appointment: Appointment, form: TimeForm | None = None
) -> dict[str, Any]:
    """What a visit's page shows; `form` is a move that failed."""
    zone, now = request.staff.store.tz, clock.now()
    local = appointment.starts_at.astimezone(zone)
    wanted = read_day(request.GET.get("day"), max(local.date(), now.astimezone(zone).date()))
    shown = form or TimeForm(initial={"day": wanted, "time": local.time()}, zone=zone)
    may_change = request.staff.may(May.BOOK) and appointment.state not in (
        Appointment.State.ARRIVED,
        Appointment.State.CANCELLED,
    )
    return {
        "appointment": appointment,
        "row": board.row_of(appointment, now=now),
        "form": shown,
        "move_day": wanted,
        "free": _pressed(slots.free(appointment.store_id, appointment.department, wanted, after=now), zone)
        if may_change
        else [],
        "day_before": wanted - timedelta(days=1),
        "day_after": wanted + timedelta(days=1),
        "may_book": request.staff.may(May.BOOK),
        "may_change": may_change,
        "give_form": GiveForm(initial={"to": appointment.person_id}, staff=request.staff)
        if may_change and appointment.state != Appointment.State.MISSED
        else None,
        "now": now,
    }


def with_slot(post: QueryDict) -> QueryDict:
    """What was posted; the button of a free time that was pressed says the day and the time."""
    data = post.copy()
    if "slot" in data:
        data["day"], _, data["time"] = str(data["slot"]).partition(" ")
    return data


def _pressed(free: Sequence[FreeSlot], zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """Free times, each with what its button says back."""
    return [(slot.starts_at, f"{slot.starts_at.astimezone(zone):%Y-%m-%d %H:%M}") for slot in free[:24]]


def day_url(appointment: Appointment, zone: Any) -> str:
    """The page of the day on which the visit is."""
    local = appointment.starts_at.astimezone(zone).date()
    return f"{reverse('appointments:day')}?day={local.isoformat()}&department={appointment.department}"


def read_day(text: str | None, otherwise: date) -> date:
    """The day of an address; `otherwise` for none, or for one that no page can show."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if _FIRST_DAY <= found <= _LAST_DAY else otherwise


def read_time(text: str | None) -> time | None:
    """The wall-clock time of an address, as "9:40 am" or "09:40"; None for none."""
    try:
        found: time | None = TimeField(input_formats=TIME_FORMATS, required=False).clean(text)
    except ValidationError:
        return None
    return found


def _department(request: StaffRequest) -> str:
    """The department that was asked for, else the person's own, else service."""
    own = DEPARTMENT_OF[Role(request.staff.role)]
    asked = request.GET.get("department", "")
    if asked in VISITED:
        return asked
    return own if own in VISITED else Department.SERVICE


def _chosen_customer(request: StaffRequest) -> Customer | None:
    text = request.POST.get("customer") or request.GET.get("customer") or ""
    if not text.isdecimal() or len(text) > 17:
        return None
    rows = Customer.objects.visible_to(request.staff).select_related("merged_into__merged_into")
    return merging.living(get_object_or_404(rows, pk=int(text)))


def _kept_query(request: StaffRequest) -> str:
    kept = request.GET.copy()
    kept.pop("q", None)
    return kept.urlencode()


def _book_form(request: StaffRequest, customer: Customer, now: datetime) -> BookForm:
    staff = request.staff
    cars = (
        Ownership.objects.visible_to(staff)
        .filter(customer_id__in=merging.family(customer), until__isnull=True)
        .select_related("vehicle")
        .order_by("-since")
    )
    vehicles = [(row.vehicle_id, f"{row.vehicle} · {row.vehicle.vin[-8:]}") for row in cars]
    colleagues = StaffMember.objects.visible_to(staff).filter(is_active=True).order_by("name")
    people = [(person.pk, f"{person.name}, {person.role_label.lower()}") for person in colleagues]
    zone = staff.store.tz
    initial = {
        "day": read_day(request.GET.get("day"), now.astimezone(zone).date()),
        "time": read_time(request.GET.get("time")),
        "department": _department(request),
        "vehicle": vehicles[0][0] if len(vehicles) == 1 else "",
    }
    data = _with_included(request) if request.method == "POST" else None
    return BookForm(data, initial=initial, zone=zone, vehicles=vehicles, people=people)


def _with_included(request: StaffRequest) -> QueryDict:
    """What was typed, and what was ticked in the departments' panels: those words are part of what the visit is for."""
    data = with_slot(request.POST)
    said = data.get("concern", "")
    ticked = [words for words in data.getlist("include")[:20] if words not in said]
    data["concern"] = "\n".join(filter(None, [said, *ticked]))
    return data


def _book(request: StaffRequest, customer: Customer, form: BookForm, now: datetime) -> Appointment | None:
    """The visit; None, with the reason beside the time, where it cannot be."""
    typed = form.cleaned_data
    mine = Ownership.objects.visible_to(request.staff).filter(vehicle_id=typed["vehicle"])
    car = mine.select_related("vehicle").first() if typed["vehicle"] else None
    colleagues = StaffMember.objects.visible_to(request.staff)
    try:
        return booking.book(
            store_id=request.staff.store_id,
            department=typed["department"],
            customer=customer,
            starts_at=form.starts_at,
            vehicle=car.vehicle if car else None,
            person=colleagues.filter(pk=typed["person"]).first() if typed["person"] else None,
            concern=typed["concern"].strip(),
            transport=typed["transport"],
            by=request.staff,
            now=now,
        )
    except booking.BookingError as error:
        form.add_error("time", str(error))
        return None


def _book_context(request: StaffRequest, customer: Customer, form: BookForm, now: datetime) -> dict[str, Any]:
    typed = form.data if form.is_bound else form.initial
    department = str(typed.get("department", Department.SERVICE))
    if department not in Department.values:
        department = Department.SERVICE
    today = now.astimezone(form.zone).date()
    found = slots.of_days(
        request.staff.store_id, department, [today + timedelta(days=n) for n in range(AHEAD)]
    )
    soonest = slots.soonest(found, form.zone, after=now)
    if not form.is_bound and "day" not in request.GET and soonest:
        form.initial["day"] = soonest[0].astimezone(form.zone).date()
    wanted = read_day(str(typed.get("day", "")), today)
    places = found.get(wanted) or slots.of_day(request.staff.store_id, department, wanted)
    return {
        "customer": customer,
        "soonest": [(at, f"{at.astimezone(form.zone):%Y-%m-%d %H:%M}") for at in soonest],
        "form": form,
        "day": wanted,
        "department": department,
        "department_words": Department(department).label,
        "places": places,
        "free": [slot for slot in places.slots if slot.has_room and slot.starts_at > now],
        "day_before": wanted - timedelta(days=1),
        "day_after": wanted + timedelta(days=1),
        "sees_service": request.staff.may(May.SEE_SERVICE),
        "now": now,
    }
