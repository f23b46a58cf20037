"""What facts of others entail at once: an RO that never was needs no part that nobody has ordered yet; a text that told the old day
told nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CustomerHeardFromPerson
from dealership.events.catalogue.parts import PartEtaChanged
from dealership.events.catalogue.service import RepairOrderVoided
from parts import eta, lives, remembered, requests
from parts.lives import State
from parts.models import COMING, PartsRequest

NOT_ORDERED = (State.REQUESTED, State.QUOTED, State.APPROVED)


@bus.entails(RepairOrderVoided)
def drop_requests(facts: Sequence[RepairOrderVoided]) -> Iterable[Fact]:
    """Its requests end. What is on order still comes: the board shows that its RO was voided, and a person decides."""
    news = [fact for fact in facts if not fact.backfill]
    rows = (
        PartsRequest.objects.across_stores("requests of a batch's ROs")
        .filter(
            store_id__in={fact.store_id for fact in news},
            ro_number__in={fact.ro_number for fact in news},
            state__in=NOT_ORDERED,
        )
        .exclude(ro_number="")  # as its index says
        .select_for_update(of=("self",))
        .select_related("customer__merged_into", "vehicle", "special_order")
        .order_by("pk")
    )
    waiting: defaultdict[tuple[int, str], list[PartsRequest]] = defaultdict(list)
    for row in rows if news else ():
        waiting[row.store_id, row.ro_number].append(row)
    return [
        requests.drop(row, why=f"RO {fact.ro_number} was voided", by=None, now=fact.at)
        for fact in news
        for row in waiting.pop((fact.store_id, fact.ro_number), ())
    ]


@bus.entails(CustomerHeardFromPerson)
def owe_the_new_day(facts: Sequence[CustomerHeardFromPerson]) -> Iterable[Fact]:
    """A text that left before the day changed and was received after it: what it kept was the old day, the new one is owed anew."""
    told: list[Fact] = []
    for fact in facts:
        pk = remembered.part_of(fact)
        row = _coming(fact.store_id, pk) if pk else None
        if row is None:
            continue
        sop, zone = row.special_order, row.store.tz
        if sop.eta_changed_at is None or remembered.left_at(fact) >= sop.eta_changed_at:
            continue
        # A moment later: at the same one the text would keep it.
        now = fact.at + timedelta(microseconds=1)
        told.append(
            PartEtaChanged(
                **lives.common(row, by=None, now=now),
                reason=sop.eta_reason,
                reason_words="the text told the day before that",
                eta_at=sop.eta_at,
                eta_words=eta.words(sop.eta_at, zone),
                known_words=eta.words(sop.eta_told, zone) if sop.eta_told else "",
            )
        )
    return told


def _coming(store_id: int, pk: int) -> PartsRequest | None:
    return (
        PartsRequest.objects.of_store(store_id)
        .filter(pk=pk, state__in=COMING)
        .select_related("customer__merged_into", "vehicle", "special_order", "store")
        .first()
    )
