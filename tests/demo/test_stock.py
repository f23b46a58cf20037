"""What the demo's DMS tells beside cars in service, and what marketing says first: no board is empty when somebody looks."""

from __future__ import annotations

from collections.abc import Callable

from dealership.demo.history import Heap, Played
from dealership.demo.stage import Stage
from dealership.dms.models import FeedFile
from dealership.messaging.models import Message, Purpose
from dealership.stores.models import Store
from marketing.models import Campaign, Review, Segment
from parts.models import PartsRequest, StockPart
from sales.models import Deal, InventoryUnit, Lead
from tests.demo.conftest import NOW


def test_deals_and_parts_come_through_the_feeds_and_a_campaign_leaves(
    northside: Store, play: Callable[..., Played]
) -> None:
    play(days=1.3, volume=0.2)
    store = northside.pk
    told = Deal.objects.of_store(store).filter(desk_number__isnull=True)
    assert told.filter(stage=Deal.Stage.DELIVERED).count() >= 5
    assert InventoryUnit.objects.of_store(store).filter(state="in_stock").count() >= 5
    assert StockPart.objects.of_store(store).filter(on_hand__gt=0).exists()
    files = FeedFile.objects.of_store(store)
    assert set(files.values_list("feed__kind", flat=True)) == {"SV", "SV_APPT", "SL", "PTINV"}
    assert not files.exclude(state=FeedFile.State.APPLIED).exists()
    assert Segment.objects.of_store(store).exists()
    sent = Campaign.objects.of_store(store).get(state=Campaign.State.DONE)
    assert sent.written_by != sent.approved_by
    offers = Message.objects.of_store(store).filter(purpose=Purpose.MARKETING)
    assert offers.filter(state=Message.State.DELIVERED).exists()


def test_somebody_buys_asks_for_a_part_and_writes_in_public(
    northside: Store, play: Callable[..., Played]
) -> None:
    played = play(days=0.15, volume=0.15)
    on = Stage(northside, Heap(), 1, marks=played.marks)
    for scene, args in (
        ("sales.walk_in", {"person": 900}),
        ("parts.counter", {}),
        ("parts.ahead", {}),
        ("marketing.review", {}),
    ):
        assert on.perform(scene, args, now=NOW, n=7) != "", scene
    assert Lead.objects.of_store(northside.pk).filter(source="walk-in").exists()
    assert PartsRequest.objects.of_store(northside.pk).filter(ro_number="").exists()
    assert Review.objects.of_store(northside.pk).exists()
