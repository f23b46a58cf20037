"""What F&I knows from what sales tells: deals that are agreed, mended, delivered, lost; and which texts have been received.

A jacket begins here. Facts come in any order and more than once; a delivery of which nobody told the deal before makes its
jacket too, or its contract would be in transit without a place to say that it was paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.fni import DealContracted, JacketSent, TitleOwed
from dealership.events.catalogue.messaging import CustomerHeardFromPerson
from dealership.events.catalogue.sales import (
    DealAgreed,
    DealFact,
    DealLost,
    DealMended,
    TradeTaken,
    VehicleDelivered,
)
from dealership.events.models import EventRecord
from dealership.stores.models import Store
from fni import funding, jackets, notes, stipulations, titles
from fni.models import DealJacket

Told = TypeVar("Told", bound=Fact)
Stage = DealJacket.Stage
#: From here on a jacket is no longer on its way into the box.
BEFORE_THE_BOX = (Stage.WAITING, Stage.REFUSED)


@bus.remember(DealAgreed)
def begin(facts: Sequence[DealAgreed]) -> None:
    """The customer waits for the box. A deal that had ended and is agreed anew begins anew."""
    for fact in _news(facts):
        row = _jacket(fact)
        _copy(row, fact)
        row.has_trade = row.has_trade or fact.has_trade
        row.condition = row.condition or fact.condition[:4]
        if row.stage == Stage.UNWOUND and row.ended_at and fact.at > row.ended_at:
            row.stage, row.ended_at, row.ended_why, row.agreed_at = Stage.WAITING, None, "", None
        if row.agreed_at is None:
            row.agreed_at = row.waiting_at = fact.at
            jackets.note(row, "Agreed", by=None, now=fact.at)
            _end_if_told(row, fact)
        _save(row)


@bus.remember(DealMended)
def mended(facts: Sequence[DealMended]) -> None:
    """Sales brought what was missing: the customer waits again, from now."""
    for fact in _news(facts):
        row = _jacket(fact)
        _copy(row, fact)
        if row.stage == Stage.REFUSED and row.refused_at and fact.at >= row.refused_at:
            row.stage, row.waiting_at = Stage.WAITING, fact.at
            jackets.note(row, f"Sales: {fact.what}" if fact.what else "Mended by sales", by=None, now=fact.at)
        _save(row)


@bus.remember(DealContracted)
def signed(facts: Sequence[DealContracted]) -> None:
    """The DMS says that the contract is signed, whether or not F&I has noted it here."""
    for fact in _by_the_dms(facts):
        row = _jacket(fact)
        _copy(row, fact)
        row.lender = row.lender or notes.kept(fact.lender, 80)
        if row.contracted_at is None and row.stage != Stage.UNWOUND:
            row.contracted_at = fact.at
            if row.stage in (*BEFORE_THE_BOX, Stage.IN_BOX):
                row.stage = Stage.CONTRACTED
            jackets.note(row, "Contract signed, says the DMS", by=None, now=fact.at)
            _end_if_told(row, fact)
        _save(row)


@bus.remember(VehicleDelivered)
def delivered(facts: Sequence[VehicleDelivered]) -> None:
    """The car is gone. From here a contract is in transit, and the state's time for the title runs."""
    for fact in _news(facts):
        row = _jacket(fact)
        _copy(row, fact)
        row.condition = row.condition or fact.condition[:4]
        if row.delivered_at is None and row.stage != Stage.UNWOUND:
            row.delivered_at = fact.at
            if row.stage in BEFORE_THE_BOX:
                # Whoever drove away has signed: that nobody noted it here does not put them back in the line.
                row.stage = Stage.CONTRACTED
            if row.title_due_at is None and row.title_sent_at is None:
                state = Store.objects.values_list("state", flat=True).get(pk=row.store_id)
                row.title_due_at = titles.due_at(sold_at=fact.at, state=state, condition=row.condition)
            jackets.note(row, "Delivered", by=None, now=fact.at)
            _end_if_told(row, fact)
        _save(row)


@bus.remember(DealLost)
def lost(facts: Sequence[DealLost]) -> None:
    """The deal ended without a sale, or was undone."""
    for fact in _news(facts):
        row = _known(fact)
        began = max(filter(None, (row.agreed_at, row.waiting_at)), default=None) if row else None
        if row is None or row.stage in (Stage.UNWOUND, Stage.CLOSED) or (began and fact.at < began):
            continue
        row.stage, row.ended_at, row.ended_why = Stage.UNWOUND, fact.at, fact.why[:200]
        jackets.note(row, f"Ended: {fact.why}", by=None, now=fact.at)
        row.save(update_fields=["stage", "ended_at", "ended_why"])


