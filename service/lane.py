"""Reads for the lane: who is due, and every car with how far it is, what was promised, what it waits for. Eleven queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.dms import freshness
from dealership.dms.freshness import Freshness
from dealership.dms.models import Feed
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department
from service import stages
from service.board import open_declined, shown
from service.models import DeclinedLine, Recommendation, RepairOrder, ROPart

#: Of what is open, of today's visits and of what closed today, a board holds so many each.
MOST = 300
#: Open time without a word after which a customer starts to wonder (SEAMS: two to three hours).
SILENT = timedelta(hours=2)
LATE = timedelta(hours=3)
#: So long before a promised time it is near.
NEAR = timedelta(minutes=60)
#: So long a car may be ready before its customer should know.
TELL_READY = timedelta(minutes=10)

Stage = RepairOrder.Stage
Kept = TypeVar("Kept", RepairOrder, Appointment)
#: What stands over the columns where the stage's own name is too long.
COLUMNS = {Stage.WAITING_PARTS: later("waiting parts"), Stage.WAITING_APPROVAL: later("waiting approval")}


@dataclass(frozen=True)
class Way:
    """A stage to which a car may go, and the key that takes it there: the next of the shop, or the one before."""

    stage: str
    name: str
    key: str


@dataclass(frozen=True)
class Car:
    """An open RO: how long its customer has heard nothing, in open time, its promised time, its parts, its estimate."""

    ro: RepairOrder
    silence: timedelta
    promised_in: timedelta | None
    now: datetime
    parts: tuple[ROPart, ...] = ()
    undecided: int = 0
    undecided_cents: int = 0
    #: Until when the silence grows: the hour at which the shop closes; None while it is closed.
    grows_until: datetime | None = None

    @property
    def silent_since(self) -> datetime:
        """Since when it would have been silent, had the shop never closed meanwhile: a page counts on from there."""
        return self.now - self.silence

    @property
    def silence_minutes(self) -> int:
        """In whole minutes, for the meter."""
        return int(self.silence / timedelta(minutes=1))

    @property
    def silence_look(self) -> str:
        """How much the silence presses."""
        return "late" if self.silence >= LATE else "soon" if self.is_silent else "kept"

    @property
    def is_silent(self) -> bool:
        """Nobody told its customer anything for longer than they expect."""
        return self.silence >= SILENT

    @property
    def is_ready(self) -> bool:
        """It can be picked up."""
        return self.ro.stage == Stage.READY

    @property
    def ways(self) -> list[Way]:
        """Where it may go from here, in the order of the shop."""
        order = list(Stage)
        here = order.index(Stage(self.ro.stage))
        return [
            Way(
                to.value,
                str(to.label),
                "]" if order.index(to) == here + 1 else "[" if order.index(to) == here - 1 else "",
            )
            for to in stages.onward(self.ro.stage)
        ]

    @property
    def is_waited_for(self) -> bool:
        """A customer waits for it."""
        return self.ro.customer_id is not None and self.ro.customer_pays

    @property
    def is_untold(self) -> bool:
        """It is ready, and nobody has told the customer for longer than that takes."""
        since = self.ro.stage_at
        return (
            self.is_ready
            and self.is_waited_for
            and self.ro.ready_told_at is None
            and since is not None
            and self.now - since > TELL_READY
        )

    @property
    def is_promise_late(self) -> bool:
        """The promised time has passed, and the car is not ready."""
        return not self.is_ready and self.promised_in is not None and self.promised_in < timedelta()

    @property
    def is_promise_near(self) -> bool:
        """The promised time is near, or has passed, and the car is not ready."""
        return not self.is_ready and self.promised_in is not None and self.promised_in <= NEAR

    @property
    def promised_since(self) -> datetime:
        """When that time was promised, for the gauge."""
        return self.ro.promised_set_at or self.ro.opened_at

    @property
    def risk(self) -> str:
        """Why the promised time may be missed, while that can still be told."""
        return self.ro.risk_why if self.ro.risk_for == self.ro.promised_at and not self.is_ready else ""

    @property
    def awaited(self) -> list[ROPart]:
        """Parts that have not come, the latest first."""
        return [part for part in self.parts if part.is_awaited]

    @property
    def eta_at(self) -> datetime | None:
        """When the last of them comes; None while one has no date."""
        dates = [part.eta_at for part in self.awaited]
        return max((at for at in dates if at), default=None) if all(dates) else None

    @property
    def is_eta_told(self) -> bool:
        """The customer knows of every date."""
        return all(part.is_told for part in self.awaited)

    @property
    def is_comeback(self) -> bool:
        """It is back for the same, and nobody has settled it."""
        comeback = getattr(self.ro, "comeback", None)
        return comeback is not None and comeback.settled_at is None

    @property
    def is_late(self) -> bool:
        """Something about it should have been done."""
        return self.silence >= LATE or self.is_promise_late or self.is_untold


@dataclass
class Lane:
    """All that the lane shows."""

    due_in: list[Appointment] = field(default_factory=list)
    arrived: list[Appointment] = field(default_factory=list)
    missed: list[Appointment] = field(default_factory=list)
    cars: list[Car] = field(default_factory=list)
    closed: list[RepairOrder] = field(default_factory=list)
    feed: Freshness | None = None
    #: There is more than a board holds: the newest ROs, the last visits or the first that closed are left out.
    is_cut: bool = False
    n_declined: int = 0
    n_declined_red: int = 0

    @property
    def stages(self) -> list[tuple[str, str, list[Car]]]:
        """The cars by stage, in the order of the shop: key, name, cars."""
        by_stage: dict[str, list[Car]] = defaultdict(list)
        for car in self.cars:
            by_stage[car.ro.stage].append(car)
        return [(stage.value, str(COLUMNS.get(stage, stage.label)), by_stage[stage.value]) for stage in Stage]

    @property
    def waiting(self) -> list[Car]:
        """Cars that a customer waits for, the longest silence first."""
        return [car for car in self.cars if car.is_waited_for]

    @property
    def silent(self) -> list[Car]:
        """Whose customers have heard nothing for two hours."""
        return [car for car in self.waiting if car.is_silent]

    @property
    def promised(self) -> list[Car]:
        """Promised within the hour or late, the soonest first."""
        near = [car for car in self.cars if car.is_promise_near]
        return sorted(near, key=lambda car: car.promised_in or timedelta())

    @property
    def n_promise_late(self) -> int:
        """How many promised times have passed."""
        return sum(car.is_promise_late for car in self.cars)

    @property
    def undecided(self) -> list[Car]:
        """Whose customers have an estimate to decide, the dearest first."""
        return sorted((car for car in self.cars if car.undecided), key=lambda car: -car.undecided_cents)

    @property
    def undecided_cents(self) -> int:
        """What these come to."""
        return sum(car.undecided_cents for car in self.cars)

    @property
    def untold_parts(self) -> list[Car]:
        """Cars that wait for parts whose date the customer does not know."""
        return [car for car in self.cars if car.awaited and car.is_waited_for and not car.is_eta_told]

    @property
    def comebacks(self) -> list[Car]:
        """Cars that are back for the same, and nobody has settled it."""
        return [car for car in self.cars if car.is_comeback]

    @property
    def longest(self) -> Car | None:
        """Whose customer has waited longest for a word."""
        return next(iter(self.waiting), None)

    @property
    def is_empty(self) -> bool:
        """Nobody is here, expected, or was here today."""
        return not (self.due_in or self.arrived or self.missed or self.closed or self.cars)


def read(staff: StaffMember, now: datetime) -> Lane:
    """The lane of this person's store."""
    hours = calendars.of_stores([staff.store_id])
    calendar = calendars.calendar_of(hours, staff.store_id, Department.SERVICE)
    today, tomorrow = _today(calendar, now)
    found = Lane()
    ros = _held(found, _open(staff))
    parts = _parts(staff, ros)
    closes = calendar.closes_at(now)
    found.cars = sorted(
        (_car(ro, parts.get(ro.ro_number, ()), calendar, now, closes) for ro in ros),
        key=lambda car: -car.silence,
    )
    rows = RepairOrder.objects.visible_to(staff).filter(state=RepairOrder.State.CLOSED, closed_at__gte=today)
    found.closed = _held(found, shown(rows).order_by("-closed_at"))
    _sort_visits(found, staff, today, tomorrow)
    feed = Feed.objects.visible_to(staff).filter(kind=Feed.Kind.REPAIR_ORDERS).first()
    found.feed = freshness.of(feed, now, calendar) if feed else None
    counted = open_declined(staff).aggregate(
        n=Count("pk"), red=Count("pk", filter=Q(colour=DeclinedLine.Colour.RED))
    )
    found.n_declined, found.n_declined_red = counted["n"], counted["red"]
    return found


