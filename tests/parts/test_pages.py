"""Pages of parts: every figure opens its list, what is typed wrong stays typed, and no customer's page shows a cost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from parts import board, special_orders
from parts.models import KnownRO, PartsRequest, SpecialOrderPart, StockPart
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words
from tests.parts.making import asked, in_state, known_ro, marlene

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
KEY = "9f1c2d3e-0000-4000-8000-000000000007"


@pytest.fixture(autouse=True)
def ten_past_ten() -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN + timedelta(minutes=10), tick=False):
        yield


@pytest.fixture
def shelf(cast: Cast) -> StockPart:
    """Two calipers that cost the store less than their price."""
    return StockPart.objects.create(
        store=cast.northside, part_key="43018TBA", part_number="43018-TBA", description="CALIPER, RR", on_hand=2,
        bin="B 04", price_cents=28_640, cost_cents=13_111, stamp=MONDAY_TEN, line=1, content_hash="x",
    )  # fmt: skip


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return words(answer.content.decode())


def address(part: PartsRequest, act: str = "") -> str:
    return f"/parts/requests/{part.pk}/{act}"


def aged(part: PartsRequest, **values: Any) -> None:
    SpecialOrderPart.objects.of_store(part.store_id).filter(request=part).update(**values)


def test_an_empty_board_says_what_will_be_there(cast: Cast, signed_in: SignedIn) -> None:
    said = page(signed_in(cast.pete), "/parts/")
    assert "Nobody waits for a part" in said
    assert "nobody waits for a price" in said


def test_every_figure_opens_the_list_behind_it(cast: Cast, signed_in: SignedIn) -> None:
    customer = marlene(cast)
    known_ro(cast, customer=customer)
    known_ro(cast, "048214", customer=customer, state="closed")
    asked(cast, description="Gasket")
    in_state(cast, "backordered", description="Rotor", customer=customer, ro_number="048213")
    aged(in_state(cast, "ordered", description="Hose"), eta_at=MONDAY_TEN - timedelta(days=1))
    old = in_state(cast, "received", description="Mirror", customer=customer, ro_number="048214")
    aged(old, received_at=MONDAY_TEN - timedelta(days=31))
    browser = signed_in(cast.pete)
    shown = {
        key: [name for name in ("Gasket", "Rotor", "Hose", "Mirror") if name in page(browser, f"/parts/?list={key}")]
        for key in board.TILES
    }  # fmt: skip
    assert shown == {
        "quotes": ["Gasket"], "untold": ["Rotor"], "changed": ["Rotor"], "unbooked": ["Mirror"], "overdue": ["Hose"],
        "held": ["Mirror"],
    }  # fmt: skip
    tiles = {tile.key: tile.n for tile in board.board(cast.pete, MONDAY_TEN).tiles}
    assert tiles == dict.fromkeys(board.TILES, 1)
    assert "RO closed: fitted?" in page(browser, "/parts/")


def test_an_ro_number_in_the_address_fills_in_whose_part_it_is(cast: Cast, signed_in: SignedIn) -> None:
    known_ro(cast, customer=marlene(cast))
    said = page(signed_in(cast.ana), "/parts/requests/new/?ro=048213")
    assert "For RO 048213" in said
    assert "Marlene Price" in said
    assert "No file has told of this RO" in page(signed_in(cast.ana), "/parts/requests/new/?ro=9")


def test_what_is_typed_wrong_is_shown_again_with_what_to_do(cast: Cast, signed_in: SignedIn) -> None:
    known_ro(cast, "1", state=KnownRO.State.VOIDED)
    browser = signed_in(cast.pete)
    form = {"description": "Hose", "quantity": "1", "key": KEY, "ro_number": "1"}
    answer = browser.post("/parts/requests/new/", form)
    assert answer.status_code == 422
    assert "was voided in the DMS" in words(answer.content.decode())
    assert 'value="Hose"' in answer.content.decode()
    part = in_state(cast, "ordered", quantity=2)
    answer = browser.post(address(part, "receive/"), {"n": "3", "had": "0", "bin": "Q9"})
    assert answer.status_code == 422
    assert "type a number from 1 to 2" in words(answer.content.decode())
    assert 'value="Q9"' in answer.content.decode()
    answer = browser.post(address(part, "order/"), {"how": "daily"})
    assert (answer.status_code, "receive it first" in words(answer.content.decode())) == (422, True)
    assert browser.post(address(part, "change-eta/"), {"reason": "because"}).status_code == 422


def test_an_act_through_htmx_says_what_was_done_and_without_it_goes_back(
    cast: Cast, signed_in: SignedIn
) -> None:
    part, browser = asked(cast), signed_in(cast.pete)
    answer = browser.post(address(part, "quote/"), {"price": "84.50"}, headers={"HX-Request": "true"})
    assert (answer.status_code, "quoted" in answer["HX-Trigger"]) == (204, True)
    answer = browser.post(address(part, "order/"), {"how": "overnight", "eta_date": "2026-11-24"})
    assert (answer.status_code, answer["Location"]) == (302, address(part))


def test_what_lies_on_the_shelf_is_offered_when_a_price_is_asked(
    cast: Cast, signed_in: SignedIn, shelf: StockPart
) -> None:
    part = asked(cast, quantity=2)
    content = signed_in(cast.pete).get(address(part)).content.decode()
    assert 'value="572.80"' in content
    assert "now on the shelf, B 04" in words(content)


def test_the_cost_is_for_people_of_parts_alone(cast: Cast, signed_in: SignedIn, shelf: StockPart) -> None:
    assert "$131.11" in page(signed_in(cast.pete), "/parts/stock/?q=caliper")
    said = page(signed_in(cast.ana), "/parts/stock/?q=caliper")
    assert "$286.40" in said
    assert "131.11" not in said
    assert "131.11" not in page(signed_in(cast.ana), address(asked(cast)))


def test_a_text_of_the_day_names_the_part_it_is_about(cast: Cast, signed_in: SignedIn) -> None:
    part = in_state(cast, "ordered", customer=marlene(cast))
    form = {"body": "It comes on Thursday", "key": KEY}
    assert signed_in(cast.ana).post(address(part, "text/"), form).status_code == 302
    assert signed_in(cast.ana).post(address(part, "text/"), form).status_code == 302
    sent = Message.objects.of_store(cast.northside.pk).get()
    assert (sent.subject, sent.author, sent.purpose) == (part.subject, cast.ana, "service")
    asks_for_stop = {"body": "Reply CANCEL to call it off", "key": KEY}
    answer = signed_in(cast.ana).post(address(part, "text/"), asks_for_stop)
    assert answer.status_code == 422
    assert "whoever sends that gets no more texts" in words(answer.content.decode())
    # The counter may not write to customers; they say it on the phone.
    assert signed_in(cast.pete).post(address(part, "text/"), form).status_code == 403


def test_the_strip_of_its_life_shows_what_was_passed_over(cast: Cast) -> None:
    reached = [(stage.words, stage.at is not None) for stage in board.stages(in_state(cast, "received"))]
    assert reached == [
        ("Asked", True), ("Quoted", True), ("Approved", False), ("Ordered", True), ("Here", True), ("Handed over", False),
    ]  # fmt: skip


def test_an_ro_and_a_customer_show_their_parts(cast: Cast, signed_in: SignedIn) -> None:
    customer = marlene(cast)
    known_ro(cast, customer=customer)
    part = in_state(cast, "ordered", ro_number="048213")
    special_orders.change_eta(part, reason="backordered", eta_date=None, by=cast.pete, now=MONDAY_TEN)
    browser = signed_in(cast.ana)
    for path in ("/parts/ro/048213/", f"/parts/customers/{customer.pk}/"):
        said = page(browser, path)
        assert "Rear caliper" in said
        assert "no ETA" in said
        assert "customer not told, by" in said
    assert "Ask for a part" in page(browser, "/parts/ro/048213/")
    assert "Ask for a part" not in page(browser, "/parts/ro/777/")
    assert "Ask for a part" not in page(signed_in(cast.tess), "/parts/ro/048213/")


def test_a_promise_about_a_part_leads_to_it(cast: Cast, signed_in: SignedIn) -> None:
    part = asked(cast)
    browser = signed_in(cast.pete)
    (number,) = set(re.findall(r'href="/promises/(\d+)/', browser.get("/").content.decode()))
    assert f'href="{address(part)}"' in browser.get(f"/promises/{number}/").content.decode()


def test_the_rail_counts_what_waits_and_says_when_it_is_late(cast: Cast) -> None:
    asked(cast)
    in_state(cast, "ordered", customer=marlene(cast))
    count = board.waiting(cast.pete, MONDAY_TEN + timedelta(minutes=10))
    assert (count.n, count.late) == (2, False)
    assert board.waiting(cast.pete, MONDAY_TEN + timedelta(minutes=20)).late
    assert board.waiting(cast.eve, MONDAY_TEN).n == 0


def test_the_counter_approves_and_orders_in_one_press(cast: Cast, signed_in: SignedIn) -> None:
    part = in_state(cast, "quoted")
    browser = signed_in(cast.pete)
    said = page(browser, address(part))
    assert "The customer said yes to $" in said
    assert "Approve and order" in said

    refused = browser.post(
        address(part, "order/"), {"approved": "on", "how": "daily", "eta_date": "2020-01-01"}
    )
    assert refused.status_code == 422
    part.refresh_from_db()
    assert part.approved_at is None

    browser.post(address(part, "order/"), {"approved": "on", "how": "daily", "eta_date": "2026-11-27"})
    part.refresh_from_db()
    assert (part.state, part.approved_at is not None) == ("ordered", True)
    assert "The customer said yes" not in page(browser, address(part))


def test_what_is_ordered_without_a_yes_is_not_called_approved(cast: Cast, signed_in: SignedIn) -> None:
    part = in_state(cast, "quoted")
    signed_in(cast.pete).post(address(part, "order/"), {"how": "daily", "eta_date": "2026-11-27"})
    part.refresh_from_db()
    assert (part.state, part.approved_at) == ("ordered", None)
