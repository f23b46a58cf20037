"""The inbox's lists: which conversations each holds, how many, and one page of it. A list and its figure come from one condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db.models import F, Q, Value
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.messaging import carrier_calls, put_away
from dealership.messaging.models import CarrierCall, Conversation
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF, May, Role
from dealership.stores.models import Department

PAGE = 40
#: Nobody reads a figure beyond; counting further costs.
MOST_COUNTED = 99
LONG = timedelta(hours=1)

SHOWS = {
    "all": later_as("conversations", "All"),
    "waiting": later("Waiting"),
    "hour": later("Over an hour"),
    "mine": later_as("conversations", "Mine"),
    "team": later("Team"),
    "unowned": later("Unowned"),
    "unhappy": later("Unhappy"),
    "away": later_as("conversations", "Put away"),
}
#: Lists in which everybody waits.
ONLY_WAITING = frozenset({"waiting", "hour"})


@dataclass(frozen=True)
class Asked:
    """Which conversations an address asks for: one list, and within it one department or all."""

    show: str = "all"
    of: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Asked:
        """What the address says; what it cannot mean is left out."""
        show, of = said.get("show", ""), said.get("of", "")
        return cls(show if show in SHOWS else "all", of if of in Department.values else "")

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for anything but all: only then an address says it."""
        return self != Asked()

    def query(self, show: str = "", after: str = "") -> str:
        """The address's part after the question mark, for this list or another, of this department."""
        said = {"show": show or self.show, "of": self.of, "after": after}
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True)
class Row:
    """One conversation of a list."""

    pk: int
    name: str
    last_body: str
    last_at: datetime | None
    waiting_since: datetime | None
    department: str
    holder: str
    is_mine: bool
    is_unhappy: bool
    away_until: datetime | None
    away_by: str


@dataclass(frozen=True)
class Section:
    """A stretch of a list under a heading, and where its next page starts ("" for none)."""

    title: str
    hint: str
    rows: list[Row]
    after: str = ""


@dataclass(frozen=True)
class Chip:
    """One list's name, how many are in it, and its address."""

    show: str
    label: str
    count: str
    query: str


@dataclass(frozen=True)
class Inbox:
    """What the page shows of a list, and beside it the figures of all."""

    asked: Asked
    sections: list[Section]
    chips: list[Chip] = field(default_factory=list)
    n_waiting: str = "0"
    #: When the first of those put away comes back.
    back_at: datetime | None = None
    parked: list[CarrierCall] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any(section.rows for section in self.sections)


def rows(staff: StaffMember, asked: Asked, *, now: datetime) -> ScopedQuerySet[Conversation]:
    """Everything that is in a list, for its page and for its figure."""
    found = Conversation.objects.visible_to(staff).filter(last_at__isnull=False)
    if asked.of:
        found = found.filter(department=asked.of)
    return found.filter(within(staff, asked.show, now))


def within(staff: StaffMember, show: str, now: datetime) -> Q:
    """What a conversation of this list is."""
    return put_away.is_away(now) if show == "away" else put_away.is_here(now) & _condition(staff, show, now)


def _condition(staff: StaffMember, show: str, now: datetime) -> Q:
    return {
        "waiting": Q(waiting_since__isnull=False),
        "hour": Q(waiting_since__lte=now - LONG),
        "mine": Q(holder=staff),
        "team": Q(department=team_of(staff)),
        "unowned": Q(holder__isnull=True),
        "unhappy": Q(unhappy_since__isnull=False),
    }.get(show, Q())


def team_of(staff: StaffMember) -> str:
    """The department whose queue is theirs; "" for who answers for the whole store."""
    return DEPARTMENT_OF[Role(staff.role)] or ""


def inbox(
    staff: StaffMember, asked: Asked, *, now: datetime, after: str = "", rows_only: bool = False
) -> Inbox:
    """One page, from the mark `after` on. Two queries for its rows, one for all figures, and for those who write to customers
    one for what could not be read."""
    found = rows(staff, asked, now=now)
    sections = _further(found, asked, staff, after) if after else _first(found, asked, staff)
    if rows_only:
        return Inbox(asked, sections)
    counts, back_at = _counts(staff, asked, now)
    shows = [show for show in SHOWS if show != "team" or team_of(staff)]
    chips = [Chip(show, SHOWS[show], said(counts[show]), asked.query(show)) for show in shows]
    parked = _parked(staff) if not after else []
    return Inbox(asked, sections, chips, said(counts["waiting"]), back_at, parked)


