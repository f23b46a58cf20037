"""An RO is an arrival: it meets the visit that was set, by the DMS's number or by customer and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department
from service.models import RepairOrder

AWAITED = (Appointment.State.BOOKED, Appointment.State.CONFIRMED, Appointment.State.MISSED)


def expected(
    ros: Sequence[RepairOrder], hours: Mapping[tuple[int, str], Calendar]
) -> dict[tuple[int, str], Appointment]:
    """The visits that these ROs are the arrival of, by (store, RO number). One query; each visit meets one RO."""
    numbers = {ro.appointment_number for ro in ros if ro.appointment_number}
    customers = {ro.customer_id for ro in ros if ro.customer_id}
    if not ros or not (numbers or customers):
        return {}
    first = min(ro.opened_at for ro in ros) - timedelta(days=1)
    last = max(ro.opened_at for ro in ros) + timedelta(days=1)
    rows = list(
        Appointment.objects.across_stores("visits of a batch of several stores")
        .filter(
            Q(dms_number__in=numbers - {""}) | Q(customer_id__in=customers, starts_at__range=(first, last)),
            store_id__in={ro.store_id for ro in ros},
            department=Department.SERVICE,
            state__in=AWAITED,
        )
        .order_by("starts_at", "pk")
    )
    found: dict[tuple[int, str], Appointment] = {}
    taken: set[int] = set()
    for ro in sorted(ros, key=lambda ro: not ro.appointment_number):
        zone = calendars.calendar_of(dict(hours), ro.store_id, Department.SERVICE).zone
        match = next((row for row in rows if row.pk not in taken and meets(row, ro, zone)), None)
        if match is not None:
            taken.add(match.pk)
            found[ro.store_id, ro.ro_number] = match
    return found


def meets(appointment: Appointment, ro: RepairOrder, zone: ZoneInfo) -> bool:
    """Whether this RO is the arrival of this visit."""
    if appointment.store_id != ro.store_id:
        return False
    if ro.appointment_number and appointment.dms_number:
        return ro.appointment_number == appointment.dms_number
    if ro.customer_id is None or ro.customer_id != appointment.customer_id:
        return False
    if ro.vehicle_id and appointment.vehicle_id and ro.vehicle_id != appointment.vehicle_id:
        return False
    day = appointment.starts_at.astimezone(zone).date()
    return bool(day == ro.opened_at.astimezone(zone).date())


def of_visit(appointment: Appointment, zone: ZoneInfo) -> RepairOrder | None:
    """The RO that is this visit's arrival, where the RO came first."""
    rows = RepairOrder.objects.of_store(appointment.store_id).exclude(state=RepairOrder.State.VOIDED)
    same_day = Q(
        customer_id=appointment.customer_id,
        opened_at__range=(
            appointment.starts_at - timedelta(days=1),
            appointment.starts_at + timedelta(days=1),
        ),
    )
    by_number = Q(appointment_number=appointment.dms_number) if appointment.dms_number else Q(pk__in=[])
    return next((ro for ro in rows.filter(by_number | same_day)[:20] if meets(appointment, ro, zone)), None)


def check_in(appointment: Appointment, ro: RepairOrder, *, backfill: bool, now: datetime) -> None:
    """They came: the RO says so, as of its opening."""
    booking.check_in(
        appointment,
        by=None,
        now=now,
        at=min(ro.opened_at, now),
        ro_number=ro.ro_number,
        backfill=backfill,
    )
