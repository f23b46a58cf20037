"""F&I's lists: what is asked narrows them, money is for those who see it, what is owed about many goes to a colleague and back."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from fni import board, jacket_list, stipulations
from fni.models import DealJacket, KickBack
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.fni.deals import agreed, jacket, tina
from tests.fni.test_pages import DAY, in_transit, words

SignIn = Callable[[StaffMember], Client]
CONTRACTS, JACKETS, STIPS = "/fni/in-transit/", "/fni/jackets/", "/fni/stips/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    """Monday, ten in the morning."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield clock


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [row.get("deal_number") or row["jacket__deal_number"] for row in answer.context["list"].rows]


def contract(cast: Cast, number: str, days: int, **values: Any) -> DealJacket:
    """A contract in transit, delivered so many days ago."""
    return DealJacket.objects.create(
        store=cast.northside,
        deal_number=number,
        **{"deal_type": "finance", "stage": "sent", "delivered_at": MONDAY_TEN - days * DAY} | values,
    )


@pytest.fixture
def three(cast: Cast) -> list[DealJacket]:
    """At a lender for a day, for five days, for eleven; the last was kicked back and lacks a paper."""
    rows = [
        contract(cast, "4711", 1, lender="Ally", amount_financed_cents=10_000_00, salesperson=cast.sam),
        contract(cast, "4712", 5, lender="Zebra", amount_financed_cents=30_000_00, deal_type="lease"),
        contract(cast, "4713", 11, lender="Zebra", amount_financed_cents=20_000_00, stage="kicked_back"),
    ]
    stipulations.issue(rows[2], what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    return rows


# --- what is asked ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["4713", "4712", "4711"]),
        ("over=4", ["4713", "4712"]),
        ("over=10", ["4713"]),
        ("over=9", ["4713", "4712", "4711"]),
        ("stands=sent", ["4712", "4711"]),
        ("stands=kicked_back", ["4713"]),
        ("stands=unsent", []),
        ("type=lease", ["4712"]),
        ("stips=open", ["4713"]),
        ("stips=none&sort=newest", ["4711", "4712"]),
        ("salesperson=nobody", ["4713", "4712"]),
        ("lender=Zebra", ["4713", "4712"]),
        ("sort=amount", ["4712", "4713", "4711"]),
    ],
)
def test_contracts_in_transit_are_narrowed_and_ordered(
    three: list[DealJacket], cast: Cast, signed_in: SignIn, asked: str, found: list[str]
) -> None:
    assert numbers(signed_in(cast.faye).get(f"{CONTRACTS}?{asked}")) == found


def test_a_contract_presses_as_it_ages(three: list[DealJacket], cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.faye).get(CONTRACTS).content.decode()
    for shown in (">1<", 'class="soon-ink strong">5<', 'class="late-ink strong">11<'):
        assert shown in page


def test_who_sees_no_money_cannot_ask_for_it_either(
    three: list[DealJacket], cast: Cast, signed_in: SignIn
) -> None:
    """Neither by a column that a manager's view names, nor by narrowing, nor by the order or the place in it."""
    sam, asked = (
        signed_in(cast.sam),
        "cols=deal_number&cols=lender&cols=amount&lender=Zebra&sort=amount&size=25",
    )
    signed_in(cast.gus).post("/lists/in_transit/views/", {"name": "Zebra", "query": asked, "for_all": "on"})
    answer = sam.get(f"{CONTRACTS}?{asked}")
    assert numbers(answer) == ["4713", "4712", "4711"]
    assert [one.key for one in answer.context["list"].columns] == ["deal_number"]
    assert "Ally" not in answer.content.decode()
    assert sam.get("/fni/in-transit.csv").status_code == 403


def test_stips_are_narrowed_by_how_far_they_are(
    three: list[DealJacket], cast: Cast, signed_in: SignIn
) -> None:
    old = MONDAY_TEN - 3 * DAY
    asked = stipulations.issue(three[0], what="The second key", by=cast.faye, now=old)
    stipulations.asked(asked, how="phone", by=cast.sam, now=MONDAY_TEN)
    here = stipulations.issue(three[1], what="References", by=cast.faye, now=MONDAY_TEN)
    stipulations.collect(here, by=cast.faye, now=MONDAY_TEN)
    faye = signed_in(cast.faye)
    for query, found in {
        "": ["4711", "4713"],
        "sort=newest": ["4713", "4711"],
        "show=unasked": ["4713"],
        "show=asked": ["4711"],
        "show=ended": ["4712"],
        "paper=Proof of income": ["4713"],
        "paper=other": ["4711"],
        "wanted=2": ["4711"],
        "salesperson=nobody": ["4713"],
    }.items():
        assert numbers(faye.get(f"{STIPS}?{query}")) == found, query
    told = list(
        csv.DictReader(faye.get("/fni/stips/export/?show=ended").content.decode("utf-8-sig").splitlines())
    )
    assert [(row["Paper"], row["Deal"], row["Stands"]) for row in told] == [("References", "4712", "here")]
    assert "asked on the phone" in words(faye, f"{STIPS}?show=asked")


# --- figures and what is behind them ------------------------------------------------------------------------------------


