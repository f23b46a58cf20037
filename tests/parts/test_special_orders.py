"""The life of a request: what may follow what, and that twice is once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from dealership.events.models import EventRecord
from parts import lives, requests, special_orders, telling
from parts.models import PartHistory, PartsRequest
from tests.cast import MONDAY_TEN, Cast
from tests.parts.making import LATER, THURSDAY, asked, in_state, marlene

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)

#: Each act, done by Pete a little later.
ACTS: dict[str, Callable[[PartsRequest, Cast], object]] = {
    "quote": lambda part, cast: requests.quote(part, price_cents=1, in_stock=True, by=cast.pete, now=LATER),
    "approve": lambda part, cast: requests.approve(part, by=cast.pete, now=LATER),
    "order": lambda part, cast: special_orders.order(part, eta_date=FRIDAY, by=cast.pete, now=LATER),
    "change": lambda part, cast: special_orders.change_eta(
        part, reason="eta", eta_date=FRIDAY, by=cast.pete, now=LATER
    ),
    "ship": lambda part, cast: special_orders.ship(part, by=cast.pete, now=LATER),
    "receive": lambda part, cast: special_orders.receive(part, n=1, had=0, bin="A3", by=cast.pete, now=LATER),
    "give_back": lambda part, cast: special_orders.give_back(
        part, outcome="shelved", why="y", by=cast.pete, now=LATER
    ),
    "install": lambda part, cast: requests.install(part, by=cast.pete, now=LATER),
    "cancel": lambda part, cast: requests.cancel(part, why="y", by=cast.pete, now=LATER),
}
#: What may be done in each state; a thing that is done already and done again is done once.
POSSIBLE = {
    "requested": "quote order cancel",
    "quoted": "quote approve order cancel",
    "approved": "approve order cancel",
    "ordered": "change ship receive cancel",
    "backordered": "change ship receive cancel",
    "shipped": "change ship receive cancel",
    "received": "give_back install",
    "installed": "install",
    "returned": "give_back",
    "cancelled": "cancel",
}


def told(part: PartsRequest) -> list[str]:
    rows = EventRecord.objects.of_store(part.store_id).filter(subject=part.subject).order_by("pk")
    return list(rows.values_list("kind", flat=True))


@pytest.mark.parametrize("state", POSSIBLE)
def test_each_state_lets_happen_what_may_and_refuses_the_rest_with_a_sentence(cast: Cast, state: str) -> None:
    said = {}
    for name, act in ACTS.items():
        part = in_state(cast, state)
        try:
            act(part, cast)
        except lives.NotNow as reason:
            said[name] = str(reason)
    assert set(ACTS) - set(said) == set(POSSIBLE[state].split())
    assert all(words.startswith("Rear caliper ") and ": " in words for words in said.values())


def test_a_life_is_told_in_facts_and_kept_act_by_act(cast: Cast) -> None:
    part = in_state(cast, "installed", customer=marlene(cast), ro_number="048213")
    assert told(part) == ["PartRequested", "PartQuoted", "PartOrdered", "PartReceived", "PartInstalled"]
    acts = PartHistory.objects.of_store(part.store_id).filter(request=part).order_by("pk")
    assert [act.act for act in acts] == ["Asked for", "Quoted", "Ordered", "Here", "Fitted"]
    assert [act.by for act in acts][1:3] == [cast.pete, cast.pete]


@pytest.mark.parametrize("name", ["order", "change", "cancel", "give_back", "install", "quote"])
def test_the_same_act_twice_is_told_once(cast: Cast, name: str) -> None:
    before = {"order": "quoted", "change": "ordered", "give_back": "received", "install": "received"}
    part = in_state(cast, before.get(name, "requested"))
    ACTS[name](part, cast)
    n = len(told(part))
    ACTS[name](part, cast)
    assert len(told(part)) == n


def test_pressed_twice_a_box_is_received_once(cast: Cast) -> None:
    part = in_state(cast, "ordered", quantity=3)
    special_orders.receive(part, n=1, had=0, bin="A3", by=cast.pete, now=LATER)
    with pytest.raises(special_orders.CameMeanwhile, match="1 of 3 are noted as here already"):
        special_orders.receive(part, n=1, had=0, bin="A3", by=cast.pete, now=LATER)
    done = special_orders.receive(part, n=2, had=1, bin="A3", by=cast.pete, now=LATER)
    assert (done.state, done.special_order.n_received) == ("received", 3)
    assert done.special_order.hold_until == LATER + timedelta(days=30)


def test_what_cannot_be_is_refused_with_what_to_do(cast: Cast) -> None:
    part = in_state(cast, "ordered")
    with pytest.raises(special_orders.TooMany, match="type a number from 1 to 1"):
        special_orders.receive(part, n=2, had=0, bin="A3", by=cast.pete, now=LATER)
    with pytest.raises(special_orders.NoBin, match="in which bin"):
        special_orders.receive(part, n=1, had=0, by=cast.pete, now=LATER)
    with pytest.raises(special_orders.BadDate, match="has passed"):
        special_orders.change_eta(part, reason="eta", eta_date=date(2026, 11, 20), by=cast.pete, now=LATER)
    with pytest.raises(special_orders.BadDate, match="backordered"):
        special_orders.change_eta(part, reason="eta", eta_date=None, by=cast.pete, now=LATER)
    with pytest.raises(special_orders.NoNewNumber):
        special_orders.change_eta(part, reason="superseded", eta_date=THURSDAY, by=cast.pete, now=LATER)
    with pytest.raises(telling.NobodyToTell, match="No customer waits"):
        telling.tell_eta(part, by=cast.ana, now=LATER)


def test_a_part_on_the_shelf_is_handed_over_without_an_order(cast: Cast) -> None:
    part = asked(cast)
    requests.quote(part, price_cents=100, in_stock=True, by=cast.pete, now=LATER)
    assert requests.install(part, by=cast.pete, now=LATER).state == "installed"


def test_a_day_means_its_closing_hour_and_a_superseded_number_is_remembered(cast: Cast) -> None:
    part = in_state(cast, "ordered")
    assert part.special_order.eta_at == MONDAY_TEN + timedelta(days=3, hours=8)
    changed = special_orders.change_eta(
        part,
        reason="superseded",
        eta_date=date(2026, 11, 29),
        new_number="43018-tba-A11",
        by=cast.pete,
        now=LATER,
    )
    # Sunday, when the store is closed: until midnight.
    assert changed.special_order.eta_at == MONDAY_TEN + timedelta(days=6, hours=14)
    assert (changed.part_number, changed.part_key) == ("43018-tba-A11", "43018TBAA11")


def test_what_a_customer_would_be_told_is_half_written_in_their_language(cast: Cast) -> None:
    customer = marlene(cast)
    part = in_state(cast, "ordered", customer=customer)
    assert "It should be here by Thu Nov 26" in telling.draft(part, by=cast.ana)
    customer.language = "es"
    customer.save(update_fields=["language"])
    special_orders.change_eta(part, reason="backordered", eta_date=None, by=cast.pete, now=LATER)
    part = PartsRequest.objects.of_store(part.store_id).select_related("special_order").get(pk=part.pk)
    assert "aun no tenemos nuevo dia: Rear caliper" in telling.draft(part, by=cast.ana)


def test_a_yes_and_the_order_are_one_act(cast: Cast) -> None:
    part = in_state(cast, "quoted")

    for _ in range(2):
        special_orders.order(part, eta_date=FRIDAY, source="PDC", approved=True, by=cast.pete, now=LATER)

    part.refresh_from_db()
    acts = PartHistory.objects.of_store(part.store_id).filter(request=part).order_by("pk")
    assert (part.state, part.approved_at) == ("ordered", LATER)
    assert list(acts.values_list("act", flat=True))[-2:] == ["Approved", "Ordered"]
    assert told(part).count("PartOrdered") == 1


def test_a_yes_is_not_kept_where_the_order_cannot_be(cast: Cast) -> None:
    part = in_state(cast, "quoted")

    with pytest.raises(special_orders.BadDate):
        special_orders.order(part, eta_date=date(2020, 1, 1), approved=True, by=cast.pete, now=LATER)

    part.refresh_from_db()
    assert (part.state, part.approved_at) == ("quoted", None)
