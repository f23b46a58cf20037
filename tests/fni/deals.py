"""What sales tells about a deal, told by the tests themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import DealAgreed, DealFact
from dealership.vehicles.models import Vehicle
from fni.models import ChecklistItem, DealJacket
from tests.cast import MONDAY_TEN, Cast, make_customer

NUMBER = "4711"
CAR = "2026 Accord Sport"
TINA = "+19735550188"


def tina(cast: Cast, language: str = "en") -> Customer:
    """Tina Wells, who buys."""
    return make_customer(cast.northside, "Tina Wells", TINA, language=language)


def tell(
    kind: type[DealFact], cast: Cast, customer: Customer | None, *, at: datetime = MONDAY_TEN, **values: Any
) -> None:
    """Sales publishes this fact of the deal."""
    number = values.pop("deal_number", NUMBER)
    given = {
        "store_id": cast.northside.pk,
        "at": at,
        "subject": f"deal:{number}",
        "deal_number": number,
        "customer_id": customer.pk if customer else None,
        "vehicle": CAR,
        "stock_number": "A1203",
        "salesperson_id": cast.sam.pk,
        "deal_type": "finance",
        **values,
    }
    with transaction.atomic():
        bus.publish(kind(**given))


def agreed(cast: Cast, customer: Customer | None, **values: Any) -> DealJacket:
    """The customer agreed, and the jacket is there."""
    tell(DealAgreed, cast, customer, **values)
    return jacket(cast, values.get("deal_number", NUMBER))


def jacket(cast: Cast, number: str = NUMBER) -> DealJacket:
    """The deal's jacket, as it is now."""
    rows = DealJacket.objects.of_store(cast.northside.pk).select_related("customer", "vehicle", "store")
    return rows.get(deal_number=number)


def item(row: DealJacket, key: str) -> ChecklistItem:
    """One thing of its checklist."""
    return ChecklistItem.objects.of_store(row.store_id).select_related("jacket").get(jacket=row, key=key)


def fill(row: DealJacket) -> DealJacket:
    """All that it needs is here."""
    ChecklistItem.objects.of_store(row.store_id).filter(jacket=row).update(state="here")
    return row


def car(cast: Cast) -> Vehicle:
    """A car with a VIN."""
    return Vehicle.objects.create(
        store=cast.northside,
        vin="1HGCY2F57RA000001",
        year=2026,
        make="Honda",
        model="Accord",
        created_at=MONDAY_TEN,
    )
