"""What figures count that is no promise: deliveries, contracts in transit, declined lines. Kept by facts in any order.

History that is loaded (`backfill`) counts nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from dealership import rewriting
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.fni import DealFunded
from dealership.events.catalogue.sales import DealFact, DealLost, VehicleDelivered
from dealership.events.catalogue.service import (
    DeclinedWorkFact,
    DeclinedWorkFound,
    DeclinedWorkSold,
    RepairOrderClosed,
    RepairOrderReopened,
    RepairOrderVoided,
)
from tasks.models import Happening

Kind = Happening.Kind

#: Deals of these types wait for a lender's money.
FINANCED = frozenset({"finance", "lease"})
#: It was not undone, or was told anew after that.
STANDS = Q(at__isnull=False) & (Q(gone_at__isnull=True) | Q(gone_at__lt=F("at")))

_KEEP = """
    INSERT INTO tasks_happening AS old
        (store_id, kind, subject, about, words, customer_id, person_id, at, good_at, gone_at, cents) VALUES %s
    ON CONFLICT (store_id, kind, subject, about) DO UPDATE SET
        words = coalesce(nullif(excluded.words, ''), old.words), customer_id = coalesce(excluded.customer_id, old.customer_id),
        person_id = coalesce(excluded.person_id, old.person_id), cents = coalesce(excluded.cents, old.cents),
        at = greatest(excluded.at, old.at), good_at = least(excluded.good_at, old.good_at),
        gone_at = greatest(excluded.gone_at, old.gone_at)
"""
_TEMPLATE = "(%s, %s, %s, %s, %s, %s, %s, %s::timestamptz, %s::timestamptz, %s::timestamptz, %s::bigint)"
_UNDO = """
    UPDATE tasks_happening SET gone_at = greatest(gone_at, undone.at)
    FROM (VALUES %s) AS undone(store_id, subject, at)
    WHERE tasks_happening.store_id = undone.store_id AND tasks_happening.subject = undone.subject AND kind = 'declined'
"""


@dataclass(frozen=True)
class Seen:
    """What one fact says of one thing."""

    store_id: int
    kind: str
    subject: str
    about: str = ""
    words: str = ""
    customer_id: int | None = None
    person_id: int | None = None
    at: datetime | None = None
    good_at: datetime | None = None
    gone_at: datetime | None = None
    cents: int | None = None

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What makes it the same thing."""
        return (self.store_id, self.kind, self.subject, self.about)

    def beside(self, later: Seen) -> Seen:
        """Both together, as the database puts them together."""
        return replace(
            self,
            words=later.words or self.words,
            customer_id=later.customer_id or self.customer_id,
            person_id=later.person_id or self.person_id,
            cents=self.cents if later.cents is None else later.cents,
            at=_pick(max, self.at, later.at),
            good_at=_pick(min, self.good_at, later.good_at),
            gone_at=_pick(max, self.gone_at, later.gone_at),
        )


@bus.remember(VehicleDelivered)
def note_deliveries(facts: Sequence[VehicleDelivered]) -> None:
    """A delivery; and where a lender is to pay, a contract in transit."""
    seen = []
    for fact in facts:
        first_service = fact.at if fact.has_first_service else None
        seen.append(replace(_deal(fact, Kind.DELIVERY), at=fact.at, good_at=first_service))
        if fact.deal_type in FINANCED:
            seen.append(replace(_deal(fact, Kind.CONTRACT), at=fact.at))
    _keep(seen, facts)


@bus.remember(DealFunded)
def note_funding(facts: Sequence[DealFunded]) -> None:
    """The lender paid."""
    _keep([replace(_deal(fact, Kind.CONTRACT), good_at=fact.at) for fact in facts], facts)


@bus.remember(DealLost)
def note_unwinding(facts: Sequence[DealLost]) -> None:
    """What was delivered came back: neither delivery nor contract."""
    undone = [fact for fact in facts if fact.was_delivered]
    _keep(
        [
            replace(_deal(fact, kind), gone_at=fact.at)
            for fact in undone
            for kind in (Kind.DELIVERY, Kind.CONTRACT)
        ],
        undone,
    )


@bus.remember(RepairOrderClosed)
def note_declined(facts: Sequence[RepairOrderClosed]) -> None:
    """Each line that was recommended and not bought."""
    _declined(facts)


@bus.remember(DeclinedWorkFound)
def note_found(facts: Sequence[DeclinedWorkFound]) -> None:
    """The same, of a close that was corrected."""
    _declined(facts)


@bus.remember(DeclinedWorkSold)
def note_recovered(facts: Sequence[DeclinedWorkSold]) -> None:
    """It was bought after all."""
    _keep(
        [
            Seen(
                fact.store_id, Kind.DECLINED, fact.subject, fact.about, fact.description[:160], fact.customer_id,
                good_at=fact.at,
            )
            for fact in facts
        ],
        facts,
    )  # fmt: skip


@bus.remember(RepairOrderReopened)
def note_reopened(facts: Sequence[RepairOrderReopened]) -> None:
    """Its close was a slip: nothing was declined by it."""
    _undo(facts)


@bus.remember(RepairOrderVoided)
def note_voided(facts: Sequence[RepairOrderVoided]) -> None:
    """It never was."""
    _undo(facts)


def _deal(fact: DealFact, kind: str) -> Seen:
    return Seen(
        fact.store_id, kind, fact.subject, "", fact.vehicle[:160], fact.customer_id, fact.salesperson_id
    )


def _declined(facts: Sequence[DeclinedWorkFact]) -> None:
    _keep(
        [
            Seen(
                fact.store_id, Kind.DECLINED, fact.subject, line.key, line.description[:160], fact.customer_id,
                fact.advisor_id, fact.at, cents=line.price_cents,
            )
            for fact in facts
            if fact.customer_pays
            for line in fact.declined_lines
        ],
        facts,
    )  # fmt: skip


def _keep(seen: Iterable[Seen], facts: Sequence[Fact]) -> None:
    if all(fact.backfill for fact in facts):
        return
    news = {(fact.store_id, fact.subject) for fact in facts if not fact.backfill}
    rows: dict[tuple[int, str, str, str], Seen] = {}
    for item in seen:
        if (item.store_id, item.subject) in news:
            rows[item.key] = rows[item.key].beside(item) if item.key in rows else item
    # In one order, so that two who tell of the same things cannot wait for each other in a circle.
    values = [
        (
            row.store_id, row.kind, row.subject, row.about, row.words, row.customer_id, row.person_id, row.at, row.good_at,
            row.gone_at, row.cents,
        )
        for _, row in sorted(rows.items())
    ]  # fmt: skip
    _execute(_KEEP, values, _TEMPLATE)


def _undo(facts: Sequence[Fact]) -> None:
    latest: dict[tuple[int, str], datetime] = {}
    for fact in facts:
        key = (fact.store_id, fact.subject)
        latest[key] = max(latest.get(key, fact.at), fact.at)
    _execute(_UNDO, [(*key, at) for key, at in sorted(latest.items())], "(%s, %s, %s::timestamptz)")


def _execute(statement: str, values: list[tuple[Any, ...]], template: str) -> None:
    if values:
        rewriting.in_pages(statement, values, template=template)


def _pick(
    best: Callable[[datetime, datetime], datetime], one: datetime | None, other: datetime | None
) -> datetime | None:
    if one is None or other is None:
        return one or other
    return best(one, other)
