"""Reads for F&I's pages: the board, what is in transit, what lenders want, a jacket, panels. Seven queries at most each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership import clocks
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.rail import Count, counter
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores import calendars
from dealership.stores.hours import Calendar
from dealership.stores.models import Department
from fni import checklists
from fni.checklists import Door
from fni.models import ChecklistItem, DealJacket, Stipulation

Stage = DealJacket.Stage
MOST_LIVE = 600
MOST_IN_LANE = 25
#: The customer waits so long for the box, in open time (SEAMS 16).
BOX = timedelta(minutes=30)
#: Days after the delivery: soon, late, the general manager's (SEAMS 21).
SOON, LATE, GRAVE = 4, 7, 10
#: A title is near so long before its date.
TITLE_NEAR = timedelta(days=5)
#: Contracts that were funded so lately are counted.
LATELY = timedelta(days=90)
OVER = (Stage.CLOSED, Stage.UNWOUND, Stage.TITLE_SENT)
#: Of those that are not over: the state waits for title and plates, as `_row` says it of one.
OWES_TITLE = (Q(funded_at__isnull=False) | Q(deal_type="cash", delivered_at__isnull=False)) & Q(
    title_due_at__isnull=False, title_sent_at__isnull=True
)


@dataclass(frozen=True)
class Row:
    """A jacket on the board, with its clocks as of now."""

    jacket: DealJacket
    n_stips: int = 0
    #: How long the customer has waited for the box, in open time.
    waited: timedelta | None = None
    #: Whole days since the delivery, while nobody has paid.
    days: int | None = None
    #: Until the state's date for the title.
    title_in: timedelta | None = None

    @property
    def waited_words(self) -> str:
        """How long the customer has waited."""
        return clocks.length(self.waited) if self.waited else _("0 open min")

    @property
    def press(self) -> str:
        """late, soon or nothing."""
        if (
            (self.waited is not None and self.waited >= BOX)
            or (self.days or 0) >= LATE
            or (self.title_in is not None and self.title_in < timedelta())
        ):
            return "late"
        near = self.title_in is not None and self.title_in <= TITLE_NEAR
        return "soon" if near or (self.days or 0) >= SOON else ""


@dataclass
class Lane:
    """A column of the board."""

    key: str
    title: str
    empty: str
    rows: list[Row] = field(default_factory=list)
    #: What the list of its jackets is asked.
    query: str = ""

    @property
    def shown(self) -> list[Row]:
        """As many as a column holds."""
        return self.rows[:MOST_IN_LANE]

    @property
    def n_more(self) -> int:
        """How many it does not show."""
        return max(0, len(self.rows) - MOST_IN_LANE)


@dataclass(frozen=True)
class Share:
    """Of so many contracts that were funded lately, how many the lender never sent back."""

    funded: int
    first_pass: int

    @property
    def percent(self) -> int | None:
        """None where nothing was funded."""
        return round(100 * self.first_pass / self.funded) if self.funded else None


@dataclass
class Board:
    """All that the board shows."""

    lanes: dict[str, Lane]
    in_transit: list[Row]
    n_stips: int
    n_unasked: int
    share: Share
    #: More is under way than a board holds: the newest are left out.
    is_cut: bool = False

    @property
    def over_seven(self) -> list[Row]:
        """In transit for a week or longer."""
        return [row for row in self.in_transit if (row.days or 0) >= LATE]

    @property
    def oldest(self) -> Row | None:
        """In transit for longest."""
        return self.in_transit[0] if self.in_transit else None

    @property
    def waiting(self) -> list[Row]:
        """Customers who wait for the box, the longest wait first."""
        return self.lanes["waiting"].rows

    @property
    def is_empty(self) -> bool:
        """Nothing is under way."""
        return not any(lane.rows for lane in self.lanes.values())


def sees_money(staff: StaffMember) -> bool:
    """Whether lender and amount are shown: to F&I, and to managers."""
    return staff.may(May.WORK_FNI) or staff.may(May.REASSIGN)


def board(staff: StaffMember, now: datetime) -> Board:
    """The board of this person's store. Four queries."""
    calendar = _sales_hours(staff)
    stips = list(open_stips(staff).values_list("jacket_id", "asked_at"))
    n_of: dict[int, int] = {}
    for jacket_id, _asked_at in stips:
        n_of[jacket_id] = n_of.get(jacket_id, 0) + 1
    lanes = _lanes()
    in_transit: list[Row] = []
    live = _live(staff)
    for jacket in live[:MOST_LIVE]:
        row = _row(jacket, n_of.get(jacket.pk, 0), calendar, now)
        if key := _lane_of(row):
            lanes[key].rows.append(row)
        if jacket.is_in_transit:
            in_transit.append(row)
    for lane in lanes.values():
        lane.rows.sort(key=_urgency)
    in_transit.sort(key=_urgency)
    unasked = sum(asked_at is None for _jacket_id, asked_at in stips)
    return Board(lanes, in_transit, len(stips), unasked, first_pass(staff, now), len(live) > MOST_LIVE)


def _lanes() -> dict[str, Lane]:
    lanes = (
        Lane("waiting", _("Waiting for the box"), _("Nobody waits.")),
        Lane("in_box", _("In the box"), _("The box is free.")),
        Lane("refused", _("Handed back"), _("Nothing is missing.")),
        Lane("contracted", _("Contracted to send"), _("All jackets are out.")),
        Lane("sent", _("With the lender"), _("Nothing is at a lender.")),
        Lane("kicked_back", _("Kicked back"), _("No lender complains.")),
        Lane("title", _("Title due"), _("All titles are out.")),
    )
    return {lane.key: lane for lane in lanes}


