"""Commands: what is offered to whom, from where; and what is typed finds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dealership.customers import matching
from dealership.staff.models import StaffMember
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.tasks.promised import promise

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
HTMX = {"HX-Request": "true", "HX-Target": "command-rows"}


def rows(client: Client, q: str = "", at: str = "/") -> list[str]:
    answer = client.get(reverse("tasks:commands"), {"q": q, "at": at}, headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    return [command.words for group in answer.context["groups"] for command in group.commands]


def test_each_role_is_offered_what_it_may(cast: Cast, signed_in: SignedIn) -> None:
    dana, tess, gus = (rows(signed_in(cast.people[who])) for who in ("dana", "tess", "gus"))
    assert {"New promise", "My day", "Inbox", "New lead"} <= set(dana)
    assert not {"Operations", "People", "New deal"} & set(dana)
    assert not {"Inbox texts", "New customer", "Book a visit", "Sales"} & set(tess)
    assert {"Operations", "People", "Who did what"} <= set(gus)


def test_a_few_letters_find_a_page_or_a_customer(cast: Cast, signed_in: SignedIn) -> None:
    matching.find_or_create(store_id=cast.northside.pk, first="Serena", last="Vale", now=MONDAY_TEN)
    matching.find_or_create(store_id=cast.eastside.pk, first="Serge", last="Elsewhere", now=MONDAY_TEN)
    client = signed_in(cast.dana)
    found = rows(client, "ser")
    assert found[0] == "Service"
    assert "Serena Vale" in found
    assert "Serge Elsewhere" not in found
    assert rows(client, "visit book") == ["Book a visit"]
    assert "nobody is" in client.get(reverse("tasks:commands"), {"q": "zzz"}).content.decode()


def test_what_is_selected_can_be_acted_upon(cast: Cast, signed_in: SignedIn) -> None:
    tom = make_customer(cast.northside, "Tom Okafor", "+19735550123")
    owed = promise(cast.dana, customer=tom)
    at, client = reverse("tasks:promise_detail", args=[owed.pk]), signed_in(cast.dana)
    offered = rows(client, at=at)
    assert offered[:4] == ["Log a call", "Tell a new time", "Hand off", "Waive"]
    assert {"Text Tom", "Book a visit for Tom"} <= set(offered)
    assert rows(client, "hand", at=at) == ["Hand off"]
    # Whose it is not does not hand it off, and of another store's nothing is said.
    assert "Waive" not in rows(signed_in(cast.sam), at=at)
    assert "Tom Okafor" not in signed_in(cast.eve).get(reverse("tasks:commands"), {"at": at}).content.decode()


@pytest.mark.parametrize(
    "at", ["", "nowhere", "https://evil.example/", "/customers/99999999/", "/customers/x/", "/%00"]
)
def test_an_address_that_names_nothing_selects_nothing(cast: Cast, signed_in: SignedIn, at: str) -> None:
    assert "New promise" in rows(signed_in(cast.dana), at=at)
