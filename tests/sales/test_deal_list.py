"""The lists of deals and of we-owes: what is asked narrows them, figures open what they count, what is owed about many goes on."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dealership.customers.models import Customer
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from sales import deal_board, deal_listing, deals, we_owes
from sales.models import Deal, WeOwe
from tasks.models import Promise
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

pytestmark = pytest.mark.django_db
SignIn = Callable[[StaffMember], Client]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LIST, OWED = "/sales/deals/list/", "/sales/we-owes/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    """Monday, ten in the morning; the store has been open since eight."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def nina(cast: Cast) -> Customer:
    return make_customer(cast.northside, "Nina Park", "+19735550177")


#: A deal at each point of its way.
WAY: dict[str, dict[str, Any]] = {
    "desk": {"stage": "written"},
    "refused": {"stage": "agreed", "agreed_at": NOW - 2 * HOUR, "refused_at": NOW - HOUR},
    "waits": {"stage": "agreed", "agreed_at": NOW - HOUR, "deal_type": "lease"},
    "just": {"stage": "agreed", "agreed_at": NOW - HOUR / 4},
    "box": {"stage": "in_fni", "stips": {"stip:1": ["Proof of income", "open"]}},
    "signed": {
        "stage": "contracted",
        "delivery_at": NOW + 3 * HOUR,
        "stips": {"stip:2": ["ID", "collected"]},
    },
    "overdue": {"stage": "contracted", "delivery_at": NOW - 3 * DAY},
    "gone": {"stage": "delivered", "delivered_at": NOW - HOUR, "first_service_at": NOW + 90 * DAY},
    "lately": {"stage": "delivered", "delivered_at": NOW - 9 * DAY, "condition": "used"},
    "old": {"stage": "delivered", "delivered_at": NOW - 40 * DAY},
    "loaded": {"stage": "delivered", "delivered_at": NOW - 9 * DAY, "is_history": True},
    "lost": {"stage": "lost", "ended_at": NOW - DAY, "ended_why": "Bought elsewhere"},
}


@pytest.fixture
def way(cast: Cast, nina: Customer) -> dict[str, Deal]:
    """Written one after the other, the first longest ago."""
    return {
        name: Deal.objects.create(
            store=cast.northside,
            deal_number=name,
            customer=nina,
            car="2026 Civic",
            written_at=NOW - (100 - n) * DAY,
            updated_at=NOW,
            salesperson=cast.sam if name in ("desk", "gone") else None,
            salesperson_name="LEE" if name == "old" else "",
            **values,
        )
        for n, (name, values) in enumerate(WAY.items())
    }


def found(answer: Any, column: str = "deal_number") -> list[str]:
    assert answer.status_code == 200
    return [row[column] for row in answer.context["list"].rows]


@pytest.mark.parametrize(
    ("asked", "deals"),
    [
        ("", "overdue signed box just waits refused desk"),
        ("sort=oldest", "desk refused waits just box signed overdue"),
        ("show=desk", "refused desk"),
        ("show=waiting", "waits just"),
        ("show=in_fni", "box"),
        ("show=contracted", "overdue signed"),
        ("show=delivered", "gone loaded lately old"),
        ("show=delivered&delivery=done30", "gone lately"),
        ("show=delivered&delivery=done7", "gone"),
        ("show=ended", "lost"),
        ("show=all&delivery=today", "gone signed"),
        ("delivery=week", "signed"),
        ("delivery=passed", "overdue"),
        ("ready=refused", "refused"),
        ("ready=waits_long", "waits"),
        ("ready=stips", "box"),
        ("show=contracted&ready=no_first", "overdue signed"),
        ("ready=no_hour", "box just waits refused desk"),
        ("show=all&salesperson=nobody&condition=used", "lately"),
        ("type=lease", "waits"),
        ("written=90&show=ended", "lost"),
        ("written=over90&show=desk", "refused desk"),
    ],
)
def test_deals_are_narrowed_and_ordered(
    way: dict[str, Deal], cast: Cast, signed_in: SignIn, asked: str, deals: str
) -> None:
    answer = signed_in(cast.mo).get(f"{LIST}?{asked}")
    assert found(answer) == deals.split()


def test_ones_own_deals_are_asked_for_and_taken_away(
    way: dict[str, Deal], cast: Cast, signed_in: SignIn
) -> None:
    sam = signed_in(cast.sam)
    assert found(sam.get(f"{LIST}?show=all&salesperson=me")) == ["gone", "desk"]
    query = "show=all&cols=deal_number&cols=stands&cols=salesperson&cols=stips&cols=first&sort=oldest"
    lines = sam.get(f"{LIST}export/?{query}").content.decode("utf-8-sig").splitlines()
    told = {row["Deal"]: row for row in csv.DictReader(lines)}
    assert set(told) == set(WAY)
    assert told["refused"]["Stands"] == "handed back by F&I"
    assert (told["old"]["Salesperson"], told["gone"]["Salesperson"]) == ("LEE", cast.sam.name)
    assert (told["box"]["Stips open"], told["signed"]["Stips open"]) == ("1", "0")
    assert [told[name]["First service"] for name in ("gone", "box", "lately", "old", "lost")] == [
        "visit set", "no visit set", "no visit set", "", "",
    ]  # fmt: skip


