"""Reads for marketing's pages: the board with its figures, surveys, reviews, sources, a customer's panel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, Q

from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.language import later, later_as
from dealership.rail import Count as Figure
from dealership.rail import counter
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from marketing.models import Campaign, CampaignPerson, Review, SourceLead, Survey

PER_PAGE = 50
DAYS = (30, 90, 365)
MONTH = timedelta(days=30)
SURVEYS = {
    "all": later_as("surveys", "All"),
    "unhappy": later("Unhappy, open"),
    "answered": later_as("surveys", "Answered"),
    "asked": later_as("surveys", "Asked"),
    "waiting": later("To be asked"),
    "won_back": later("Won back"),
}
REVIEWS = {
    "to_answer": later("To answer"),
    "all": later_as("surveys", "All"),
    "answered": later_as("surveys", "Answered"),
}


@dataclass(frozen=True)
class Ask:
    """What a list is asked for. Anything else in the address is passed over."""

    show: str
    kind: str = ""
    days: int = 0
    before: tuple[datetime, int] | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str], shown: Mapping[str, str], default: str) -> Ask:
        """From the address of the page."""
        show, kind, days = asked.get("show", default), asked.get("kind", ""), asked.get("days", "")
        return cls(
            show=show if show in shown else default,
            kind=kind if kind in Survey.Kind.values else "",
            days=int(days) if days in {str(n) for n in DAYS} else 0,
            before=read_cursor(asked.get("before", "")),
        )

    def address(self, **changed: str | int) -> str:
        """The query of an address with these, from the first row on."""
        wanted = {"show": self.show, "kind": self.kind, "days": self.days, **changed}
        return urlencode({name: value for name, value in wanted.items() if value})


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """Where a list goes on: the moment and the key of the last row shown."""
    at, _, pk = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    if moment.tzinfo is None or not pk.isascii() or not pk.isdigit() or len(pk) > 15:
        return None
    return moment, int(pk)


def page_of(rows: Any, column: str, before: tuple[datetime, int] | None) -> tuple[list[Any], str]:
    """One page of rows, newest first by this column, and the cursor of the next. One query."""
    if before is not None:
        at, pk = before
        rows = rows.filter(Q(**{f"{column}__lt": at}) | Q(**{column: at}, pk__lt=pk))
    found = list(rows.order_by(f"-{column}", "-pk")[: PER_PAGE + 1])
    if len(found) <= PER_PAGE:
        return found, ""
    last = found[PER_PAGE - 1]
    return found[:PER_PAGE], f"{getattr(last, column).isoformat()}_{last.pk}"


# --- surveys --------------------------------------------------------------------------------------------------------------


def surveys(staff: StaffMember, ask: Ask, now: datetime) -> tuple[list[Survey], str]:
    """One page of surveys; each list goes by the moment that it is about."""
    rows = Survey.objects.visible_to(staff).select_related("customer", "vehicle", "person")
    if ask.kind:
        rows = rows.filter(kind=ask.kind)
    which, column = _WHICH[ask.show]
    rows = rows.filter(which)
    if ask.days:
        rows = rows.filter(**{f"{column}__gte": now - timedelta(days=ask.days)})
    return page_of(rows, column, ask.before)


_UNHAPPY = Q(is_unhappy=True, recovered_at__isnull=True)
_WHICH = {
    "all": (Q(), "happened_at"),
    "unhappy": (_UNHAPPY, "answered_at"),
    "answered": (Q(answered_at__isnull=False), "answered_at"),
    "asked": (Q(asked_at__isnull=False), "asked_at"),
    "waiting": (Q(state__in=[Survey.State.WAITING, Survey.State.HELD]), "happened_at"),
    "won_back": (Q(recovered_at__isnull=False), "recovered_at"),
}


# --- reviews --------------------------------------------------------------------------------------------------------------


def to_answer(staff: StaffMember) -> ScopedQuerySet[Review]:
    """Poor reviews without a reply."""
    return Review.objects.visible_to(staff).filter(answered_at__isnull=True, stars__lte=3)


def reviews(staff: StaffMember, ask: Ask) -> tuple[list[Review], str]:
    """One page of reviews."""
    rows = to_answer(staff) if ask.show == "to_answer" else Review.objects.visible_to(staff)
    if ask.show == "answered":
        rows = rows.filter(answered_at__isnull=False)
    return page_of(rows.select_related("customer", "answered_by"), "posted_at", ask.before)


# --- the board ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Felt:
    """How it felt in one department in the last thirty days, and in the thirty before."""

    kind: str
    label: str
    n_asked: int
    n_answered: int
    average: float | None
    before: float | None

    @property
    def trend(self) -> float | None:
        """How much better than before, to one decimal."""
        if self.average is None or self.before is None:
            return None
        return round(round(self.average, 1) - round(self.before, 1), 1)

    @property
    def drop(self) -> float:
        """How much worse than before."""
        return -(self.trend or 0)


@dataclass(frozen=True)
class Board:
    """What the board shows."""

    felt: list[Felt]
    unhappy: list[Survey]
    n_unhappy: int
    reviews: list[Review]
    n_reviews: int
    running: list[Campaign]
    n_leads: int
    n_sources: int
    n_delivered: int

    @property
    def is_empty(self) -> bool:
        """Nothing has happened yet."""
        return not (self.n_leads or self.unhappy or self.reviews or self.running) and not any(
            felt.n_asked or felt.n_answered for felt in self.felt
        )


def board(staff: StaffMember, now: datetime) -> Board:
    """The figures of this person's store. Seven queries."""
    unhappy = Survey.objects.visible_to(staff).filter(_UNHAPPY)
    waiting = to_answer(staff)
    leads: Any = SourceLead.objects.visible_to(staff).filter(received_at__gte=now - MONTH)
    counted = leads.aggregate(
        n=Count("pk"),
        sources=Count("source", distinct=True),
        delivered=Count("pk", filter=Q(delivered_at__isnull=False)),
    )
    running = Campaign.objects.visible_to(staff).filter(
        state__in=[Campaign.State.APPROVED, Campaign.State.SENDING]
    )
    return Board(
        felt=felt(staff, now),
        unhappy=list(unhappy.select_related("customer", "vehicle", "person").order_by("answered_at")[:8]),
        n_unhappy=unhappy.count(),
        reviews=list(waiting.select_related("customer").order_by("posted_at")[:5]),
        n_reviews=waiting.count(),
        running=list(running.order_by("approved_at")[:5]),
        n_leads=counted["n"],
        n_sources=counted["sources"],
        n_delivered=counted["delivered"],
    )


