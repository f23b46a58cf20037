"""What a source brings is remembered from facts, each lead once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.appointments import AppointmentBooked, CustomerArrived
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromMachine
from dealership.events.catalogue.sales import LeadClosed, LeadReceived, LeadReopened, VehicleDelivered
from marketing import sources
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def tell(cast: Cast) -> Any:
    customers = {n: make_customer(cast.northside, f"Kin {n}", f"+1973555{n:04d}") for n in (1, 2)}

    @transaction.atomic
    def publish(kind: Any, n: int, minutes: float, **more: Any) -> None:
        at = MONDAY_TEN + timedelta(minutes=minutes)
        common = {"store_id": cast.northside.pk, "at": at, "customer_id": customers[n].pk}
        bus.publish(kind(**{"subject": f"lead:{n}", **common, **more}))

    for n, source in ((1, "cars.example"), (2, "own site")):
        publish(LeadReceived, n, 0, lead_id=n, source=source, vehicle="2026 Civic")
    return publish


def figures(cast: Cast, source: str = "cars.example") -> tuple[int, int, int, int, int]:
    rows = sources.of_period(cast.mo, MONDAY_TEN - timedelta(days=1), MONDAY_TEN + timedelta(days=1))
    row = next(row for row in rows if row.source == source)
    return row.leads, row.in_time, row.booked, row.shown, row.delivered


def visit(days: float = 1, department: str = "sales") -> dict[str, Any]:
    starts_at = MONDAY_TEN + timedelta(days=days)
    return {"subject": "appointment:1", "appointment_id": 1, "department": department, "starts_at": starts_at}


def test_a_lead_is_followed_from_its_source_to_the_delivery(cast: Cast, tell: Any) -> None:
    tell(CustomerHeardFromMachine, 1, 1, message_id=1, conversation_id=1, excerpt="")
    assert figures(cast) == (1, 0, 0, 0, 0)
    tell(CallConnected, 1, 4, call_id=1)
    tell(AppointmentBooked, 1, 5, **visit())
    tell(CustomerArrived, 1, 60, **visit())
    tell(VehicleDelivered, 1, 90, subject="deal:7", deal_number="7", delivery_at=MONDAY_TEN)
    assert figures(cast) == (1, 1, 1, 1, 1)
    assert figures(cast, "own site") == (1, 0, 0, 0, 0)


def test_an_answer_after_five_open_minutes_or_a_visit_of_service_counts_for_nothing(
    cast: Cast, tell: Any
) -> None:
    tell(CallConnected, 1, 6, call_id=1)
    tell(AppointmentBooked, 1, 7, **visit(department="service"))
    assert figures(cast) == (1, 0, 0, 0, 0)


def test_what_is_told_twice_counts_once_and_a_sale_that_was_taken_back_not_at_all(
    cast: Cast, tell: Any
) -> None:
    tell(LeadReceived, 1, 0, lead_id=1, source="cars.example", vehicle="2026 Civic")
    tell(LeadClosed, 1, 30, lead_id=1, outcome="sold")
    assert figures(cast) == (1, 0, 0, 0, 1)
    tell(LeadReopened, 1, 40, lead_id=1, source="cars.example", vehicle="")
    assert figures(cast) == (1, 0, 0, 0, 0)
