"""Who brings which car: the customers, cars and consents that a batch of DMS records speaks of.

What is known already costs a look at what was fetched for the whole batch; only new people and cars are matched one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dealership import rewriting
from dealership.customers import contact_points, matching, newcomers, people
from dealership.customers.matching import Told
from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.dms.readers.records import CustomerRecord, VehicleRecord
from dealership.messaging import consent
from dealership.messaging.models import Purpose
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from dealership.vehicles import garage
from dealership.vehicles.models import Ownership, Vehicle

AS_OF = "as_of"
_LABELS = {"cell": "cell", "home": "home", "work": "work"}


@dataclass(frozen=True)
class Kind:
    """What a batch of records is about: whose customers these become, and what proves ownership and consent."""

    department: Department
    how: str
    consent: consent.How
    purpose: Purpose
    #: What a number was left for, as the consent ledger says it.
    left_for: str


SERVICE = Kind(
    Department.SERVICE, "RO", consent.How.REPAIR_ORDER, Purpose.SERVICE, "Left the number for their visit"
)
DEAL = Kind(Department.SALES, "deal", consent.How.DEAL, Purpose.SALES, "Left the number with their deal")


@dataclass
class Visit:
    """One record's people and car: given, and then found. `said` is how the source is named as proof of consent."""

    store_id: int
    customer_record: CustomerRecord
    vehicle_record: VehicleRecord
    at: datetime
    day: date
    stamp: datetime
    said: str
    owns: bool = True
    #: Who of the store dealt with them, by the number that the DMS knows: the advisor, the salesperson.
    person: StaffMember | None = None
    customer: Customer | None = None
    vehicle: Vehicle | None = None
    phones: list[tuple[str, str]] = field(default_factory=list)


def find_all(visits: Sequence[Visit], *, now: datetime, kind: Kind = SERVICE) -> None:
    """Fills in `customer` and `vehicle` of every visit, and writes what these records tell about them."""
    for visit in visits:
        visit.phones = _phones(visit.customer_record)
    _find_customers(visits, now)
    _write_blocks(visits)
    _find_vehicles(visits, now, kind)
    _write_persons(visits, kind)
    _write_consents(visits, kind)


def people_by_number(store_ids: Iterable[int]) -> dict[tuple[int, str], StaffMember]:
    """The people of these stores by the number that the DMS knows them by, with and without leading zeros."""
    rows = (
        StaffMember.objects.across_stores("people of a batch of several stores")
        .filter(store_id__in=set(store_ids), is_active=True)
        .exclude(dms_number="")
    )
    found: dict[tuple[int, str], StaffMember] = {}
    for person in rows.order_by("-pk"):
        found[person.store_id, person.dms_number.lstrip("0")] = person
    for person in rows:
        found[person.store_id, person.dms_number] = person
    return found


def person_of(known: dict[tuple[int, str], StaffMember], store_id: int, number: str) -> StaffMember | None:
    """The person with this number, however many zeros stand before it."""
    return known.get((store_id, number)) or known.get((store_id, number.lstrip("0"))) if number else None


def _find_customers(visits: Sequence[Visit], now: datetime) -> None:
    why = "customers of a batch of several stores"
    stores = {visit.store_id for visit in visits}
    numbers = {visit.customer_record.number for visit in visits if visit.customer_record.number}
    by_number = {
        (row.store_id, row.dms_number): row
        for row in Customer.objects.across_stores(why).filter(
            store_id__in=stores, dms_number__in=numbers, merged_into__isnull=True
        )
    }
    values = {
        value for visit in visits for value in [*(p for _, p in visit.phones), *visit.customer_record.emails]
    }
    known: set[tuple[int, str]] = set(
        ContactPoint.objects.across_stores(why)
        .filter(store_id__in=stores, value__in=values, customer_id__in=[row.pk for row in by_number.values()])
        .values_list("customer_id", "value")
    )
    if any((visit.store_id, visit.customer_record.number) not in by_number for visit in visits):
        named = [(visit, told) for visit in visits if (told := _told(visit)) is not None]
        made = newcomers.make_many([told for _, told in named], now=now)
        for position, newcomer in made.items():
            named[position][0].customer = newcomer
    for visit in visits:
        if visit.customer is not None:
            continue
        record = visit.customer_record
        key = (visit.store_id, record.number)
        customer = by_number.get(key)
        if customer is None or not _says_nothing_new(customer, visit, known):
            customer = _match(visit, now)
        visit.customer = customer
        if customer is not None and record.number:
            by_number[key] = customer
            known.update((customer.pk, value) for value in [*(p for _, p in visit.phones), *record.emails])


