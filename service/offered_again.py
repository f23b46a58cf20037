"""Declined work is offered again: as a visit is booked, and as the car is checked in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import AppointmentBooked
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from service import declined_work
from service.declined_work import key_of
from service.models import DeclinedLine

#: How far back the look for bookings goes whose concern was written later.
LOOK_BACK = timedelta(hours=1)
MOST = 20


def open_lines(customer: Customer, vehicle_id: int | None = None) -> ScopedQuerySet[DeclinedLine]:
    """What this customer has declined and nobody has settled; of this car where one is named, safety first."""
    rows = DeclinedLine.objects.of_store(customer.store_id).filter(
        customer_id__in=merging.family(customer), state=DeclinedLine.State.OPEN
    )
    if vehicle_id is not None:
        rows = rows.filter(Q(vehicle_id=vehicle_id) | Q(vehicle__isnull=True))
    return rows.select_related("ro", "vehicle").defer("ro__history").order_by("colour", "pk")


@transaction.atomic
def check_in(
    visit: Appointment, *, line_ids: Iterable[int], by: StaffMember, now: datetime
) -> list[DeclinedLine]:
    """They are here, and these declined lines are done in this visit. Lines that are settled meanwhile are left out."""
    booking.check_in(visit, by=by, now=now)
    lines = list(open_lines(visit.customer).filter(pk__in=list(line_ids)))
    declined_work.mark_booked(lines, visit, by=by, now=now)
    return lines


@bus.entails(AppointmentBooked)
def booked(facts: Sequence[AppointmentBooked]) -> list[Fact]:
    """A visit was set whose concern names declined work: the work is booked, in the same moment."""
    ours = {
        fact.appointment_id: fact
        for fact in facts
        if fact.department == Department.SERVICE and not fact.backfill and fact.customer_id
    }
    if not ours:
        return []
    found: list[Fact] = []
    rows = Appointment.objects.across_stores("visits just booked").filter(pk__in=ours).exclude(concern="")
    for visit in rows.filter(customer__declined_lines__state=DeclinedLine.State.OPEN).distinct():
        fact = ours[visit.pk]
        lines = named_in(visit, [("", visit.concern)])
        found += declined_work.booked(lines, visit, by=fact.by, now=fact.at)
    return found


def named_in(appointment: Appointment, said: Iterable[tuple[str, str]]) -> list[DeclinedLine]:
    """The open lines of this visit's customer and car that the (op code, words) of the booking name."""
    pairs = list(said)
    keys = {key_of(op_code, "") for op_code, _ in pairs if op_code}
    texts = [f" {key_of('', words)} " for _, words in pairs if words]
    rows = DeclinedLine.objects.of_store(appointment.store_id).filter(
        customer_id=appointment.customer_id, state=DeclinedLine.State.OPEN
    )
    if appointment.vehicle_id:
        rows = rows.filter(Q(vehicle_id=appointment.vehicle_id) | Q(vehicle__isnull=True))
    found = []
    for row in rows:
        words = key_of("", row.description)
        if key_of(row.op_code, "") in keys - {""} or (words and any(f" {words} " in text for text in texts)):
            found.append(row)
    return found


def notice_bookings(*, now: datetime) -> int:
    """Visits that somebody set a moment ago and whose concern names declined work. Two queries when there is nothing."""
    rows = Appointment.objects.across_stores("bookings of all stores").filter(
        department=Department.SERVICE,
        state__in=booking.AWAITED,
        created_at__gte=now - LOOK_BACK,
        created_at__lte=now,
        customer__declined_lines__state=DeclinedLine.State.OPEN,
    )
    n = 0
    for appointment in rows.exclude(concern="").distinct()[:200]:
        lines = named_in(appointment, [("", appointment.concern)])
        declined_work.mark_booked(lines, appointment, by=appointment.booked_by, now=now)
        n += len(lines)
    return n
