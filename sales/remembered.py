"""What leads remember of facts that others told: when a machine and when a person first reached the customer, and visits.

What deals remember is in `deal_memory`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from dealership import live
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentMissed,
)
from dealership.events.catalogue.messaging import (
    CallConnected,
    CustomerHeardFromMachine,
    CustomerHeardFromPerson,
)
from dealership.events.catalogue.staff import StaffLeft
from dealership.stores import calendars
from dealership.stores.models import Department
from sales import routing
from sales.models import CLOSED, Lead

MINUTE = timedelta(minutes=1)


def note_first_person(facts: Sequence[Fact]) -> None:
    """Stops the second clock of the customer's leads: the first time a person of sales reached them."""
    ours = [fact for fact in facts if getattr(fact, "department", "") in ("", Department.SALES)]
    for lead, at in _first_reached(ours, "first_human_at"):
        calendar = calendars.of(lead.store_id, Department.SALES)
        lead.first_human_at = at
        lead.first_human_minutes = (at - lead.received_at) // MINUTE
        lead.first_human_open_minutes = max(0, calendar.minutes_between(lead.received_at, at))
        if lead.state == Lead.State.FRESH:
            lead.state = Lead.State.TALKING
        lead.save(
            update_fields=["first_human_at", "first_human_minutes", "first_human_open_minutes", "state"]
        )
        live.bump(lead.store_id, "leads")


@bus.remember(CustomerHeardFromMachine)
def note_first_automatic(facts: Sequence[CustomerHeardFromMachine]) -> None:
    """Stops the first clock. It never moves the lead on: a machine's answer is not an answer."""
    for lead, at in _first_reached(facts, "first_automatic_at"):
        lead.first_automatic_at = at
        lead.save(update_fields=["first_automatic_at"])
        live.bump(lead.store_id, "leads")


@bus.remember(AppointmentBooked)
def note_visit(facts: Sequence[AppointmentBooked]) -> None:
    """The customer's open leads have a visit."""
    _move(facts, (Lead.State.FRESH, Lead.State.TALKING), Lead.State.APPOINTMENT)


def note_no_visit(facts: Sequence[Fact]) -> None:
    """The visit will not be, or was not: the talk goes on."""
    _move(facts, (Lead.State.APPOINTMENT,), Lead.State.TALKING)


bus.remember(CustomerHeardFromPerson)(note_first_person)
bus.remember(CallConnected)(note_first_person)
bus.remember(AppointmentCancelled)(note_no_visit)
bus.remember(AppointmentMissed)(note_no_visit)


@bus.remember(StaffLeft)
def give_to_others(facts: Sequence[StaffLeft]) -> None:
    """Open leads of somebody who left go to those who are there, each with its reason."""
    for fact in facts:
        left = list(
            Lead.objects.of_store(fact.store_id)
            .select_for_update(no_key=True)
            .filter(owner_id=fact.staff_id)
            .exclude(state__in=CLOSED)
            .order_by("received_at")
        )
        if not left:
            continue
        heirs = routing.choose_heirs(store_id=fact.store_id, leads=left, without=fact.staff_id, at=fact.at)
        for lead in left:
            lead.owner_id = heirs[lead.pk].staff_id
            lead.owner_why = [f"{fact.name} left.", *heirs[lead.pk].why]
        Lead.objects.of_store(fact.store_id).bulk_update(left, ["owner", "owner_why"], batch_size=500)
        live.bump(fact.store_id, "leads")


def _first_reached(facts: Sequence[Fact], column: str) -> Iterable[tuple[Lead, datetime]]:
    """The customers' leads that were reached first, or earlier than noted, by one of these facts, and when."""
    for (store_id, customer_id), moments in _by_customer(facts).items():
        rows = (
            Lead.objects.of_store(store_id)
            .select_for_update(no_key=True)
            .filter(customer__in=_family(store_id, customer_id), received_at__lte=max(moments))
            .exclude(state__in=CLOSED, closed_at__lt=min(moments))
        )
        for lead in rows:
            at = min(moment for moment in moments if moment >= lead.received_at)
            noted = getattr(lead, column)
            if noted is None or at < noted:
                yield lead, at


def _move(facts: Sequence[Fact], of: Sequence[str], to: str) -> None:
    ours = [fact for fact in facts if getattr(fact, "department", "") == Department.SALES]
    for store_id, customer_id in _by_customer(ours):
        rows = Lead.objects.of_store(store_id).filter(
            customer__in=_family(store_id, customer_id), state__in=of
        )
        if rows.update(state=to):
            live.bump(store_id, "leads")


def _by_customer(facts: Sequence[Fact]) -> dict[tuple[int, int], list[datetime]]:
    moments: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    for fact in facts:
        if fact.customer_id is not None and not fact.backfill:
            moments[fact.store_id, fact.customer_id].append(fact.at)
    return moments


def _family(store_id: int, customer_id: int) -> list[int]:
    """This customer and whoever was merged into them: their leads stay where they were. One query per level."""
    found = level = [customer_id]
    while level:
        rows = Customer.objects.of_store(store_id).filter(merged_into__in=level)
        level = list(rows.values_list("pk", flat=True))
        found = [*found, *level]
    return found
