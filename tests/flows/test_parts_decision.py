"""Seams 46 and 45: a part that has its price gets a yes or a no, and what was approved is ordered."""

from __future__ import annotations

from tests.flows.parts_world import RO, PartsWorld
from tests.flows.sales_world import minute, words

DECIDE, ORDER = "decide_part", "order_approved_part"


def quoted(counter: PartsWorld, **more: str) -> None:
    """Ana asked, and Pete has said the price."""
    counter.asks(counter.cast.ana)
    counter.does(counter.cast.pete, "quote", price="84.50", **more)


def test_a_price_waits_for_a_yes_with_whoever_asked_and_the_yes_for_an_order_at_the_counter(
    counter: PartsWorld,
) -> None:
    cast = counter.cast
    quoted(counter, eta_date="2026-11-26")
    waits = counter.promise(DECIDE)
    assert (waits.owner, waits.due_at) == (cast.ana, minute(60))
    assert waits.detail == f"Rear caliper for the 2019 Civic · $84.50 · Thu 26 Nov if ordered today · RO {RO}"
    counter.at(20).does(cast.ana, "approve")
    assert (counter.promise(DECIDE).state, counter.promise(DECIDE).closed_at) == ("kept", minute(20))
    owed = counter.promise(ORDER)
    assert (owed.owner, owed.state, owed.due_at) == (cast.pete, "open", minute(50))
    counter.at(30).does(cast.pete, "order", how="daily", eta_date="2026-11-26", source="Honda")
    assert (counter.promise(ORDER).state, counter.promise(ORDER).closed_at) == ("kept", minute(30))


def test_nobody_decides_and_nobody_orders_and_both_climb(counter: PartsWorld) -> None:
    cast = counter.cast
    quoted(counter)
    assert counter.at(121).promise(DECIDE).owner == cast.rosa
    counter.does(cast.rosa, "approve")
    assert counter.promise(DECIDE).is_recovered
    assert counter.at(121 + 61).promise(ORDER).owner == cast.pam


def test_a_no_ends_it(counter: PartsWorld) -> None:
    quoted(counter)
    counter.does(counter.cast.ana, "cancel", why="Customer declined")
    assert counter.promise(DECIDE).state == "void"
    assert not counter.promises(ORDER)


def test_what_lies_on_the_shelf_is_neither_waited_for_nor_ordered(counter: PartsWorld) -> None:
    quoted(counter)
    counter.does(counter.cast.pete, "quote", price="84.50", in_stock="on")
    assert counter.promise(DECIDE).state == "void"
    counter.does(counter.cast.ana, "approve")
    assert not counter.promises(ORDER)


def test_approve_and_order_is_one_press_from_what_is_owed(counter: PartsWorld) -> None:
    pete = counter.cast.pete
    counter.asks(pete, ro_number="")
    counter.does(pete, "quote", price="84.50")
    waits = counter.promise(DECIDE)
    assert waits.owner == pete
    browser = counter.browser(pete)
    browser.post(f"/promises/{waits.pk}/accept/")
    card = browser.get(f"/promises/{waits.pk}/").content.decode()
    where = f"/parts/requests/{counter.part.pk}/order/"
    assert f'href="{where}" data-key="o" hx-get="{where}" hx-target="#sheet-in">Approve and order' in card
    sheet = browser.get(where, headers={"HX-Request": "true"}).content.decode()
    assert "The customer said yes to $84.50" in words(sheet)

    typed = {"approved": "on", "how": "daily", "eta_date": "2026-11-20", "source": "Honda"}
    in_sheet = {"HX-Request": "true", "HX-Target": "order-part"}
    passed = browser.post(where, typed, headers=in_sheet)
    assert passed.status_code == 422
    assert passed.content.decode().startswith('<div id="order-part"')
    assert "Honda" in passed.content.decode()
    done = browser.post(where, typed | {"eta_date": "2026-11-26"}, headers=in_sheet)
    assert done.status_code == 204
    counter.work()
    assert counter.promise(DECIDE).state == "kept"
    assert not counter.promises(ORDER)
    assert counter.part.approved_at is not None
    assert "is on order" in words(browser.get(where).content.decode())


def test_who_may_not_order_is_led_to_the_yes(counter: PartsWorld) -> None:
    quoted(counter)
    ana = counter.browser(counter.cast.ana)
    where = f"/promises/{counter.promise(DECIDE).pk}/"
    ana.post(f"{where}accept/")
    card = words(ana.get(where).content.decode())
    assert "Get the decision" in card
    assert "Approve and order" not in card
    assert ana.get(f"/parts/requests/{counter.part.pk}/order/").status_code == 403
