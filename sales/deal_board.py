"""Reads for the pages of deals and stock: the board, whose wait is long, cars in stock. Nine queries at most each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from dealership import clocks
from dealership.customers import merging
from dealership.customers.models import Customer, CustomerPerson
from dealership.rail import Count, counter
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department
from sales.models import OPEN, Deal, InventoryUnit, WeOwe

MOST_DEALS = 300
#: Open time after which a customer who agreed waits too long for F&I.
LONG_WAIT = timedelta(minutes=30)
#: Delivered so lately that the deal is still on the board; and the deliveries that the first-service figure is of.
LATELY, OF_LATE = timedelta(days=7), timedelta(days=30)
#: A new person introduces themselves within so long.
NEW = timedelta(days=14)

_SHOWN = ("customer", "vehicle", "salesperson")


@dataclass(frozen=True)
class Row:
    """A deal on the board, and how long its customer has waited for F&I, in open time."""

    deal: Deal
    waits: timedelta | None = None

    @property
    def is_late(self) -> bool:
        """They wait too long."""
        return self.waits is not None and self.waits > LONG_WAIT

    @property
    def waits_words(self) -> str:
        """How long they have waited."""
        return clocks.length(self.waits) if self.waits else _("0 open min")

    @property
    def stips(self) -> int:
        """How many papers the lender still wants."""
        return len(self.deal.open_stips)


@dataclass
class Board:
    """All that the board shows."""

    desk: list[Row] = field(default_factory=list)
    waiting: list[Row] = field(default_factory=list)
    in_fni: list[Row] = field(default_factory=list)
    contracted: list[Row] = field(default_factory=list)
    delivered: list[Row] = field(default_factory=list)
    #: More is open, or was delivered lately, than a board holds.
    is_cut: bool = False
    #: Deliveries of the last 30 days, and those that left with a service visit.
    n_of_late: int = 0
    n_first_service: int = 0
    today: list[Row] = field(default_factory=list)
    #: How much is owed with deals, and how much of it is late.
    n_we_owes: int = 0
    n_late_we_owes: int = 0

    @property
    def waiting_long(self) -> list[Row]:
        """Who has agreed and waits for F&I beyond half an hour, the longest first."""
        return [row for row in self.waiting if row.is_late]

    @property
    def first_service_percent(self) -> int | None:
        """The same, of a hundred; None where nothing was delivered."""
        return round(100 * self.n_first_service / self.n_of_late) if self.n_of_late else None

    @property
    def is_empty(self) -> bool:
        """No deal is open, and none was delivered lately."""
        return not (self.desk or self.waiting or self.in_fni or self.contracted or self.delivered)


def board(staff: StaffMember, now: datetime) -> Board:
    """The board of this person's store. Five queries."""
    calendar = calendars.of(staff.store_id, Department.SALES)
    found = Board()
    start, end = today(staff, now)
    for deal in _held(found, Deal.objects.visible_to(staff).filter(stage__in=OPEN), "-written_at"):
        _place(found, deal, calendar, now)
        if deal.delivery_at is not None and start <= deal.delivery_at < end:
            found.today.append(Row(deal))
    found.waiting.sort(key=lambda row: row.waits or timedelta(), reverse=True)
    found.contracted.sort(key=lambda row: (row.deal.delivery_at is None, row.deal.delivery_at))
    late = Deal.objects.visible_to(staff).filter(delivered_since(now - OF_LATE))
    of_late = late.aggregate(n=CountOf("pk"), first_service=CountOf("first_service_at"))
    found.n_of_late, found.n_first_service = of_late["n"], of_late["first_service"]
    lately = Deal.objects.visible_to(staff).filter(delivered_since(now - LATELY))
    found.delivered = [Row(deal) for deal in _held(found, lately, "-delivered_at")]
    found.today += [
        row for row in found.delivered if row.deal.delivered_at is not None and row.deal.delivered_at >= start
    ]
    found.today.sort(key=lambda row: row.deal.delivered_at or row.deal.delivery_at or now)
    owed = WeOwe.objects.visible_to(staff).filter(state=WeOwe.State.OPEN)
    counted = owed.aggregate(n=CountOf("pk"), late=CountOf("pk", filter=Q(promised_at__lt=now)))
    found.n_we_owes, found.n_late_we_owes = counted["n"], counted["late"]
    return found