def _says_nothing_new(customer: Customer, visit: Visit, known: set[tuple[int, str]]) -> bool:
    record = visit.customer_record
    told = [*(phone for _, phone in visit.phones), *record.emails]
    address = record.address
    return (
        all((customer.pk, value) in known for value in told)
        and bool(customer.first_name or customer.last_name or not (record.first_name or record.last_name))
        and bool(customer.street or not address.line1)
        and bool(customer.state or len(address.state) != 2)
        and (record.language in ("", "en") or customer.language != "en")
    )


def _match(visit: Visit, now: datetime) -> Customer | None:
    told = _told(visit)
    return matching.find(told, now=now).customer if told else None


def _told(visit: Visit) -> Told | None:
    """What the record says of the customer; None where it names nobody."""
    record = visit.customer_record
    full = record.full_name if record.is_business or not (record.first_name or record.last_name) else ""
    if not (record.number or full or record.first_name or record.last_name or visit.phones or record.emails):
        return None
    return matching.clean(
        store_id=visit.store_id,
        first="" if full else _name(record.first_name),
        last="" if full else _name(record.last_name),
        full=_name(full),
        is_business=bool(record.is_business),
        phones=visit.phones,
        emails=record.emails,
        language=record.language or "en",
        street=record.address.line1,
        city=_name(record.address.city),
        state=record.address.state,
        postal_code=record.address.zip_code,
        dms_number=record.number,
    )


def _write_blocks(visits: Sequence[Visit]) -> None:
    """The DMS's stops: what is not said resets nothing, and an older file takes back no newer stop."""
    changed: dict[int, Customer] = {}
    for visit in sorted(visits, key=lambda visit: visit.stamp):
        customer = visit.customer
        if customer is None:
            continue
        customer = changed.get(customer.pk, customer)
        told = blocks(visit.customer_record)
        kept: dict[str, Any] = dict(customer.dms_blocks)
        as_of = visit.stamp.isoformat()
        newer = as_of >= str(kept.get(AS_OF, ""))
        merged = {**kept, **told} if newer else {**told, **kept}
        if told and any(merged.get(name) != kept.get(name) for name in told):
            merged[AS_OF] = max(as_of, str(kept.get(AS_OF, "")))
            customer.dms_blocks = merged
            changed[customer.pk] = customer
        visit.customer = customer
    if changed:
        rewriting.write(list(changed.values()), ["dms_blocks"])


def blocks(record: CustomerRecord) -> dict[str, bool]:
    """The stops that a record states, by channel; "opt out" stops all. A text goes to a phone: a stop for it stops texts."""
    told: dict[str, bool] = {}
    pairs = (
        ("email", (record.block_email,)),
        ("phone", (record.block_phone,)),
        ("mail", (record.block_mail,)),
        ("text", (record.block_text, record.block_phone)),
    )
    for channel, flags in pairs:
        stated = [flag for flag in (*flags, record.opt_out) if flag is not None]
        if stated:
            told[channel] = any(stated)
    return told


def _find_vehicles(visits: Sequence[Visit], now: datetime, kind: Kind) -> None:
    why = "cars of a batch of several stores"
    stores = {visit.store_id for visit in visits}
    vins = {visit.vehicle_record.vin for visit in visits if visit.vehicle_record.vin}
    known = {
        (row.store_id, row.vin): row
        for row in Vehicle.objects.across_stores(why).filter(store_id__in=stores, vin__in=vins)
    }
    present = {
        row.vehicle_id: row
        for row in Ownership.objects.across_stores(why).filter(
            vehicle_id__in=[row.pk for row in known.values()], until__isnull=True
        )
    }
    _see_cars(visits, known, now)
    wanted = []
    for visit in visits:
        vehicle = visit.vehicle
        if vehicle is None or visit.customer is None or not visit.owns:
            continue
        owner = present.get(vehicle.pk)
        if owner is None or owner.customer_id != visit.customer.pk or owner.since > visit.day:
            wanted.append((vehicle, visit.customer, visit.day))
            present.pop(vehicle.pk, None)
    _record_owners(wanted, kind)


