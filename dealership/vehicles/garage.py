"""Cars of a store: found or made by VIN, and who owns them since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q

from dealership import rewriting
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
    sight = Sight(store_id, vin, year, make, model, trim, color, plate, stock_number, mileage, seen_at)
    return find_or_create_many([sight], now=now)[0]


@dataclass(frozen=True)
class Sight:
    """What a source says of a car at a moment."""

    store_id: int
    vin: str
    year: int | None
    make: str
    model: str
    trim: str
    color: str
    plate: str
    stock_number: str
    mileage: int | None
    seen_at: datetime


@transaction.atomic
def find_or_create_many(sights: Sequence[Sight], *, now: datetime) -> list[Vehicle | None]:
    """As `find_or_create`, one after the other, in three statements for any number."""
    readings = [vins.read(sight.vin, this_year=now.year) for sight in sights]
    wanted = {
        (sight.store_id, reading.vin): reading.why or ""
        for sight, reading in zip(sights, readings, strict=True)
        if reading.usable
    }
    # In one order: two writers of the same cars cannot deadlock.
    Vehicle.objects.bulk_create(
        [
            Vehicle(store_id=store_id, vin=vin, vin_trouble=trouble, created_at=now)
            for (store_id, vin), trouble in sorted(wanted.items())
        ],
        ignore_conflicts=True,
    )
    # The rows exist now, whoever made them; the lock lets two writers complete them one after the other.
    rows = (
        Vehicle.objects.across_stores("cars of a batch of several stores")
        .select_for_update(no_key=True)
        .filter(store_id__in={key[0] for key in wanted}, vin__in={key[1] for key in wanted})
        .order_by("store_id", "vin")
    )
    vehicles = {(row.store_id, row.vin): row for row in rows} if wanted else {}
    found: list[Vehicle | None] = []
    changed: dict[int, Vehicle] = {}
    for sight, reading in zip(sights, readings, strict=True):
        vehicle = vehicles[sight.store_id, reading.vin] if reading.usable else None
        if vehicle is not None and _see(vehicle, sight, reading, now):
            changed[vehicle.pk] = vehicle
        found.append(vehicle)
    rewriting.write(list(changed.values()), [*_WORDS, "year", "mileage", "mileage_at"])
    return found


def _see(vehicle: Vehicle, sight: Sight, reading: vins.VinReading, now: datetime) -> set[str]:
    words = {name: " ".join(getattr(sight, name).split())[:most] for name, most in _WORDS.items()}
    words["make"] = words["make"] or ("" if vehicle.make else (reading.maker or "")[: _WORDS["make"]])
    year = sight.year if sight.year and 1900 <= sight.year <= now.year + 2 else reading.model_year
    mileage = sight.mileage if sight.mileage is not None and 0 <= sight.mileage < 2_000_000 else None
    return _complete(vehicle, words, year=year, mileage=mileage, seen_at=sight.seen_at)


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
    _require_one_store(vehicle, customer)
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
def record_first_owners(
    wanted: Sequence[tuple[Vehicle, Customer, date]], *, how: str
) -> list[tuple[Vehicle, Customer, date]]:
    """Those of these cars that never had an owner get theirs, in four statements; returns the others, for `record_owner`.

    Each car once. Raises OtherStore.
    """
    why = "cars of a batch of several stores"
    keys = [vehicle.pk for vehicle, _, _ in wanted]
    locked = Vehicle.objects.across_stores(why).select_for_update(no_key=True).filter(pk__in=keys)
    list(locked.order_by("store_id", "vin").values_list("pk"))
    owned = set(
        Ownership.objects.across_stores(why).filter(vehicle_id__in=keys).values_list("vehicle_id", flat=True)
    )
    first = [item for item in wanted if item[0].pk not in owned]
    for vehicle, customer, _ in first:
        _require_one_store(vehicle, customer)
    Ownership.objects.bulk_create(
        [
            Ownership(store_id=car.store_id, vehicle=car, customer=customer, since=since, how=how[:40])
            for car, customer, since in first
        ]
    )
    search.write([entry for car, customer, _ in first for entry in search.entries(customer, "vin", car.vin)])
    return [item for item in wanted if item[0].pk in owned]


def _require_one_store(vehicle: Vehicle, customer: Customer) -> None:
    if vehicle.store_id != customer.store_id:
        raise OtherStore(f"{vehicle.vin} is a car of another store than {customer.full_name}.")


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
