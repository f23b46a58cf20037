"""What the demo's DMS tells beside cars in service, and what marketing says first: no board is empty when somebody looks."""

from __future__ import annotations

from dealership.demo.history import Heap
from dealership.demo.stage import Stage
from dealership.dms.models import FeedFile
from dealership.messaging.models import Message, Purpose
from marketing.models import Campaign, Review, Segment
from parts.models import PartsRequest, StockPart
from sales.models import Deal, InventoryUnit, Lead
from tests.demo.conftest import NOW, History


def test_deals_and_parts_come_through_the_feeds_and_a_campaign_leaves(a_history: History) -> None:
    store = a_history.store.pk
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


def test_somebody_buys_asks_for_a_part_and_writes_in_public(a_history: History) -> None:
    northside = a_history.store
    on = Stage(northside, Heap(), 1, marks=a_history.played.marks)
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