def felt(staff: StaffMember, now: datetime) -> list[Felt]:
    """Asked, answered and the average of each department. One query."""
    this, last = now - MONTH, now - 2 * MONTH
    rows: Any = Survey.objects.visible_to(staff).filter(Q(asked_at__gte=last) | Q(answered_at__gte=last))
    found = {
        row["kind"]: row
        for row in rows.values("kind").annotate(
            n_asked=Count("pk", filter=Q(asked_at__gte=this)),
            n_answered=Count("pk", filter=Q(answered_at__gte=this)),
            average=Avg("rating", filter=Q(answered_at__gte=this)),
            before=Avg("rating", filter=Q(answered_at__lt=this)),
        )
    }
    return [
        Felt(
            kind,
            str(label),
            *(
                found.get(kind, {}).get(name, default)
                for name, default in (("n_asked", 0), ("n_answered", 0), ("average", None), ("before", None))
            ),
        )
        for kind, label in Survey.Kind.choices
    ]


def of_customer(staff: StaffMember, customer: Customer) -> dict[str, Any]:
    """What one customer said, wrote in public and was offered. Four queries."""
    family = merging.family(customer)
    said = Survey.objects.visible_to(staff).filter(customer_id__in=family)
    posted = Review.objects.visible_to(staff).filter(customer_id__in=family)
    offered = CampaignPerson.objects.visible_to(staff).filter(customer_id__in=family, message__isnull=False)
    return {
        "surveys": list(said.order_by("-happened_at")[:5]),
        "reviews": list(posted.order_by("-posted_at")[:3]),
        "campaigns": list(offered.select_related("campaign", "message").order_by("-queued_at")[:3]),
    }


@counter("marketing:board")
def waiting(staff: StaffMember, now: datetime) -> Figure:
    """Unhappy customers whom nobody has won back, at most 99. One query."""
    since = list(
        Survey.objects.visible_to(staff)
        .filter(_UNHAPPY)
        .order_by("answered_at")
        .values_list("answered_at", flat=True)[:99]
    )
    return Figure(len(since), bool(since) and since[0] is not None and since[0] < now - timedelta(hours=4))