def test_each_figure_and_lane_of_the_board_opens_as_many_as_it_counts(
    way: dict[str, Deal], cast: Cast, signed_in: SignIn
) -> None:
    mo, board = signed_in(cast.mo), deal_board.board(cast.mo, NOW)
    page = mo.get("/sales/deals/").content.decode().replace("&amp;", "&")
    first_service = found(mo.get(f"{LIST}?{deal_listing.address('first_service')}"))
    assert len(first_service) == board.n_of_late > board.n_first_service
    for figure, rows in {
        "waiting": board.waiting_long,
        "today": board.today,
        "lately": board.delivered,
    }.items():
        there = f"{LIST}?{deal_listing.address(figure)}"
        assert f'href="{there}"' in page
        assert sorted(found(mo.get(there))) == sorted(row.deal.deal_number for row in rows), figure
        assert rows, figure
    for lane, rows in {
        "desk": board.desk,
        "waiting": board.waiting,
        "in_fni": board.in_fni,
        "contracted": board.contracted,
    }.items():
        assert f'href="{LIST}?show={lane}"' in page
        assert sorted(found(mo.get(f"{LIST}?show={lane}"))) == sorted(row.deal.deal_number for row in rows)


def test_what_sales_owes_about_many_deals_goes_to_a_colleague_and_back(
    cast: Cast, nina: Customer, signed_in: SignIn
) -> None:
    for car in ("2026 Civic", "2026 Accord"):
        deal = deals.write(customer=nina, car=car, salesperson=cast.sam, by=cast.sam, now=NOW)
        deals.agree(deal, by=cast.sam, now=NOW)
    owed = Promise.objects.of_store(cast.northside.pk).filter(state="open", rule="bring_to_fni")
    assert set(owed.values_list("owner__name", flat=True)) == {cast.mo.name}
    mo, there = signed_in(cast.mo), f"{LIST}hand-off/?all=on&show=waiting"
    assert "2 open promises about them will be a colleague’s" in mo.get(there).content.decode()
    stale = mo.post(there, {"to": cast.lia.pk, "why": "Off today", "n": 1})
    assert stale.status_code == 422
    assert "Now 2 deals match" in stale.content.decode()
    answer = mo.post(there, {"to": cast.lia.pk, "why": "Off today", "n": 2}, follow=True)
    assert f"2 promises handed to {cast.lia.name}" in answer.content.decode()
    assert set(owed.values_list("owner__name", flat=True)) == {cast.lia.name}
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    mo.post(f"/lists/acts/{act.pk}/undo/")
    assert set(owed.values_list("owner__name", flat=True)) == {cast.mo.name}
    lia = signed_in(cast.lia)
    assert "Nothing about these is owed by you" in lia.get(there, follow=True).content.decode()
    assert signed_in(cast.dana).get(there).status_code == 403


def test_what_is_owed_with_deals_is_asked_for_by_day_person_and_state(
    cast: Cast, nina: Customer, signed_in: SignIn
) -> None:
    deal = deals.write(customer=nina, car="2026 Civic", salesperson=cast.sam, by=cast.sam, now=NOW)
    for item, on, owner in (("key", 24, cast.sam), ("mats", 27, cast.lia), ("rack", 30, cast.sam)):
        we_owes.write(deal, item=item, on=date(2026, 11, on), owner=owner, by=cast.sam, now=NOW)
    rows = {row.item: row for row in WeOwe.objects.of_store(cast.northside.pk)}
    WeOwe.objects.of_store(cast.northside.pk).filter(pk=rows["key"].pk).update(promised_at=NOW - HOUR)
    we_owes.move(rows["mats"], on=date(2026, 11, 28), by=cast.lia, now=NOW)
    mo = signed_in(cast.mo)
    for asked, items in {
        "": "key mats rack",
        "sort=farthest": "rack mats key",
        "show=late": "key",
        "due=7": "key mats",
        "moved=yes": "mats",
        f"owner={cast.sam.pk}": "key rack",
    }.items():
        assert found(mo.get(f"{OWED}?{asked}"), "item") == items.split(), asked
    board = deal_board.board(cast.mo, NOW)
    assert (board.n_we_owes, board.n_late_we_owes) == (3, 1)
    assert f'href="{OWED}?show=late"' in mo.get("/sales/deals/").content.decode()
    we_owes.deliver(rows["rack"], signed_by="Nina Park", by=cast.sam, now=NOW)
    we_owes.drop(rows["key"], why="Found in the car", by=cast.sam, now=NOW)
    assert found(mo.get(f"{OWED}?show=delivered"), "item") == ["rack"]
    text = mo.get(f"{OWED}export/?show=dropped&cols=item&cols=stands&cols=dropped_why").content.decode(
        "utf-8-sig"
    )
    assert text.splitlines() == ["Owed,Stands,No longer owed because", "key,dropped,Found in the car"]
    assert "None yet" not in mo.get(f"{OWED}?show=dropped").content.decode()