def test_every_lane_of_the_board_and_its_list_hold_the_same_jackets(
    three: list[DealJacket], cast: Cast, signed_in: SignIn
) -> None:
    agreed(cast, tina(cast), deal_number="4720")
    for number, values in {
        "4721": {"stage": "in_box", "delivered_at": None},
        "4722": {"stage": "refused", "delivered_at": None},
        "4723": {"stage": "contracted", "delivered_at": None},
        "4724": {"stage": "funded", "funded_at": MONDAY_TEN, "title_due_at": MONDAY_TEN + DAY},
        "4725": {"stage": "contracted", "deal_type": "cash", "title_due_at": MONDAY_TEN - DAY},
        "4726": {"stage": "title_sent", "funded_at": MONDAY_TEN - 100 * DAY},
        "4727": {"stage": "unwound"},
    }.items():
        contract(cast, number, 2, **values)
    faye, found = signed_in(cast.faye), board.board(cast.faye, MONDAY_TEN)
    for lane in found.lanes.values():
        listed = numbers(faye.get(f"{JACKETS}?{jacket_list.address(lane.key)}"))
        assert sorted(listed) == sorted(row.jacket.deal_number for row in lane.rows), lane.key
        assert listed, lane.key
    titles = faye.get(f"{JACKETS}?show=title&cols=deal_number&cols=title")
    assert [(row["deal_number"], row["title"]) for row in titles.context["list"].rows] == [
        ("4725", "late"),
        ("4724", "soon"),
    ]
    assert numbers(faye.get(f"{JACKETS}?show=over")) == ["4727", "4726"]
    assert len(found.in_transit) == len(numbers(faye.get(CONTRACTS)))
    assert len(found.over_seven) == len(numbers(faye.get(f"{CONTRACTS}?over=7")))
    assert found.n_unasked == len(numbers(faye.get(f"{STIPS}?show=unasked")))


def test_the_share_that_passed_opens_the_contracts_behind_it(cast: Cast, signed_in: SignIn) -> None:
    rows = [contract(cast, f"473{n}", 9, stage="funded", funded_at=MONDAY_TEN - n * DAY) for n in range(3)]
    KickBack.objects.create(
        store=cast.northside, jacket=rows[2], why="Page 3", kicked_back_at=MONDAY_TEN, corrected_at=MONDAY_TEN
    )
    contract(cast, "4739", 100, stage="funded", funded_at=MONDAY_TEN - 91 * DAY)
    faye, share = signed_in(cast.faye), board.first_pass(cast.faye, MONDAY_TEN)
    there = f"{JACKETS}?{jacket_list.address('funded')}"
    assert there in faye.get("/fni/").content.decode().replace("&amp;", "&")
    assert numbers(faye.get(there)) == ["4732", "4730", "4731"]
    assert share.funded == 3
    assert len(numbers(faye.get(f"{there}&kicks=none"))) == share.first_pass == 2


# --- many at once -------------------------------------------------------------------------------------------------------


def test_what_fni_owes_about_many_goes_to_a_colleague_and_back(cast: Cast, signed_in: SignIn) -> None:
    """What sales owes about the same deals stays with sales."""
    row = in_transit(cast, days=1)
    stipulations.issue(row, what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    owed = Promise.objects.of_store(cast.northside.pk).filter(state="open", subject="deal:4711")
    owned = dict(owed.values_list("rule", "owner__name"))
    ours = {"ask_for_stip", "collect_stip", "fund_contract"}
    assert ours < set(owned)
    assert {owned[rule] for rule in ours} == {"Faye Lang"}
    faye, there = signed_in(cast.faye), f"{CONTRACTS}hand-off/?all=on"
    seen = faye.get(there)
    assert "3 open promises about them will be a colleague’s" in words(faye, there)
    assert seen.context["act"].named[0][1] == "Deal 4711"
    done = faye.post(there, {"to": cast.tia.pk, "why": "Away", "n": 1}, follow=True)
    assert "3 promises handed to Tia" in done.content.decode()
    assert set(owed.filter(owner=cast.tia).values_list("rule", flat=True)) == ours
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert "All as it was" in faye.post(f"/lists/acts/{act.pk}/undo/", follow=True).content.decode()
    assert dict(owed.values_list("rule", "owner__name")) == owned


def test_the_promises_about_stips_that_are_ticked_go_alone(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast, days=1)
    first, second = (
        stipulations.issue(row, what=what, by=cast.faye, now=MONDAY_TEN)
        for what in ("Proof of income", "References")
    )
    gus = signed_in(cast.gus)
    gus.post(f"{STIPS}hand-off/?row={first.pk}", {"to": cast.tia.pk, "why": "Away", "n": 1})
    owed = Promise.objects.of_store(cast.northside.pk).filter(state="open", owner=cast.tia)
    assert set(owed.values_list("rule", "about")) == {
        ("ask_for_stip", first.key),
        ("collect_stip", first.key),
    }
    tia = signed_in(cast.tia)
    nothing = tia.get(f"{STIPS}hand-off/?row={second.pk}", follow=True)
    assert "Nothing about these is owed by you" in nothing.content.decode()
    assert signed_in(cast.sam).get(f"{STIPS}hand-off/?row={first.pk}").status_code == 403
    assert "Hand off what is owed" not in words(signed_in(cast.sam), STIPS)


def test_what_has_not_been_promised_is_handed_to_nobody(cast: Cast, signed_in: SignIn) -> None:
    contract(cast, "4711", 1)
    answer = signed_in(cast.gus).get(f"{JACKETS}hand-off/?all=on", follow=True)
    assert "Nothing is owed about these now" in answer.content.decode()
    assert jacket(cast).stage == "sent"
