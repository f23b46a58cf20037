"""Reads for marketing's pages: the board with its figures, surveys, reviews, sources, a customer's panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Q

from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.rail import Count as Figure
from dealership.rail import counter
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from marketing.models import Campaign, CampaignPerson, Review, SourceLead, Survey
from marketing.review_list import TO_ANSWER
from marketing.survey_list import UNHAPPY

MONTH = timedelta(days=30)


def to_answer(staff: StaffMember) -> ScopedQuerySet[Review]:
    """Poor reviews without a reply."""
    return Review.objects.visible_to(staff).filter(TO_ANSWER)


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
    unhappy = Survey.objects.visible_to(staff).filter(UNHAPPY)
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
        .filter(UNHAPPY)
        .order_by("answered_at")
        .values_list("answered_at", flat=True)[:99]
    )
    return Figure(len(since), bool(since) and since[0] is not None and since[0] < now - timedelta(hours=4))
