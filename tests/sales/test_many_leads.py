"""Many leads at once: seen first, given away or closed as lost, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dealership.customers.models import CustomerPerson
from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from sales import leads, many_leads
from sales.models import Lead
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.sales.providers import adf
from tests.sales.test_leads import receive

SignIn = Callable[[StaffMember], Client]
LATER = MONDAY_TEN + timedelta(minutes=9)


@pytest.fixture
def three(cast: Cast) -> Iterator[list[Lead]]:
    """Three of Dana's leads, each with an answer owed; the last from elsewhere."""
    with time_machine.travel(LATER, tick=False):
        yield [
            receive(cast, adf(name, phone=f"(973) 555-010{n}", source=source))
            for n, (name, source) in enumerate(
                [("Tom Okafor", "cars.example"), ("Nora Quist", "cars.example"), ("Ivy Stone", "elsewhere")]
            )
        ]


def stand(rows: list[Lead]) -> list[tuple[str, str]]:
    """Each lead's state and owner, by first name."""
    found = Lead.objects.of_store(rows[0].store_id).filter(pk__in=[row.pk for row in rows])
    return [
        (row.state, row.owner.first_name if row.owner else "")
        for row in found.order_by("pk").select_related("owner")
    ]


def owed(cast: Cast) -> list[str]:
    """Who owes the first answers that are owed."""
    rows = Promise.objects.of_store(cast.northside.pk).filter(subject__startswith="lead:", state="open")
    return sorted(rows.values_list("owner__name", flat=True))


def test_all_that_match_are_given_with_what_is_owed_and_taken_back(
    cast: Cast, signed_in: SignIn, three: list[Lead]
) -> None:
    bea, there = signed_in(cast.bea), "/sales/leads/give/?all=on&source=cars.example"
    before, owed_before = stand(three), owed(cast)
    seen = bea.get(there).content.decode()
    assert "Give 2 leads" in seen
    assert "Ivy Stone" not in seen
    form = {"to": cast.sam.pk, "why": "Dana is in training"}
    assert "Now 2 leads match" in bea.post(there, {**form, "n": 3}).content.decode()
    assert stand(three) == before
    said = bea.post(there, {**form, "n": 2}, follow=True).content.decode()
    assert f"2 leads given to {cast.sam.name}" in said
    assert [owner for _, owner in stand(three)] == ["Sam", "Sam", before[2][1]]
    assert owed(cast).count(cast.sam.name) == 2
    theirs = CustomerPerson.objects.of_store(cast.northside.pk).filter(department="sales", staff=cast.sam)
    assert theirs.count() == 2
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert "All as it was" in bea.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()
    assert stand(three) == before
    assert owed(cast) == owed_before
    assert not theirs.exists()


def test_who_got_one_and_gave_it_on_keeps_it_so(cast: Cast, three: list[Lead]) -> None:
    keys = [row.pk for row in three]
    act = many_leads.give(keys=keys, to=cast.sam, why="so", by=cast.bea, now=LATER)
    leads.hand_over(lead=three[0], to=cast.lia, why="my day off", by=cast.sam, now=LATER)
    assert bulk.take_back(act, by=cast.bea, now=LATER + timedelta(minutes=1)) == 2
    assert [owner for _, owner in stand(three)] == ["Lia", "Dana", "Dana"]


def test_the_ticked_end_as_lost_with_one_reason_and_go_on_where_they_were(
    cast: Cast, signed_in: SignIn, three: list[Lead]
) -> None:
    Lead.objects.of_store(cast.northside.pk).filter(pk=three[1].pk).update(state="appointment")
    leads.close(lead=three[2], outcome="junk", why="a vendor", by=cast.dana, now=LATER)
    dana, rows = signed_in(cast.dana), "&".join(f"row={row.pk}" for row in three)
    there = f"/sales/leads/lose/?{rows}"
    assert "Close 2 leads as lost" in dana.get(there).content.decode()
    assert dana.post(there, {"why": "", "n": 2}).status_code == 422
    assert (
        "2 leads closed as lost"
        in dana.post(there, {"why": "sold the car", "n": 2}, follow=True).content.decode()
    )
    assert [state for state, _ in stand(three)] == ["lost", "lost", "junk"]
    assert owed(cast) == []
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    undo = f"/lists/acts/{act.pk}/undo/"
    assert signed_in(cast.ana).post(undo).status_code == 403
    assert signed_in(cast.eve).post(undo).status_code == 404
    with time_machine.travel(LATER + timedelta(minutes=1), tick=False):
        assert "All as it was" in dana.post(undo, follow=True).content.decode()
    assert [state for state, _ in stand(three)] == ["fresh", "appointment", "junk"]
    assert cast.dana.name in owed(cast)


def test_only_managers_of_leads_give_them_and_only_their_stores(
    cast: Cast, signed_in: SignIn, three: list[Lead]
) -> None:
    there = f"/sales/leads/give/?row={three[0].pk}"
    assert signed_in(cast.dana).get(there).status_code == 403
    assert signed_in(cast.rosa).get(there).status_code == 403
    assert (
        "Tick the rows"
        in signed_in(cast.gus).get("/sales/leads/give/?row=99999999", follow=True).content.decode()
    )
    form = {"to": cast.eve.pk, "why": "so", "n": 1}
    assert signed_in(cast.gus).post(there, form).status_code == 422
    page = signed_in(cast.dana).get("/sales/").content.decode()
    assert "Close as lost" in page
    assert "Give to a colleague" not in page


def test_giving_many_leads_costs_little_more_than_giving_one(
    cast: Cast, three: list[Lead], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60):
        many_leads.give(keys=[row.pk for row in three], to=cast.sam, why="so", by=cast.bea, now=LATER)


def test_a_page_shows_the_columns_that_were_chosen(cast: Cast, signed_in: SignIn, three: list[Lead]) -> None:
    page = signed_in(cast.dana).get("/sales/?cols=customer&cols=state&source=elsewhere").content.decode()
    assert "Ivy Stone" in page
    assert "Tom Okafor" not in page
    assert "<th>Source</th>" not in page
    text = (
        signed_in(cast.dana)
        .get("/sales/leads.csv?cols=customer&cols=state&sort=oldest")
        .content.decode("utf-8-sig")
    )
    assert text.splitlines() == ["Customer,State", "Tom Okafor,fresh", "Nora Quist,fresh", "Ivy Stone,fresh"]
