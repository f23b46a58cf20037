"""Reads for service's pages: the lane, one RO, declined work, a customer's panel. Twelve queries at most each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging
from dealership.customers import search as customer_search
from dealership.customers.models import Customer
from dealership.dms import freshness
from dealership.dms.freshness import Freshness
from dealership.dms.models import Feed
from dealership.rail import Count, counter
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department
from service.lives import Version
from service.models import DeclinedLine, RepairOrder

MOST_CARS = 300
MOST_LISTED = 100
#: Open time without a word after which a customer starts to wonder (SEAMS: two to three hours).
SILENT = timedelta(hours=2)
LATE = timedelta(hours=3)
#: So long before a promised time it is near.
NEAR = timedelta(minutes=60)


@dataclass(frozen=True)
class Car:
    """An open RO in the lane: how long its customer has heard nothing, in open time, and its promised time."""

    ro: RepairOrder
    silence: timedelta
    promised_in: timedelta | None

    @property
    def is_silent(self) -> bool:
        """Nobody told its customer anything for longer than they expect."""
        return self.silence >= SILENT

    @property
    def is_late(self) -> bool:
        """The promised time has passed, or the silence is too long."""
        return self.silence >= LATE or (self.promised_in is not None and self.promised_in < timedelta())

    @property
    def is_promise_near(self) -> bool:
        """The promised time is near, or has passed."""
        return self.promised_in is not None and self.promised_in <= NEAR


@dataclass
class Lane:
    """All that the lane shows."""

    due_in: list[Appointment] = field(default_factory=list)
    arrived: list[Appointment] = field(default_factory=list)
    missed: list[Appointment] = field(default_factory=list)
    told: list[Car] = field(default_factory=list)
    silent: list[Car] = field(default_factory=list)
    promised: list[Car] = field(default_factory=list)
    closed: list[RepairOrder] = field(default_factory=list)
    feed: Freshness | None = None
    n_declined: int = 0
    n_declined_red: int = 0

    @property
    def cars(self) -> list[Car]:
        """Every open RO, the longest silence first."""
        return sorted([*self.told, *self.silent, *self.promised], key=lambda car: -car.silence)

    @property
    def longest(self) -> Car | None:
        """Whose customer has waited longest for a word."""
        waiting = [car for car in self.cars if car.ro.customer_id and car.ro.customer_pays]
        return waiting[0] if waiting else None

    @property
    def is_empty(self) -> bool:
        """Nobody is here, expected, or was here today."""
        return not (self.due_in or self.arrived or self.missed or self.closed or self.cars)


def lane(staff: StaffMember, now: datetime) -> Lane:
    """The lane of this person's store. Eight queries."""
    hours = calendars.of_stores([staff.store_id])
    calendar = calendars.calendar_of(hours, staff.store_id, Department.SERVICE)
    today, tomorrow = _today(calendar, now)
    found = Lane()
    _sort_cars(found, _open(staff)[:MOST_CARS], calendar, now)
    rows = RepairOrder.objects.visible_to(staff).filter(state=RepairOrder.State.CLOSED, closed_at__gte=today)
    found.closed = list(_shown(rows).order_by("-closed_at")[:MOST_LISTED])
    _sort_visits(found, staff, today, tomorrow)
    feed = Feed.objects.visible_to(staff).filter(kind=Feed.Kind.REPAIR_ORDERS).first()
    found.feed = freshness.of(feed, now, calendar) if feed else None
    counted = open_declined(staff).aggregate(
        n=CountOf("pk"), red=CountOf("pk", filter=Q(colour=DeclinedLine.Colour.RED))
    )
    found.n_declined, found.n_declined_red = counted["n"], counted["red"]
    return found


def _sort_cars(found: Lane, ros: QuerySet[RepairOrder], calendar: Calendar, now: datetime) -> None:
    for ro in ros:
        since = max(ro.told_at or ro.opened_at, ro.opened_at)
        silence = timedelta(minutes=calendar.minutes_between(since, now)) if since < now else timedelta()
        car = Car(ro, silence, ro.promised_at - now if ro.promised_at else None)
        if car.is_promise_near:
            found.promised.append(car)
        elif car.is_silent:
            found.silent.append(car)
        else:
            found.told.append(car)
    found.promised.sort(key=lambda car: car.promised_in or timedelta())
    found.silent.sort(key=lambda car: -car.silence)
    found.told.sort(key=lambda car: -car.silence)