def _see_cars(visits: Sequence[Visit], known: dict[tuple[int, str], Vehicle], now: datetime) -> None:
    """Finds or makes the cars; those of which any record tells more are told all of it, in the records' order."""
    by_car: dict[tuple[int, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.vehicle_record.vin:
            by_car[visit.store_id, visit.vehicle_record.vin].append(visit)
    telling: list[Visit] = []
    for key, group in by_car.items():
        car = known.get(key)
        if car is None or any(_tells_more(car, visit) for visit in group):
            telling += group
        else:
            for visit in group:
                visit.vehicle = car
    if telling:
        found = garage.find_or_create_many([_sight(visit) for visit in telling], now=now)
        for visit, vehicle in zip(telling, found, strict=True):
            visit.vehicle = vehicle


def _record_owners(wanted: Sequence[tuple[Vehicle, Customer, date]], kind: Kind) -> None:
    # The first word on each car may be set-based; who follows is told one after the other.
    first: dict[int, tuple[Vehicle, Customer, date]] = {}
    later = [item for item in wanted if first.setdefault(item[0].pk, item) is not item]
    left = garage.record_first_owners(list(first.values()), how=kind.how) if first else []
    for vehicle, customer, since in [*left, *later]:
        garage.record_owner(vehicle, customer, since=since, how=kind.how)


def _tells_more(vehicle: Vehicle, visit: Visit) -> bool:
    record = visit.vehicle_record
    is_latest = vehicle.mileage_at is None or visit.at >= vehicle.mileage_at
    missing = (
        (record.year and not vehicle.year)
        or (record.make and not vehicle.make)
        or (record.model and not vehicle.model)
        or (record.trim and not vehicle.trim)
        or (record.color and not vehicle.color)
    )
    moved = is_latest and (
        (record.mileage is not None and record.mileage != vehicle.mileage)
        or (record.license_plate and record.license_plate != vehicle.plate)
        or (record.stock_number and record.stock_number != vehicle.stock_number)
    )
    return bool(missing or moved)


def _sight(visit: Visit) -> garage.Sight:
    record = visit.vehicle_record
    return garage.Sight(
        store_id=visit.store_id,
        vin=record.vin,
        year=record.year,
        make=record.make,
        model=record.model.title() if record.model.isalpha() and len(record.model) > 3 else record.model,
        trim=record.trim,
        color=_name(record.color),
        plate=record.license_plate,
        stock_number=record.stock_number,
        mileage=record.mileage,
        seen_at=visit.at,
    )


def _write_persons(visits: Sequence[Visit], kind: Kind) -> None:
    """Whose customer this is in the department: whoever dealt with them last."""
    latest: dict[int, Visit] = {}
    for visit in visits:
        if visit.customer is None or visit.person is None or not visit.owns:
            continue
        before = latest.get(visit.customer.pk)
        if before is None or visit.at >= before.at:
            latest[visit.customer.pk] = visit
    current = {
        row.customer_id: row
        for row in CustomerPerson.objects.across_stores("people of a batch of several stores").filter(
            customer_id__in=latest, department=kind.department
        )
    }
    wanted = []
    for pk, visit in latest.items():
        row = current.get(pk)
        if visit.customer is None or visit.person is None:
            continue
        if row is None or (row.staff_id != visit.person.pk and row.since <= visit.at):
            wanted.append((visit.customer, visit.person, visit.at))
    if wanted:
        people.set_persons(kind.department, wanted)


def _write_consents(visits: Sequence[Visit], kind: Kind) -> None:
    """Leaving a number with the visit or the deal is consent to hear about it, unless the DMS carries a stop."""
    wanted: dict[tuple[int, str], Visit] = {}
    for visit in visits:
        if visit.customer is None or visit.customer.dms_blocks.get("text"):
            continue
        for _, number in visit.phones:
            wanted.setdefault((visit.store_id, number), visit)
    if not wanted:
        return
    standings = consent.states(list(wanted))
    gifts = []
    for (store_id, number), visit in wanted.items():
        standing = standings[store_id, number]
        if standing.opted_out or standing.of(kind.purpose) is not None:
            continue
        words = f"{kind.left_for}: {visit.said}."
        gifts.append(consent.Gift(store_id, number, kind.purpose, kind.consent, words, visit.at))
    consent.give_many(gifts)


def _phones(record: CustomerRecord) -> list[tuple[str, str]]:
    """(label, E.164), the cell first, each number once."""
    found: dict[str, str] = {}
    for phone in sorted(record.phones, key=lambda phone: phone.kind != "cell"):
        value = contact_points.phone_of(phone.raw)
        if value:
            found.setdefault(value, _LABELS[phone.kind])
    return [(label, value) for value, label in found.items()]


def _name(text: str) -> str:
    """A name as people write it: what a DMS keeps in capitals gets its small letters back."""
    return text.title() if text.isupper() and len(text) > 2 else text
