"""The town of a run: two stores, customers who may be texted, places to book, feeds, and people who are signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from dealership.appointments.models import CapacityPlan
from dealership.customers.models import ContactPoint, Customer
from dealership.dms.models import Feed
from dealership.messaging import consent
from dealership.messaging.models import Purpose
from dealership.models import PlayedDay
from dealership.staff.models import StaffMember
from dealership.stores.models import Department, Store
from tests import cast as the_cast
from tests.cast import MONDAY_TEN

CSRF = "c" * 32
PER_SLOT = 3


@dataclass
class Town:
    """What the load needs to know, in plain values."""

    numbers: dict[str, list[str]] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    ours: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    shift: float = 0.0


def build(n_customers: int) -> Town:
    """Fills an empty database. It is Monday, ten in the morning, from now on, whatever the day is outside."""
    now = timezone.now()
    PlayedDay.objects.create(real_at=now, shown_at=MONDAY_TEN, speed=1)
    cast = the_cast.build()
    town = Town(shift=(MONDAY_TEN - now).total_seconds())
    for store, who, area in ((cast.northside, cast.dana, "973"), (cast.eastside, cast.earl, "312")):
        _people(town, store, n_customers // 2, area)
        town.ours[store.slug] = store.text_number
        town.cookies[store.slug] = _cookie(who)
        for kind in (Feed.Kind.REPAIR_ORDERS, Feed.Kind.APPOINTMENTS):
            Feed.objects.create(
                store=store,
                kind=kind,
                token=f"{store.slug}-{kind}",
                first_loaded_at=MONDAY_TEN - timedelta(days=30),
            )
        CapacityPlan.objects.create(
            store=store, department=Department.SERVICE, slot_minutes=30, per_slot=PER_SLOT
        )
    return town


def _people(town: Town, store: Store, n: int, area: str) -> None:
    numbers = [f"+1{area}555{2000 + i}" for i in range(n)]
    people = Customer.objects.bulk_create(
        Customer(
            store=store,
            first_name=f"Kim{i}",
            last_name="Lund",
            full_name=f"Kim{i} Lund",
            language="en",
            created_at=MONDAY_TEN,
        )
        for i in range(n)
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            store=store,
            customer=person,
            kind=ContactPoint.Kind.PHONE,
            value=number,
            tail=number[:1:-1][:10],
            is_primary=True,
            created_at=MONDAY_TEN,
        )
        for person, number in zip(people, numbers, strict=True)
    )
    before = MONDAY_TEN - timedelta(days=30)
    consent.give_many(
        [
            consent.Gift(
                store.pk, number, consent.EVERYTHING, consent.How.REPAIR_ORDER, "at write-up", before
            )
            for number in numbers
        ]
    )
    consent.give_many(
        [
            consent.Gift(store.pk, number, Purpose.MARKETING, consent.How.SIGNED, "signed", before)
            for number in numbers
        ]
    )
    town.numbers[store.slug] = numbers
    town.customers.update({number: person.pk for number, person in zip(numbers, people, strict=True)})


def _cookie(person: StaffMember) -> str:
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
