"""Reads for parts' pages: the board, one request, panels of a customer and of an RO. Twelve queries at most each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.language import later
from dealership.rail import Count, counter
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from parts import eta, lives, stock
from parts.models import COMING, ENDED, KnownRO, PartsRequest, SpecialOrderPart, StockPart

State = PartsRequest.State

#: More live requests than these fit no board; the oldest are shown.
MOST = 400
MOST_COUNTED = 99
#: A part that lies here for so many days is looked at again, called about, and goes back.
WAITS, WAITS_LONG, GOES_BACK = 14, 21, 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Card:
    """A request as the board shows it, with what the shelf, the calendar and its RO say."""

    part: PartsRequest
    order: SpecialOrderPart | None
    on_shelf: StockPart | None
    ro: KnownRO | None
    is_booked: bool
    now: datetime
    zone: tzinfo

    @property
    def eta_day(self) -> date | None:
        """The day on which it should be here."""
        return eta.day_of(self.order.eta_at, self.zone) if self.order and self.order.eta_at else None

    @property
    def told_day(self) -> date | None:
        """The day that the customer was told."""
        return eta.day_of(self.order.eta_told, self.zone) if self.order and self.order.eta_told else None

    @property
    def is_quote_late(self) -> bool:
        """Its price was promised for an earlier time."""
        due = self.part.quote_due_at
        return self.part.state == State.REQUESTED and due is not None and due < self.now

    @property
    def is_coming(self) -> bool:
        """It is on order and not all here."""
        return self.part.state in COMING

    @property
    def is_overdue(self) -> bool:
        """It should have been here."""
        at = self.order.eta_at if self.order else None
        return self.is_coming and at is not None and at < self.now

    @property
    def is_untold(self) -> bool:
        """The customer does not know what we know."""
        return self.order is not None and self.order.tell_by_at is not None

    @property
    def is_tell_late(self) -> bool:
        """They should have been told."""
        at = self.order.tell_by_at if self.order else None
        return at is not None and at < self.now

    @property
    def has_changed_today(self) -> bool:
        """Its day changed today."""
        at = self.order.eta_changed_at if self.order else None
        return self.is_coming and at is not None and at.astimezone(self.zone).date() == self.today

    @property
    def today(self) -> date:
        """The store's day."""
        return self.now.astimezone(self.zone).date()

    @property
    def is_here(self) -> bool:
        """All of it lies in its bin."""
        return self.part.state == State.RECEIVED

    @property
    def days_here(self) -> int:
        """Whole days since it came."""
        at = self.order.received_at if self.order else None
        return (self.now - at) // DAY if at else 0

    @property
    def wait_mark(self) -> str:
        """How a part that lies here is marked: late after thirty days, soon after fourteen."""
        if self.days_here >= GOES_BACK:
            return "late"
        return "soon" if self.days_here >= WAITS else ""

    @property
    def wait_words(self) -> str:
        """What is to be done with a part that lies here long."""
        if self.days_here >= GOES_BACK:
            return _("goes back")
        if self.days_here >= WAITS_LONG:
            return _("call again")
        return _("remind") if self.days_here >= WAITS else ""

    @property
    def car_is_here(self) -> bool:
        """As far as its RO tells."""
        return self.ro is not None and self.ro.car_is_here

    @property
    def is_unbooked(self) -> bool:
        """It is here, its car is not, and no visit is set."""
        waits = self.is_here and self.part.ro_number != "" and self.part.customer_id is not None
        return waits and not self.car_is_here and not self.is_booked

    @property
    def is_on_shelf(self) -> bool:
        """The DMS says that one lies on the shelf, and nobody has taken it for this yet."""
        return self.on_shelf is not None and self.on_shelf.is_there and not self.is_here

    @property
    def ro_is_over(self) -> str:
        """What became of its RO, where nobody may need the part any more."""
        if self.ro is None or self.ro.state == KnownRO.State.OPEN:
            return ""
        return str(self.ro.get_state_display())


