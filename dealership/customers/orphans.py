"""Nobody's customer: whoever leaves, their customers have another person of their own in the same transaction, and are told of by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice

from django.db.models import Max

from dealership.customers.models import CustomerPerson
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.customers import CustomerHandedOver
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import DealLost, DealWritten, LeadClosed, LeadReceived, LeadReopened
from dealership.events.catalogue.sales import VehicleDelivered as Delivered
from dealership.events.catalogue.service import (
    RepairOrderClosed,
    RepairOrderOpened,
    RepairOrderReopened,
    RepairOrderVoided,
)
from dealership.events.catalogue.staff import StaffLeft
from dealership.events.models import EventRecord
from dealership.staff.models import RotaTurn, StaffMember
from dealership.staff.roles import UP, Role

#: So long after a word with them a customer still expects to hear; so long something that was begun may be under way.
TALKED, BEGUN = timedelta(days=30), timedelta(days=180)

_TALK = frozenset(fact.__name__ for fact in (CustomerWrote, CustomerHeardFromPerson, CallConnected))
_BEGINS = frozenset(
    fact.__name__
    for fact in (LeadReceived, LeadReopened, DealWritten, RepairOrderOpened, RepairOrderReopened)
)
_ENDS = frozenset(
    fact.__name__ for fact in (LeadClosed, DealLost, Delivered, RepairOrderClosed, RepairOrderVoided)
)


@bus.entails(StaffLeft)
def give_to_others(facts: Sequence[StaffLeft]) -> list[Fact]:
    """Every customer whose own person left gets the next of the same role, in turn. A few statements for any number."""
    told: list[Fact] = []
    for fact in facts:
        told += _hand_over(fact)
    return told


def _hand_over(fact: StaffLeft) -> list[Fact]:
    rows = list(
        CustomerPerson.objects.of_store(fact.store_id)
        .filter(staff_id=fact.staff_id)
        .select_for_update(of=("self",))
        .select_related("customer")
        .order_by("pk")
    )
    if not rows:
        return []
    given: dict[int, list[int]] = defaultdict(list)
    for row, heir in zip(rows, _heirs(fact, len(rows)), strict=True):
        row.staff, row.since, row.before = heir, fact.at, fact.name[:120]
        given[heir.pk].append(row.pk)
    for staff_id, keys in given.items():
        CustomerPerson.objects.of_store(fact.store_id).filter(pk__in=keys).update(
            staff_id=staff_id, since=fact.at, before=fact.name[:120]
        )
    living = [row for row in rows if row.customer.merged_into_id is None]
    active = under_way(fact.store_id, {row.customer_id for row in living}, now=fact.at)
    return [
        CustomerHandedOver(
            store_id=fact.store_id,
            at=fact.at,
            subject=f"customer:{row.customer_id}",
            customer_id=row.customer_id,
            by=fact.by,
            department=row.department,
            to_id=row.staff_id,
            to_name=row.staff.name,
            from_id=fact.staff_id,
            from_name=fact.name,
            why=f"({fact.name} left)",
            is_active=row.customer_id in active,
        )
        for row in living
    ]


def under_way(store_id: int, customer_ids: Collection[int], *, now: datetime) -> set[int]:
    """Those of these customers who expect something: a lead, a deal or an RO is open, or somebody spoke with them lately. One query."""
    rows = (
        EventRecord.objects.of_store(store_id)
        .filter(customer_id__in=customer_ids, at__gte=now - BEGUN, kind__in=_TALK | _BEGINS | _ENDS)
        .values_list("customer_id", "subject", "kind")
        .annotate(last=Max("at"))
    )
    begun: dict[tuple[int, str], datetime] = {}
    ended: dict[tuple[int, str], datetime] = {}
    active: set[int] = set()
    for customer_id, subject, kind, last in rows:
        key = (customer_id, subject)
        if kind in _TALK:
            if last >= now - TALKED:
                active.add(customer_id)
        else:
            side = begun if kind in _BEGINS else ended
            side[key] = max(last, side.get(key, last))
    return active | {key[0] for key, at in begun.items() if key not in ended or ended[key] < at}


def _heirs(fact: StaffLeft, n: int) -> list[StaffMember]:
    """So many people of the role, each as often as the others, from whoever is next in turn; else of the role above.

    People leave a store one after the other (`people.deactivate`): none of these can be gone before this is written.
    """
    role: Role | None = Role(fact.role) if fact.role else Role.GENERAL_MANAGER
    people: list[StaffMember] = []
    while role is not None and not people:
        people = list(
            StaffMember.objects.of_store(fact.store_id)
            .filter(role=role, is_active=True)
            .exclude(pk=fact.staff_id)
            .order_by("pk")
        )
        found, role = role, UP.get(role)
    turn = _turn(fact.store_id, found)
    after = [person for person in people if person.pk > (turn.last_staff_id or 0)]
    heirs = list(islice(cycle(after + [person for person in people if person not in after]), n))
    RotaTurn.objects.of_store(fact.store_id).filter(pk=turn.pk).update(last_staff_id=heirs[-1].pk)
    return heirs


def _turn(store_id: int, role: Role) -> RotaTurn:
    rows = RotaTurn.objects.of_store(store_id).filter(role=role)
    RotaTurn.objects.bulk_create([RotaTurn(store_id=store_id, role=role)], ignore_conflicts=True)
    return rows.select_for_update().get()
