"""What service shows of what others told: when a person last told a customer how their car stands, and the parts that it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson
from dealership.events.catalogue.parts import (
    PartCancelled,
    PartEtaChanged,
    PartEtaTold,
    PartFact,
    PartInstalled,
    PartOrdered,
    PartQuoted,
    PartReceived,
    PartRequested,
    PartReturned,
)
from dealership.events.catalogue.service import EstimateSent, PromiseTimeMoved, ReadyTold, StatusTold
from dealership.stores.models import Department
from service.models import RepairOrder, ROPart

State = ROPart.State


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


def told_more(facts: Sequence[Fact]) -> None:
    """They know that it is ready, when it will be, or what was found: that is how it stands."""
    _told(facts)


for _kind in (ReadyTold, PromiseTimeMoved, EstimateSent):
    bus.remember(_kind)(told_more)


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


@bus.remember(PartRequested)
def asked(facts: Sequence[PartRequested]) -> None:
    """A car needs a part."""
    for fact in facts:
        _note(fact, State.REQUESTED, "asked for")


@bus.remember(PartQuoted)
def quoted(facts: Sequence[PartQuoted]) -> None:
    """It has a price, and may lie on the shelf."""
    for fact in facts:
        _note(fact, State.QUOTED, fact.availability or "quoted", eta_at=fact.eta_at)


@bus.remember(PartOrdered)
def ordered(facts: Sequence[PartOrdered]) -> None:
    """It is on its way."""
    for fact in facts:
        _note(fact, State.ORDERED, "ordered", eta_at=fact.eta_at)


@bus.remember(PartEtaChanged)
def changed(facts: Sequence[PartEtaChanged]) -> None:
    """It comes on another day than was said."""
    for fact in facts:
        # Also where the day is the same: a text that told the one before told nothing.
        since = fact.holds_since or fact.at
        _note(fact, State.CHANGED, fact.reason_words or fact.reason, eta_at=fact.eta_at, eta_since=since)


@bus.remember(PartReceived)
def arrived(facts: Sequence[PartReceived]) -> None:
    """It lies in its bin."""
    for fact in facts:
        _note(fact, State.HERE, "here", bin=fact.bin)


@bus.remember(PartInstalled)
def installed(facts: Sequence[PartInstalled]) -> None:
    """It is in the car."""
    for fact in facts:
        _note(fact, State.INSTALLED, "installed")


@bus.remember(PartReturned)
def returned(facts: Sequence[PartReturned]) -> None:
    """Nobody waits for it any more."""
    for fact in facts:
        _note(fact, State.RETURNED, fact.outcome)


@bus.remember(PartCancelled)
def not_needed(facts: Sequence[PartCancelled]) -> None:
    """The car does not need it after all."""
    for fact in facts:
        _note(fact, State.CANCELLED, fact.why or "not needed")


@bus.remember(PartEtaTold)
def eta_told(facts: Sequence[PartEtaTold]) -> None:
    """The customer knows when it comes: a person said so."""
    for fact in facts:
        _tell(fact, Q(request_id=fact.request_id))


def eta_said(facts: Sequence[Fact]) -> None:
    """A person's text about the part was received, or they spoke on the phone about it."""
    for fact in facts:
        kind, _, number = fact.subject.partition(":")
        if kind == "part" and number.isdecimal():
            _tell(fact, Q(request_id=int(number)))


bus.remember(CustomerHeardFromPerson)(eta_said)
bus.remember(CallConnected)(eta_said)


def _note(fact: PartFact, state: str, words: str, **more: Any) -> None:
    """What the newest fact about a part says. Facts may come in any order, and twice."""
    if not fact.ro_number:
        return
    values = {"part": fact.part[:120], "state": state, "words": words[:120], "changed_at": fact.at, **more}
    if "eta_at" in more:
        values.setdefault("eta_since", fact.at)
    row, is_new = (
        ROPart.objects.of_store(fact.store_id)
        .select_for_update()
        .get_or_create(
            request_id=fact.request_id,
            defaults={"store_id": fact.store_id, "ro_number": fact.ro_number, **values},
        )
    )
    if not is_new and fact.at >= row.changed_at:
        if "eta_since" in values and "eta_since" not in more and row.eta_at == more["eta_at"]:
            values.pop("eta_since")  # the date that they were told still holds
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
    live.bump(fact.store_id, "service")


def _tell(fact: Fact, which: Q) -> None:
    rows = ROPart.objects.of_store(fact.store_id).filter(which)
    if rows.filter(Q(told_at__isnull=True) | Q(told_at__lt=fact.at)).update(told_at=fact.at):
        live.bump(fact.store_id, "service")