def _lane_of(row: Row) -> str:
    if row.title_in is not None:
        return "title"
    known = {
        Stage.WAITING: "waiting",
        Stage.IN_BOX: "in_box",
        Stage.REFUSED: "refused",
        Stage.CONTRACTED: "contracted",
        Stage.SENT: "sent",
        Stage.KICKED_BACK: "kicked_back",
    }
    return known.get(Stage(row.jacket.stage), "")


def _urgency(row: Row) -> tuple[float, float, int]:
    """Late titles, long waits and old contracts first; then whichever began first."""
    pressing = row.title_in if row.title_in is not None else -(row.waited or timedelta(days=row.days or 0))
    began = row.jacket.agreed_at
    return (pressing.total_seconds(), began.timestamp() if began else 0.0, row.jacket.pk)


def _row(jacket: DealJacket, n_stips: int, calendar: Calendar, now: datetime) -> Row:
    waited = days = title_in = None
    if jacket.stage == Stage.WAITING and jacket.waiting_at:
        waited = timedelta(minutes=max(0, calendar.minutes_between(jacket.waiting_at, now)))
    if jacket.is_in_transit and jacket.delivered_at:
        days = max(0, (now - jacket.delivered_at).days)
    owes_title = jacket.funded_at is not None or (
        jacket.deal_type == "cash" and jacket.delivered_at is not None
    )
    if owes_title and jacket.title_due_at and jacket.title_sent_at is None:
        title_in = jacket.title_due_at - now
    return Row(jacket, n_stips, waited, days, title_in)


def _live(staff: StaffMember) -> list[DealJacket]:
    """What is under way, the oldest first; one more than a board holds, where there are more."""
    rows = DealJacket.objects.visible_to(staff).exclude(stage__in=OVER)
    return list(_shown(rows).order_by("agreed_at", "pk")[: MOST_LIVE + 1])


def _shown(rows: ScopedQuerySet[DealJacket]) -> ScopedQuerySet[DealJacket]:
    return rows.select_related("customer", "vehicle", "salesperson")


def _sales_hours(staff: StaffMember) -> Calendar:
    hours = calendars.of_stores([staff.store_id])
    return calendars.calendar_of(hours, staff.store_id, Department.SALES)


def _funded_lately(staff: StaffMember, now: datetime) -> ScopedQuerySet[DealJacket]:
    return DealJacket.objects.visible_to(staff).filter(funded_at__gte=now - LATELY)


def first_pass(staff: StaffMember, now: datetime) -> Share:
    """Of the contracts funded in the last 90 days, those that no lender sent back. One query."""
    counted = _funded_lately(staff, now).aggregate(
        n=CountOf("pk", distinct=True),
        kicked=CountOf("pk", distinct=True, filter=Q(kick_backs__isnull=False)),
    )
    return Share(counted["n"], counted["n"] - counted["kicked"])


def in_transit_rows(staff: StaffMember) -> ScopedQuerySet[DealJacket]:
    """Delivered and not paid."""
    return (
        DealJacket.objects.visible_to(staff)
        .filter(
            deal_type__in=[DealJacket.DealType.FINANCE, DealJacket.DealType.LEASE],
            delivered_at__isnull=False,
            funded_at__isnull=True,
        )
        .exclude(stage=Stage.UNWOUND)
    )


def open_stips(staff: StaffMember) -> ScopedQuerySet[Stipulation]:
    """What lenders still want."""
    return (
        Stipulation.objects.visible_to(staff)
        .filter(collected_at__isnull=True, dropped_at__isnull=True)
        .exclude(jacket__stage=Stage.UNWOUND)
    )


@dataclass(frozen=True)
class Thing:
    """One line of a jacket's checklist."""

    words: str
    door: Door
    item: ChecklistItem


def things(jacket: DealJacket) -> list[Thing]:
    """The checklist in its order: what the box needs first. One query."""
    order = {key: n for n, key in enumerate(checklists.ALL)}
    rows = jacket.items.select_related("by")
    found = [
        Thing(checklists.ALL[row.key].words, checklists.ALL[row.key].door, row)
        for row in rows
        if row.key in order
    ]
    return sorted(found, key=lambda thing: (thing.door is Door.LENDER, order[thing.item.key]))


def of_customer(customer: Customer) -> list[DealJacket]:
    """The jackets of one customer, merged rows included, the newest first. Two queries."""
    rows = DealJacket.objects.of_store(customer.store_id).filter(customer_id__in=merging.family(customer))
    return list(_shown(rows).order_by("-agreed_at", "-pk")[:8])


def by_number(staff: StaffMember, deal_number: str) -> DealJacket | None:
    """The jacket of a deal. One query."""
    return _shown(DealJacket.objects.visible_to(staff)).filter(deal_number=deal_number).first()


@counter("fni:board")
def to_do(staff: StaffMember, now: datetime) -> Count:
    """Customers who wait for the box and jackets that came back, at most 99; late if somebody waits too long."""
    rows = list(
        DealJacket.objects.visible_to(staff)
        .filter(stage__in=[Stage.WAITING, Stage.KICKED_BACK])
        .values_list("stage", "waiting_at")[:99]
    )
    late = any(stage == Stage.WAITING and at is not None and at < now - BOX for stage, at in rows)
    return Count(len(rows), late)
