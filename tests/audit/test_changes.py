"""Whatever changes a watched table leaves its entry: by a page, a bulk statement, or raw SQL past the product."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from dealership import acting
from dealership.acting import Actor
from dealership.audit.models import Entry
from dealership.customers.models import ContactPoint, Customer
from dealership.staff.models import StaffMember, User
from dealership.stores.models import OpenHours
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db


def newest(cast: Cast) -> list[dict[str, Any]]:
    """The entries of Northside, oldest first, without those of making the cast."""
    rows = Entry.objects.of_store(cast.northside.pk).filter(pk__gt=_begun[0]).order_by("pk")
    return list(rows.values("action", "kind", "key", "part", "staff_id", "agent", "address", "details"))


_begun = [0]


@pytest.fixture(autouse=True)
def begun(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_entry")
        _begun[0] = cursor.fetchone()[0]


def test_many_customers_made_and_changed_at_once_are_seen_one_by_one(cast: Cast) -> None:
    rows = [Customer(store=cast.northside, full_name=f"Kim {n}", created_at=MONDAY_TEN) for n in range(3)]
    with acting.by(Actor("page", staff_id=cast.dana.pk, address="customers:customer_new")):
        Customer.objects.bulk_create(rows)
        Customer.objects.of_store(cast.northside.pk).filter(pk__in=[row.pk for row in rows]).update(
            language="es", city="Newark"
        )
    found = newest(cast)
    assert [(row["action"], row["key"]) for row in found] == [
        *(("made", row.pk) for row in rows),
        *(("changed", row.pk) for row in rows),
    ]
    assert {row["staff_id"] for row in found} == {cast.dana.pk}
    assert {row["address"] for row in found} == {"customers:customer_new"}
    # The language is told, the place where they live is not.
    assert found[-1]["details"]["rows"] == [{"language": ["en", "es"], "city": None}]


def test_what_changes_nothing_leaves_nothing(cast: Cast) -> None:
    kim = make_customer(cast.northside, "Kim Abbott", "+19735550123")
    before = len(newest(cast))
    Customer.objects.of_store(cast.northside.pk).filter(pk=kim.pk).update(language="en")
    assert len(newest(cast)) == before


def test_raw_sql_past_the_product_is_seen_and_called_so(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.cursor.execute("SET LOCAL kept.acting = ''")
        cursor.cursor.execute(
            f"UPDATE staff_staffmember SET role = 'general_manager' WHERE id = {cast.dana.pk}"
        )
        cursor.cursor.execute(
            "INSERT INTO customers_customer (store_id, first_name, last_name, full_name, is_business, language, street, city, "
            "state, postal_code, dms_number, dms_blocks, created_at) "
            f"VALUES ({cast.northside.pk}, '', '', 'Poe', false, 'en', '', '', '', '', '', '{{}}', now())"
        )
    role, made = newest(cast)
    assert (role["agent"], role["staff_id"], role["kind"], role["key"]) == (
        "database",
        None,
        "staff",
        cast.dana.pk,
    )
    assert role["details"]["rows"] == [{"role": ["bdc_agent", "general_manager"]}]
    assert (made["action"], made["kind"], made["agent"]) == ("made", "customer", "database")


def test_what_a_machine_makes_of_a_file_is_told_by_the_file_and_what_it_changes_here(cast: Cast) -> None:
    with acting.by(Actor("job service.jobs.apply_repair_orders", is_machine=True)):
        kim = make_customer(cast.northside, "Kim Abbott", "+19735550123")
        ContactPoint.objects.of_store(cast.northside.pk).filter(customer=kim).update(is_living=False)
    assert [(row["action"], row["part"], row["agent"]) for row in newest(cast)] == [
        ("changed", "phones and e-mails", "job service.jobs.apply_repair_orders")
    ]


def test_the_actor_is_forgotten_with_the_block(cast: Cast) -> None:
    with acting.by(Actor("page", staff_id=cast.gus.pk)):
        OpenHours.objects.of_store(cast.northside.pk).filter(weekday=5).delete()
    OpenHours.objects.of_store(cast.northside.pk).filter(weekday=4).delete()
    assert [(row["action"], row["staff_id"]) for row in newest(cast)] == [
        ("settings", cast.gus.pk),
        ("settings", None),
    ]
    assert newest(cast)[0]["details"]["rows"] == [
        {"department": "", "weekday": 5, "opens": "08:00:00", "closes": "18:00:00"}
    ]


def test_letting_somebody_go_is_called_so(cast: Cast) -> None:
    people = StaffMember.objects.of_store(cast.northside.pk).filter(pk=cast.sam.pk)
    people.update(is_active=False)
    people.update(is_active=True)
    assert [row["action"] for row in newest(cast)] == ["deactivated", "reinstated"]


def test_a_password_is_named_and_never_copied(cast: Cast) -> None:
    User.objects.filter(pk=cast.sam.user_id).update(password="argon2$new", last_login=MONDAY_TEN)
    assert [(row["kind"], row["key"], row["part"], row["details"]) for row in newest(cast)] == [
        ("staff", cast.sam.pk, "sign-in", {"rows": [{"password": None}]})
    ]


def test_who_acts_costs_no_statement_of_its_own(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1), acting.by(Actor("page", staff_id=cast.dana.pk)):
        Customer.objects.of_store(cast.northside.pk).filter(pk=0).update(language="es")


@pytest.mark.parametrize("hostile", ["O'Hara", "100%s %(x)s", "\x00", "\\' OR 1=1", "“né”"])
def test_whatever_an_actor_is_called_is_told_as_it_is(cast: Cast, hostile: str) -> None:
    with acting.by(Actor(hostile.replace("\x00", ""), staff_id=cast.dana.pk, address=hostile)):
        StaffMember.objects.of_store(cast.northside.pk).filter(pk=cast.sam.pk).update(capacity=7)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE staff_staffmember SET capacity = 8 WHERE id = {cast.sam.pk}")
    assert {row["address"] for row in newest(cast)} == {hostile.replace("\x00", "")}
    assert len(newest(cast)) == 2
