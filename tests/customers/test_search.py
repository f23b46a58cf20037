"""One box finds a customer by whatever somebody has at hand."""

from datetime import timedelta
from typing import Any

import pytest

from dealership.customers import matching, merging, search
from dealership.customers.models import Customer
from dealership.vehicles import garage
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

VIN = "1HGCV1F30LA000002"


@pytest.fixture
def maria(cast: Cast) -> Customer:
    customer, _ = matching.find_or_create(
        store_id=cast.northside.pk,
        first="María José",
        last="O'Neil-López",
        phones=[("cell", "+19735550117")],
        emails=["mj.lopez@example.com"],
        now=NOW,
    )
    car = garage.find_or_create(store_id=cast.northside.pk, vin=VIN, seen_at=NOW, now=NOW)
    assert car is not None
    garage.record_owner(car, customer, since=NOW.date(), how="RO")
    search.index(customer, "ro", "48213")
    search.index(customer, "stock", "H-1042 A")
    search.index(customer, "deal", "20931")
    search.index(customer, "lead", "7")
    matching.find_or_create(
        store_id=cast.northside.pk, full="Carl Benson", phones=[("", "+19735550118")], now=NOW
    )
    return customer


@pytest.mark.parametrize(
    "text",
    [
        "maria",
        "MAR",
        "lopez",
        "oneil",
        "O'Neil",
        "jose lop",
        "lopez, maria",
        "mj.lopez@exam",
        "0117",
        "555-0117",
        "(973) 555-0117",
        "+1 973 555 0117",
        "9735550117",
        "48213",
        "RO 48213",
        "ro 482",
        "h-1042 a",
        "H1042",
        "stock h1042",
        "deal 20931",
        "20931",
        "lead 7",
        VIN,
        VIN.lower(),
        VIN[:6],
        VIN[-4:],
        VIN[-6:],
        VIN[-8:],
        f"VIN {VIN[-6:]}",
        VIN[5:10],
        VIN[3:7].lower(),
        f"vin {VIN[6:12]}",
        "opez",
        "ari",
    ],
)
def test_it_finds_by(cast: Cast, maria: Customer, text: str) -> None:
    assert [hit.customer_id for hit in search.find(cast.dana, text)] == [maria.pk]


@pytest.mark.parametrize("text", ["", "x", "%", "__", "zzzz", "0999", "maria benson", "'; drop", "\0"])
def test_what_fits_nobody_finds_nobody(cast: Cast, maria: Customer, text: str) -> None:
    assert search.find(cast.dana, text) == []


def test_the_other_store_finds_nothing(cast: Cast, maria: Customer) -> None:
    for text in ("maria", "0117", VIN, "48213"):
        assert search.find(cast.eve, text) == []


def test_a_number_that_fits_wholly_comes_before_one_that_starts_so(cast: Cast, maria: Customer) -> None:
    other, _ = matching.find_or_create(
        store_id=cast.northside.pk, full="Abe Abel", emails=["a@example.com"], now=NOW
    )
    search.index(other, "ro", "482135")
    hits = search.find(cast.dana, "48213")
    assert [(hit.customer_id, hit.why) for hit in hits] == [(maria.pk, "RO 48213"), (other.pk, "RO 482135")]


def test_the_whole_word_of_a_name_comes_before_its_start(cast: Cast) -> None:
    for name in ("Anna Marx", "Rob Mar", "Zoe Mars"):
        matching.find_or_create(store_id=cast.northside.pk, full=name, now=NOW)
    assert [hit.name for hit in search.find(cast.dana, "mar")] == ["Rob Mar", "Anna Marx", "Zoe Mars"]


def test_somebody_merged_is_found_once_as_who_they_are_now(cast: Cast, maria: Customer) -> None:
    twin, _ = matching.find_or_create(
        store_id=cast.northside.pk, full="Mary Lopez", phones=[("", "+19735550119")], now=NOW
    )
    merging.merge(winner=maria, loser=twin, by=cast.dana, now=NOW)
    assert [hit.customer_id for hit in search.find(cast.dana, "lopez")] == [maria.pk]
    assert [hit.customer_id for hit in search.find(cast.dana, "0119")] == [maria.pk]


def test_a_new_name_is_found_and_the_old_is_not(cast: Cast, maria: Customer) -> None:
    search.reindex(maria, "name", "Maria Keller")
    assert search.find(cast.dana, "keller")
    assert not search.find(cast.dana, "oneil")


def test_the_start_of_a_word_comes_before_its_inside(cast: Cast) -> None:
    for name in ("Ed Castillo", "Stilla Lang"):
        matching.find_or_create(store_id=cast.northside.pk, full=name, now=NOW)
    assert [hit.name for hit in search.find(cast.dana, "still")] == ["Stilla Lang", "Ed Castillo"]


@pytest.mark.parametrize("text", ["lopez maria", "48213", "0117"])
def test_it_takes_four_queries_at_most(
    cast: Cast, maria: Customer, text: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        matching.find_or_create(
            store_id=cast.northside.pk,
            full=f"Lopez {n}",
            phones=[("", f"+1973555{2000 + n}")],
            now=NOW + timedelta(n),
        )
    with django_assert_max_num_queries(4):
        assert search.find(cast.dana, text, limit=5)