def _held(found: Lane, rows: QuerySet[Kept]) -> list[Kept]:
    """As many as a board holds; it is told of where there are more."""
    held = list(rows[: MOST + 1])
    found.is_cut = found.is_cut or len(held) > MOST
    return held[:MOST]


def _car(
    ro: RepairOrder, parts: Iterable[ROPart], calendar: Calendar, now: datetime, closes: datetime | None
) -> Car:
    since = max(ro.told_at or ro.opened_at, ro.opened_at)
    return Car(
        ro=ro,
        silence=timedelta(minutes=calendar.minutes_between(since, now)) if since < now else timedelta(),
        promised_in=ro.promised_at - now if ro.promised_at else None,
        now=now,
        parts=tuple(parts),
        grows_until=closes,
        undecided=getattr(ro, "n_undecided", 0) or 0,
        undecided_cents=getattr(ro, "undecided_cents", 0) or 0,
    )


def _open(staff: StaffMember) -> QuerySet[RepairOrder]:
    waiting = Q(recommendations__state=Recommendation.State.SENT)
    rows = RepairOrder.objects.visible_to(staff).filter(state=RepairOrder.State.OPEN)
    return (
        shown(rows)
        .select_related("comeback")
        .annotate(
            n_undecided=Count("recommendations", filter=waiting),
            undecided_cents=Sum("recommendations__price_cents", filter=waiting),
        )
        .order_by("opened_at")
    )