_END: dict[str, str] = {State.RETURNED: later("Returned"), State.CANCELLED: later("Not needed")}
Test = Callable[[Card], bool]
#: The figures at the top, each the list behind it.
TILES: dict[str, tuple[str, str, Test]] = {
    "quotes": (later("Quotes waiting"), later("nobody waits for a price"), lambda card: card.part.state == State.REQUESTED),
    "untold": (later("ETA not told"), later("every customer knows their day"), lambda card: card.is_untold),
    "changed": (later("ETA changed today"), later("no day has moved"), lambda card: card.has_changed_today),
    "unbooked": (later("Here, not booked"), later("every part has its visit"), lambda card: card.is_unbooked),
    "overdue": (later("Not here on its day"), later("all came as promised"), lambda card: card.is_overdue),
    "held": (
        later("Held over 30 days"), later("nothing lies too long"), lambda card: card.is_here and card.days_here >= GOES_BACK
    ),
}  # fmt: skip
_LATE: dict[str, Test] = {
    "quotes": lambda card: card.is_quote_late,
    "untold": lambda card: card.is_tell_late,
    "changed": lambda card: card.is_untold,
    "unbooked": lambda card: card.days_here >= 1,
    "overdue": lambda card: True,
    "held": lambda card: True,
}
_LATE_WORDS = {
    "quotes": later("late"),
    "untold": later("late"),
    "changed": later("not told"),
    "unbooked": later("for a day or more"),
    "overdue": later("to ask about"),
    "held": later("go back"),
}


@dataclass(frozen=True)
class Tile:
    """A figure, how much of it is late, and what an empty one means."""

    key: str
    label: str
    n: int
    n_late: int
    late_words: str
    empty_words: str


@dataclass(frozen=True)
class Lane:
    """A column of the board."""

    label: str
    cards: list[Card]
    empty_words: str


@dataclass(frozen=True)
class Board:
    """All that the board shows."""

    cards: list[Card]
    is_cut: bool

    @property
    def tiles(self) -> list[Tile]:
        """The figures."""
        return [
            Tile(key, label, len(found := self.listed(key)), sum(map(_LATE[key], found)), _LATE_WORDS[key], empty)
            for key, (label, empty, _test) in TILES.items()
        ]  # fmt: skip

    @property
    def lanes(self) -> list[Lane]:
        """The columns, what is most urgent first in each."""
        here = [card for card in self.cards if card.is_here]
        return [
            Lane(_("To quote"), self.listed("quotes"), _("Every part has its price.")),
            Lane(_("To order"), [c for c in self.cards if c.part.state in (State.QUOTED, State.APPROVED)], _("Nothing waits.")),
            Lane(_("On order"), sorted((c for c in self.cards if c.is_coming), key=_by_eta), _("Nothing is on its way.")),
            Lane(_("Arrived"), sorted(here, key=lambda card: -card.days_here), _("No bin is taken.")),
        ]  # fmt: skip

    def listed(self, key: str) -> list[Card]:
        """The cards behind a figure."""
        return [card for card in self.cards if TILES[key][2](card)]


def _by_eta(card: Card) -> tuple[bool, datetime]:
    at = card.order.eta_at if card.order else None
    return (at is not None, at or card.part.requested_at)


@dataclass(frozen=True)
class Stage:
    """A step of a request's life: when it was reached, and whether it stands there now."""

    words: str
    at: datetime | None
    is_now: bool


def stages(part: PartsRequest) -> list[Stage]:
    """The strip of its life; what was passed over stays empty."""
    order = lives.order_of(part)
    reached = [
        (pgettext("part", "Asked"), part.requested_at),
        (pgettext("part", "Quoted"), part.quoted_at),
        (pgettext("part", "Approved"), part.approved_at),
        (pgettext("part", "Ordered"), order.ordered_at if order else None),
        (pgettext("part", "Here"), order.received_at if order else None),
        (
            _END.get(part.state)
            or (pgettext("part", "Fitted") if part.ro_number else pgettext("part", "Handed over")),
            part.ended_at,
        ),
    ]
    last = max(n for n, (_words, at) in enumerate(reached) if at is not None)
    return [Stage(words, at, n == last) for n, (words, at) in enumerate(reached)]


