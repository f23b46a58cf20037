"""Visits are set, confirmed, moved, cancelled, met and missed here and nowhere else. Each tells its fact in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.appointments import news, slots, told, when
from dealership.appointments.models import Appointment
from dealership.appointments.slots import BookingError, NoRoom, NotOpen, Place
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentMissed,
    AppointmentMoved,
    CustomerArrived,
)
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from dealership.vehicles.models import Vehicle

__all__ = ["BookingError", "InThePast", "NoRoom", "NotOpen", "Over", "TooEarly"]

#: So long after its time a visit to which nobody came is missed.
GRACE = timedelta(minutes=60)
#: A visit missed longer ago than this is history: nobody can save it the same day any more.
NEWS = timedelta(days=3)

BOOKED, CONFIRMED = Appointment.State.BOOKED, Appointment.State.CONFIRMED
ARRIVED, MISSED = Appointment.State.ARRIVED, Appointment.State.MISSED
CANCELLED = Appointment.State.CANCELLED
AWAITED = (BOOKED, CONFIRMED)


class InThePast(BookingError):
    """That time has passed."""


class Over(BookingError):
    """The visit has taken place, or was cancelled: it cannot change so any more."""


class TooEarly(BookingError):
    """It is not an hour after the time yet."""


@transaction.atomic
def book(
    *,
    store_id: int,
    department: str,
    customer: Customer,
    starts_at: datetime,
    minutes: int = 60,
    vehicle: Vehicle | None = None,
    person: StaffMember | None = None,
    concern: str = "",
    transport: str = "",
    source: str = "person",
    dms_number: str = "",
    by: StaffMember | None,
    now: datetime,
    force: bool = False,
    backfill: bool = False,
) -> Appointment:
    """A visit with its place. Told to the customer by text unless it came from the DMS or is history.

    The same again (the DMS's number, or the same customer, department and time) is the visit that stands already.
    Raises NoRoom, NotOpen and InThePast; with `force` (the DMS has decided) it is set beyond capacity, and the overrun
    is told.
    """
    _require_store(store_id, customer, vehicle, person, by)
    if starts_at <= now and not force:
        raise InThePast(_("That time has passed: choose a later one."))
    # The customer's row is the turnstile: a form sent twice waits here, and then finds its first self.
    Customer.objects.of_store(store_id).select_for_update(no_key=True).get(pk=customer.pk)
    standing = _standing(store_id, department, customer, starts_at, dms_number)
    if standing is not None:
        return standing
    try:
        with transaction.atomic():
            place = slots.take(store_id=store_id, department=department, starts_at=starts_at, force=force)
            appointment = Appointment.objects.create(
                store_id=store_id,
                department=department,
                customer=customer,
                vehicle=vehicle,
                person=person,
                starts_at=starts_at,
                minutes=minutes,
                concern=concern,
                transport=transport,
                source=source,
                dms_number=dms_number,
                slot_id=place.slot_id,
                is_overbooked=place.is_over,
                booked_by=by,
                created_at=now,
            )
    except IntegrityError:
        # Another worker read the same record of the DMS; the place went back with the savepoint.
        return Appointment.objects.of_store(store_id).get(dms_number=dms_number)
    news.tell(appointment, AppointmentBooked, place, by=by, now=now, backfill=backfill, source=source)
    if source in ("person", "text") and not backfill:
        told.booked(appointment, now=now)
    return appointment


@transaction.atomic
def confirm(
    appointment: Appointment, *, by: StaffMember | None, now: datetime, backfill: bool = False
) -> Appointment:
    """They said that they come. Twice is once. Raises Over for a visit that is cancelled or missed."""
    current = _locked(appointment)
    if current.state in (CONFIRMED, ARRIVED):
        return current
    if current.state != BOOKED:
        raise Over(_("This visit %(state)s: book a new one.") % {"state": news.state_words(current)})
    current.state, current.confirmed_at = CONFIRMED, now
    _save(current, "state", "confirmed_at")
    news.tell(current, AppointmentConfirmed, by=by, now=now, backfill=backfill)
    return current


@transaction.atomic
def move(
    appointment: Appointment,
    *,
    starts_at: datetime,
    by: StaffMember | None,
    now: datetime,
    force: bool = False,
    backfill: bool = False,
    in_own_words: bool = False,
) -> Appointment:
    """Another time: the new place is taken and the old one given back, or neither. It is to be confirmed anew.

    Told to the customer by text where a person moved it, unless that person tells it `in_own_words`. Raises NoRoom, NotOpen,
    InThePast, and Over for a visit that took place or was cancelled (`force` revives a cancelled one: the DMS has decided).
    """
    current = _locked(appointment)
    if current.state == ARRIVED or (current.state == CANCELLED and not force):
        raise Over(_("This visit %(state)s: book a new one.") % {"state": news.state_words(current)})
    if current.starts_at == starts_at and current.state in AWAITED:
        return current
    if starts_at <= now and not force:
        raise InThePast(_("That time has passed: choose a later one."))
    old_time = current.starts_at
    place = _set_to(current, starts_at, force=force)
    news.tell(current, AppointmentMoved, place, by=by, now=now, backfill=backfill, moved_from=old_time)
    if by is not None and not backfill and not in_own_words:
        told.moved(current, now=now)
    return current


@transaction.atomic
def move_back(appointment: Appointment, *, by: StaffMember, now: datetime) -> Appointment:
    """Its last move was a slip: it has its time again, and is confirmed if it was.

    The customer hears of it only where they have heard of the move: a text that has not left is stopped. Raises NoRoom, NotOpen
    and InThePast as a move does, and Over where it has changed since.
    """
    current = _locked(appointment)
    last = news.last_move(current)
    if last is None or current.state != BOOKED:
        raise Over(_("This visit has changed since: give it a time with its form."))
    if last.moved_from <= now:
        raise InThePast(_("The time that it had has passed: choose a later one."))
    old_time = current.starts_at
    place = _set_to(current, last.moved_from)
    unheard = told.hush(current, now=now)
    news.tell(current, AppointmentMoved, place, by=by, now=now, moved_from=old_time)
    if not unheard:
        told.moved(current, now=now)
    elif last.confirmed_at is not None:
        current.state, current.confirmed_at = CONFIRMED, last.confirmed_at
        _save(current, "state", "confirmed_at")
        news.tell(current, AppointmentConfirmed, by=by, now=now)
    return current


@transaction.atomic
def cancel(
    appointment: Appointment,
    *,
    why: str = "",
    by: StaffMember | None,
    now: datetime,
    backfill: bool = False,
) -> Appointment:
    """It will not take place; its place is free again. Twice is once. Raises Over where they have come."""
    current = _locked(appointment)
    if current.state == CANCELLED:
        return current
    if current.state == ARRIVED:
        raise Over(_("This visit %(state)s: it cannot be cancelled.") % {"state": news.state_words(current)})
    slots.give_back(current)
    current.state, current.cancelled_at = CANCELLED, now
    _save(current, "slot", "is_overbooked", "state", "cancelled_at")
    why_words = f"({why})" if why else ""
    news.tell(current, AppointmentCancelled, by=by, now=now, backfill=backfill, why=why_words)
    return current


@transaction.atomic
def rebook(appointment: Appointment, *, by: StaffMember | None, now: datetime) -> Appointment:
    """A cancelled visit stands again at its time. Raises NoRoom where its place has gone, InThePast, and Over if it was not cancelled."""
    current = _locked(appointment)
    if current.state in AWAITED:
        return current
    if current.state != CANCELLED:
        raise Over(_("This visit %(state)s: book a new one.") % {"state": news.state_words(current)})
    if current.starts_at <= now:
        raise InThePast(_("That time has passed: book a later one."))
    place = slots.take(store_id=current.store_id, department=current.department, starts_at=current.starts_at)
    current.slot_id, current.is_overbooked = place.slot_id, place.is_over
    current.state = CONFIRMED if current.confirmed_at else BOOKED
    current.cancelled_at = None
    _save(current, "slot", "is_overbooked", "state", "cancelled_at")
    news.tell(current, AppointmentBooked, place, by=by, now=now, source="person" if by else current.source)
    return current


@transaction.atomic
def check_in(
    appointment: Appointment,
    *,
    by: StaffMember | None,
    now: datetime,
    at: datetime | None = None,
    ro_number: str = "",
    backfill: bool = False,
) -> Appointment:
    """They are here, `at` then (default now). Twice is once; who comes late, or after cancelling, has come all the same."""
    current = _locked(appointment)
    if ro_number and not current.ro_number:
        current.ro_number = ro_number
        _save(current, "ro_number")
    if current.state == ARRIVED:
        return current
    current.state, current.arrived_at = ARRIVED, at or now
    _save(current, "state", "arrived_at")
    news.tell(current, CustomerArrived, by=by, now=at or now, backfill=backfill)
    return current


@transaction.atomic
def miss(
    appointment: Appointment, *, by: StaffMember | None = None, now: datetime, backfill: bool = False
) -> Appointment:
    """They did not come, as of the time plus an hour. Twice is once. Raises Over unless the visit was awaited, and TooEarly."""
    current = _locked(appointment)
    if current.state == MISSED:
        return current
    if current.state not in AWAITED:
        raise Over(_("This visit %(state)s.") % {"state": news.state_words(current)})
    if now < current.starts_at + GRACE:
        raise TooEarly(_("They may still come: a visit is missed an hour after its time."))
    return miss_many([current], by=by, now=now, backfill=backfill)[0]


def miss_many(
    appointments: Sequence[Appointment],
    *,
    by: StaffMember | None = None,
    now: datetime,
    backfill: bool = False,
) -> list[Appointment]:
    """As miss, for awaited visits that the caller has locked; written at once and told in one batch.

    What is older than NEWS, or was loaded after its time, is told as history.
    """
    zones = {store.pk: store.tz for store in Store.objects.filter(pk__in={a.store_id for a in appointments})}
    facts = []
    for appointment in appointments:
        appointment.state, appointment.missed_at = MISSED, appointment.starts_at + GRACE
        appointment.version += 1
        is_history = (
            backfill
            or appointment.starts_at < now - NEWS
            or appointment.created_at >= appointment.starts_at + GRACE
        )
        zone_words = when.words(appointment.starts_at, zones[appointment.store_id])
        facts.append(
            AppointmentMissed(
                **news.common(appointment, by, appointment.starts_at + GRACE, is_history, zone_words)
            )
        )
    Appointment.objects.bulk_update(appointments, ["state", "missed_at", "version"])
    bus.publish(*facts)
    for store_id in zones:
        live.bump(store_id, "appointments")
    return list(appointments)


def _locked(appointment: Appointment) -> Appointment:
    """The visit as it stands now, for nobody else to change until this transaction ends."""
    rows = Appointment.objects.of_store(appointment.store_id).filter(pk=appointment.pk)
    return rows.select_for_update(of=("self",)).select_related("store", "customer", "vehicle").get()


def _set_to(current: Appointment, starts_at: datetime, *, force: bool = False) -> Place:
    """The locked visit has this time, to be confirmed: its new place is taken and its old one given back."""
    store_id, department = current.store_id, current.department
    target = slots.find_id(store_id=store_id, department=department, starts_at=starts_at)
    slots.lock(store_id=store_id, slot_ids=[current.slot_id, target])
    if target is not None and target == current.slot_id:
        place = Place(current.slot_id, current.is_overbooked)  # within one slot, the place stays
    else:
        place = slots.take(store_id=store_id, department=department, starts_at=starts_at, force=force)
        slots.give_back(current)
    current.slot_id, current.is_overbooked = place.slot_id, place.is_over
    current.starts_at, current.state = starts_at, BOOKED
    current.confirmed_at = current.missed_at = current.cancelled_at = None
    fields = ("slot", "is_overbooked", "starts_at", "state", "confirmed_at", "missed_at", "cancelled_at")
    _save(current, *fields)
    return place


def _save(appointment: Appointment, *fields: str) -> None:
    appointment.version += 1
    appointment.save(update_fields=[*fields, "version"])
    live.bump(appointment.store_id, "appointments")


def _standing(
    store_id: int, department: str, customer: Customer, starts_at: datetime, dms_number: str
) -> Appointment | None:
    rows = Appointment.objects.of_store(store_id)
    if dms_number:
        return rows.filter(dms_number=dms_number).first()
    return rows.filter(
        customer=customer, department=department, starts_at=starts_at, state__in=AWAITED
    ).first()


def _require_store(store_id: int, *rows: Any) -> None:
    for row in rows:
        if row is not None and row.store_id != store_id:
            raise BookingError(f"{row} belongs to another store.")
