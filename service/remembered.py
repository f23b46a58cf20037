"""What service shows of what others told: when a person last told a customer how their car stands."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson
from dealership.events.catalogue.service import StatusTold
from dealership.stores.models import Department
from service.models import RepairOrder


@bus.remember(CustomerHeardFromPerson)
def heard(facts: Sequence[CustomerHeardFromPerson]) -> None:
    """A text that a person of service wrote was received: every open RO of that customer was told."""
    _told([fact for fact in facts if fact.department == Department.SERVICE])


@bus.remember(CallConnected)
def spoke(facts: Sequence[CallConnected]) -> None:
    """A person spoke with the customer."""
    _told(facts)


@bus.remember(StatusTold)
def told(facts: Sequence[StatusTold]) -> None:
    """A person told them face to face."""
    _told(facts)


def _told(facts: Sequence[Fact]) -> None:
    for fact in facts:
        if fact.customer_id is None or fact.backfill:
            continue
        n = (
            RepairOrder.objects.of_store(fact.store_id)
            .filter(Q(told_at__isnull=True) | Q(told_at__lt=fact.at), opened_at__lte=fact.at)
            .filter(customer_id=fact.customer_id, state=RepairOrder.State.OPEN)
            .update(told_at=fact.at)
        )
        if n:
            live.bump(fact.store_id, "service")
