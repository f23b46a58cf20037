"""What each lead source brings: leads as marketing counts them, remembered from facts, and the figures of a period.

Definitions stand beside the figures on the page (`MEANS`): delivered of leads is the close rate of the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Least

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import AppointmentBooked, CustomerArrived
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson
from dealership.events.catalogue.sales import (
    LeadClosed,
    LeadReceived,
    LeadReopened,
    VehicleDelivered,
    VehicleSold,
)
from dealership.language import later, later_as
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.models import Department
from marketing.models import SourceLead

#: A person's answer within so many open minutes counts as in time; the words below say it too.
IN_TIME = 5
#: A lead brings what happens to its customer within this time.
BRINGS_WITHIN = timedelta(days=180)
STAGES: dict[str, tuple[str, Q]] = {
    "leads": (later("Leads"), Q()),
    "in_time": (later("Answered in 5 min"), Q(person_minutes__lte=IN_TIME)),
    "booked": (later("Visit set"), Q(booked_at__isnull=False)),
    "shown": (later("Came"), Q(shown_at__isnull=False)),
    "delivered": (later("Delivered"), Q(delivered_at__isnull=False)),
}
#: The figures of a row, as the head of the table calls them.
FIGURES = {
    "leads": later("Leads"),
    "in_time": later("In 5 min"),
    "booked": later("Visit set"),
    "shown": later("Came"),
    "delivered": later("Delivered"),
    "close": later_as("rate", "Close"),
}
MEANS = {
    "leads": later("Received in the period, each prospect once."),
    "in_time": later("A person, not a machine, reached them within 5 open minutes of sales."),
    "booked": later("A sales visit was set after the lead came."),
    "shown": later("They came for a sales visit."),
    "delivered": later("Their car was handed over, or the lead was closed as sold."),
    "close": later("Delivered of leads."),
}


@dataclass(frozen=True)
class Row:
    """One source and what it brought."""

    source: str
    leads: int
    in_time: int
    booked: int
    shown: int
    delivered: int

    @property
    def close(self) -> int:
        """Delivered of leads, in percent."""
        return round(100 * self.delivered / self.leads) if self.leads else 0


def of_period(staff: StaffMember, since: datetime, until: datetime, by: str = "leads") -> list[Row]:
    """Every source of the period, the greatest in that figure first. One query."""
    rows: Any = leads_of(staff, since, until).values("source")
    counted = rows.annotate(
        n_leads=Count("pk"),
        **{f"n_{name}": Count("pk", filter=which) for name, (_, which) in STAGES.items() if which},
    )
    found = [
        Row(
            row["source"],
            row["n_leads"],
            row["n_in_time"],
            row["n_booked"],
            row["n_shown"],
            row["n_delivered"],
        )
        for row in counted.order_by("-n_leads", "source")
    ]
    return sorted(found, key=lambda row: -getattr(row, by))


def total(rows: Sequence[Row]) -> Row:
    """All sources together."""
    sums = {name: sum(getattr(row, name) for row in rows) for name in STAGES}
    return Row("", **sums)


def leads_of(staff: StaffMember, since: datetime, until: datetime) -> ScopedQuerySet[SourceLead]:
    """The leads that were received in the period."""
    return SourceLead.objects.visible_to(staff).filter(received_at__gte=since, received_at__lt=until)


# --- what is remembered ---------------------------------------------------------------------------------------------------


@bus.remember(LeadReceived)
def received(facts: Sequence[LeadReceived]) -> None:
    """A lead came from its source."""
    rows = [
        SourceLead(
            store_id=fact.store_id,
            lead_id=fact.lead_id,
            source=fact.source[:80],
            vehicle=fact.vehicle[:200],
            customer_id=fact.customer_id,
            received_at=fact.at,
            person_at=fact.at if fact.spoken else None,
            person_minutes=0 if fact.spoken else None,
        )
        for fact in facts
    ]
    SourceLead.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    _bump(facts)


@bus.remember(LeadClosed)
def closed(facts: Sequence[LeadClosed]) -> None:
    """It ended; sold counts as delivered until the delivery itself is told."""
    for fact in facts:
        rows = SourceLead.objects.of_store(fact.store_id).filter(lead_id=fact.lead_id)
        rows.update(closed_at=fact.at, outcome=fact.outcome[:12])
        if fact.outcome == "sold":
            rows.filter(delivered_at__isnull=True).update(delivered_at=fact.at)
    _bump(facts)


@bus.remember(LeadReopened)
def reopened(facts: Sequence[LeadReopened]) -> None:
    """It goes on: what its close said does not hold."""
    for fact in facts:
        rows = SourceLead.objects.of_store(fact.store_id).filter(lead_id=fact.lead_id)
        rows.filter(delivered_at=F("closed_at")).update(delivered_at=None)
        rows.update(closed_at=None, outcome="")
    _bump(facts)


def answered(facts: Sequence[Fact]) -> None:
    """A person of sales reached the customer: the first time stops the lead's clock."""
    ours = [fact for fact in facts if getattr(fact, "department", "") in ("", Department.SALES)]
    for fact in ours:
        for lead in _leads(fact).filter(Q(person_at__isnull=True) | Q(person_at__gt=fact.at)):
            calendar = calendars.of(lead.store_id, Department.SALES)
            lead.person_at = fact.at
            lead.person_minutes = max(0, calendar.minutes_between(lead.received_at, fact.at))
            lead.save(update_fields=["person_at", "person_minutes"])


bus.remember(CustomerHeardFromPerson)(answered)
bus.remember(CallConnected)(answered)


@bus.remember(AppointmentBooked)
def booked(facts: Sequence[AppointmentBooked]) -> None:
    """A sales visit was set."""
    _reached("booked_at", [fact for fact in facts if fact.department == Department.SALES])


@bus.remember(CustomerArrived)
def shown(facts: Sequence[CustomerArrived]) -> None:
    """They came."""
    _reached("shown_at", [fact for fact in facts if fact.department == Department.SALES])


def delivered(facts: Sequence[Fact]) -> None:
    """They bought, whichever of their leads brought it."""
    _reached("delivered_at", facts)


bus.remember(VehicleDelivered)(delivered)
bus.remember(VehicleSold)(delivered)


def _reached(column: str, facts: Sequence[Fact]) -> None:
    for fact in facts:
        _leads(fact).update(**{column: Least(F(column), fact.at)})
    _bump(facts)


def _leads(fact: Fact) -> ScopedQuerySet[SourceLead]:
    """The customer's leads that came before this, and not long before; also those of rows that were merged into theirs."""
    rows = SourceLead.objects.of_store(fact.store_id)
    if fact.customer_id is None:
        return rows.none()
    whose = Q(customer_id=fact.customer_id) | Q(customer__merged_into_id=fact.customer_id)
    return rows.filter(whose, received_at__lte=fact.at, received_at__gt=fact.at - BRINGS_WITHIN)


def _bump(facts: Sequence[Fact]) -> None:
    for store_id in {fact.store_id for fact in facts}:
        live.bump(store_id, "marketing")
