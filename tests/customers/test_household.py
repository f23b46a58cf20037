"""Who lives together: proposed by rule, said by a person, right through merges, and never across stores."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dealership.customers import household, matching, merging
from dealership.customers.models import Customer
from dealership.vehicles import garage
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.tasks.promised import promise

HTMX = {"HX-Request": "true"}


@pytest.fixture
def people(cast: Cast) -> dict[str, Customer]:
    return {
        first: matching.find_or_create(store_id=cast.northside.pk, first=first, last="Lopez", now=NOW)[0]
        for first in ("Ann", "Ben", "Cy", "Di")
    }


def together(customer: Customer) -> str:
    return " ".join(row.first_name for row in household.members(customer, merging.family(customer)))


def may_be(customer: Customer) -> dict[str, str]:
    family = merging.family(customer)
    already = household.members(customer, family)
    return {row.full_name: why for row, why in household.proposed(customer, family, already)}


def test_the_same_house_is_proposed_however_the_street_is_written(cast: Cast) -> None:
    def at(name: str, street: str, zip_code: str = "07102", store: int = cast.northside.pk) -> Customer:
        told = {"full": name, "street": street, "postal_code": zip_code, "now": NOW}
        return matching.find_or_create(store_id=store, **told)[0]  # type: ignore[arg-type]

    ann = at("Ann Lopez", "12 Elm Street, Apt. 4")
    at("Ben Lopez", "12 elm st apt 4")
    at("Next Door", "12 Elm Street, Apt 5")
    at("Far Away", "12 Elm Street, Apt. 4", "07103")
    at("Eve Else", "12 Elm Street, Apt. 4", store=cast.eastside.pk)
    assert may_be(ann) == {"Ben Lopez": "same address"}


def test_a_phone_that_two_name_and_a_car_that_two_had_are_proposed(cast: Cast) -> None:
    def told(number: str, name: str) -> Customer:
        common = {"phones": [("", "+19735550117")], "dms_number": number, "now": NOW}
        return matching.find_or_create(store_id=cast.northside.pk, full=name, **common)[0]  # type: ignore[arg-type]

    ann, ben = told("1", "Ann Lopez"), told("2", "Benedict Ortiz")
    assert may_be(ann) == {"Benedict Ortiz": "same phone"}
    assert may_be(ben) == {"Ann Lopez": "same phone"}
    car = garage.find_or_create(
        store_id=cast.northside.pk, vin="1HGCV1F30LA000002", model="Accord", seen_at=NOW, now=NOW
    )
    assert car is not None
    garage.record_owner(car, ann, since=NOW.date() - timedelta(days=300), how="RO")
    garage.record_owner(car, ben, since=NOW.date(), how="RO")
    assert may_be(ben) == {"Ann Lopez": "same phone, same car, 2020 Accord"}
    car.stock_number = "4471B"
    car.save(update_fields=["stock_number"])
    assert may_be(ben) == {"Ann Lopez": "same phone"}, "it was traded in and sold on"


def test_whoever_lives_with_either_lives_with_both_and_parting_one_keeps_the_rest(
    cast: Cast, people: dict[str, Customer]
) -> None:
    ann, ben, cy, di = people.values()
    for other in (ben, cy):
        household.join(customer=ann, other=other, by=cast.dana, now=NOW)
    household.join(customer=cy, other=di, by=cast.dana, now=NOW)
    assert (together(ben), together(di)) == ("Ann Cy Di", "Ann Ben Cy")
    # Ann is the one through whom Ben hangs together with the others.
    household.part(customer=ben, other=ann, by=cast.dana, now=NOW)
    assert (together(ann), together(ben), together(di)) == ("", "Cy Di", "Ben Cy")
    household.join(customer=ben, other=ann, by=cast.dana, now=NOW)
    assert together(ann) == "Ben Cy Di"


def test_a_merge_keeps_the_household_and_taking_it_back_as_well(
    cast: Cast, people: dict[str, Customer]
) -> None:
    ann, ben, cy, di = people.values()
    household.join(customer=ben, other=cy, by=cast.dana, now=NOW)
    merged = merging.merge(winner=ann, loser=ben, by=cast.dana, now=NOW)
    assert (together(ann), together(cy)) == ("Cy", "Ann")
    household.join(
        customer=ben, other=di, by=cast.dana, now=NOW
    )  # by an old address: the living one is meant
    assert together(ann) == "Cy Di"
    ben.refresh_from_db()
    with pytest.raises(household.CannotJoin, match="one customer"):
        household.join(customer=ann, other=ben, by=cast.dana, now=NOW)
    merging.undo(merge=merged, by=cast.dana, now=NOW)
    assert (together(Customer.objects.visible_to(cast.dana).get(pk=ben.pk)), together(ann)) == ("Cy", "Di")


def test_customers_of_two_stores_are_never_one_household(cast: Cast, people: dict[str, Customer]) -> None:
    theirs, _ = matching.find_or_create(store_id=cast.eastside.pk, full="Eve Else", now=NOW)
    with pytest.raises(household.CannotJoin, match="two stores"):
        household.join(customer=people["Ann"], other=theirs, by=cast.dana, now=NOW)


def test_each_ones_page_shows_what_is_owed_to_the_others(
    cast: Cast, people: dict[str, Customer], signed_in: Any
) -> None:
    ann, ben = people["Ann"], people["Ben"]
    promise(cast.dana, customer=ben, sentence="The loaner is ready at noon")
    client, where = signed_in(cast.dana), reverse("customers:household_panel", args=[ann.pk])
    assert "is said to live with them" in client.get(where).content.decode()
    found = client.get(where, {"q": "ben"}, headers=HTMX).content.decode()
    assert f'value="{ben.pk}"' in found
    join, part = (reverse(f"customers:{name}_household", args=[ann.pk]) for name in ("join", "part"))
    assert signed_in(cast.tess).post(join, {"other": ben.pk}).status_code == 403
    assert client.post(join, {"other": ben.pk}, headers=HTMX).status_code == 204
    assert "The loaner is ready at noon" in client.get(where).content.decode()
    assert "Ann Lopez" in client.get(reverse("customers:household_panel", args=[ben.pk])).content.decode()
    client.post(part, {"other": ben.pk})
    assert together(ann) == ""
    assert may_be(ann) == {}, "said once, not asked again"
    assert client.post(join, {"other": "x"}).status_code == 404
    assert client.post(join, {"other": ann.pk}, headers=HTMX).status_code == 422