def _sort_visits(found: Lane, staff: StaffMember, today: datetime, tomorrow: datetime) -> None:
    visits = (
        Appointment.objects.visible_to(staff)
        .filter(department=Department.SERVICE, starts_at__gte=today, starts_at__lt=tomorrow)
        .exclude(state=Appointment.State.CANCELLED)
        .select_related("customer", "vehicle", "person")
        .order_by("starts_at", "pk")[:MOST_CARS]
    )
    for visit in visits:
        if visit.state in booking.AWAITED:
            found.due_in.append(visit)
        elif visit.state == Appointment.State.MISSED:
            found.missed.append(visit)
        elif not visit.ro_number:
            found.arrived.append(visit)


def _open(staff: StaffMember) -> QuerySet[RepairOrder]:
    rows = RepairOrder.objects.visible_to(staff).filter(state=RepairOrder.State.OPEN)
    return _shown(rows).order_by("opened_at")


def _shown(rows: QuerySet[RepairOrder]) -> QuerySet[RepairOrder]:
    return rows.select_related("customer", "vehicle", "advisor").defer("history", "comments")


def _today(calendar: Calendar, now: datetime) -> tuple[datetime, datetime]:
    day = now.astimezone(calendar.zone).date()
    start = datetime.combine(day, time(), calendar.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), calendar.zone)


def repair_orders(staff: StaffMember, text: str) -> list[RepairOrder]:
    """ROs that the text may mean: their number, or a customer's name, phone, VIN. Without a text the newest. Four queries at most."""
    rows = _shown(RepairOrder.objects.visible_to(staff))
    if not text.strip():
        return list(rows.order_by("-pk")[:50])
    customers = [hit.customer_id for hit in customer_search.find(staff, text, limit=20)]
    number = text.strip().upper().removeprefix("RO").strip(" #")
    return list(
        rows.filter(Q(ro_number=number) | Q(tag=text.strip()[:16]) | Q(customer_id__in=customers)).order_by(
            "-opened_at"
        )[:50]
    )


def versions(ro: RepairOrder) -> list[Version]:
    """Every version that files told of this RO, newest first."""
    return [Version.from_json(kept) for kept in reversed(ro.history)]


def open_declined(staff: StaffMember) -> QuerySet[DeclinedLine]:
    """Declined work that nobody has settled."""
    return DeclinedLine.objects.visible_to(staff).filter(state=DeclinedLine.State.OPEN)


def declined_list(staff: StaffMember, colour: str) -> list[DeclinedLine]:
    """Open declined work, safety first, then the oldest. One query."""
    rows = open_declined(staff)
    if colour in DeclinedLine.Colour.values:
        rows = rows.filter(colour=colour)
    return list(
        rows.select_related("ro", "customer", "vehicle")
        .defer("ro__history")
        .order_by("colour", "pk")[:MOST_LISTED]
    )


def of_customer(customer: Customer) -> tuple[list[RepairOrder], list[DeclinedLine]]:
    """The ROs and the open declined work of one customer, merged rows included. Three queries."""
    family = merging.family(customer)
    ros = RepairOrder.objects.of_store(customer.store_id).filter(customer_id__in=family)
    lines = DeclinedLine.objects.of_store(customer.store_id).filter(
        customer_id__in=family, state__in=[DeclinedLine.State.OPEN, DeclinedLine.State.BOOKED]
    )
    return list(_shown(ros).order_by("-opened_at")[:8]), list(
        lines.select_related("ro").order_by("colour", "pk")[:20]
    )


@counter("service:lane")
def waiting(staff: StaffMember, now: datetime) -> Count:
    """Open ROs, at most 99; late if a promised time has passed."""
    rows: Sequence[datetime | None] = list(
        RepairOrder.objects.visible_to(staff)
        .filter(state=RepairOrder.State.OPEN)
        .values_list("promised_at", flat=True)[:99]
    )
    return Count(len(rows), any(at is not None and at < now for at in rows))
