"""A deal of the demo goes its whole way: written, agreed, taken into the box, delivered, funded, titled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dealership.demo import history, stage
from dealership.demo.stage import Stage
from dealership.stores.models import Store
from fni.models import DealJacket
from sales.models import Deal, Lead
from tasks.models import Promise

#: A Tuesday, 10 am at Northside.
TUESDAY_TEN = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)


def _buy(on: Stage) -> str:
    lead = Lead.objects.of_store(on.store.pk).get()
    return on.perform("sales.deal", {"customer": lead.customer_id}, now=on.now, n=5)


def test_a_deal_goes_from_the_lead_to_the_title(northside: Store) -> None:
    stage.scene("test.buy")(_buy)

    def opening(on: Stage) -> None:
        on.later(TUESDAY_TEN, "sales.lead", person=900)
        on.later(TUESDAY_TEN + timedelta(hours=1), "test.buy")

    until = TUESDAY_TEN + timedelta(days=14)
    since = TUESDAY_TEN - timedelta(minutes=1)
    history.make(northside, since=since, until=until, seed=3, volume=0.0, opening=opening)
    deal = Deal.objects.of_store(northside.pk).get()
    jacket = DealJacket.objects.of_store(northside.pk).get()
    assert deal.stage == Deal.Stage.DELIVERED
    assert jacket.contracted_at is not None
    assert jacket.funded_at is not None or not jacket.has_lender
    rules = set(Promise.objects.of_store(northside.pk).values_list("rule", flat=True))
    assert {"answer_lead", "bring_to_fni", "set_first_service"} <= rules
    owed = Promise.objects.of_store(northside.pk).filter(state=Promise.State.OPEN)
    assert not owed.filter(rule__in=["bring_to_fni", "set_first_service", "send_jacket"]).exists()
