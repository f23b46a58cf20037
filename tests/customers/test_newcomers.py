"""Many people at once: made where nothing is known of them, and left to the careful way where anything is shared."""

from datetime import timedelta

from dealership.customers import matching, newcomers, people, search
from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.stores.models import Department
from tests.cast import MONDAY_TEN, Cast, make_customer

MARIA, TOM, KIM = "+19735550141", "+19735550142", "+19735550143"


def told(cast: Cast, name: str, phone: str, *, number: str = "") -> matching.Told:
    first, _, last = name.partition(" ")
    return matching.clean(
        store_id=cast.northside.pk, first=first, last=last, phones=[("cell", phone)], dms_number=number
    )


def test_strangers_are_made_as_if_they_came_one_by_one(cast: Cast) -> None:
    made = newcomers.make_many(
        [told(cast, "Maria Lopez", MARIA, number="7"), told(cast, "Tom Hale", TOM)], now=MONDAY_TEN
    )
    assert [made[0].full_name, made[1].full_name] == ["Maria Lopez", "Tom Hale"]
    point = ContactPoint.objects.of_store(cast.northside.pk).get(customer=made[0])
    assert (point.value, point.is_primary, point.label) == (MARIA, True, "cell")
    assert [hit.customer_id for hit in search.find(cast.dana, "lopez")] == [made[0].pk]
    again, created = matching.find_or_create(
        store_id=cast.northside.pk, first="Maria", last="Lopez", dms_number="7", now=MONDAY_TEN
    )
    assert (again.pk, created) == (made[0].pk, False)


def test_who_shares_a_phone_with_another_of_the_batch_or_with_a_customer_is_left_out(cast: Cast) -> None:
    make_customer(cast.northside, "Kim Oh", KIM)
    many = [
        told(cast, "Maria Lopez", MARIA),
        told(cast, "Luis Lopez", MARIA),
        told(cast, "Kim Oh", KIM),
        told(cast, "Tom Hale", TOM),
    ]
    assert set(newcomers.make_many(many, now=MONDAY_TEN)) == {3}


def test_a_number_of_another_store_keeps_nobody_out(cast: Cast) -> None:
    make_customer(cast.eastside, "Tom Hale", TOM)
    assert set(newcomers.make_many([told(cast, "Tom Hale", TOM)], now=MONDAY_TEN)) == {0}


def test_whoever_was_merged_away_under_that_dms_number_is_not_made_anew(cast: Cast) -> None:
    kept, gone = (
        make_customer(cast.northside, "Kim Oh", KIM),
        make_customer(cast.northside, "K Oh", "+19735550149"),
    )
    Customer.objects.of_store(cast.northside.pk).filter(pk=gone.pk).update(dms_number="9", merged_into=kept)
    assert newcomers.make_many([told(cast, "Kim Oh", TOM, number="9")], now=MONDAY_TEN) == {}


def test_many_customers_get_their_person_and_a_change_keeps_who_it_was(cast: Cast) -> None:
    maria, tom = (
        make_customer(cast.northside, "Maria Lopez", MARIA),
        make_customer(cast.northside, "Tom Hale", TOM),
    )
    people.set_person(tom, Department.SERVICE, cast.lou, now=MONDAY_TEN)
    later = MONDAY_TEN + timedelta(days=1)
    people.set_persons(Department.SERVICE, [(maria, cast.ana, later), (tom, cast.ana, later)])
    rows = CustomerPerson.objects.of_store(cast.northside.pk).order_by("customer_id")
    assert [(row.staff_id, row.before) for row in rows] == [(cast.ana.pk, ""), (cast.ana.pk, "Lou Becker")]
