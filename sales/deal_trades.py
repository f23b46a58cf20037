"""The cars given in with a batch of deals, as the latest record of each names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dealership.dms.readers.records import TradeRecord
from dealership.vehicles import garage
from sales.deal_stories import Story
from sales.models import DealTrade


def write(batch: Sequence[Story], *, now: datetime) -> None:
    """The cars given in, as the latest record names them; what was taken stays taken."""
    named = [(story, trade) for story in batch if story.latest for trade in story.latest.record.trades]
    cars = (
        garage.find_or_create_many([_sight(story, trade) for story, trade in named], now=now) if named else []
    )
    rows = {
        (trade.deal_id, trade.vin or trade.car): trade
        for trade in DealTrade.objects.across_stores("trades of a batch of deals").filter(
            deal_id__in=[story.deal.pk for story in batch]
        )
    }
    said: set[tuple[int, str]] = set()
    for (story, trade), vehicle in zip(named, cars, strict=True):
        car = " ".join(str(part) for part in (trade.year, trade.make, trade.model.title()) if part)[:120]
        key = (story.deal.pk, trade.vin or car)
        row = rows.get(key) or DealTrade(store_id=story.deal.store_id, deal=story.deal, vin=trade.vin)
        row.vehicle, row.car, row.mileage = vehicle, car, trade.mileage
        row.acv_cents, row.payoff_cents = trade.acv_cents, trade.payoff_cents
        row.save()
        said.add(key)
    gone = [row.pk for key, row in rows.items() if key not in said and row.taken_at is None]
    DealTrade.objects.across_stores("trades of a batch of deals").filter(pk__in=gone).delete()


def _sight(story: Story, trade: TradeRecord) -> garage.Sight:
    latest = story.latest
    seen_at = latest.version.stamp if latest else story.deal.written_at
    return garage.Sight(
        store_id=story.deal.store_id,
        vin=trade.vin,
        year=trade.year,
        make=trade.make,
        model=trade.model.title() if trade.model.isalpha() and len(trade.model) > 3 else trade.model,
        trim="",
        color="",
        plate="",
        stock_number="",
        mileage=trade.mileage,
        seen_at=seen_at,
    )
