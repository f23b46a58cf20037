"""What the pages of appointments show: a day with its marks and figures, a customer's visits, the count on the rail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from dealership import rail
from dealership.appointments import slots
from dealership.appointments.booking import AWAITED
from dealership.appointments.models import Appointment
from dealership.customers.models import ContactPoint
from dealership.language import later
from dealership.staff.models import StaffMember

State = Appointment.State

#: So long before its time an unconfirmed visit is marked.
CONFIRM_BY = timedelta(hours=24)
#: Rows of a day that are shown; a department with more in a day needs its own page.
MOST_ROWS = 400

#: The lists behind the figures, in their order: key and label.
SHOWN = (
    ("all", later("Visits")),
    ("unconfirmed", later("Not confirmed")),
    ("late", later("Late now")),
    ("arrived", later("Arrived")),
    ("missed", later("Did not come")),
    ("cancelled", later("Cancelled")),
)
_TONES = {State.CONFIRMED: "info", State.ARRIVED: "kept", State.MISSED: "late"}


@dataclass(frozen=True)
class Row:
    """One visit of the day with its marks. `late_minutes` while it is awaited after its time."""

    appointment: Appointment
    late_minutes: int
    is_unconfirmed: bool
    tone: str

    @property
    def lists(self) -> set[str]:
        """The figures that count it."""
        state = self.appointment.state
        found = {state} if state in (State.ARRIVED, State.MISSED, State.CANCELLED) else set()
        if state != State.CANCELLED:
            found.add("all")
        if state == State.BOOKED:
            found.add("unconfirmed")
        if self.late_minutes:
            found.add("late")
        return found


@dataclass(frozen=True)
class Figure:
    """A figure over the list, and the list that it opens."""

    key: str
    label: str
    n: int


def day_rows(staff: StaffMember, department: str, day: date, *, now: datetime) -> list[Row]:
    """Every visit of a local day, by time, each with the `phone` by which its customer is called: on paper it is the list for an
    outage. One query.
    """
    phones = ContactPoint.objects.visible_to(staff).filter(
        customer=OuterRef("customer"), kind=ContactPoint.Kind.PHONE, is_living=True, trouble=""
    )
    rows = _of_days(staff, department, day, day + timedelta(days=1))
    rows = rows.select_related("customer", "vehicle", "person").annotate(
        phone=Subquery(phones.order_by("-is_primary", "pk").values("value")[:1])
    )
    return [row_of(appointment, now=now) for appointment in rows.order_by("starts_at", "pk")[:MOST_ROWS]]


def rows_of_days(
    staff: StaffMember, department: str, first: date, end: date, *, now: datetime
) -> tuple[list[Row], bool]:
    """Visits of the local days from `first` up to, not including, `end`, without those that were cancelled; and whether there are
    more than a page holds. One query.
    """
    rows = _of_days(staff, department, first, end).exclude(state=State.CANCELLED)
    rows = rows.select_related("customer", "vehicle", "person").order_by("starts_at", "pk")
    found = list(rows[: MOST_ROWS + 1])
    return [row_of(appointment, now=now) for appointment in found[:MOST_ROWS]], len(found) > MOST_ROWS


def row_of(appointment: Appointment, *, now: datetime) -> Row:
    """A visit with its marks."""
    awaited = appointment.state in AWAITED
    late = max(0, int((now - appointment.starts_at) / timedelta(minutes=1))) if awaited else 0
    unconfirmed = appointment.state == State.BOOKED and now <= appointment.starts_at <= now + CONFIRM_BY
    return Row(appointment, late, unconfirmed, _TONES.get(State(appointment.state), ""))


def figures(rows: Collection[Row]) -> list[Figure]:
    """The figures over the day's list; each counts exactly what its list shows."""
    counted = Counter(name for row in rows for name in row.lists)
    return [Figure(key, label, counted[key]) for key, label in SHOWN]


def week_counts(staff: StaffMember, department: str, day: date) -> list[tuple[date, int]]:
    """The days of the week of `day`, Monday first, with how many visits each has. One query."""
    monday = day - timedelta(days=day.weekday())
    rows = (
        _of_days(staff, department, monday, monday + timedelta(days=7))
        .exclude(state=State.CANCELLED)
        .annotate(local_day=TruncDate("starts_at", tzinfo=staff.store.tz))
        .values("local_day")
        .annotate(n=Count("pk"))
        .values_list("local_day", "n")
    )
    counts = dict(rows.order_by())
    return [(at, counts.get(at, 0)) for at in (monday + timedelta(days=n) for n in range(7))]


def of_customer(staff: StaffMember, family: Collection[int], *, now: datetime) -> list[Row]:
    """A customer's visits: those to come, and the last five. One query."""
    rows = (
        Appointment.objects.visible_to(staff)
        .filter(customer_id__in=family)
        .select_related("vehicle", "person")
        .order_by("-starts_at")[:12]
    )
    ahead = [row for row in rows if row.starts_at >= now][::-1]
    past = [row for row in rows if row.starts_at < now][:5]
    return [row_of(appointment, now=now) for appointment in [*ahead, *past]]


def _of_days(staff: StaffMember, department: str, first: date, end: date) -> QuerySet[Appointment]:
    """Visits that start on the local days from `first` up to, not including, `end`. Uses appointment_day."""
    zone = staff.store.tz
    rows = Appointment.objects.visible_to(staff).filter(
        starts_at__gte=slots.day_start(first, zone), starts_at__lt=slots.day_start(end, zone)
    )
    return rows.filter(department=department) if department else rows


@rail.counter("appointments:day")
def still_to_come(staff: StaffMember, now: datetime) -> rail.Count:
    """On the rail: today's visits that are still awaited. One query."""
    today = now.astimezone(staff.store.tz).date()
    awaited = _of_days(staff, "", today, today + timedelta(days=1)).filter(state__in=AWAITED)
    return rail.Count(awaited.count())
