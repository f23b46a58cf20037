"""The list of promises: every band and figure opens it and agrees with it; many are handed off or waived, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from dealership.lists import asking, bulk
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.staff.models import StaffMember
from tasks import numbers, promises
from tasks.models import Promise
from tasks.promise_list import PROMISES, TITLES
from tests.cast import Cast
from tests.tasks.promised import closed, promise

SignedIn = Callable[[StaffMember], Client]
WHERE = "/promises/"


def keys(cast: Cast, query: str) -> list[int]:
    """The list's rows page by page, two a page."""
    short, found, at = replace(PROMISES, sizes=(2,)), list[int](), f"?of=store&size=2&{query}"
    now = timezone.now()
    while at:
        page = turn(asking.read(short, QueryDict(at[1:])), cast.gus, now)
        found += [row["pk"] for row in page.rows]
        at = page.onward
    return found


@pytest.mark.parametrize("state", list(TITLES))
def test_every_list_goes_on_without_gaps_and_in_its_order(cast: Cast, state: str) -> None:
    for minutes in (-9, -5, -5, 10, 20, 300, 5000):
        promise(cast.dana, due=timedelta(minutes=minutes))
    for late in (False, True, False):
        closed(cast.dana, "kept", late=late)
        closed(cast.dana, "waived", late=late)
    found, page = (
        keys(cast, f"state={state}"),
        turn(asking.read(PROMISES, QueryDict(f"of=store&state={state}")), cast.gus, timezone.now()),
    )
    assert found == [row["pk"] for row in page.rows]
    assert len(found) == len(set(found)) == page.n


def test_every_figure_is_the_length_of_the_list_behind_it(cast: Cast) -> None:
    promise(cast.dana, due=timedelta(minutes=-5))
    promise(cast.dana)
    for late in (False, False, True):
        closed(cast.dana, "kept", late=late)
    closed(cast.sam, "waived")
    closed(cast.sam, "void")
    promise(cast.earl)
    figures = numbers.of_store(cast.gus, timezone.now())["answer_lead"]
    for state in numbers.STATES:
        assert getattr(figures, state) == len(keys(cast, f"rule=answer_lead&state={state}")), state
    assert figures.on_time_percent == 50


def test_a_file_holds_what_is_seen_and_nobodys_but_ones_own(cast: Cast, signed_in: SignedIn) -> None:
    promise(cast.dana, sentence="=Dana calls")
    promise(cast.sam, sentence="Sam calls")
    text = signed_in(cast.dana).get(f"{WHERE}export/?state=hour").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Promise,About,Customer,From,To,Owner")
    assert text.splitlines()[1].startswith("'=Dana calls,")
    assert "Sam calls" not in text
    assert signed_in(cast.dana).get(f"{WHERE}export/?of=store").status_code == 403
    assert "Sam calls" in signed_in(cast.gus).get(f"{WHERE}export/?of=store&state=hour").content.decode()


def test_all_that_match_are_handed_over_and_taken_back(cast: Cast, signed_in: SignedIn) -> None:
    mine = [promise(cast.dana), promise(cast.dana), promise(cast.sam)]
    gus, there = signed_in(cast.gus), f"{WHERE}many/hand-off/?all=on&of={cast.dana.pk}&state=hour"
    assert "Hand off 2 promises" in gus.get(there).content.decode()
    form = {"to": cast.lia.pk, "why": "Dana is ill", "n": 2}
    assert "2 promises handed to Lia" in gus.post(there, form, follow=True).content.decode()
    owners = (
        Promise.objects.across_stores("two stores").filter(pk__in=[row.pk for row in mine]).order_by("pk")
    )
    assert list(owners.values_list("owner", flat=True)) == [cast.lia.pk, cast.lia.pk, cast.sam.pk]
    promises.accept(owners[0], by=cast.lia, now=timezone.now())
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert "1 of 2 are as they were" in gus.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()
    assert list(owners.values_list("owner", flat=True)) == [cast.lia.pk, cast.dana.pk, cast.sam.pk]


def test_ones_own_are_waived_with_a_reason_and_owed_again(cast: Cast, signed_in: SignedIn) -> None:
    mine, sams, eves = promise(cast.dana), promise(cast.sam), promise(cast.eve)
    there = f"{WHERE}many/waive/?row={mine.pk}&row={sams.pk}&row={eves.pk}"
    dana = signed_in(cast.dana)
    assert "Waive 1 promise" in dana.get(there).content.decode()
    assert dana.post(there, {"why": "no", "n": 1}).status_code == 422
    assert (
        "1 promise waived"
        in dana.post(there, {"why": "sold elsewhere", "n": 1}, follow=True).content.decode()
    )
    mine.refresh_from_db()
    assert (mine.state, mine.closed_why) == ("waived", "sold elsewhere")
    assert "owed by you" in dana.get(there, follow=True).content.decode()
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert signed_in(cast.sam).post(f"/lists/acts/{act.pk}/undo/").status_code == 403
    assert bulk.take_back(act, by=cast.dana, now=timezone.now()) == 1
    for row in (mine, sams, eves):
        row.refresh_from_db()
        assert row.state == "open"


def test_columns_are_chosen_and_the_file_has_the_same(cast: Cast, signed_in: SignedIn) -> None:
    Promise.objects.of_store(cast.northside.pk).filter(pk=closed(cast.dana, "waived").pk).update(
        closed_why="sold elsewhere"
    )
    dana, asked = signed_in(cast.dana), "state=waived&cols=sentence&cols=why&cols=closed"
    usual, cut = (dana.get(f"{WHERE}?{query}").content.decode() for query in ("state=waived", asked))
    assert "BDC" in usual
    assert "Ended because" not in usual.partition("data-rows")[2]
    shown = cut.partition("data-rows")[2]
    assert "Ended because: sold elsewhere" in shown
    assert "BDC" not in shown
    assert (
        dana.get(f"{WHERE}export/?{asked}")
        .content.decode("utf-8-sig")
        .startswith("Promise,Ended,Ended because")
    )
