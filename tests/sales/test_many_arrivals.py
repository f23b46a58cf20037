"""What could not be read is a list: narrowed, taken away, and many of it said to be no lead at once, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from sales import arrivals
from sales.models import LeadArrival
from tasks.models import Promise
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[StaffMember], Client]
WHERE = "/sales/arrivals/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    """Monday, ten in the morning."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def three(cast: Cast) -> list[LeadArrival]:
    """Two mails and a post that nobody understands, each a day younger than the one before."""
    bodies = (b"Buy watches now", b"Call me: (973) 555-0177", b"Win a prize")
    return [
        arrivals.take_in(
            store_id=cast.northside.pk,
            data=body,
            came_by="post" if n == 1 else "mail",
            now=NOW - timedelta(days=3 - n),
        )
        for n, body in enumerate(bodies)
    ]


def found(client: Client, query: str) -> list[int]:
    return [row["pk"] for row in client.get(f"{WHERE}?{query}").context["list"].rows]


def states(rows: list[LeadArrival]) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def test_what_could_not_be_read_is_narrowed_and_names_who_was_found_in_it(
    three: list[LeadArrival], cast: Cast, signed_in: SignIn
) -> None:
    first, second, third = (row.pk for row in three)
    dana = signed_in(cast.dana)
    assert found(dana, "") == [third, second, first]
    assert found(dana, "sort=oldest") == [first, second, third]
    assert found(dana, "by=post") == [second]
    assert found(dana, "came=1") == [third]
    assert found(dana, "show=no_lead") == []
    lines = (
        dana.get(f"{WHERE}export/?by=post&cols=found&cols=came_by").content.decode("utf-8-sig").splitlines()
    )
    assert lines[1:] == ["(973) 555-0177,post"]
    assert "names nobody" in dana.get(WHERE).content.decode()
    assert f'href="{WHERE}"' in dana.get("/sales/").content.decode()


def test_many_are_put_away_as_no_lead_with_one_reason_and_brought_back(
    three: list[LeadArrival], cast: Cast, signed_in: SignIn
) -> None:
    owed = Promise.objects.of_store(cast.northside.pk).filter(rule="settle_unreadable_lead", state="open")
    assert owed.count() == 3
    dana, there = signed_in(cast.dana), f"{WHERE}many/no-leads/?all=on&by=mail"
    assert "Put 2 arrivals away as no lead" in dana.get(there).content.decode()
    short = dana.post(there, {"why": "x", "n": 2})
    assert short.status_code == 422
    assert states(three) == ["unreadable"] * 3
    answer = dana.post(there, {"why": "Advertising", "n": 2}, follow=True)
    assert "2 arrivals put away as no lead" in answer.content.decode()
    assert states(three) == ["no_lead", "unreadable", "no_lead"]
    assert three[0].why.endswith("No lead: Advertising")
    assert owed.count() == 1
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    later = NOW + timedelta(minutes=1)
    arrivals.bring_back(arrival=three[2], by=cast.dana, now=later)
    assert bulk.take_back(act, by=cast.dana, now=later) == 1
    assert states(three) == ["unreadable"] * 3
    assert owed.count() == 3
    assert signed_in(cast.faye).get(there).status_code == 403
