"""What marketing remembers of facts that others told: visits and deliveries to ask about, and when customers last came and bought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.sales import DealFact, DealLost, VehicleDelivered, VehicleSold
from dealership.events.catalogue.service import (
    DeclinedWorkBooked,
    DeclinedWorkClosed,
    DeclinedWorkFact,
    DeclinedWorkFound,
    DeclinedWorkSold,
    RepairOrderClosed,
    RepairOrderFact,
    RepairOrderReopened,
    RepairOrderVoided,
)
from dealership.language import later
from marketing.models import DeclinedKnown, Survey

TAKEN_BACK = {
    RepairOrderReopened: "The RO was opened again.",
    RepairOrderVoided: "The RO was voided.",
    DealLost: "The deal was undone.",
}
#: Why nobody asks, as it is stored: what is said of it in other languages.
WHY_NOT = (
    later("The RO was opened again."),
    later("The RO was voided."),
    later("The deal was undone."),
    later("They are unhappy, and nobody has won them back yet."),
)
UNANSWERED = (Survey.State.WAITING, Survey.State.HELD, Survey.State.ASKED)


@bus.remember(RepairOrderClosed)
def closed(facts: Sequence[RepairOrderClosed]) -> None:
    """A visit to ask about; the customer was here."""
    ours = [fact for fact in facts if fact.customer_id is not None and fact.customer_pays]
    _begin(
        [_survey(fact, Survey.Kind.CSI, fact.advisor_id, fact.cycle) for fact in ours if not fact.backfill]
    )
    _note("serviced_at", ours)
    _note_declined(ours)


@bus.remember(VehicleDelivered)
def delivered(facts: Sequence[VehicleDelivered]) -> None:
    """A delivery to ask about; the customer bought."""
    ours = [fact for fact in facts if fact.customer_id is not None]
    _begin([_survey(fact, Survey.Kind.SSI, fact.salesperson_id, 0) for fact in ours if not fact.backfill])
    _note("bought_at", ours)


@bus.remember(VehicleSold)
def sold(facts: Sequence[VehicleSold]) -> None:
    """The customer bought."""
    _note("bought_at", [fact for fact in facts if fact.customer_id is not None])


@bus.remember(RepairOrderReopened)
def reopened(facts: Sequence[RepairOrderReopened]) -> None:
    """Nobody asks about a visit that goes on; what was answered stays."""
    _drop(facts)
    _close_declined(Q(store_id=fact.store_id, subject=fact.subject) for fact in facts)


@bus.remember(RepairOrderVoided)
def voided(facts: Sequence[RepairOrderVoided]) -> None:
    """Nobody asks about a visit that never was."""
    _drop(facts)
    _close_declined(Q(store_id=fact.store_id, subject=fact.subject) for fact in facts)


@bus.remember(DealLost)
def deal_lost(facts: Sequence[DealLost]) -> None:
    """Nobody asks about a delivery that was undone."""
    _drop([fact for fact in facts if fact.was_delivered])


@bus.remember(DeclinedWorkFound)
def declined_found(facts: Sequence[DeclinedWorkFound]) -> None:
    """More was declined than the close told."""
    _note_declined([fact for fact in facts if fact.customer_id is not None])


def declined_settled(facts: Sequence[Fact]) -> None:
    """Booked, bought or done elsewhere: it is not offered any more."""
    _close_declined(Q(store_id=fact.store_id, subject=fact.subject, key=fact.about[:80]) for fact in facts)


bus.remember(DeclinedWorkBooked)(declined_settled)
bus.remember(DeclinedWorkSold)(declined_settled)
bus.remember(DeclinedWorkClosed)(declined_settled)


def _survey(fact: RepairOrderFact | DealFact, kind: str, person_id: int | None, cycle: int) -> Survey:
    return Survey(
        store_id=fact.store_id,
        kind=kind,
        about_subject=fact.subject,
        cycle=cycle,
        customer_id=fact.customer_id or 0,
        vehicle_id=fact.vehicle_id,
        person_id=person_id,
        happened_at=fact.at,
    )


def _begin(made: Sequence[Survey]) -> None:
    Survey.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    for store_id in {survey.store_id for survey in made}:
        live.bump(store_id, "marketing")


def _drop(facts: Sequence[Fact]) -> None:
    for fact in facts:
        rows = Survey.objects.of_store(fact.store_id).filter(
            about_subject=fact.subject, state__in=UNANSWERED, happened_at__lte=fact.at
        )
        why = TAKEN_BACK[type(fact)]
        if rows.update(state=Survey.State.DROPPED, state_why=why, ask_at=None, review_due_at=None):
            live.bump(fact.store_id, "marketing")


def _note(column: str, facts: Sequence[Fact]) -> None:
    """The newest moment of each customer; an older one that comes late changes nothing. One statement for any number."""
    latest: dict[tuple[int, int], datetime] = {}
    for fact in facts:
        key = (fact.store_id, fact.customer_id or 0)
        latest[key] = max(latest.get(key, fact.at), fact.at)
    if not latest:
        return
    keys = sorted(latest)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO marketing_knowncustomer AS known (store_id, customer_id, {column}) "  # noqa: S608 - our own names
            "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) "
            f"ON CONFLICT (customer_id) DO UPDATE SET {column} = greatest(known.{column}, excluded.{column})",
            [[store for store, _ in keys], [customer for _, customer in keys], [latest[key] for key in keys]],
        )


def _note_declined(facts: Sequence[DeclinedWorkFact]) -> None:
    rows = {
        (fact.store_id, fact.subject, line.key): DeclinedKnown(
            store_id=fact.store_id,
            customer_id=fact.customer_id or 0,
            subject=fact.subject,
            key=line.key[:80],
            colour=line.colour[:6],
            description=line.description[:200],
            at=fact.at,
        )
        for fact in facts
        for line in fact.declined_lines
    }
    # The same line told again is open again: the RO was reopened and closed anew.
    DeclinedKnown.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["store", "subject", "key"],
        update_fields=["is_open", "colour", "description"],
        batch_size=1000,
    )


def _close_declined(which: Iterable[Q]) -> None:
    wanted = reduce(or_, which, Q(pk__in=[]))
    DeclinedKnown.objects.across_stores("ROs of a batch").filter(wanted, is_open=True).update(is_open=False)
