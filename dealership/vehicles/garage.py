"""Cars of a store: found or made by VIN, and who owns them since when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from dealership.customers import search
from dealership.customers.models import Customer
from dealership.vehicles import vin as vins
from dealership.vehicles.models import Ownership, Vehicle

_WORDS = {"make": 40, "model": 60, "trim": 60, "color": 40, "plate": 16, "stock_number": 24}


class OtherStore(ValueError):
    """The car and the customer belong to two stores."""


def find_or_create(
    *,
    store_id: int,
    vin: str,
    year: int | None = None,
    make: str = "",
    model: str = "",
    trim: str = "",
    color: str = "",
    plate: str = "",
    stock_number: str = "",
    mileage: int | None = None,
    seen_at: datetime,
    now: datetime,
) -> Vehicle | None:
    """The car with this VIN, made if it is new; None where the text holds no usable VIN. Safe under a race.

    What is known stays; what was missing is added; plate, stock number and mileage follow the latest sight of the
    car (`seen_at`). Without a year or make the VIN's own are taken.
    """
    reading = vins.read(vin, this_year=now.year)
    if not reading.usable:
        return None
    given = {"make": make, "model": model, "trim": trim, "color": color, "plate": plate}
    given |= {"stock_number": stock_number}
    words = {name: " ".join(text.split())[: _WORDS[name]] for name, text in given.items()}
    year = year if year and 1900 <= year <= now.year + 2 else reading.model_year
    mileage = mileage if mileage is not None and 0 <= mileage < 2_000_000 else None
    with transaction.atomic():
        Vehicle.objects.bulk_create(
            [Vehicle(store_id=store_id, vin=reading.vin, vin_trouble=reading.why or "", created_at=now)],
            ignore_conflicts=True,
        )
        # The row exists now, whoever made it; the lock lets two writers complete it one after the other.
        vehicle = Vehicle.objects.of_store(store_id).select_for_update(no_key=True).get(vin=reading.vin)
        words["make"] = words["make"] or ("" if vehicle.make else (reading.maker or "")[:40])
        changed = _complete(vehicle, words, year=year, mileage=mileage, seen_at=seen_at)
        if changed:
            vehicle.save(update_fields=sorted(changed))
    return vehicle


def _complete(
    vehicle: Vehicle, words: dict[str, str], *, year: int | None, mileage: int | None, seen_at: datetime
) -> set[str]:
    is_latest = vehicle.mileage_at is None or seen_at >= vehicle.mileage_at
    changed = set()
    for name, text in words.items():
        follows = name in ("plate", "stock_number") and is_latest
        if text and text != getattr(vehicle, name) and (follows or not getattr(vehicle, name)):
            setattr(vehicle, name, text)
            changed.add(name)
    if year and not vehicle.year:
        vehicle.year = year
        changed.add("year")
    if mileage is not None and is_latest:
        vehicle.mileage, vehicle.mileage_at = mileage, seen_at
        changed |= {"mileage", "mileage_at"}
    return changed


@transaction.atomic
def record_owner(vehicle: Vehicle, customer: Customer, *, since: date, how: str) -> Ownership:
    """This customer has the car from that day on; whoever had it before had it until then. Safe under a race.

    What is older than the present owner's first day is history: it is kept as a period that has ended, and changes
    nobody. The same owner again changes nothing but an earlier first day. The customer is found by the VIN from now on.
    Raises OtherStore.
    """
    if vehicle.store_id != customer.store_id:
        raise OtherStore(f"{vehicle.vin} is a car of another store than {customer.full_name}.")
    Vehicle.objects.of_store(vehicle.store_id).select_for_update(no_key=True).get(pk=vehicle.pk)
    search.index(customer, "vin", vehicle.vin)
    periods = Ownership.objects.of_store(vehicle.store_id).filter(vehicle=vehicle)
    present = periods.filter(until__isnull=True).select_related("customer").first()
    if present is not None and _same_person(present.customer, customer):
        if since < present.since:
            present.since = since
            present.save(update_fields=["since"])
        return present
    until = None
    if present is not None and since < present.since:
        known = periods.filter(customer=customer, since__lte=since, until__gte=since).first()
        if known is not None:
            return known
        until = present.since
    elif present is not None:
        present.until = since
        present.save(update_fields=["until"])
    return Ownership.objects.create(
        store_id=vehicle.store_id,
        vehicle=vehicle,
        customer=customer,
        since=since,
        until=until,
        how=how[:40],
    )


@transaction.atomic
def end_ownership(vehicle: Vehicle, *, until: date) -> bool:
    """Nobody here has the car any more: traded in, sold elsewhere, totalled. False where nobody had it."""
    Vehicle.objects.of_store(vehicle.store_id).select_for_update(no_key=True).get(pk=vehicle.pk)
    periods = Ownership.objects.of_store(vehicle.store_id).filter(vehicle=vehicle, until__isnull=True)
    return bool(periods.filter(Q(since__lte=until)).update(until=until)) or bool(
        periods.filter(since__gt=until).update(until=F("since"))
    )


def owner_of(vehicle: Vehicle) -> Customer | None:
    """Who has the car now, as the row that was recorded."""
    period = (
        Ownership.objects.of_store(vehicle.store_id)
        .filter(vehicle=vehicle, until__isnull=True)
        .select_related("customer")
        .first()
    )
    return period.customer if period else None


def _same_person(one: Customer, other: Customer) -> bool:
    return one.pk == other.pk or other.pk == one.merged_into_id or one.pk == other.merged_into_id
