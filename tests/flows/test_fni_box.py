"""Seams 16 and 17, F&I's side: a deal that is ready is taken in; one that is not goes back with words, and comes again mended."""

from __future__ import annotations

from dealership.events.catalogue.sales import DealAgreed, DealMended
from dealership.events.models import EventRecord
from tests.flows.fni_world import FniWorld
from tests.flows.sales_world import minute
from tests.fni import deals


def told(box: FniWorld) -> list[tuple[str, object]]:
    rows = EventRecord.objects.of_store(box.cast.northside.pk).filter(
        kind__in=["DealTakenIn", "DealRefused", "DealMended"]
    )
    return [(row.kind, row.at) for row in rows.order_by("at", "pk")]


def test_a_deal_that_is_not_ready_goes_back_is_mended_and_is_taken_in(box: FniWorld) -> None:
    box.tells(DealAgreed)
    deals.fill(box.deal)
    box.at(10).presses("refuse", missing="insurance")
    refused = EventRecord.objects.of_store(box.cast.northside.pk).get(kind="DealRefused")
    assert refused.payload["missing"] == "proof of insurance"
    assert refused.payload["salesperson_id"] == box.cast.sam.pk
    box.at(40).tells(DealMended, what="insurance card")
    assert (box.deal.stage, box.deal.waiting_at) == ("waiting", minute(40))
    insurance = deals.item(box.deal, "insurance")
    assert insurance.state == "missing"
    box.posts(box.cast.faye, f"items/{insurance.pk}", state="here")
    box.at(45).presses("take-in")
    assert told(box) == [("DealRefused", minute(10)), ("DealMended", minute(40)), ("DealTakenIn", minute(45))]
    assert "In the box" in box.browser(box.cast.sam).get(f"/fni/jackets/{box.deal.pk}/").content.decode()
