"""Everybody's visits: whoever has one comes about its time, or does not, and the product notices."""

from __future__ import annotations

from datetime import datetime, timedelta

from dealership.appointments import booking, jobs
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.demo import stage
from dealership.demo.stage import Stage
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from dealership.vehicles.models import Vehicle

CAME = {Department.SALES: 0.71, Department.SERVICE: 0.86}
GREETERS = {Department.SALES: (Role.SALESPERSON,), Department.SERVICE: (Role.ADVISOR,)}
#: Of those who come to the showroom so many buy.
BUYS = 0.42
#: Nobody comes so long before a time that has moved.
_OVERDUE = f"""
    SELECT min(starts_at) + interval '{booking.GRACE.total_seconds():.0f} seconds' FROM appointments_appointment
    WHERE store_id = {{store}} AND state IN ('booked', 'confirmed')
"""  # noqa: S608 - a number of ours
TOO_EARLY = timedelta(minutes=45)


@stage.watcher(Appointment)
def watch_visits(on: Stage, seen: int) -> int:
    """Visits that are new: who comes, comes about the time."""
    fresh = (
        Appointment.objects.of_store(on.store.pk)
        .filter(pk__gt=seen)
        .order_by("pk")
        .values_list("pk", "department", "starts_at", "state")
    )
    for pk, department, starts_at, state in fresh:
        seen = pk
        came = CAME.get(Department(department), 0.8)
        if state in booking.AWAITED and starts_at > on.now and on.chance(came):
            on.later(_about(on, starts_at), "visits.come", visit=pk)
    return seen


@stage.scene("visits.come")
def come(on: Stage, visit: int) -> str:
    """They are here; somebody greets them. A visit that has moved ahead is come to then."""
    row = (
        Appointment.objects.of_store(on.store.pk)
        .filter(pk=visit, state__in=booking.AWAITED)
        .select_related("customer", "person")
        .first()
    )
    if row is None:
        return ""
    if row.starts_at > on.now + TOO_EARLY:
        on.later(_about(on, row.starts_at), "visits.come", visit=visit)
        return ""
    greeters = on.staff(*GREETERS.get(Department(row.department), (Role.GENERAL_MANAGER,)))
    by = row.person if row.person in greeters else next(iter(greeters), None)
    booking.check_in(row, by=by, now=on.now)
    if row.department == Department.SALES and on.chance(BUYS):
        on.later(
            on.now + timedelta(minutes=on.dice.randrange(40, 120)), "sales.deal", customer=row.customer_id
        )
    return f"{row.customer.full_name} is here for their visit ({row.get_department_display().lower()})."


@stage.passing("visits are missed", _OVERDUE)
def declare_missed(now: datetime) -> None:
    """Visits to which nobody came are declared missed."""
    jobs.declare(now=now)


def book(
    on: Stage,
    *,
    department: Department,
    customer: Customer,
    by: StaffMember | None,
    vehicle: Vehicle | None = None,
    person: StaffMember | None = None,
    concern: str = "",
    days: tuple[int, int] = (1, 4),
) -> Appointment | None:
    """A visit on one of the next days, where there is room; None where there was none at four times."""
    for _ in range(4):
        try:
            return booking.book(
                store_id=on.store.pk,
                department=department,
                customer=customer,
                vehicle=vehicle,
                person=person,
                starts_at=some_time(on, department, days),
                concern=concern,
                by=by,
                now=on.now,
            )
        except booking.BookingError:
            continue
    return None


def some_time(on: Stage, department: str, days: tuple[int, int]) -> datetime:
    """A half hour within the department's hours, some days ahead; mornings fill first."""
    day = (on.now + timedelta(days=on.dice.randint(*days))).astimezone(on.store.tz).date()
    while not on.is_open(department, day):
        day += timedelta(days=1)
    opens, closes = on.hours(department, day)
    halves = max(2, int((closes - opens).total_seconds() // 1800) - 3)
    return opens + timedelta(minutes=30 * int(on.dice.triangular(0, halves, halves / 4)))


def _about(on: Stage, starts_at: datetime) -> datetime:
    return max(on.now, starts_at + timedelta(minutes=on.dice.randrange(-9, 26)))