@bus.remember(TradeTaken)
def traded(facts: Sequence[TradeTaken]) -> None:
    """A car came in with the deal: its title and its payoff belong into the jacket."""
    for fact in _news(facts):
        row = _known(fact)
        if row is not None and not row.has_trade:
            row.has_trade = True
            row.save(update_fields=["has_trade"])
            jackets.lay_out([row])
            live.bump(row.store_id, "fni")


@bus.entails(CustomerHeardFromPerson)
def asked(facts: Sequence[CustomerHeardFromPerson]) -> Iterable[Fact]:
    """The phone has the text that asks for a stip: now the customer was asked."""
    for store_id, heard in _by_store(facts).items():
        received = {fact.message_id: fact.at for fact in heard}
        yield from stipulations.asked_by_texts(received, store_id=store_id)


@bus.entails(DealContracted)
def sent_before(facts: Sequence[DealContracted]) -> Iterable[Fact]:
    """What was sent before the DMS called it signed is with the lender: it is not owed once more."""
    for fact in _by_the_dms(facts):
        row = _known(fact)
        if row is not None and row.has_lender and row.sent_at is not None and row.sent_at <= fact.at:
            yield JacketSent(**jackets.common(row, fact.at, None), lender=funding.THE_LENDER)


@bus.entails(VehicleDelivered)
def settled(facts: Sequence[VehicleDelivered]) -> Iterable[Fact]:
    """What a delivery makes true here: a cash car's title is owed; a contract that was paid before is in transit no longer."""
    for fact in _news(facts):
        row = _known(fact)
        if row is None or row.stage == Stage.UNWOUND:
            continue
        if row.has_lender and row.funded_at is not None and row.funded_at <= fact.at:
            yield funding.funded_fact(row, at=fact.at, by=None, with_title=False)
        elif row.deal_type == DealJacket.DealType.CASH and row.title_sent_at is None and row.title_due_at:
            yield TitleOwed(**jackets.common(row, fact.at, None), title_due_at=row.title_due_at)


def _news(facts: Sequence[Told]) -> Iterable[Told]:
    """History that is loaded makes no work: those deals were paid long ago."""
    return (fact for fact in facts if not fact.backfill)


def _by_the_dms(facts: Sequence[DealContracted]) -> Iterable[DealContracted]:
    return (fact for fact in _news(facts) if fact.by is None)


def _end_if_told(row: DealJacket, fact: DealFact) -> None:
    """That the deal ended after this may have been told first."""
    record = (
        EventRecord.objects.of_store(fact.store_id)
        .filter(kind=DealLost.__name__, subject=fact.subject, at__gt=fact.at)
        .order_by("-at", "-pk")
        .first()
    )
    ended = bus.revive(record) if record else None
    if isinstance(ended, DealLost):
        row.stage, row.ended_at, row.ended_why = Stage.UNWOUND, ended.at, ended.why[:200]


def _by_store(facts: Sequence[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for fact in facts:
        found[fact.store_id].append(fact)
    return found


def _known(fact: DealFact) -> DealJacket | None:
    return (
        DealJacket.objects.of_store(fact.store_id)
        .filter(deal_number=fact.deal_number)
        .select_for_update(of=("self",))
        .select_related("vehicle", "store", "customer__merged_into__merged_into")
        .first()
    )


def _jacket(fact: DealFact) -> DealJacket:
    """The deal's jacket, held until the commit; made where there is none."""
    DealJacket.objects.bulk_create(
        [DealJacket(store_id=fact.store_id, deal_number=fact.deal_number)], ignore_conflicts=True
    )
    row = _known(fact)
    assert row is not None  # noqa: S101 - made right above, in this transaction
    return row


def _copy(row: DealJacket, fact: DealFact) -> None:
    """What sales knows better than F&I; what F&I has set by hand stays."""
    row.customer_id = fact.customer_id or row.customer_id
    row.vehicle_id = fact.vehicle_id or row.vehicle_id
    row.vehicle_words = fact.vehicle[:120] or row.vehicle_words
    row.stock_number = fact.stock_number[:40] or row.stock_number
    row.salesperson_id = fact.salesperson_id or row.salesperson_id
    if fact.deal_type in DealJacket.DealType.values and row.contracted_at is None:
        row.deal_type = fact.deal_type


def _save(row: DealJacket) -> None:
    row.save()
    jackets.lay_out([row])
    live.bump(row.store_id, "fni")
