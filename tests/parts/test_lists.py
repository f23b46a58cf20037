"""The lists of parts: narrowed by what people ask a counter, in order, taken away, and done with many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.lists.retold import retold
from dealership.staff.models import StaffMember
from parts import special_orders, telling
from parts.models import PartsRequest, SpecialOrderPart, StockPart
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words
from tests.parts.making import asked, in_state, known_ro, marlene
from tests.parts.test_pages import aged

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
WHERE, SHELF = "/parts/requests/", "/parts/stock/"
NAMES = ("Gasket", "Rotor", "Hose", "Mirror", "Lamp")


@pytest.fixture(autouse=True)
def ten_past_ten() -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN + timedelta(minutes=10), tick=False):
        yield


@pytest.fixture
def parts(cast: Cast) -> dict[str, PartsRequest]:
    """One in each state of interest."""
    customer = marlene(cast)
    known_ro(cast, customer=customer)
    known_ro(cast, "048214", customer=customer, state="closed")
    made = {
        "Gasket": asked(cast, description="Gasket", ro_number="048214"),
        "Rotor": in_state(cast, "backordered", description="Rotor", customer=customer, ro_number="048213"),
        "Hose": in_state(cast, "ordered", description="Hose", customer=customer),
        "Mirror": in_state(cast, "received", description="Mirror"),
        "Lamp": in_state(cast, "installed", description="Lamp"),
    }
    aged(made["Hose"], source="NAPA")
    telling.tell_eta(made["Hose"], by=cast.pete, now=MONDAY_TEN)
    aged(made["Mirror"], received_at=MONDAY_TEN - timedelta(days=22))
    return made


def listed(browser: Client, query: str) -> list[str]:
    """The parts that a page of the list shows, in its order."""
    text = words(browser.get(f"{WHERE}{query}").content.decode())
    found = sorted((text.index(f" {name} "), name) for name in NAMES if f" {name} " in text)
    return [name for _place, name in found]


#: What an address shows.
SHOWN: dict[str, set[str]] = {
    "": {"Gasket", "Rotor", "Hose", "Mirror"},
    "?state=all": set(NAMES),
    "?state=installed": {"Lamp"},
    "?ro=counter": {"Hose", "Mirror"},
    "?ro=open": {"Rotor"},
    "?ro=over": {"Gasket"},
    "?source=NAPA": {"Hose"},
    "?comes=unknown": {"Rotor"},
    "?comes=week": {"Hose"},
    "?comes=late": set(),
    "?lies=14": {"Mirror"},
    "?lies=21": {"Mirror"},
    "?lies=30": set(),
    "?told=owed": {"Rotor"},
    "?told=late": set(),
    "?told=told": {"Hose"},
}


def test_the_list_is_narrowed_by_what_people_ask_a_counter(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    pete = signed_in(cast.pete)
    assert {query: set(listed(pete, query)) for query in SHOWN} == SHOWN


def test_what_comes_soonest_stands_first_and_the_list_goes_on_from_there(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    pete, day = signed_in(cast.pete), timedelta(days=1)
    for number in range(26):
        aged(
            in_state(cast, "ordered", description=f"Clip {number:02}"), eta_at=MONDAY_TEN + day * (number + 8)
        )
    aged(parts["Hose"], eta_at=MONDAY_TEN + day * 20 + timedelta(hours=1))
    first = pete.get(f"{WHERE}?comes=later&size=25").content.decode()
    assert first.index("Clip 12") < first.index("Hose") < first.index("Clip 13")
    onward = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    rest = pete.get(WHERE + onward).content.decode()
    assert "Clip 24" in rest
    assert "Clip 25" in rest
    assert "Clip 23" not in rest


def test_the_file_is_what_is_seen(cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn) -> None:
    asks = "?source=NAPA&cols=description&cols=eta&cols=told&cols=source"
    text = signed_in(cast.pete).get(f"{WHERE}export/{asks}").content.decode("utf-8-sig")
    assert text.splitlines() == ["Part,From,ETA,Customer knows", "Hose,NAPA,2026-11-26,told"]


def test_what_is_owed_about_many_is_a_colleagues_and_back_by_undo(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    open_ones = Promise.objects.of_store(cast.northside.pk).filter(state="open")
    about = open_ones.filter(subject__in=[f"part:{parts[name].pk}" for name in ("Rotor", "Mirror")])
    n, before = about.count(), dict(open_ones.values_list("pk", "owner"))
    assert n >= 3
    there = f"{WHERE}many/hand-off/?row={parts['Rotor'].pk}&row={parts['Mirror'].pk}"
    assert signed_in(cast.tess).get(there).status_code == 403
    assert "Hand off what is owed…" not in signed_in(cast.tess).get(WHERE).content.decode()
    pam = signed_in(cast.pam)
    assert f"{n} open promises" in pam.get(there).content.decode()
    form = {"to": cast.lou.pk, "why": "Ana is at lunch"}
    assert pam.post(there, {**form, "n": 3}).status_code == 422
    pam.post(there, {**form, "n": 2})
    assert set(about.values_list("owner", flat=True)) == {cast.lou.pk}
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    bulk.take_back(act, by=cast.pam, now=MONDAY_TEN + timedelta(minutes=11))
    assert dict(open_ones.values_list("pk", "owner")) == before


def owed(cast: Cast, part: PartsRequest) -> set[str]:
    rows = Promise.objects.of_store(cast.northside.pk).filter(subject=part.subject, state="open")
    return set(rows.values_list("rule", flat=True))


def day_of(part: PartsRequest) -> tuple[object, ...]:
    sop = SpecialOrderPart.objects.of_store(part.store_id).get(request=part)
    return sop.eta_at, sop.eta_changed_at, sop.eta_reason, sop.tell_by_at


def test_what_comes_together_comes_on_another_day_and_on_its_own_by_undo(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    parts["Seal"] = in_state(
        cast, "ordered", description="Seal", customer=parts["Hose"].customer, ro_number="048213"
    )
    names = ("Rotor", "Hose", "Seal")
    before = {name: (day_of(parts[name]), owed(cast, parts[name])) for name in names}
    assert [before[name][1] for name in names] == [
        {"tell_part_eta", "tell_new_part_eta"},
        set(),
        {"tell_part_eta"},
    ]
    pete, there = signed_in(cast.pete), f"{WHERE}many/day/?all=on"
    assert signed_in(cast.ana).get(there).status_code == 403
    assert "Another day…" not in signed_in(cast.ana).get(WHERE).content.decode()
    seen = pete.get(there).content.decode()
    assert "Move 3 parts" in seen
    assert "From Honda, NAPA" in seen
    assert "That day has passed" in pete.post(there, {"eta_date": "2026-11-20", "n": 3}).content.decode()
    assert "Now 3 parts match" in pete.post(there, {"eta_date": "2026-12-01", "n": 2}).content.decode()
    said = pete.post(there, {"eta_date": "2026-12-01", "n": 3}, follow=True).content.decode()
    assert "3 parts expected on Tue 1 Dec" in said
    assert all("tell_new_part_eta" in owed(cast, parts[name]) for name in names)
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    with translation.override("es"):
        assert retold(act.says) == "3 repuestos esperados el mar 1 dic"
    assert bulk.take_back(act, by=cast.pete, now=MONDAY_TEN + timedelta(minutes=11)) == 3
    assert {name: (day_of(parts[name]), owed(cast, parts[name])) for name in names} == before


def test_a_day_of_which_a_customer_was_told_or_that_moved_again_stays(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    there = f"{WHERE}many/day/?row={parts['Rotor'].pk}&row={parts['Hose'].pk}"
    signed_in(cast.pete).post(there, {"eta_date": "2026-12-01", "n": 2})
    soon = MONDAY_TEN + timedelta(minutes=11)
    telling.tell_eta(parts["Hose"], by=cast.ana, now=soon)
    special_orders.change_eta(
        parts["Rotor"], reason="eta", eta_date=date(2026, 12, 3), by=cast.pete, now=soon
    )
    after = [day_of(parts[name]) for name in ("Rotor", "Hose")]
    act = BulkAct.objects.of_store(cast.northside.pk).get()
    assert bulk.take_back(act, by=cast.pete, now=soon) == 0
    assert [day_of(parts[name]) for name in ("Rotor", "Hose")] == after


def test_nothing_is_handed_off_where_nothing_is_owed(
    cast: Cast, parts: dict[str, PartsRequest], signed_in: SignedIn
) -> None:
    there = f"{WHERE}many/hand-off/?row={parts['Lamp'].pk}"
    said = signed_in(cast.pam).get(there, follow=True).content.decode()
    assert "Nothing is owed about these now." in said


@pytest.fixture
def shelf(cast: Cast) -> None:
    """Three part numbers: one that sells, one that does not, one that is gone."""
    rows = [("A1", 4, date(2026, 11, 20)), ("B2", 2, date(2025, 3, 1)), ("C3", 0, None)]
    StockPart.objects.bulk_create(
        StockPart(
            store=cast.northside, part_key=key, part_number=key, description=f"CLIP {key}", on_hand=n, bin=f"B {n}",
            price_cents=900, cost_cents=511, last_sale_date=sold, stamp=MONDAY_TEN, line=1, content_hash="x",
        )
        for key, n, sold in rows
    )  # fmt: skip


def test_the_shelf_is_narrowed_and_ordered_by_what_does_not_sell(
    cast: Cast, shelf: None, signed_in: SignedIn
) -> None:
    pete = signed_in(cast.pete)

    def keys(query: str) -> list[str]:
        said = pete.get(f"{SHELF}export/{query}").content.decode("utf-8-sig")
        return [line.split(",")[0] for line in said.splitlines()[1:]]

    assert keys("") == ["A1", "B2", "C3"]
    assert keys("?lies=there") == ["A1", "B2"]
    assert keys("?sort=bin") == ["C3", "B2", "A1"]
    assert keys("?sold=never") == ["C3"]
    assert keys("?sold=over365") == ["B2"]
    StockPart.objects.of_store(cast.northside.pk).filter(part_key="C3").update(
        last_sale_date=date(2024, 3, 1)
    )
    assert keys("?sold=over365&sort=unsold") == ["C3", "B2"]
    page = pete.get(f"{SHELF}?lies=there").content.decode()
    assert "CLIP B2" in page
    assert "CLIP C3" not in page


def test_what_a_part_cost_stands_in_no_list_of_an_advisor(
    cast: Cast, shelf: None, signed_in: SignedIn
) -> None:
    ask = "?cols=part_number&cols=cost_cents"
    assert "5.11" in signed_in(cast.pete).get(f"{SHELF}{ask}").content.decode()
    ana = signed_in(cast.ana)
    for path in (f"{SHELF}{ask}", f"{SHELF}export/{ask}"):
        said = ana.get(path).content.decode()
        assert "B2" in said
        assert "5.11" not in said
        assert "Cost" not in said
    kept = ana.post("/lists/shelf_cost/views/", {"name": "costs", "query": "cols=cost_cents"})
    assert kept.status_code == 403
