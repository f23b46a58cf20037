"""What parts remembers of facts that others told: ROs and who answers for them, and that a text about a part was received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson
from dealership.events.catalogue.service import (
    RepairOrderClosed,
    RepairOrderFact,
    RepairOrderHandedOver,
    RepairOrderOpened,
    RepairOrderReopened,
    RepairOrderVoided,
    StageReached,
)
from parts import telling
from parts.models import ENDED, KnownRO, PartsRequest, SpecialOrderPart

State = KnownRO.State
Key = tuple[int, str]
#: Of what is said of one moment, the later state stands.
RANK = {State.OPEN: 0, State.CLOSED: 1, State.VOIDED: 2}
FIELDS = ["customer", "vehicle", "advisor", "state", "state_at", "told_at"]


@bus.remember(RepairOrderOpened)
def note_opened(facts: Sequence[RepairOrderOpened]) -> None:
    """A car is in; a part that was asked for before the RO was known learns whose it is."""
    _note(facts, State.OPEN)
    _name_customers(facts)


@bus.remember(RepairOrderReopened)
def note_reopened(facts: Sequence[RepairOrderReopened]) -> None:
    """It is in again."""
    _note(facts, State.OPEN)


@bus.remember(RepairOrderClosed)
def note_closed(facts: Sequence[RepairOrderClosed]) -> None:
    """It has left."""
    _note(facts, State.CLOSED)


@bus.remember(RepairOrderVoided)
def note_voided(facts: Sequence[RepairOrderVoided]) -> None:
    """It never was."""
    _note(facts, State.VOIDED)


@bus.remember(StageReached)
def note_stage(facts: Sequence[StageReached]) -> None:
    """It moved on in the shop: whose it is, and who writes it."""
    _note(facts, None)


@bus.remember(RepairOrderHandedOver)
def note_advisor(facts: Sequence[RepairOrderHandedOver]) -> None:
    """Another advisor answers for it, and tells its customer about its parts."""
    _note(facts, None)
    for fact in facts:
        if fact.advisor_id is None or fact.backfill:
            continue
        rows = PartsRequest.objects.of_store(fact.store_id).filter(ro_number=fact.ro_number)
        if rows.exclude(state__in=ENDED).update(advisor_id=fact.advisor_id):
            live.bump(fact.store_id, "parts")


@bus.remember(CustomerHeardFromPerson)
def note_text(facts: Sequence[CustomerHeardFromPerson]) -> None:
    """A text about a part was received. One that left before the day changed told the old day, and the new one is still owed."""
    for fact in facts:
        _told(fact, said_at=left_at(fact))


@bus.remember(CallConnected)
def note_call(facts: Sequence[CallConnected]) -> None:
    """A person spoke with the customer about a part."""
    for fact in facts:
        _told(fact, said_at=fact.at)


def _note(facts: Sequence[RepairOrderFact], state: State | None) -> None:
    latest: dict[Key, RepairOrderFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.at):
        latest[fact.store_id, fact.ro_number] = fact
    known = _known(latest)
    changed = []
    for (store_id, number), fact in latest.items():
        row = known.get((store_id, number)) or KnownRO(
            store_id=store_id, ro_number=number, state_at=fact.at, told_at=fact.at
        )
        if _learn(row, fact, state):
            changed.append(row)
    KnownRO.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["store", "ro_number"], update_fields=FIELDS
    )
    for store_id in {row.store_id for row in changed}:
        live.bump(store_id, "parts")


def _learn(row: KnownRO, fact: RepairOrderFact, state: State | None) -> bool:
    """Writes what a fact says onto a row, as far as nothing newer is known; whether it said anything."""
    says = False
    if state is not None:
        now_is = (row.state_at, RANK[State(row.state)])
        if row.pk is None or (fact.at, RANK[state]) >= now_is:
            row.state, row.state_at, says = state, fact.at, True
    newer = row.pk is None or fact.at >= row.told_at
    for name in ("customer_id", "vehicle_id", "advisor_id"):
        said = getattr(fact, name)
        if said and said != getattr(row, name) and (newer or getattr(row, name) is None):
            setattr(row, name, said)
            says = True
    # What names no advisor says nothing about who answers, and is no news of it.
    if newer and fact.advisor_id:
        row.told_at, says = fact.at, True
    return says


def _known(wanted: Iterable[Key]) -> dict[Key, KnownRO]:
    keys = set(wanted)
    rows = (
        KnownRO.objects.across_stores("ROs of several stores may come in one batch")
        .filter(store_id__in={key[0] for key in keys}, ro_number__in={key[1] for key in keys})
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return {(row.store_id, row.ro_number): row for row in rows}


def _name_customers(facts: Sequence[RepairOrderOpened]) -> None:
    opened = {(fact.store_id, fact.ro_number): fact for fact in facts if fact.customer_id}
    if not opened:
        return
    nameless = list(
        PartsRequest.objects.across_stores("ROs of several stores may come in one batch")
        .filter(
            store_id__in={key[0] for key in opened},
            ro_number__in={key[1] for key in opened},
            customer__isnull=True,
        )
        .exclude(state__in=ENDED)
    )
    for row in nameless:
        fact = opened.get((row.store_id, row.ro_number))
        if fact is not None:
            row.customer_id, row.vehicle_id = fact.customer_id, fact.vehicle_id
            row.advisor_id = fact.advisor_id or row.advisor_id
    PartsRequest.objects.bulk_update(nameless, ["customer", "vehicle", "advisor"])


def part_of(fact: Fact) -> int:
    """The key of the request that a fact is about; 0 where it is about none, or is history."""
    kind, _, number = fact.subject.partition(":")
    return int(number) if kind == "part" and number.isdecimal() and not fact.backfill else 0


def left_at(fact: CustomerHeardFromPerson) -> datetime:
    """When the text left: what was written before a day changed tells the day before."""
    return datetime.fromisoformat(fact.sent_at_iso) if fact.sent_at_iso else fact.at


def _told(fact: Fact, *, said_at: datetime) -> None:
    pk = part_of(fact)
    if not pk:
        return
    row = (
        SpecialOrderPart.objects.of_store(fact.store_id)
        .filter(request_id=pk)
        .select_for_update(of=("self",))
        .first()
    )
    if row is None or row.ordered_at > said_at or (row.eta_changed_at and row.eta_changed_at > said_at):
        return
    telling.note_told(row, at=fact.at)
    live.bump(fact.store_id, "parts")
