"""The inbox's page: one page of a list in its sections, and the figures of all lists. A list and its figure come from one condition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models import F, Value
from django.utils.translation import gettext as _

from dealership.lists.asking import Asked
from dealership.lists.page import Page, turn
from dealership.messaging import carrier_calls
from dealership.messaging.inbox_list import SHOWS, shows_of
from dealership.messaging.models import NEVER, CarrierCall, Conversation
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

#: Nobody reads a figure beyond; counting further costs.
MOST_COUNTED = 99
#: So many texts that could not be read stand over the list at once.
MOST_PARKED = 20


@dataclass(frozen=True)
class Section:
    """A stretch of a list under a heading; without one it goes on what stands above it."""

    title: str
    hint: str
    rows: list[Conversation]


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

    sections: list[Section]
    chips: list[Chip] = field(default_factory=list)
    n_waiting: str = "0"
    #: When the first of those put away comes back.
    back_at: datetime | None = None
    parked: list[CarrierCall] = field(default_factory=list)


def page(asked: Asked, staff: StaffMember, *, now: datetime) -> tuple[Page, Inbox]:
    """The list from where it was asked, and all figures: a query for the figures, and one for what could not be read where this
    person writes to customers, beside those of `turn`."""
    shown = turn(asked, staff, now)
    counts, back_at = _counts(asked, staff, now)
    chips = [
        Chip(show, label, said(counts[show]), asked.but(show=show).address())
        for show, label in shows_of(staff)
    ]
    parked = _parked(staff) if asked.after is None else []
    return shown, Inbox(sections(asked, shown.rows), chips, said(counts["waiting"]), back_at, parked)


def sections(asked: Asked, rows: Iterable[Conversation]) -> list[Section]:
    """Those who wait, then the others, where they stand so; else one stretch that names its order."""
    if asked.sort.key != "waiting":
        title = str(SHOWS.get(asked.filters["show"], SHOWS["all"]))
        return [Section(title if asked.after is None else "", str(asked.sort.label), list(rows))]
    heads = {True: (_("Waiting"), _("longest first")), False: (_("Other conversations"), _("newest first"))}
    # A page that goes on among those who wait has their heading behind it.
    above = None if asked.after is None else asked.after[0] < NEVER
    return [
        Section(*(heads[waits] if waits is not above else ("", "")), list(some))
        for waits, some in groupby(rows, key=lambda row: row.waiting_since is not None)
    ]


def said(count: int) -> str:
    """A figure as a chip says it: "7", "99+"."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _counts(asked: Asked, staff: StaffMember, now: datetime) -> tuple[Counter[str], datetime | None]:
    """How many are in each list, up to what anybody reads, and when the first of those put away is back: one query."""
    parts = []
    for show in SHOWS:
        part = asked.but(show=show).matching(staff, now)
        part = part.order_by("put_away_until") if show == "away" else part.order_by()
        picked = part.annotate(show=Value(show), back=F("put_away_until")).values_list("show", "back")
        parts.append(picked[: MOST_COUNTED + 1])
    found = list(parts[0].union(*parts[1:], all=True))
    backs = [back for show, back in found if show == "away"]
    return Counter(show for show, __ in found), min(backs, default=None)


def _parked(staff: StaffMember) -> list[CarrierCall]:
    if not staff.may(May.WRITE_TO_CUSTOMERS):
        return []
    calls = carrier_calls.parked([staff.store.text_number])
    if not staff.may(May.SEE_FAILED_FACTS):
        # What is tried again in a moment is a manager's affair; what is given up is everybody's who could call.
        calls = calls.filter(parked_at__isnull=False)
    return list(calls[:MOST_PARKED])
