"""Who did what, whose records somebody opened, and the history of a record: what a page tells, to whom, and what it keeps to itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from dealership.acting import Actor, by
from dealership.audit import entries, trail
from dealership.audit.models import Action, Entry
from dealership.audit.trail import Asked
from dealership.customers.models import ContactPoint, Customer
from dealership.lists.models import SavedView
from dealership.messaging import consent
from dealership.staff.models import StaffMember
from tests.cast import MONDAY_TEN, Cast, make_customer

SignedIn = Callable[[StaffMember], Client]
pytestmark = pytest.mark.django_db
TODAY = MONDAY_TEN.date()


@pytest.fixture(autouse=True)
def monday() -> object:
    entries.forget_noted()
    with time_machine.travel(MONDAY_TEN, tick=False):
        yield


def opened(staff: StaffMember, *keys: int) -> None:
    for key in keys:
        entries.record(
            store_id=staff.store_id, staff_id=staff.pk, action=Action.SAW, kind="ro", key=key, now=MONDAY_TEN
        )


@pytest.fixture
def kim(cast: Cast) -> Customer:
    """A customer of Northside whom Dana has moved, and somebody merged away."""
    with by(Actor("page", staff_id=cast.dana.pk, ip="192.0.2.7")):
        row = make_customer(cast.northside, "Kim Abbott", "+19735550123")
        Customer.objects.of_store(row.store_id).filter(pk=row.pk).update(street="9 Elm Street", language="es")
    return row


def test_a_customers_history_says_what_changed_and_not_what_is_personal(
    cast: Cast, kim: Customer, signed_in: SignedIn
) -> None:
    page = signed_in(cast.ana).get(f"/trail/customers/{kim.pk}/").content.decode()
    assert "Dana Ruiz" in page
    assert "Language en → es, street changed" in page
    assert "Elm" not in page
    assert "5550123" not in page


def test_who_looked_is_for_managers(cast: Cast, kim: Customer, signed_in: SignedIn) -> None:
    signed_in(cast.sam).get(f"/customers/{kim.pk}/")
    path = f"/trail/customers/{kim.pk}/"
    for_lou, for_rosa = (signed_in(who).get(path).content.decode() for who in (cast.lou, cast.rosa))
    assert "Sam Tully" not in for_lou
    assert "192.0.2.7" not in for_lou
    assert "Sam Tully" in for_rosa
    assert "192.0.2.7" in for_rosa
    assert "Sam Tully" not in signed_in(cast.rosa).get(f"{path}?looks=no").content.decode()


def test_a_customers_history_holds_consent_for_their_numbers_and_what_was_merged_into_them(
    cast: Cast, kim: Customer
) -> None:
    other = make_customer(cast.northside, "K. Abbott", "+19735550124")
    Customer.objects.of_store(kim.store_id).filter(pk=other.pk).update(merged_into=kim)
    for number in ("+19735550124", "+19735550199"):
        consent.revoke(
            store_id=kim.store_id, number=number, how=consent.How.TEXT, words="STOP", now=MONDAY_TEN
        )
    rows = trail.of_record(cast.gus, "customer", kim, with_looks=True)
    assert [row.action for row in rows].count("consent") == 1
    assert {row.customer_id for row in rows if row.customer_id} == {kim.pk, other.pk}


def test_asked_for_are_days_people_acts_and_kinds(cast: Cast, signed_in: SignedIn) -> None:
    opened(cast.dana, 1, 2)
    opened(cast.sam, 3)
    entries.record(store_id=cast.northside.pk, staff_id=cast.dana.pk, action=Action.EXPORTED, kind="list",
                   now=MONDAY_TEN - timedelta(days=40))  # fmt: skip

    def found(**asked: object) -> list[tuple[str, int]]:
        rows = trail.asked_for(cast.gus, Asked(**({"since": TODAY, "until": TODAY} | asked)))  # type: ignore[arg-type]
        return [(row.action, row.key) for row in rows if row.kind in ("ro", "list")]

    assert found(who=cast.dana.pk) == [("saw", 2), ("saw", 1)]
    assert found(kind="ro") == [("saw", 3), ("saw", 2), ("saw", 1)]
    assert found(action="exported") == []
    assert found(action="exported", since=TODAY - timedelta(days=40)) == [("exported", 0)]


def test_a_page_begins_where_the_one_before_ended(cast: Cast) -> None:
    opened(cast.dana, *range(1, 131))
    rows = trail.asked_for(cast.gus, Asked(since=TODAY, until=TODAY, kind="ro"))
    seen, cursor = [], ""
    while True:
        page = trail.page(rows, cursor)
        seen += [row.key for row in page.entries]
        if not (cursor := page.older):
            break
    assert seen == list(range(130, 0, -1))


@pytest.mark.parametrize(
    "asked",
    [
        "?since=x&who=0&action=zap&kind=zap",
        "?after=zap&sort=zap&size=0&cols=zap",
        "?since=2026-12-01&until=2026-01-01",
        "?who=999999999999999",
        "?since=0001-01-01",
        "?until=9999-12-31",
    ],
)
def test_what_is_not_understood_is_not_asked(cast: Cast, signed_in: SignedIn, asked: str) -> None:
    assert signed_in(cast.gus).get(f"/trail/{asked}").status_code == 200


def saw(staff: StaffMember, customer: Customer, *hours: int) -> None:
    """That this person opened records of this customer, so many hours before now."""
    for hour in hours:
        Entry.objects.create(
            store_id=customer.store_id,
            staff_id=staff.pk,
            at=MONDAY_TEN - timedelta(hours=hour),
            agent="page",
            action="saw",
            kind="ro",
            key=hour,
            customer_id=customer.pk,
        )


def names(file: HttpResponse) -> list[str]:
    """Whom a file of customers names, in its order."""
    return [line["Name"] for line in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))]


def test_whose_records_somebody_opened(cast: Cast, kim: Customer, signed_in: SignedIn) -> None:
    signed_in(cast.dana).get(f"/customers/{kim.pk}/")
    saw(cast.dana, make_customer(cast.eastside, "Otto Winter", "+13125550123"), 1)
    saw(cast.sam, make_customer(cast.northside, "Ned Poe", "+19735550188"), 1)
    boss, asks = signed_in(cast.gus), f"who={cast.dana.pk}"
    page = boss.get(f"/trail/affected/?{asks}").content.decode()
    assert "Dana Ruiz opened records of 1 customer<" in page
    assert "Kim Abbott" in page
    assert "Ned Poe" not in page
    assert "Otto Winter" not in page
    assert "opened no customer" in boss.get(f"/trail/affected/?who={cast.ana.pk}").content.decode()
    nobody = boss.get("/trail/affected/").content.decode()
    assert "Choose a person" in nobody
    assert "Kim Abbott" not in nobody
    assert names(boss.get(f"/trail/affected.csv?{asks}")) == ["Kim Abbott"]
    exported = Entry.objects.visible_to(cast.gus).filter(action="exported").latest("pk")
    assert (exported.address, exported.staff_id, exported.details["n"]) == (
        "audit:affected_export",
        cast.gus.pk,
        1,
    )


def test_whose_records_were_opened_is_a_list_of_the_house_in_orders_columns_pages_and_views(
    cast: Cast, kim: Customer, signed_in: SignedIn
) -> None:
    ned = make_customer(cast.northside, "Ned Poe", "+19735550188")
    ada = make_customer(cast.northside, "Ada Byrd", "+19735550189")
    saw(cast.dana, kim, 3, 2)
    saw(cast.dana, ned, 9, 5, 4)
    saw(cast.dana, ada, 1)
    saw(cast.sam, kim, 0, 6, 7, 8)
    boss, asks = signed_in(cast.gus), f"who={cast.dana.pk}"
    for order, found in {
        "": ["Ned Poe", "Kim Abbott", "Ada Byrd"],
        "last": ["Ada Byrd", "Kim Abbott", "Ned Poe"],
        "first": ["Ned Poe", "Kim Abbott", "Ada Byrd"],
        "name": ["Ada Byrd", "Kim Abbott", "Ned Poe"],
    }.items():
        page = boss.get(f"/trail/affected/?{asks}&sort={order}").content.decode()
        assert sorted(found, key=page.index) == found, order
        assert names(boss.get(f"/trail/affected.csv?{asks}&sort={order}")) == found, order
    file = boss.get(f"/trail/affected.csv?{asks}&cols=name&cols=n").content.decode("utf-8-sig")
    assert file.splitlines() == ["Name,Opened", "Ned Poe,3", "Kim Abbott,2", "Ada Byrd,1"]
    boss.post("/lists/affected/views/", {"name": "Dana’s week", "query": f"{asks}&sort=last"})
    view = SavedView.objects.of_store(cast.northside.pk).get()
    assert (view.list_key, view.query) == ("affected", f"{asks}&sort=last")
    assert "Dana’s week" in boss.get("/trail/affected/").content.decode()


def test_whoever_opened_many_is_shown_page_by_page(cast: Cast, signed_in: SignedIn) -> None:
    for n in range(27):
        saw(cast.dana, make_customer(cast.northside, f"Kim Abbott {n:02}", f"+197355501{n:02}"), 1)
    boss = signed_in(cast.gus)
    page = boss.get(f"/trail/affected/?who={cast.dana.pk}&size=25&sort=name").content.decode()
    assert "27 customers" in page
    assert "Kim Abbott 24" in page
    assert "Kim Abbott 25" not in page
    onward = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = boss.get(f"/trail/affected/{onward}").content.decode()
    assert "Kim Abbott 24" not in rest
    assert "Kim Abbott 26" in rest


def test_the_file_of_the_trail_says_what_the_page_says_and_is_noted_itself(
    cast: Cast, kim: Customer, signed_in: SignedIn
) -> None:
    boss = signed_in(cast.gus)
    answer = boss.get(f"/trail/trail.csv?who={cast.dana.pk}")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {line["Who"] for line in lines} == {"Dana Ruiz"}
    assert "Language en → es, street changed".lower() in {line["Changed"].lower() for line in lines}
    assert (
        Entry.objects.visible_to(cast.gus).filter(action="exported", address="audit:trail_export").count()
        == 1
    )


def test_the_trail_is_a_list_of_the_house_in_columns_orders_and_pages(
    cast: Cast, signed_in: SignedIn
) -> None:
    opened(cast.dana, *range(1, 41))
    boss, asks = signed_in(cast.gus), f"who={cast.dana.pk}&kind=ro"
    page = boss.get(f"/trail/?{asks}&size=30&sort=oldest").content.decode()
    assert "40 acts" in page
    onward = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = boss.get(f"/trail/{onward}").content.decode()
    assert page.count('scope="row">Dana Ruiz') == 30
    assert rest.count('scope="row">Dana Ruiz') == 10
    assert 'scope="row">Dana Ruiz' not in boss.get(f"/trail/?{asks}&cols=at&cols=record").content.decode()
    file = boss.get(f"/trail/trail.csv?{asks}&cols=who&cols=what").content.decode("utf-8-sig")
    assert file.splitlines()[:2] == ["Who,What", "Dana Ruiz,Opened"]
    assert len(file.splitlines()) == 41
    boss.post("/lists/trail/views/", {"name": "Dana’s cars", "query": asks})
    view = SavedView.objects.of_store(cast.northside.pk).get()
    assert (view.list_key, view.query) == ("trail", asks)
    assert "Dana’s cars" in boss.get("/trail/").content.decode()
    assert signed_in(cast.rosa).post("/lists/trail/views/", {"name": "x"}).status_code == 403


def test_nothing_of_the_other_store_is_named(cast: Cast, signed_in: SignedIn) -> None:
    """Somebody of another store of the group changed something here: that they did is told, their name is theirs."""
    with by(Actor("page", staff_id=cast.eve.pk)):
        make_customer(cast.northside, "Kim Abbott", "+19735550123")
    page = signed_in(cast.gus).get("/trail/").content.decode()
    assert "Somebody of another store" in page
    assert "Eve Stark" not in page


def test_a_point_that_is_many_rows_is_one_line(cast: Cast, kim: Customer) -> None:
    before = Entry.objects.visible_to(cast.gus).latest("pk").pk
    ContactPoint.objects.bulk_create(
        ContactPoint(
            store_id=kim.store_id,
            customer=kim,
            kind="email",
            value=f"k{n}@kept.example",
            created_at=MONDAY_TEN,
        )
        for n in range(30)
    )
    (row,) = Entry.objects.visible_to(cast.gus).filter(pk__gt=before)
    assert row.details == {"n": 30}
