"""Northside on a Monday, as the stories of marketing live it: cars are handed over, customers say how it was, managers call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import VehicleDelivered
from dealership.messaging import consent
from marketing import campaigns, reviews, surveys
from marketing.models import Survey
from tests.cast import make_customer
from tests.flows.sales_world import TOM
from tests.flows.service_world import ServiceWorld

WON_BACK = {
    "what_went_wrong": "Nobody called when the car was ready",
    "what_was_done": "Called, said sorry, next oil change is on us",
    "is_resolved": "yes",
}


class MarketingWorld(ServiceWorld):
    """Minutes are counted from Monday, ten in the morning."""

    def work(self) -> None:
        """The periodic jobs, once."""
        self.clock.move_to(self.now, tick=False)
        surveys.ask_held(now=self.now)
        reviews.ask_due(now=self.now)
        campaigns.send_waiting(now=self.now)
        super().work()

    def timers(self) -> Iterator[Iterable[datetime | None]]:
        """What was held back, and what is asked later."""
        yield from super().timers()
        rows = Survey.objects.of_store(self.cast.northside.pk)
        yield rows.values_list("ask_at", flat=True)
        yield rows.filter(review_sent_at__isnull=True).values_list("review_due_at", flat=True)

    def tom(self, **more: Any) -> Customer:
        """Tom Okafor, who gave his number for his deal."""
        tom = make_customer(self.cast.northside, "Tom Okafor", TOM, **more)
        consent.give(
            store_id=self.cast.northside.pk,
            number=TOM,
            how=consent.How.DEAL,
            words="on the buyer's order",
            now=self.now,
        )
        return tom

    @transaction.atomic
    def delivers(self, customer: Customer, number: str = "9041") -> None:
        """Sam hands a car over."""
        bus.publish(
            VehicleDelivered(
                store_id=customer.store_id,
                at=self.now,
                subject=f"deal:{number}",
                customer_id=customer.pk,
                deal_number=number,
                vehicle="2026 Civic",
                salesperson_id=self.cast.sam.pk,
                delivery_at=self.now,
            )
        )

    @property
    def survey(self) -> Survey:
        """The newest."""
        return Survey.objects.of_store(self.cast.northside.pk).select_related("customer").latest("pk")
