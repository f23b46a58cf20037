"""Facts as the tests of the engine tell them: one customer, one lead, one RO, at minutes after ten on a Monday."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import LeadClosed, LeadReceived
from dealership.events.catalogue.service import (
    DeclinedWork,
    DeclinedWorkSold,
    PromiseTimeMoved,
    PromiseTimeSet,
    RepairOrderClosed,
    RepairOrderOpened,
    RepairOrderReady,
    RepairOrderVoided,
    StatusTold,
)
from tests.cast import MONDAY_TEN, Cast, make_customer

BRAKES = DeclinedWork(key="brakes", description="Front brake pads", colour="red", price_cents=42_000)
FILTER = DeclinedWork(key="filter", description="Cabin filter", colour="yellow")


class Telling:
    """Makes facts about Tom Okafor at Northside, and publishes them."""

    def __init__(self, cast: Cast, phone: str = "+19735550123") -> None:
        self.cast = cast
        self.customer: Customer = make_customer(cast.northside, "Tom Okafor", phone)

    def publish(self, *facts: Fact) -> None:
        with transaction.atomic():
            bus.publish(*facts)

    def _fact(self, kind: type[Fact], minute: float, subject: str, **values: Any) -> Any:
        return kind(
            store_id=self.cast.northside.pk, at=MONDAY_TEN + timedelta(minutes=minute), subject=subject,
            customer_id=self.customer.pk, **values,
        )  # fmt: skip

    def lead(
        self, minute: float = 0, lead_id: int = 7, owner_id: int | None = None, **more: Any
    ) -> LeadReceived:
        return self._fact(
            LeadReceived, minute, f"lead:{lead_id}", lead_id=lead_id, source="cars.com", vehicle="2026 Civic Sport",
            owner_id=owner_id, **more,
        )  # fmt: skip

    def lead_closed(self, minute: float, lead_id: int = 7) -> LeadClosed:
        return self._fact(LeadClosed, minute, f"lead:{lead_id}", lead_id=lead_id, outcome="lost")

    def wrote(self, minute: float, needs_person: bool = True) -> CustomerWrote:
        return self._fact(
            CustomerWrote, minute, "conversation:5", message_id=int(minute), conversation_id=5, department="sales",
            excerpt="Is it still there?", needs_person=needs_person,
        )  # fmt: skip

    def heard(self, minute: float) -> CustomerHeardFromPerson:
        return self._fact(
            CustomerHeardFromPerson, minute, "conversation:5", message_id=int(minute), conversation_id=5,
            department="sales", excerpt="It is.", by=self.cast.dana.pk,
        )  # fmt: skip

    def spoke(self, minute: float) -> CallConnected:
        return self._fact(
            CallConnected, minute, f"customer:{self.customer.pk}", call_id=1, by=self.cast.dana.pk
        )

    def ro_opened(self, minute: float = 0) -> RepairOrderOpened:
        return self._fact(
            RepairOrderOpened, minute, "ro:48213", ro_number="48213", advisor_id=self.cast.ana.pk
        )

    def told(self, minute: float) -> StatusTold:
        return self._fact(StatusTold, minute, "ro:48213", ro_number="48213", by=self.cast.ana.pk)

    def ro_closed(self, minute: float) -> RepairOrderClosed:
        return self._fact(
            RepairOrderClosed,
            minute,
            "ro:48213",
            ro_number="48213",
            declined_lines=(BRAKES, FILTER),
            vehicle="2019 Civic",
        )

    def ro_voided(self, minute: float) -> RepairOrderVoided:
        return self._fact(RepairOrderVoided, minute, "ro:48213", ro_number="48213")

    def sold(self, minute: float, key: str = "brakes") -> DeclinedWorkSold:
        return self._fact(DeclinedWorkSold, minute, "ro:48213", about=key, description="Front brake pads")

    def time_set(self, minute: float, promised: float) -> PromiseTimeSet:
        at = MONDAY_TEN + timedelta(minutes=promised)
        return self._fact(PromiseTimeSet, minute, "ro:48213", ro_number="48213", promised_at=at)

    def time_moved(self, minute: float, promised: float) -> PromiseTimeMoved:
        at = MONDAY_TEN + timedelta(minutes=promised)
        return self._fact(
            PromiseTimeMoved, minute, "ro:48213", ro_number="48213", promised_at=at, moved_from=MONDAY_TEN
        )

    def ready(self, minute: float) -> RepairOrderReady:
        return self._fact(RepairOrderReady, minute, "ro:48213", ro_number="48213")
