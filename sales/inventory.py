"""Cars in stock: acquired, front-line ready, sold with a deal, and back again when a deal is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.sales import UnitAcquired, UnitFrontLineReady, UnitNotReady
from dealership.language import in_english
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from dealership.vehicles import garage
from sales.models import Deal, InventoryUnit

State = InventoryUnit.State


class NumberTaken(ValueError):
    """Another car stands under that stock number."""


class AlreadySold(ValueError):
    """The car is sold."""


@transaction.atomic
def acquire(
    *,
    store_id: int,
    stock_number: str,
    vin: str,
    how: str,
    car: str = "",
    condition: str = "",
    acquired_at: datetime,
    by: StaffMember | None,
    now: datetime,
) -> InventoryUnit:
    """A car comes into stock. The same car under the same number again is the unit that stands. Raises NumberTaken."""
    vehicle = (
        garage.find_or_create(store_id=store_id, vin=vin, stock_number=stock_number, seen_at=now, now=now)
        if vin
        else None
    )
    unit, is_new = InventoryUnit.objects.of_store(store_id).get_or_create(
        store_id=store_id,
        stock_number=stock_number,
        defaults={
            "vin": vehicle.vin if vehicle else vin[:17],
            "vehicle": vehicle,
            "car": car,
            "condition": condition,
            "how": InventoryUnit.How(how),
            "acquired_at": acquired_at,
        },
    )
    if not is_new:
        if unit.vin != (vehicle.vin if vehicle else vin[:17]):
            raise NumberTaken(
                _("%(car)s stands under %(number)s already: give this one another number.")
                % {"car": _(unit.label), "number": stock_number}
            )
        return unit
    live.bump(store_id, "deals")
    bus.publish(
        UnitAcquired(
            store_id=store_id,
            at=now,
            subject=unit.subject,
            vehicle_id=unit.vehicle_id,
            by=by.pk if by else None,
            stock_number=stock_number,
            vehicle=unit.label,
            vin=unit.vin,
            how=in_english(InventoryUnit.How(how).label),
        )
    )
    return unit


@transaction.atomic
def mark_ready(unit: InventoryUnit, *, by: StaffMember, now: datetime) -> InventoryUnit:
    """It stands on the lot and can be sold. Twice is once. Raises AlreadySold."""
    row = (
        InventoryUnit.objects.of_store(unit.store_id)
        .select_for_update(of=("self",))
        .select_related("vehicle")
        .get(pk=unit.pk)
    )
    if row.state == State.SOLD:
        raise AlreadySold(_("%(car)s is sold.") % {"car": _(row.label)})
    if row.front_line_ready_at is not None:
        return row
    row.front_line_ready_at = now
    row.save(update_fields=["front_line_ready_at"])
    live.bump(row.store_id, "deals")
    bus.publish(UnitFrontLineReady(**_told(row, by, now)))
    return row


@transaction.atomic
def take_back_ready(unit: InventoryUnit, *, by: StaffMember, now: datetime) -> bool:
    """It cannot be sold yet after all. What is sold, or was not ready, stays as it is: False."""
    rows = InventoryUnit.objects.of_store(unit.store_id).select_for_update(of=("self",))
    row = rows.select_related("vehicle").get(pk=unit.pk)
    if row.state == State.SOLD or row.front_line_ready_at is None:
        return False
    row.front_line_ready_at = None
    row.save(update_fields=["front_line_ready_at"])
    live.bump(row.store_id, "deals")
    bus.publish(UnitNotReady(**_told(row, by, now)))
    return True


def _told(row: InventoryUnit, by: StaffMember, now: datetime) -> dict[str, Any]:
    return {
        "store_id": row.store_id,
        "at": now,
        "subject": row.subject,
        "vehicle_id": row.vehicle_id,
        "by": by.pk,
        "stock_number": row.stock_number,
        "vehicle": row.label,
        "vin": row.vin,
    }


def unit_of(*, store_id: int, stock_number: str) -> InventoryUnit | None:
    """What stands, or stood, under that number."""
    if not stock_number:
        return None
    return (
        InventoryUnit.objects.of_store(store_id)
        .filter(stock_number=stock_number)
        .select_related("vehicle")
        .first()
    )


def sell(deals: Sequence[Deal]) -> None:
    """The units of these delivered deals are sold with them. Two queries for any number."""
    by_number = {(deal.store_id, deal.stock_number): deal for deal in deals if deal.stock_number}
    by_vin = {(deal.store_id, deal.vehicle.vin): deal for deal in deals if deal.vehicle}
    rows = (
        InventoryUnit.objects.across_stores("units of a batch of deals")
        .filter(store_id__in={deal.store_id for deal in deals}, state=State.IN_STOCK)
        .filter(Q(stock_number__in={key[1] for key in by_number}) | Q(vin__in={key[1] for key in by_vin}))
        .select_for_update()
    )
    sold = []
    for unit in rows:
        deal = by_number.get((unit.store_id, unit.stock_number)) or by_vin.get((unit.store_id, unit.vin))
        if deal is not None:
            unit.state, unit.sold_at, unit.deal_number = State.SOLD, deal.delivered_at, deal.deal_number
            sold.append(unit)
    if sold:
        InventoryUnit.objects.across_stores("units of a batch of deals").bulk_update(
            sold, ["state", "sold_at", "deal_number"]
        )


def take_back(deal: Deal, *, now: datetime) -> None:
    """A delivered deal is undone: the buyer has the car no more, it stands in stock again, and what they gave in is theirs."""
    day = now.astimezone(Store.objects.get(pk=deal.store_id).tz).date()
    buyer = merging.living(deal.customer)
    if deal.vehicle is not None:
        owner = garage.owner_of(deal.vehicle)
        if owner is not None and merging.living(owner).pk == buyer.pk:
            garage.end_ownership(deal.vehicle, until=day)
    InventoryUnit.objects.of_store(deal.store_id).filter(
        deal_number=deal.deal_number, state=State.SOLD
    ).update(state=State.IN_STOCK, sold_at=None, deal_number="")
    for trade in deal.trades.select_related("vehicle").filter(taken_at__isnull=False):
        if trade.vehicle is not None and garage.owner_of(trade.vehicle) is None:
            garage.record_owner(trade.vehicle, buyer, since=day, how="deal undone")
        trade.taken_at = None
        trade.save(update_fields=["taken_at"])
