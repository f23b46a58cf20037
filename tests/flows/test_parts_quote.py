"""Seam 45: whoever asks for a part has its price and its day within fifteen open minutes."""

from __future__ import annotations

from tests.flows.parts_world import RO, PartsWorld
from tests.flows.sales_world import minute
from tests.service.feeds import OPEN_RO

RULE = "quote_part"


def test_a_part_that_an_advisor_asks_for_is_owed_a_price_by_the_counter(counter: PartsWorld) -> None:
    part = counter.asks(counter.cast.ana, quantity=2)
    promise = counter.promise(RULE)
    assert (promise.owner, promise.state, promise.due_at) == (counter.cast.pete, "open", minute(15))
    assert promise.detail == f"Rear caliper for the 2019 Civic · RO {RO} · 2 pieces"
    assert (part.customer, part.advisor) == (counter.customer, counter.cast.ana)
    counter.at(10).does(counter.cast.pete, "quote", price="84.50", eta_date="2026-11-26")
    promise = counter.promise(RULE)
    assert (promise.state, promise.broken_at, promise.closed_at) == ("kept", None, minute(10))
    assert counter.part.availability == "Thu 26 Nov if ordered today"


def test_a_price_that_nobody_gives_is_broken_at_its_minute_climbs_and_is_recovered(
    counter: PartsWorld,
) -> None:
    cast = counter.cast
    counter.asks(cast.ana)
    counter.at(16)
    assert (counter.promise(RULE).broken_at, counter.promise(RULE).state) == (minute(15), "open")
    assert counter.at(31).promise(RULE).owner == cast.pam
    assert counter.at(61).promise(RULE).owner == cast.rosa
    counter.does(cast.pam, "quote", price="84.50")
    assert counter.promise(RULE).is_recovered


def test_an_order_at_once_keeps_it_too(ordered: PartsWorld) -> None:
    assert ordered.promise(RULE).state == "kept"


def test_what_nobody_needs_any_more_is_owed_no_price(counter: PartsWorld) -> None:
    counter.asks(counter.cast.ana)
    assert counter.tries(counter.cast.ana, "cancel", why="").status_code == 422
    counter.does(counter.cast.ana, "cancel", why="Customer declined")
    assert counter.promise(RULE).state == "void"


def test_a_voided_ro_needs_no_price_and_what_is_on_order_still_comes(counter: PartsWorld) -> None:
    ordered = counter.ordered(part="Rotor")
    asked = counter.asks(counter.cast.ana)
    counter.at(5).dms_sends(OPEN_RO | {"RO Status": "V"})
    for part in (ordered, asked):
        part.refresh_from_db()
    assert (ordered.state, asked.state) == ("ordered", "cancelled")
    assert counter.promise(RULE).state == "void"
    assert "RO voided" in counter.browser(counter.cast.pete).get("/parts/").content.decode()


def test_the_same_form_sent_twice_asks_once(counter: PartsWorld) -> None:
    key = "9f1c2d3e-0000-4000-8000-000000000002"
    first = counter.asks(counter.cast.ana, key=key)
    assert counter.asks(counter.cast.ana, key=key) == first
    assert len(counter.promises(RULE)) == 1


def test_the_ro_shows_its_parts_to_who_may_see_parts_and_what_it_remembers_to_the_others(
    ordered: PartsWorld,
) -> None:
    path = f"/service/repair-orders/{ordered.ro.pk}/"
    ana, dana = (
        ordered.browser(who).get(path).content.decode() for who in (ordered.cast.ana, ordered.cast.dana)
    )
    assert f'hx-get="/parts/ro/{RO}/"' in ana
    assert "/parts/ro/" not in dana
    assert "Rear caliper" in dana