def said(count: int) -> str:
    """A figure as a chip says it: "7", "99+"."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _counts(staff: StaffMember, asked: Asked, now: datetime) -> tuple[Counter[str], datetime | None]:
    """How many are in each list, up to what anybody reads, and when the first of those put away is back: one query."""
    parts = []
    for show in SHOWS:
        part = rows(staff, Asked(show, asked.of), now=now)
        part = part.order_by("put_away_until") if show == "away" else part.order_by()
        picked = part.annotate(show=Value(show), back=F("put_away_until")).values_list("show", "back")
        parts.append(picked[: MOST_COUNTED + 1])
    found = list(parts[0].union(*parts[1:], all=True))
    backs = [back for show, back in found if show == "away"]
    return Counter(show for show, __ in found), min(backs, default=None)


def _first(found: ScopedQuerySet[Conversation], asked: Asked, staff: StaffMember) -> list[Section]:
    if asked.show == "away":
        return [_page(str(SHOWS["away"]), _("first back, first"), found, "put_away_until", staff)]
    waiting = _page(_("Waiting"), _("longest first"), found, "waiting_since", staff)
    if asked.show in ONLY_WAITING:
        return [waiting]
    rest = found.filter(waiting_since__isnull=True)
    return [waiting, _page(_("Other conversations"), _("newest first"), rest, "-last_at", staff)]


def _further(
    found: ScopedQuerySet[Conversation], asked: Asked, staff: StaffMember, after: str
) -> list[Section]:
    order = {"w": "waiting_since", "a": "put_away_until"}.get(after[:1], "-last_at")
    if order == "-last_at":
        found = found.filter(waiting_since__isnull=True)
    place = _place(after)
    return [_page("", "", found, order, staff, place)] if place else _first(found, asked, staff)


def _page(
    title: str,
    hint: str,
    found: ScopedQuerySet[Conversation],
    order: str,
    staff: StaffMember,
    place: tuple[datetime, int] | None = None,
) -> Section:
    """The rows in this order from `place` on: one query."""
    name, goes_back = order.removeprefix("-"), order.startswith("-")
    found = found.filter(**{f"{name}__isnull": False})
    if place:
        beyond = "lt" if goes_back else "gt"
        found = found.filter(
            Q(**{f"{name}__{beyond}": place[0]}) | Q(**{name: place[0], f"pk__{beyond}": place[1]})
        )
    listed = _listed(found.order_by(order, "-pk" if goes_back else "pk")[: PAGE + 1], staff)
    if len(listed) <= PAGE:
        return Section(title, hint, listed)
    last = listed[PAGE - 1]
    at = {"waiting_since": last.waiting_since, "put_away_until": last.away_until}.get(name, last.last_at)
    mark = {"waiting_since": "w", "put_away_until": "a"}.get(name, "n")
    return Section(title, hint, listed[:PAGE], f"{mark}_{at.isoformat() if at else ''}_{last.pk}")


def _listed(found: ScopedQuerySet[Conversation], staff: StaffMember) -> list[Row]:
    picked = found.values_list(
        "pk", "customer__full_name", "last_body", "last_at", "waiting_since", "department",
        "holder__name", "holder_id", "unhappy_since", "put_away_until", "put_away_by__name",
    )  # fmt: skip
    return [
        Row(
            pk=pk,
            name=name,
            last_body=body,
            last_at=at,
            waiting_since=since,
            department=Department(department).label,
            holder=holder or "",
            is_mine=holder_id == staff.pk,
            is_unhappy=unhappy is not None,
            away_until=until,
            away_by=by or "",
        )
        for pk, name, body, at, since, department, holder, holder_id, unhappy, until, by in picked
    ]


def _place(after: str) -> tuple[datetime, int] | None:
    rest = after.partition("_")[2]
    at, __, pk = rest.partition("_")
    try:
        place = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (place, int(pk)) if pk.isdecimal() and len(pk) < 19 and place.tzinfo else None


def _parked(staff: StaffMember) -> list[CarrierCall]:
    if not staff.may(May.WRITE_TO_CUSTOMERS):
        return []
    calls = carrier_calls.parked([staff.store.text_number])
    if not staff.may(May.SEE_FAILED_FACTS):
        # What is tried again in a moment is a manager's affair; what is given up is everybody's who could call.
        calls = calls.filter(parked_at__isnull=False)
    return list(calls[:20])
