"""Reads for service's pages beside the lane: one RO's story, the list, declined work, a customer's panel."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from dealership.customers import merging, timeline
from dealership.customers import search as customer_search
from dealership.customers.models import Customer
from dealership.rail import Count, counter
from dealership.staff.models import StaffMember
from service.lives import Version
from service.models import (
    DeclinedLine,
    Estimate,
    Inspection,
    Recommendation,
    RepairOrder,
    ROPart,
    Telling,
)

MOST_LISTED = 100


@dataclass(frozen=True)
class Story:
    """What happened to a car in the shop, and with its customer. Seven queries."""

    told: list[timeline.Entry]
    inspection: Inspection | None
    findings: list[Recommendation]
    estimates: list[Estimate]
    tellings: list[Telling]
    parts: list[ROPart]

    @property
    def undecided(self) -> list[Recommendation]:
        """What was presented and waits for a decision."""
        return [row for row in self.findings if row.state == Recommendation.State.SENT]

    @property
    def unpresented(self) -> list[Recommendation]:
        """What the customer has not heard of."""
        return [row for row in self.findings if row.state == Recommendation.State.OPEN]

    @property
    def approved_cents(self) -> int:
        """What the customer has approved comes to."""
        return sum(row.decided_cents or 0 for row in self.findings)

    @property
    def unheard(self) -> list[Telling]:
        """Texts that a phone has not got yet, or never will."""
        return [telling for telling in self.tellings if telling.heard_at is None]


def story(staff: StaffMember, ro: RepairOrder) -> Story:
    """The story of one RO. What waits for a phone is asked of an open one alone."""
    is_open = ro.state == RepairOrder.State.OPEN
    inspections = ro.inspections.select_related("technician").order_by("-cycle", "-pk")
    return Story(
        told=[_brief(entry, ro.ro_number) for entry in timeline.of_subject(staff, f"ro:{ro.ro_number}")],
        inspection=inspections.first(),
        findings=list(ro.recommendations.order_by("colour", "pk")[:60]),
        estimates=list(ro.estimates.select_related("message", "sent_by").order_by("-pk")[:10]),
        tellings=list(ro.tellings.select_related("message", "by").order_by("-pk")[:10]) if is_open else [],
        parts=list(
            ROPart.objects.of_store(ro.store_id).filter(ro_number=ro.ro_number).order_by("-eta_at", "pk")[:40]
        ),
    )


def _brief(entry: timeline.Entry, number: str) -> timeline.Entry:
    """A line of the story as the RO's own page says it, without the number that stands at its head."""
    this = f"RO {number}"
    title, detail = entry.title, entry.detail
    if title == this:
        title, detail = detail, ""
    title = re.sub(f"^{re.escape(this)} (is|may) ", r"The car \1 ", title)
    title = re.sub(f"^{re.escape(this)} | on {re.escape(this)}| of {re.escape(this)}$", "", title)
    if (get_language() or "en") == "en":
        title = title.replace(this, "it")
    return replace(entry, title=title[:1].upper() + title[1:], detail=detail.replace(f"({this})", "").strip())


def shown(rows: QuerySet[RepairOrder]) -> QuerySet[RepairOrder]:
    """As lists show them: with their people and car, without what only their own page reads."""
    return rows.select_related("customer", "vehicle", "advisor").defer("history", "comments")


def repair_orders(staff: StaffMember, text: str) -> list[RepairOrder]:
    """ROs that the text may mean: their number, or a customer's name, phone, VIN. Four queries at most."""
    rows = shown(RepairOrder.objects.visible_to(staff))
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


def of_customer(customer: Customer) -> tuple[list[RepairOrder], list[DeclinedLine]]:
    """The ROs and the open declined work of one customer, merged rows included. Three queries."""
    family = merging.family(customer)
    ros = RepairOrder.objects.of_store(customer.store_id).filter(customer_id__in=family)
    lines = DeclinedLine.objects.of_store(customer.store_id).filter(
        customer_id__in=family, state__in=[DeclinedLine.State.OPEN, DeclinedLine.State.BOOKED]
    )
    return list(shown(ros).order_by("-opened_at")[:8]), list(
        lines.select_related("ro").order_by("colour", "pk")[:20]
    )


@counter("service:lane")
def waiting(staff: StaffMember, now: datetime) -> Count:
    """Open ROs, at most 99; late if a promised time has passed and the car is not ready."""
    rows = list(
        RepairOrder.objects.visible_to(staff)
        .filter(state=RepairOrder.State.OPEN)
        .values_list("promised_at", "stage")[:99]
    )
    late = any(at is not None and at < now and stage != RepairOrder.Stage.READY for at, stage in rows)
    return Count(len(rows), late)