def board(staff: StaffMember, now: datetime) -> Board:
    """What has not ended at this person's store, the oldest first. Four queries."""
    rows = _shown(PartsRequest.objects.visible_to(staff).exclude(state__in=ENDED))
    found = list(rows.order_by("requested_at", "pk")[: MOST + 1])
    return Board(cards(staff, found[:MOST], now), len(found) > MOST)


def cards(staff: StaffMember, rows: Sequence[PartsRequest], now: datetime) -> list[Card]:
    """Requests with what is known about them elsewhere. Three queries at most."""
    live_rows = [row for row in rows if not row.is_over]
    shelf = stock.of(staff.store_id, {row.part_key for row in live_rows})
    ros = _ros(staff, {row.ro_number for row in live_rows if row.ro_number})
    waiting_for = {
        row.pk: merging.living(row.customer).pk for row in live_rows if row.customer and _is_here(row)
    }
    booked = _booked(staff, set(waiting_for.values()), now)
    return [
        Card(
            part=row,
            order=lives.order_of(row),
            on_shelf=shelf.get(row.part_key),
            ro=ros.get(row.ro_number),
            is_booked=waiting_for.get(row.pk) in booked,
            now=now,
            zone=staff.store.tz,
        )
        for row in rows
    ]


def of_customer(staff: StaffMember, customer: Customer, now: datetime) -> list[Card]:
    """The newest parts of one customer, merged rows included. Five queries."""
    rows = PartsRequest.objects.visible_to(staff).filter(customer_id__in=merging.family(customer))
    return cards(staff, list(_shown(rows).order_by("-requested_at")[:12]), now)


def of_ro(staff: StaffMember, ro_number: str, now: datetime) -> list[Card]:
    """The parts of one RO, in the order in which they were asked for. Four queries."""
    rows = PartsRequest.objects.visible_to(staff).filter(ro_number=ro_number).exclude(ro_number="")
    return cards(staff, list(_shown(rows).order_by("requested_at", "pk")[:50]), now)


def _is_here(row: PartsRequest) -> bool:
    return row.state == State.RECEIVED


def _shown(rows: ScopedQuerySet[PartsRequest]) -> ScopedQuerySet[PartsRequest]:
    return rows.select_related("customer__merged_into", "vehicle", "advisor", "special_order")


def _ros(staff: StaffMember, numbers: Iterable[str]) -> dict[str, KnownRO]:
    wanted = set(numbers)
    if not wanted:
        return {}
    return {row.ro_number: row for row in KnownRO.objects.visible_to(staff).filter(ro_number__in=wanted)}


def _booked(staff: StaffMember, customers: set[int], now: datetime) -> set[int]:
    if not customers:
        return set()
    rows = Appointment.objects.visible_to(staff).filter(
        customer_id__in=customers,
        department=Department.SERVICE,
        state__in=booking.AWAITED,
        starts_at__gt=now,
    )
    return set(rows.values_list("customer_id", flat=True))


@counter("parts:parts_board")
def waiting(staff: StaffMember, now: datetime) -> Count:
    """Prices and days that people wait for, at most 99; late if one was promised for an earlier time. One query."""
    rows = PartsRequest.objects.visible_to(staff).filter(
        Q(state=State.REQUESTED) | Q(special_order__tell_by_at__isnull=False)
    )
    moments = list(
        rows.exclude(state__in=ENDED).values_list("state", "quote_due_at", "special_order__tell_by_at")[
            :MOST_COUNTED
        ]
    )
    due = [quote if state == State.REQUESTED else tell for state, quote, tell in moments]
    return Count(len(due), any(at is not None and at < now for at in due))