def _held(found: Board, rows: QuerySet[Deal], order: str) -> list[Deal]:
    """As many as a board holds; it is told of where there are more."""
    deals = list(_shown(rows).order_by(order)[: MOST_DEALS + 1])
    found.is_cut = found.is_cut or len(deals) > MOST_DEALS
    return deals[:MOST_DEALS]


def _place(found: Board, deal: Deal, calendar: Calendar, now: datetime) -> None:
    if deal.stage == Deal.Stage.WRITTEN or deal.refused_at is not None:
        found.desk.append(Row(deal))
    elif deal.stage == Deal.Stage.AGREED:
        found.waiting.append(Row(deal, _waits(deal, calendar, now)))
    elif deal.stage == Deal.Stage.IN_FNI:
        found.in_fni.append(Row(deal))
    else:
        found.contracted.append(Row(deal))


def _waits(deal: Deal, calendar: Calendar, now: datetime) -> timedelta:
    """Since they agreed, in open time."""
    since = deal.agreed_at or deal.written_at
    return timedelta(minutes=calendar.minutes_between(since, now) if since < now else 0)


def waits_long(staff: StaffMember, now: datetime) -> list[int]:
    """The deals whose customers have agreed and wait for F&I too long. One query, and the hours."""
    calendar = calendars.of(staff.store_id, Department.SALES)
    rows = Deal.objects.visible_to(staff).filter(stage=Deal.Stage.AGREED, refused_at__isnull=True)
    waiting = rows.only("agreed_at", "written_at")
    return [deal.pk for deal in waiting if _waits(deal, calendar, now) > LONG_WAIT]


def delivered_since(at: datetime) -> Q:
    """Handed over since then; what came with the first load is left out."""
    return Q(stage=Deal.Stage.DELIVERED, delivered_at__gte=at, is_history=False)


def _shown(rows: QuerySet[Deal]) -> QuerySet[Deal]:
    return rows.select_related(*_SHOWN).defer("history")


def today(staff: StaffMember, now: datetime) -> tuple[datetime, datetime]:
    """The store's day: its first moment, and that of the next."""
    zone = staff.store.tz
    day = now.astimezone(zone).date()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def of_customer(customer: Customer) -> list[Deal]:
    """The newest deals of one customer, merged rows included. Two queries."""
    rows = Deal.objects.of_store(customer.store_id).filter(customer_id__in=merging.family(customer))
    return list(_shown(rows).order_by("-written_at")[:6])


def new_person(customer: Customer, now: datetime) -> CustomerPerson | None:
    """Whose customer this has become lately, because somebody else's they were. One query."""
    return (
        CustomerPerson.objects.of_store(customer.store_id)
        .filter(customer=customer, department=Department.SALES, since__gt=now - NEW)
        .exclude(before="")
        .select_related("staff")
        .first()
    )


@dataclass(frozen=True)
class Unit:
    """A car in stock, with its age in days."""

    unit: InventoryUnit
    days: int

    @property
    def is_slow(self) -> bool:
        """Not front-line ready after five days."""
        return self.unit.front_line_ready_at is None and self.days > 5


def stock_counts(staff: StaffMember) -> dict[str, int]:
    """How many cars are in stock, and how many of them are not ready. One query."""
    return (
        InventoryUnit.objects.visible_to(staff)
        .filter(state=InventoryUnit.State.IN_STOCK)
        .aggregate(in_stock=CountOf("pk"), not_ready=CountOf("pk", filter=Q(front_line_ready_at=None)))
    )


def unit_row(unit: InventoryUnit, now: datetime) -> Unit:
    """The car with its age."""
    return Unit(unit, max(0, ((unit.sold_at or now) - unit.acquired_at).days))


@counter("sales:deal_board")
def waiting(staff: StaffMember, now: datetime) -> Count:
    """Deals that wait for F&I or came back from there, at most 99; late if one has waited for more than half an hour. One query."""
    rows: Sequence[datetime | None] = list(
        Deal.objects.visible_to(staff)
        .filter(stage=Deal.Stage.AGREED)
        .values_list("agreed_at", flat=True)[:99]
    )
    return Count(len(rows), any(at is not None and at < now - LONG_WAIT for at in rows))