def _parts(staff: StaffMember, ros: Iterable[RepairOrder]) -> dict[str, list[ROPart]]:
    found: dict[str, list[ROPart]] = defaultdict(list)
    numbers = [ro.ro_number for ro in ros]
    rows = ROPart.objects.visible_to(staff).filter(ro_number__in=numbers)
    for part in rows.order_by("-eta_at", "pk")[: MOST * 4]:
        found[part.ro_number].append(part)
    return found


def _sort_visits(found: Lane, staff: StaffMember, today: datetime, tomorrow: datetime) -> None:
    visits = (
        Appointment.objects.visible_to(staff)
        .filter(department=Department.SERVICE, starts_at__gte=today, starts_at__lt=tomorrow)
        .exclude(state=Appointment.State.CANCELLED)
        .select_related("customer", "vehicle", "person")
        .annotate(n_declined=Coalesce(Subquery(_declined_before(staff)), Value(0)))
        .order_by("starts_at", "pk")
    )
    for visit in _held(found, visits):
        if visit.state in booking.AWAITED:
            found.due_in.append(visit)
        elif visit.state == Appointment.State.MISSED:
            found.missed.append(visit)
        elif not visit.ro_number:
            found.arrived.append(visit)


def _declined_before(staff: StaffMember) -> QuerySet[DeclinedLine, Any]:
    rows = open_declined(staff).filter(customer_id=OuterRef("customer_id")).order_by()
    return rows.values("customer_id").annotate(n=Count("pk", output_field=IntegerField())).values("n")


def _today(calendar: Calendar, now: datetime) -> tuple[datetime, datetime]:
    day = now.astimezone(calendar.zone).date()
    start = datetime.combine(day, time(), calendar.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), calendar.zone)
