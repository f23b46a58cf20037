"""The cast of every story, built once per test: Northside Honda and its people, and Eastside Ford with Eve, who must see nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client

from dealership.customers.models import ContactPoint, Customer
from dealership.staff.models import StaffMember, Team, User
from dealership.staff.roles import Role
from dealership.staff.session_store import SessionStore
from dealership.stores.models import Department, Group, OpenHours, Store

#: A Monday, 10:00 in the morning at Northside (New York), in hours.
MONDAY_TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@dataclass
class Cast:
    """Two stores of one group; people by first name: `cast.dana`."""

    northside: Store
    eastside: Store
    people: dict[str, StaffMember] = field(default_factory=dict)

    def __getattr__(self, name: str) -> StaffMember:
        people: dict[str, StaffMember] = self.__dict__.get("people", {})
        try:
            return people[name]
        except KeyError as error:
            raise AttributeError(name) from error


NORTHSIDE = {
    "gus": ("Gus Ortega", Role.GENERAL_MANAGER),
    "bea": ("Bea Lindholm", Role.BDC_MANAGER),
    "dana": ("Dana Ruiz", Role.BDC_AGENT),
    "mo": ("Mo Farouk", Role.SALES_MANAGER),
    "sam": ("Sam Tully", Role.SALESPERSON),
    "lia": ("Lia Kent", Role.SALESPERSON),
    "rosa": ("Rosa Delgado", Role.SERVICE_MANAGER),
    "ana": ("Ana Moreno", Role.ADVISOR),
    "lou": ("Lou Becker", Role.ADVISOR),
    "sid": ("Sid Novak", Role.SERVICE_BDC),
    "tess": ("Tess Yoder", Role.TECHNICIAN),
    "pete": ("Pete Hollis", Role.PARTS_COUNTER),
    "pam": ("Pam Ives", Role.PARTS_MANAGER),
    "faye": ("Faye Lang", Role.FNI_MANAGER),
    "tia": ("Tia Brooks", Role.TITLE_CLERK),
    "max": ("Max Weir", Role.MARKETING_MANAGER),
}
EASTSIDE = {
    "eve": ("Eve Stark", Role.GENERAL_MANAGER),
    "earl": ("Earl Dunn", Role.BDC_AGENT),
    "edie": ("Edie Fox", Role.ADVISOR),
}


#: By these the DMS knows the advisors.
DMS_NUMBERS = {"ana": "104", "lou": "105"}
#: Nobody signs in with it: tests open the door (`browser_of`).
UNUSABLE = "!"


def open_week(store: Store) -> None:
    """Mon–Sat 8:00–18:00, closed on Sunday."""
    OpenHours.objects.bulk_create(
        OpenHours(store=store, weekday=weekday, opens=time(8), closes=time(18)) for weekday in range(6)
    )


def build() -> Cast:
    """Makes the stores and the people. Nobody has shifts: all work whenever the store is open."""
    group = Group.objects.create(name="Lakeshore Auto Group")
    northside = Store.objects.create(
        group=group,
        name="Northside Honda",
        slug="northside-honda",
        zone="America/New_York",
        state="NJ",
        postal_code="07102",
        text_number="+19735550100",
        lead_token="northside-leads",
        makes="Honda",
        needs_second_factor=False,
        idle_minutes=30_000,  # stories jump over days
    )
    eastside = Store.objects.create(
        group=group,
        name="Eastside Ford",
        slug="eastside-ford",
        zone="America/Chicago",
        state="IL",
        postal_code="60601",
        text_number="+13125550100",
        lead_token="eastside-leads",
        makes="Ford",
        needs_second_factor=False,
        idle_minutes=30_000,  # stories jump over days
    )
    cast = Cast(northside, eastside)
    hired = [
        (store, *who)
        for store, people in ((northside, NORTHSIDE), (eastside, EASTSIDE))
        for who in people.items()
    ]
    users = [User(email=f"{key}@{store.slug}.example", password=UNUSABLE) for store, key, _ in hired]
    User.objects.bulk_create(users)
    staff = [
        StaffMember(store=store, user=user, name=name, role=role, dms_number=DMS_NUMBERS.get(key, ""))
        for (store, key, (name, role)), user in zip(hired, users, strict=True)
    ]
    StaffMember.objects.bulk_create(staff)
    cast.people = {key: person for (_, key, _), person in zip(hired, staff, strict=True)}
    for store in (northside, eastside):
        open_week(store)
    bdc = Team.objects.create(store=northside, name="BDC", department=Department.SALES, lead=cast.bea)
    StaffMember.objects.of_store(northside.pk).filter(role__in=[Role.BDC_AGENT, Role.BDC_MANAGER]).update(
        team=bdc
    )
    return cast


def browser_of(user: User | None) -> Client:
    """A browser in which they have signed in, as by Django's `force_login`.

    That keeps a session of nobody first, looks it up again, and keeps another in its place: half of what signing in costs.
    """
    assert user is not None
    client, request = Client(), HttpRequest()
    request.session = SessionStore()
    login(request, user, "allauth.account.auth_backends.AuthenticationBackend")
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


def make_customer(
    store: Store, name: str, phone: str, *, now: datetime = MONDAY_TEN, language: str = "en"
) -> Customer:
    """A customer with one phone, made without any of the product's functions."""
    first, _, last = name.partition(" ")
    customer = Customer.objects.create(
        store=store, first_name=first, last_name=last, full_name=name, language=language, created_at=now
    )
    ContactPoint.objects.create(
        store=store,
        customer=customer,
        kind=ContactPoint.Kind.PHONE,
        value=phone,
        tail=phone[:1:-1][:10],
        is_primary=True,
        created_at=now,
    )
    return customer
