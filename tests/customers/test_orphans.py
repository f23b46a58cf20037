"""Whoever leaves leaves nobody behind: each of their customers has another person in the same transaction."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dealership.customers import people
from dealership.customers.models import Customer, CustomerPerson
from dealership.events.models import EventRecord
from dealership.messaging import calls
from dealership.staff import people as staff_people
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db


def customers_of(cast: Cast, staff: StaffMember, n: int, start: int = 0) -> list[Customer]:
    made = [
        make_customer(cast.northside, f"Buyer No{start + i}", f"+1973555{start + i:04d}") for i in range(n)
    ]
    CustomerPerson.objects.bulk_create(
        CustomerPerson(
            store=cast.northside, customer=customer, department="sales", staff=staff, since=MONDAY_TEN
        )
        for customer in made
    )
    return made


def test_each_customer_of_somebody_who_leaves_has_another_person_in_turn(cast: Cast) -> None:
    third = StaffMember.objects.create(store=cast.northside, name="Kit Vo", role=Role.SALESPERSON)
    customers_of(cast, cast.sam, 6)
    mine = customers_of(cast, cast.lia, 1, start=50)
    staff_people.deactivate(cast.sam, by=cast.gus, now=MONDAY_TEN)

    rows = CustomerPerson.objects.of_store(cast.northside.pk).filter(before="Sam Tully")
    assert Counter(rows.values_list("staff_id", flat=True)) == {cast.lia.pk: 3, third.pk: 3}
    assert people.person_of(mine[0], "sales") == cast.lia
    told = EventRecord.objects.of_store(cast.northside.pk).filter(kind="CustomerHandedOver")
    assert told.count() == 6
    assert {row.payload["from_name"] for row in told} == {"Sam Tully"}


def test_only_those_who_expect_something_are_introduced(cast: Cast) -> None:
    quiet, talked = customers_of(cast, cast.sam, 2)
    calls.log(customer=talked, by=cast.sam, outcome="connected", note="", now=MONDAY_TEN - timedelta(days=3))
    staff_people.deactivate(cast.sam, by=cast.gus, now=MONDAY_TEN)

    told = EventRecord.objects.of_store(cast.northside.pk).filter(kind="CustomerHandedOver")
    assert {row.customer_id: row.payload["is_active"] for row in told} == {quiet.pk: False, talked.pk: True}
    promise = Promise.objects.of_store(cast.northside.pk).get(rule="introduce_new_person")
    assert (promise.customer, promise.owner) == (talked, cast.lia)


def test_who_is_the_last_of_a_role_hands_over_to_the_role_above(cast: Cast) -> None:
    customers_of(cast, cast.sam, 1)
    staff_people.deactivate(cast.sam, by=cast.gus, now=MONDAY_TEN)
    staff_people.deactivate(cast.lia, by=cast.gus, now=MONDAY_TEN + timedelta(minutes=1))
    assert CustomerPerson.objects.of_store(cast.northside.pk).get().staff == cast.mo


def test_many_customers_cost_no_more_statements_than_few(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as few:
        customers_of(cast, cast.sam, 2)
        staff_people.deactivate(cast.sam, by=cast.gus, now=MONDAY_TEN)
    customers_of(cast, cast.ana, 60, start=100)
    with CaptureQueriesContext(connection) as many:
        staff_people.deactivate(cast.ana, by=cast.gus, now=MONDAY_TEN + timedelta(minutes=1))
    assert len(many) <= len(few)
