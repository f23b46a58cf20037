"""Lists: what is asked stands in the address, is kept under a name, is taken away as it is seen, and is done to all that match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from dealership.customers import giving, matching, people
from dealership.customers.listing import CUSTOMERS
from dealership.customers.models import Customer, CustomerPerson
from dealership.lists import asking, bulk
from dealership.lists.models import BulkAct, SavedView
from dealership.lists.page import turn
from dealership.lists.retold import retold
from dealership.staff import people as staff_people
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

SignIn = Callable[[StaffMember], Client]
WHERE = "/customers/"


@pytest.fixture
def town(cast: Cast) -> list[Customer]:
    """Six customers, each a day younger than the one before; the last two speak Spanish; Sam has the first."""
    found = []
    for n, name in enumerate(["Bo Abel", "Al Baker", "Cy Cole", "Di Dunn", "Ed Ernst", "Flo Fuchs"]):
        customer, _ = matching.find_or_create(
            store_id=cast.northside.pk, full=name, now=NOW - timedelta(days=10 - n)
        )
        found.append(customer)
    Customer.objects.of_store(cast.northside.pk).filter(pk__in=[one.pk for one in found[4:]]).update(
        language="es"
    )
    people.set_person(found[0], Department.SALES, cast.sam, now=NOW)
    return found


def names(response: Any) -> list[str]:
    return [row["full_name"] for row in response.context["list"].rows]


def asked(query: str) -> asking.Asked:
    return asking.read(CUSTOMERS, QueryDict(query))


def whose(customer: Customer, department: str = Department.SALES) -> str:
    row = CustomerPerson.objects.of_store(customer.store_id).filter(customer=customer, department=department)
    return row.get().staff.first_name if row else ""


# --- asking ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "language=es&sort=name", "size=25&cols=full_name&cols=email", "whose=me&since=30&kind=business"],
)
def test_what_is_asked_stands_in_the_address_and_is_read_back(query: str) -> None:
    assert asked(query).address() == asked(asked(query).address()).address()
    assert set(QueryDict(asked(query).address())) == set(QueryDict(query))


@pytest.mark.parametrize(
    "after", ["x", "W10", "WyJhIl0", "bnVsbA", "e30", "W251bGwsbnVsbF0", "%00", "A" * 500]
)
def test_a_place_that_cannot_be_read_is_the_beginning(after: str) -> None:
    assert asked(f"after={after}").after is None


def test_what_a_list_does_not_know_it_is_not_asked(
    town: list[Customer], cast: Cast, signed_in: SignIn
) -> None:
    page = signed_in(cast.dana).get(
        f"{WHERE}?language=xx&whose=x&since=1&kind=dog&sort=no&size=9&cols=secret"
    )
    assert len(names(page)) == 6


@pytest.mark.parametrize("sort", ["newest", "oldest", "name"])
def test_every_order_goes_on_without_gaps(town: list[Customer], cast: Cast, sort: str) -> None:
    Customer.objects.of_store(cast.northside.pk).update(created_at=NOW)
    short, seen, at = replace(CUSTOMERS, sizes=(2,)), list[str](), f"?sort={sort}&size=2"
    while at:
        page = turn(asking.read(short, QueryDict(at[1:])), cast.dana, NOW)
        seen += [row["full_name"] for row in page.rows]
        at = page.onward
    assert len(seen) == len(set(seen)) == 6
    if sort == "name":
        assert seen == sorted(seen)


def test_a_list_is_narrowed_counted_and_shows_the_columns_that_were_chosen(
    town: list[Customer], cast: Cast, signed_in: SignIn
) -> None:
    client = signed_in(cast.dana)
    spanish = client.get(f"{WHERE}?language=es&sort=name&cols=full_name&cols=language")
    assert names(spanish) == ["Ed Ernst", "Flo Fuchs"]
    shown = spanish.content.decode()
    assert "2 customers" in shown
    assert "<th>Language</th>" in shown
    assert "<th>Phone</th>" not in shown
    assert names(client.get(f"{WHERE}?whose={cast.sam.pk}")) == ["Bo Abel"]
    assert names(signed_in(cast.sam).get(f"{WHERE}?whose=me")) == ["Bo Abel"]
    assert len(names(client.get(f"{WHERE}?whose=nobody"))) == 5
    assert "Nobody fits" in client.get(f"{WHERE}?kind=business").content.decode()


# --- kept and taken away ------------------------------------------------------------------------------------------------


def test_a_view_is_kept_for_oneself_or_by_a_manager_for_all_and_forgotten(
    town: list[Customer], cast: Cast, signed_in: SignIn
) -> None:
    dana, gus, keep = signed_in(cast.dana), signed_in(cast.gus), "/lists/customers/views/"
    assert (
        dana.post(keep, {"name": "Spanish", "query": "language=es&after=x&evil=1"}).url
        == f"{WHERE}?language=es"
    )
    gus.post(keep, {"name": "Nobody’s", "query": "whose=nobody", "for_all": "on"})
    assert dana.post(keep, {"name": "Mine to all", "query": "", "for_all": "on"}).status_code == 302
    seen = {
        who: [view.name for view in client.get(WHERE).context["list"].views]
        for who, client in (("dana", dana), ("gus", gus))
    }
    assert seen == {"dana": ["Nobody’s", "Spanish"], "gus": ["Nobody’s"]}
    view = SavedView.objects.of_store(cast.northside.pk).get(name="Spanish")
    assert gus.post(f"/lists/views/{view.pk}/forget/").status_code == 404
    of_all = SavedView.objects.of_store(cast.northside.pk).get(name="Nobody’s")
    assert "A manager keeps" in dana.post(f"/lists/views/{of_all.pk}/forget/", follow=True).content.decode()
    assert SavedView.objects.of_store(cast.northside.pk).filter(pk=of_all.pk).exists()
    dana.post(keep, {"name": "Spanish", "query": "language=es&sort=name"})
    view.refresh_from_db()
    assert view.query == "language=es&sort=name"
    dana.post(f"/lists/views/{view.pk}/forget/")
    assert not SavedView.objects.of_store(cast.northside.pk).filter(pk=view.pk).exists()


def test_what_is_taken_away_is_what_is_seen(town: list[Customer], cast: Cast, signed_in: SignIn) -> None:
    query = "language=es&sort=name&cols=full_name&cols=language&size=25"
    text = signed_in(cast.dana).get(f"{WHERE}export/?{query}").content.decode("utf-8-sig")
    assert text.splitlines() == ["Customer,Language", "Ed Ernst,Spanish", "Flo Fuchs,Spanish"]
    book = load_workbook(BytesIO(signed_in(cast.dana).get(f"{WHERE}export/?{query}&as=xlsx").content))
    assert [cell.value for cell in book.active["A"]] == ["Customer", "Ed Ernst", "Flo Fuchs"]


# --- many at once ---------------------------------------------------------------------------------------------------


def test_all_that_match_are_seen_first_given_and_taken_back(
    town: list[Customer], cast: Cast, signed_in: SignIn
) -> None:
    gus = signed_in(cast.gus)
    there = f"{WHERE}give/?all=on&since=365"
    seen = gus.get(there)
    assert "Give 6 customers" in seen.content.decode()
    assert [whose(one) for one in town] == ["Sam", "", "", "", "", ""]
    form = {"department": "sales", "to": cast.lia.pk}
    matching.find_or_create(store_id=cast.northside.pk, full="Gil Just Came", now=NOW)
    stale = gus.post(there, {**form, "n": 6})
    assert stale.status_code == 422
    assert "Now 7 customers match" in stale.content.decode()
    answer = gus.post(there, {**form, "n": 7}, follow=True)
    assert "7 customers given to Lia" in answer.content.decode()
    assert {whose(one) for one in town} == {"Lia"}
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    people.set_person(town[1], Department.SALES, cast.sam, now=NOW)
    undone = gus.post(f"/lists/acts/{act.pk}/undo/", follow=True)
    assert "6 of 7 are as they were" in undone.content.decode()
    assert [whose(one) for one in town] == ["Sam", "Sam", "", "", "", ""]
    assert "taken back already" in gus.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()


def test_only_the_ticked_are_meant_and_only_of_this_store(
    town: list[Customer], cast: Cast, signed_in: SignIn
) -> None:
    stranger, _ = matching.find_or_create(store_id=cast.eastside.pk, full="Eve’s Own", now=NOW)
    gus, rows = signed_in(cast.gus), f"row={town[2].pk}&row={stranger.pk}&row=x"
    assert "Eve’s Own" not in gus.get(f"{WHERE}give/?{rows}").content.decode()
    gus.post(f"{WHERE}give/?{rows}", {"department": "service", "to": cast.ana.pk, "n": 1})
    assert whose(town[2], Department.SERVICE) == "Ana"
    assert whose(stranger, Department.SERVICE) == ""
    other = gus.post(f"{WHERE}give/?{rows}", {"department": "service", "to": cast.eve.pk, "n": 1})
    assert other.status_code == 422
    assert signed_in(cast.dana).get(f"{WHERE}give/?{rows}").status_code == 403
    assert gus.get(f"{WHERE}give/").status_code == 302


def test_who_has_left_meanwhile_gets_nobody_back(town: list[Customer], cast: Cast) -> None:
    act = giving.give(
        keys=[town[0].pk, town[1].pk], department=Department.SALES, to=cast.lia, by=cast.gus, now=NOW
    )
    staff_people.deactivate(cast.sam, by=cast.gus, now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=5)
    assert bulk.take_back(act, by=cast.gus, now=later) == 1
    assert (whose(town[0]), whose(town[1])) == ("Lia", "")
    with pytest.raises(bulk.BulkError, match="already"):
        bulk.take_back(act, by=cast.gus, now=later)
    old = giving.give(keys=[town[2].pk], department=Department.SALES, to=cast.lia, by=cast.gus, now=NOW)
    with pytest.raises(bulk.BulkError, match="older than an hour"):
        bulk.take_back(old, by=cast.gus, now=NOW + timedelta(hours=2))


def test_giving_many_costs_no_more_than_giving_one(
    town: list[Customer], cast: Cast, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        giving.give(
            keys=[one.pk for one in town], department=Department.SALES, to=cast.lia, by=cast.gus, now=NOW
        )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("3 leads given to Dana Ruiz", "Ahora de Dana Ruiz: 3 leads"),
        ("1 customer given to Ana Moreno in Service", "Ahora de Ana Moreno en Servicio: 1 cliente"),
        ("1,200 promises waived", "Con dispensa: 1,200 promesas"),
        ("2 ROs moved: waiting for parts", "Ahora en “en espera de repuestos”: 2 RO"),
        ("3 wishes granted", "3 wishes granted"),
    ],
)
def test_what_was_done_to_many_is_kept_in_english_and_said_to_its_reader(kept: str, said: str) -> None:
    assert retold(kept) == kept
    with translation.override("es"):
        assert retold(kept) == said
