"""What becomes of the people of a campaign, remembered from facts: who answered, booked or opted out, and who bought and gets no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.appointments import AppointmentBooked
from dealership.events.catalogue.messaging import CustomerOptedOut, CustomerWrote
from dealership.events.catalogue.sales import ProspectingStopped, VehicleSold
from marketing import campaigns
from marketing.models import CampaignPerson

#: A text brings what its customer does within this time.
BRINGS_WITHIN = timedelta(days=14)


@bus.remember(CustomerWrote)
def wrote(facts: Sequence[CustomerWrote]) -> None:
    """They answered."""
    _note("answered_at", facts)


@bus.remember(AppointmentBooked)
def booked(facts: Sequence[AppointmentBooked]) -> None:
    """They set a visit."""
    _note("booked_at", facts)


@bus.remember(CustomerOptedOut)
def opted_out(facts: Sequence[CustomerOptedOut]) -> None:
    """They want no more."""
    _note("opted_out_at", facts)


def bought(facts: Sequence[Fact]) -> None:
    """A buyer is courted no more: whatever waits for them does not leave."""
    for fact in facts:
        if fact.customer_id is not None and not fact.backfill:
            campaigns.take_out(fact.store_id, fact.customer_id, why="they bought meanwhile.", now=fact.at)


bus.remember(VehicleSold)(bought)
bus.remember(ProspectingStopped)(bought)


def _note(column: str, facts: Sequence[Fact]) -> None:
    for fact in facts:
        if fact.customer_id is None or fact.backfill:
            continue
        n = (
            CampaignPerson.objects.of_store(fact.store_id)
            .filter(
                Q(customer_id=fact.customer_id) | Q(customer__merged_into_id=fact.customer_id),
                message__sent_at__lte=fact.at,
                message__sent_at__gt=fact.at - BRINGS_WITHIN,
                **{f"{column}__isnull": True},
            )
            .update(**{column: fact.at})
        )
        if n:
            live.bump(fact.store_id, "marketing")
