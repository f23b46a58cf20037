"""What deals remember of facts that others told: how far F&I is and what it misses, the first service visit, and who answers now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from dealership import live
from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentFact,
    AppointmentMissed,
    AppointmentMoved,
)
from dealership.events.catalogue.customers import CustomerHandedOver
from dealership.events.catalogue.fni import (
    DealContracted,
    DealFunded,
    DealRefused,
    DealTakenIn,
    StipCollected,
    StipDropped,
    StipIssued,
)
from dealership.events.catalogue.sales import DealFact
from dealership.scope import ScopedQuerySet
from dealership.stores.models import Department
from sales.models import ENDED, OPEN, Deal, WeOwe

Stage = Deal.Stage
_SETTLED = {StipIssued: "open", StipCollected: "collected", StipDropped: "dropped"}


@bus.remember(DealTakenIn)
def taken_in(facts: Sequence[DealTakenIn]) -> None:
    """The customer is in the box: nothing is missing any more."""
    for fact in facts:
        rows = _deal(fact).filter(stage__in=[Stage.WRITTEN, Stage.AGREED])
        _note(fact, rows, stage=Stage.IN_FNI, stage_by_dms=False, taken_in_at=fact.at)
        _note(fact, _deal(fact).filter(Q(refused_at__lte=fact.at)), refused_at=None, missing="")


@bus.remember(DealRefused)
def refused(facts: Sequence[DealRefused]) -> None:
    """F&I handed it back with what is missing: it waits again, for the desk."""
    for fact in facts:
        rows = _deal(fact).filter(stage__in=[Stage.WRITTEN, Stage.AGREED, Stage.IN_FNI])
        _note(fact, rows, stage=Stage.AGREED, stage_by_dms=False, refused_at=fact.at, missing=fact.missing)


@bus.remember(DealContracted)
def contracted(facts: Sequence[DealContracted]) -> None:
    """The contract is signed."""
    for fact in facts:
        lender = {"lender": fact.lender[:80]} if fact.lender else {}
        _note(fact, _deal(fact).filter(contracted_at__isnull=True), contracted_at=fact.at, **lender)
        rows = _deal(fact).filter(stage__in=[Stage.WRITTEN, Stage.AGREED, Stage.IN_FNI])
        _note(fact, rows, stage=Stage.CONTRACTED, refused_at=None, missing="")


@bus.remember(DealFunded)
def funded(facts: Sequence[DealFunded]) -> None:
    """The lender paid."""
    for fact in facts:
        _note(fact, _deal(fact).filter(funded_at__isnull=True), funded_at=fact.at)


def stips(facts: Sequence[DealFact]) -> None:
    """What the lender wants, and what of it is here. What is settled stays settled, whatever is heard later."""
    for fact in facts:
        row = _deal(fact).select_for_update(no_key=True).first()
        state = _SETTLED[type(fact)]
        if row is None or (state == "open" and fact.about in row.stips):
            continue
        row.stips = {**row.stips, fact.about: [getattr(fact, "what", ""), state]}
        row.save(update_fields=["stips"])
        live.bump(fact.store_id, "deals")


bus.remember(StipIssued)(stips)
bus.remember(StipCollected)(stips)
bus.remember(StipDropped)(stips)


@bus.remember(AppointmentBooked)
def visit_set(facts: Sequence[AppointmentBooked]) -> None:
    """The customer's deals that wait for a first service visit have one."""
    for fact in _of_service(facts):
        rows = _deals_of(fact).filter(first_service_at__isnull=True)
        _note(
            fact,
            rows,
            first_service_at=fact.starts_at,
            first_service_number=fact.appointment_id,
            first_service_owed=False,
        )


@bus.remember(AppointmentMoved)
def visit_moved(facts: Sequence[AppointmentMoved]) -> None:
    """It is at another hour."""
    for fact in _of_service(facts):
        rows = Deal.objects.of_store(fact.store_id).filter(first_service_number=fact.appointment_id)
        _note(fact, rows, first_service_at=fact.starts_at)


def visit_gone(facts: Sequence[AppointmentFact]) -> None:
    """It will not be, or was not: the next one is the first."""
    for fact in _of_service(facts):
        rows = Deal.objects.of_store(fact.store_id).filter(first_service_number=fact.appointment_id)
        _note(fact, rows, first_service_at=None, first_service_number=None)


bus.remember(AppointmentCancelled)(visit_gone)
bus.remember(AppointmentMissed)(visit_gone)


@bus.remember(CustomerHandedOver)
def handed_over(facts: Sequence[CustomerHandedOver]) -> None:
    """Deals and we-owes of whoever had the customers are the new person's. Three statements per pair of people."""
    moved: dict[tuple[int, int, int], set[int]] = defaultdict(set)
    for fact in facts:
        if fact.department == Department.SALES and fact.customer_id is not None and fact.from_id is not None:
            moved[fact.store_id, fact.from_id, fact.to_id].add(fact.customer_id)
    for (store_id, from_id, to_id), customers in moved.items():
        family = set(merging.winners({(store_id, pk) for pk in customers}))
        Deal.objects.of_store(store_id).filter(customer_id__in=family, salesperson_id=from_id).update(
            salesperson_id=to_id
        )
        WeOwe.objects.of_store(store_id).filter(
            deal__customer_id__in=family, owner_id=from_id, state=WeOwe.State.OPEN
        ).update(owner_id=to_id)
        live.bump(store_id, "deals")


def _deal(fact: DealFact) -> ScopedQuerySet[Deal]:
    return Deal.objects.of_store(fact.store_id).filter(deal_number=fact.deal_number).exclude(stage__in=ENDED)


def _deals_of(fact: AppointmentFact) -> ScopedQuerySet[Deal]:
    family = merging.winners({(fact.store_id, fact.customer_id or 0)})
    return (
        Deal.objects.of_store(fact.store_id)
        .filter(customer_id__in=family)
        .filter(Q(stage__in=OPEN) | Q(stage=Stage.DELIVERED, is_history=False))
    )


def _of_service(facts: Sequence[Any]) -> list[Any]:
    return [fact for fact in facts if fact.department == Department.SERVICE]


def _note(fact: Any, rows: ScopedQuerySet[Deal], **values: Any) -> None:
    if rows.update(**values):
        live.bump(fact.store_id, "deals")
