"""Cars by VIN, and who had them when."""

from datetime import date, timedelta
from functools import partial

import pytest

from dealership.customers.models import Customer
from dealership.vehicles import garage
from dealership.vehicles.models import Ownership, Vehicle
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, build, make_customer
from tests.racing import race

VIN = "1HGCV1F30LA000002"


def find(cast: Cast, **told: object) -> Vehicle:
    given = {"vin": VIN, "seen_at": NOW, "now": NOW, **told}
    car = garage.find_or_create(store_id=cast.northside.pk, **given)  # type: ignore[arg-type]
    assert car is not None
    return car


def periods(cast: Cast) -> list[tuple[str, date, date | None]]:
    rows = Ownership.objects.of_store(cast.northside.pk).select_related("customer").order_by("since", "pk")
    return [(row.customer.first_name, row.since, row.until) for row in rows]


def test_a_car_is_found_by_its_vin_however_it_is_written(cast: Cast) -> None:
    car = find(cast, model="Accord")
    assert find(cast, vin=f" vin: {VIN[:9]}-{VIN[9:].lower()} ") == car
    assert (car.vin, car.year, car.model) == (VIN, 2020, "Accord")


@pytest.mark.parametrize("vin", ["", "none", "1HGCV1F30LA00000", "00000000000000000", "I" * 17])
def test_without_a_usable_vin_there_is_no_car(cast: Cast, vin: str) -> None:
    assert garage.find_or_create(store_id=cast.northside.pk, vin=vin, seen_at=NOW, now=NOW) is None


def test_a_vin_whose_check_digit_fails_is_a_car_with_a_remark(cast: Cast) -> None:
    assert "check digit" in find(cast, vin="1HGCV1F38LA000002").vin_trouble


def test_what_is_known_stays_and_the_latest_sight_tells_mileage_and_plate(cast: Cast) -> None:
    find(cast, model="Accord", mileage=60_000, plate="AAA 1")
    find(cast, model="Civic", trim="EX", mileage=50_000, plate="OLD 1", seen_at=NOW - timedelta(days=90))
    car = find(cast, mileage=61_000, plate="BBB 2", seen_at=NOW + timedelta(days=30))
    assert (car.model, car.trim, car.mileage, car.plate) == ("Accord", "EX", 61_000, "BBB 2")


def test_a_new_owner_ends_the_period_of_the_old(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    carl = make_customer(cast.northside, "Carl Benson", "+19735550118")
    car = find(cast)
    garage.record_owner(car, maria, since=date(2024, 3, 1), how="deal")
    garage.record_owner(car, maria, since=date(2025, 3, 1), how="RO")
    garage.record_owner(car, carl, since=date(2026, 1, 5), how="RO")
    assert periods(cast) == [
        ("Maria", date(2024, 3, 1), date(2026, 1, 5)),
        ("Carl", date(2026, 1, 5), None),
    ]
    assert garage.owner_of(car) == carl


def test_history_that_is_loaded_late_takes_nobodys_car(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    carl = make_customer(cast.northside, "Carl Benson", "+19735550118")
    car = find(cast)
    garage.record_owner(car, carl, since=date(2026, 1, 5), how="RO")
    garage.record_owner(car, maria, since=date(2020, 1, 1), how="RO")
    garage.record_owner(car, maria, since=date(2021, 1, 1), how="RO")
    assert garage.owner_of(car) == carl
    assert periods(cast)[0] == ("Maria", date(2020, 1, 1), date(2026, 1, 5))
    assert len(periods(cast)) == 2


def test_a_car_that_is_gone_has_no_owner(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    car = find(cast)
    assert not garage.end_ownership(car, until=date(2026, 1, 1))
    garage.record_owner(car, maria, since=date(2024, 3, 1), how="deal")
    assert garage.end_ownership(car, until=date(2026, 1, 1))
    assert garage.owner_of(car) is None


def test_a_customer_of_another_store_cannot_own_it(cast: Cast) -> None:
    with pytest.raises(garage.OtherStore):
        garage.record_owner(
            find(cast), make_customer(cast.eastside, "Eli Roe", "+13125550117"), since=NOW.date(), how="RO"
        )


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_car_with_one_owner() -> None:
    cast = build()
    customers: list[Customer] = [
        make_customer(cast.northside, f"Owner {n}", f"+1973555011{n}") for n in range(6)
    ]

    def arrive(customer: Customer) -> None:
        garage.record_owner(find(cast), customer, since=date(2026, 1, 5), how="RO")

    results = race([partial(arrive, customer) for customer in customers])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Vehicle.objects.of_store(cast.northside.pk).count() == 1
    present = Ownership.objects.of_store(cast.northside.pk).filter(until__isnull=True)
    assert present.count() == 1


def test_first_owners_of_many_cars_are_recorded_and_cars_with_a_past_are_left(cast: Cast) -> None:
    maria, tom = (
        make_customer(cast.northside, "Maria Lopez", "+19735550141"),
        make_customer(cast.northside, "Tom Hale", "+19735550142"),
    )
    fresh, used = find(cast), find(cast, vin="2HGFC2F59KH500123")
    garage.record_owner(used, maria, since=date(2025, 1, 2), how="deal")
    wanted = [(fresh, maria, date(2026, 1, 2)), (used, tom, date(2026, 1, 2))]
    assert garage.record_first_owners(wanted, how="RO") == [wanted[1]]
    assert (garage.owner_of(fresh), garage.owner_of(used)) == (maria, maria)


def test_several_sights_of_a_car_count_in_their_order(cast: Cast) -> None:
    def sight(mileage: int, hours: int, color: str = "") -> garage.Sight:
        seen_at = NOW + timedelta(hours=hours)
        return garage.Sight(cast.northside.pk, VIN, None, "", "Accord", "", color, "", "", mileage, seen_at)

    first, second, none = garage.find_or_create_many(
        [
            sight(100, 0, "Red"),
            sight(90, -1, "Blue"),
            garage.Sight(cast.northside.pk, "none", None, "", "", "", "", "", "", None, NOW),
        ],
        now=NOW,
    )
    assert none is None
    assert first is second
    assert first is not None
    first.refresh_from_db()
    assert (first.mileage, first.color, first.year) == (100, "Red", 2020)
