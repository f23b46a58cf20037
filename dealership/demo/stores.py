"""Northside Honda and Eastside Ford: hours, holidays, people, room."""

from __future__ import annotations

import secrets
from datetime import date, time

from django.contrib.auth.hashers import make_password
from django.db import transaction

from dealership.appointments.models import CapacityPlan
from dealership.dms.models import Feed
from dealership.staff.models import Shift, StaffMember, Team, User
from dealership.staff.roles import Role
from dealership.stores.holidays import us_dealer_holidays
from dealership.stores.models import DayException, Department, Group, OpenHours, Store

#: name, role, number in the DMS, languages
PEOPLE: dict[str, list[tuple[str, Role, str, str]]] = {
    "northside-honda": [
        ("Gus Ortega", Role.GENERAL_MANAGER, "", "en,es"),
        ("Bea Lindholm", Role.BDC_MANAGER, "", "en"),
        ("Dana Ruiz", Role.BDC_AGENT, "", "en,es"),
        ("Nia Cole", Role.BDC_AGENT, "", "en"),
        ("Mo Farouk", Role.SALES_MANAGER, "301", "en"),
        ("Sam Tully", Role.SALESPERSON, "302", "en"),
        ("Lia Kent", Role.SALESPERSON, "303", "en"),
        ("Andre Bishop", Role.SALESPERSON, "304", "en"),
        ("Ray Coyle", Role.SALESPERSON, "305", "en"),
        ("Rosa Delgado", Role.SERVICE_MANAGER, "100", "en,es"),
        ("Ana Moreno", Role.ADVISOR, "104", "en,es"),
        ("Lou Becker", Role.ADVISOR, "105", "en"),
        ("Sid Novak", Role.SERVICE_BDC, "", "en"),
        ("Vera Pohl", Role.SERVICE_BDC, "", "en"),
        ("Tess Yoder", Role.TECHNICIAN, "T3", "en"),
        ("Omar Haddad", Role.TECHNICIAN, "T4", "en"),
        ("Pam Ives", Role.PARTS_MANAGER, "401", "en"),
        ("Pete Hollis", Role.PARTS_COUNTER, "402", "en"),
        ("Faye Lang", Role.FNI_MANAGER, "501", "en"),
        ("Tia Brooks", Role.TITLE_CLERK, "502", "en"),
        ("Max Weir", Role.MARKETING_MANAGER, "", "en"),
    ],
    "eastside-ford": [
        ("Eve Stark", Role.GENERAL_MANAGER, "", "en"),
        ("Bo Lund", Role.BDC_MANAGER, "", "en"),
        ("Earl Dunn", Role.BDC_AGENT, "", "en"),
        ("Sue Marek", Role.SALES_MANAGER, "601", "en"),
        ("Dov Stein", Role.SALESPERSON, "602", "en"),
        ("Ivy Chung", Role.SALESPERSON, "603", "en,es"),
        ("Ken Abbott", Role.SERVICE_MANAGER, "200", "en"),
        ("Edie Fox", Role.ADVISOR, "201", "en"),
        ("Ida Marsh", Role.SERVICE_BDC, "", "en"),
        ("Ty Wood", Role.TECHNICIAN, "T8", "en"),
        ("Pia Long", Role.PARTS_MANAGER, "701", "en"),
        ("Cal Reyes", Role.PARTS_COUNTER, "702", "en,es"),
        ("Fred Ames", Role.FNI_MANAGER, "801", "en"),
        ("Nell Gray", Role.TITLE_CLERK, "802", "en"),
        ("Mia Vance", Role.MARKETING_MANAGER, "", "en"),
    ],
}
#: Who keeps promises sooner, or later, than others do.
HABITS = {
    "Dana Ruiz": "quick",
    "Ana Moreno": "quick",
    "Sid Novak": "slow",
    "Sam Tully": "slow",
    "Nia Cole": "slow",
}
#: Whose last day was three weeks ago; and who leaves in the middle of a day that is played.
LEFT_LONG_AGO, LEAVES = {"northside-honda": "Ray Coyle"}, {"northside-honda": "Andre Bishop"}
#: Of the usual leads and cars a store has so many. Each has a process of its own: about the same load at the same time.
VOLUMES = {"northside-honda": 0.6, "eastside-ford": 0.5}
STORES: tuple[dict[str, str], ...] = (
    {
        "name": "Northside Honda", "slug": "northside-honda", "zone": "America/New_York", "state": "NJ",
        "postal_code": "07102", "text_number": "+19735550100", "makes": "Honda",
    },
    {
        "name": "Eastside Ford", "slug": "eastside-ford", "zone": "America/Chicago", "state": "IL",
        "postal_code": "60601", "text_number": "+13125550100", "makes": "Ford",
    },
)  # fmt: skip
#: Open minutes after which a feed is stale: ROs come through the day, everything else once, early.
A_NIGHT, OFTEN = 15 * 60, 2 * 60
#: (department, weekdays, ranges): sales stays late, service starts early, parts closes for lunch on Saturday.
HOURS: tuple[tuple[str, range, tuple[tuple[int, int], ...]], ...] = (
    ("", range(6), ((8, 18),)),
    (Department.SALES, range(5), ((9, 20),)),
    (Department.SALES, range(5, 6), ((9, 18),)),
    (Department.SALES, range(6, 7), ((11, 17),)),
    (Department.SERVICE, range(5), ((7, 18),)),
    (Department.SERVICE, range(5, 6), ((8, 12), (13, 16))),
)


