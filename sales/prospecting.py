"""Who bought is courted no more: their leads end as sold, and what was queued to win them is not sent. At once, with the sale."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from dealership import live
from dealership.customers import merging
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.sales import LeadClosed, ProspectingStopped, VehicleSold
from dealership.language import in_english
from dealership.messaging import outbox
from sales.models import CLOSED, Lead

WHY = "They bought: nothing courts them as a prospect any more."


@bus.entails(VehicleSold)
def stop(facts: Sequence[VehicleSold]) -> list[Fact]:
    """Closes every open lead of these buyers as sold and withdraws what waits to court them. History stops nothing."""
    bought = {
        (fact.store_id, fact.customer_id): fact
        for fact in facts
        if fact.customer_id is not None and not fact.backfill
    }
    if not bought:
        return []
    buyer_of = merging.winners({(store_id, pk) for store_id, pk in bought if pk is not None})
    leads = list(
        Lead.objects.across_stores("leads of a batch of buyers")
        .filter(customer_id__in=buyer_of)
        .exclude(state__in=CLOSED)
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    told: list[Fact] = []
    n_leads: Counter[int] = Counter()
    for lead in leads:
        buyer = buyer_of[lead.customer_id]
        sale = bought[lead.store_id, buyer]
        lead.state, lead.closed_at, lead.lost_why = Lead.State.SOLD, sale.at, ""
        n_leads[buyer] += 1
        told.append(_closed(lead, sale))
    Lead.objects.across_stores("leads of a batch of buyers").bulk_update(
        leads, ["state", "closed_at", "lost_why"], batch_size=500
    )
    n_texts = _withdraw(buyer_of, max(sale.at for sale in bought.values()))
    for (store_id, buyer), sale in bought.items():
        if buyer is not None:
            told.append(_stopped(sale, buyer, n_leads[buyer], n_texts[buyer]))
            live.bump(store_id, "leads", "inbox")
    return told


def _withdraw(buyer_of: dict[int, int], at: datetime) -> dict[int, int]:
    stopped: dict[int, int] = defaultdict(int)
    for customer_id, n in outbox.withdraw_courting(customer_ids=set(buyer_of), why=WHY, now=at).items():
        stopped[buyer_of[customer_id]] += n
    return stopped


def _closed(lead: Lead, sale: VehicleSold) -> LeadClosed:
    return LeadClosed(
        store_id=lead.store_id,
        at=sale.at,
        subject=lead.subject,
        customer_id=sale.customer_id,
        by=sale.by,
        lead_id=lead.pk,
        outcome=in_english(Lead.State.SOLD.label),
        why=f"with deal {sale.deal_number}",
    )


def _stopped(sale: VehicleSold, buyer: int, n_leads: int, n_texts: int) -> ProspectingStopped:
    return ProspectingStopped(
        store_id=sale.store_id,
        at=sale.at,
        subject=f"customer:{buyer}",
        customer_id=buyer,
        vehicle_id=sale.vehicle_id,
        by=sale.by,
        n_leads=n_leads,
        n_texts=n_texts,
    )