@transaction.atomic
def make(today: date, password: str) -> list[Store]:
    """Both stores with everybody in them, who all sign in with this password."""
    group = Group.objects.create(name="Lakeshore Auto Group")
    stores = []
    for values in STORES:
        store = Store.objects.create(
            # Whoever looks at the demo goes in and out as many people, all by one password.
            group=group,
            lead_token=secrets.token_urlsafe(24),
            needs_second_factor=False,
            **values,
        )
        stores.append(store)
        _open(store, today)
        _staff(store, password)
        CapacityPlan.objects.create(store=store, department=Department.SERVICE, slot_minutes=30, per_slot=3)
        CapacityPlan.objects.create(store=store, department=Department.SALES, slot_minutes=60, per_slot=3)
        for kind in Feed.Kind:
            silent = OFTEN if kind == Feed.Kind.REPAIR_ORDERS else A_NIGHT
            token = secrets.token_urlsafe(24)
            Feed.objects.create(store=store, kind=kind, token=token, stale_after_minutes=silent)
    return stores


def _open(store: Store, today: date) -> None:
    OpenHours.objects.bulk_create(
        OpenHours(store=store, department=department, weekday=weekday, opens=time(opens), closes=time(closes))
        for department, weekdays, ranges in HOURS
        for weekday in weekdays
        for opens, closes in ranges
    )
    DayException.objects.bulk_create(
        DayException(store=store, date=day, name=name)
        for year in (today.year - 1, today.year, today.year + 1)
        for day, name in us_dealer_holidays(year, store.state).items()
    )


def _staff(store: Store, password: str) -> None:
    staff = []
    known = make_password(password)
    for name, role, dms_number, languages in PEOPLE[store.slug]:
        # One hash for all: they share the password that is printed.
        user = User.objects.create(email=f"{name.split()[0].lower()}@{store.slug}.example", password=known)
        staff.append(
            StaffMember.objects.create(
                store=store, user=user, name=name, role=role, dms_number=dms_number, languages=languages
            )
        )
    bdc = [person for person in staff if person.role in (Role.BDC_MANAGER, Role.BDC_AGENT)]
    team = Team.objects.create(store=store, name="BDC", department=Department.SALES, lead=bdc[0])
    StaffMember.objects.of_store(store.pk).filter(pk__in=[person.pk for person in bdc]).update(team=team)
    # One of two agents works late only, so that the rota has something to decide.
    late = [person for person in staff if person.name == "Nia Cole"]
    Shift.objects.bulk_create(
        Shift(store=store, staff=person, weekday=weekday, starts=time(12), ends=time(20))
        for person in late
        for weekday in range(7)
    )
