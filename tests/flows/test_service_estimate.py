"""Seams 44 and 46: what the inspection finds is presented with its price, and each line is decided. Money never moves on a guess."""

from __future__ import annotations

import pytest

from service.models import DeclinedLine, Recommendation
from tasks.models import Promise
from tests.flows.beginnings import beginning
from tests.flows.sales_world import minute
from tests.flows.service_world import MARLENE, ServiceWorld
from tests.service.feeds import CLOSED_RO, OPEN_RO

PRESENT, DECIDE = "present_findings", "get_decision"
FOUND = {
    "row1-colour": "red", "row1-description": "Front pads 2mm", "row1-op_code": "BRKF",
    "row2-colour": "yellow", "row2-description": "Cabin filter dirty", "row2-op_code": "CABIN",
    "row3-colour": "yellow", "row3-description": "Wiper blades", "n_green": "14",
}  # fmt: skip
CENTS = {"Front pads 2mm": "312.50", "Cabin filter dirty": "48", "Wiper blades": "100"}


@beginning(ServiceWorld)
def inspected(lane: ServiceWorld) -> None:
    """Tess found one red and two yellow on Marlene's car."""
    inspect(lane)


@beginning(ServiceWorld)
def asked(lane: ServiceWorld) -> None:
    """Marlene has the estimate on her phone since the fifteenth minute."""
    inspect(lane)
    ask(lane.at(12))
    lane.at(15).phone_gets_it()


def inspect(lane: ServiceWorld) -> None:
    lane.dms_sends(OPEN_RO)
    lane.at(10).does(lane.cast.tess, "inspection", **FOUND)


def findings(lane: ServiceWorld) -> list[Recommendation]:
    return list(lane.ro.recommendations.order_by("pk"))


def ask(lane: ServiceWorld, *words: str, how: str = "text", **form: str) -> None:
    """Ana sends an estimate of these lines, or of all."""
    for line in findings(lane):
        if line.description in (words or CENTS):
            form |= {f"take_{line.pk}": "on", f"price_{line.pk}": CENTS[line.description]}
    lane.does(lane.cast.ana, "estimate", how=how, body="Hi Marlene, we recommend:", **form)


def heard(lane: ServiceWorld, n: int, decision: str) -> None:
    """Somebody writes down what Marlene said of the n-th line on the phone."""
    path = f"/service/findings/{findings(lane)[n].pk}/decide/"
    lane.presses(lane.cast.rosa, path, decision=decision, how="phone")


def decided(lane: ServiceWorld) -> list[str]:
    return [line.state for line in findings(lane)]


def owed(lane: ServiceWorld) -> list[str]:
    return [promise.state for promise in lane.promises(DECIDE)]


def waits_for_a_person(lane: ServiceWorld) -> bool:
    rows = Promise.objects.of_store(lane.cast.northside.pk)
    return rows.filter(rule="answer_service_text", state="open").exists()


# --- 44 --------------------------------------------------------------------------------------------------------------


def test_findings_are_owed_to_the_customer_within_half_an_hour(inspected: ServiceWorld) -> None:
    promise = inspected.promise(PRESENT)
    assert (promise.owner, promise.due_at) == (inspected.cast.ana, minute(40))
    assert promise.detail == "RO 048213 · 2019 Civic · 1 red · 2 yellow"
    ask(inspected)
    assert inspected.promise(PRESENT).state == "open"
    inspected.at(15).phone_gets_it()
    assert (inspected.promise(PRESENT).state, inspected.promise(PRESENT).broken_at) == ("kept", None)


def test_the_estimate_is_one_text_with_numbered_lines_prices_and_the_total(asked: ServiceWorld) -> None:
    (text,) = asked.texts()
    assert text.split("\n")[:4] == [
        "Hi Marlene, we recommend:",
        "1. Front pads 2mm: $312.50",
        "2. Cabin filter dirty: $48.00",
        "3. Wiper blades: $100.00",
    ]
    assert "Total: $460.50" in text


def test_findings_that_nobody_presents_are_broken_climb_and_are_recovered(inspected: ServiceWorld) -> None:
    inspected.jump(minute(41)).jump(minute(71))
    promise = inspected.promise(PRESENT)
    assert (promise.broken_at, promise.owner) == (minute(40), inspected.cast.rosa)
    ask(inspected, how="in person")
    assert inspected.promise(PRESENT).is_recovered


def test_a_car_on_which_all_is_fine_owes_nothing(lane: ServiceWorld) -> None:
    lane.dms_sends(OPEN_RO)
    lane.does(lane.cast.tess, "inspection", n_green="27")
    assert lane.promises(PRESENT) == []


# --- 46 --------------------------------------------------------------------------------------------------------------


def test_a_sure_answer_decides_exactly_the_lines_it_names_and_is_echoed_once(asked: ServiceWorld) -> None:
    assert owed(asked) == ["open"] * 3
    assert asked.promise(DECIDE).due_at == minute(75)
    asked.at(20).customer_writes("Yes do 1 and 3, no 2", MARLENE)
    assert decided(asked) == ["approved", "declined", "approved"]
    assert [line.decided_cents for line in findings(asked)] == [31250, None, 10000]
    assert owed(asked) == ["kept"] * 3
    asked.at(22)
    assert asked.texts()[1:] == ["Approved: 1 and 3, $412.50. Left for now: 2. Thank you, we get on with it."]
    assert not waits_for_a_person(asked)


def test_a_yes_to_some_leaves_the_rest_undecided(asked: ServiceWorld) -> None:
    asked.at(20).customer_writes("do 1 and 3", MARLENE)
    assert decided(asked) == ["approved", "sent", "approved"]
    assert sorted(owed(asked)) == ["kept", "kept", "open"]
    heard(asked, 1, "no")
    assert owed(asked) == ["kept"] * 3


@pytest.mark.parametrize(
    ("words", "states"),
    [("go ahead with everything", ["approved"] * 3), ("No thanks", ["declined"] * 3)],
)
def test_all_or_nothing_is_said_in_a_word(asked: ServiceWorld, words: str, states: list[str]) -> None:
    asked.at(20).customer_writes(words, MARLENE)
    assert decided(asked) == states


@pytest.mark.parametrize("words", ["maybe 1, how much without the wipers?", "ok", "1", "yes to 7"])
def test_an_answer_that_is_not_sure_decides_nothing_and_is_a_persons(asked: ServiceWorld, words: str) -> None:
    asked.at(20).customer_writes(words, MARLENE)
    assert decided(asked) == ["sent"] * 3
    assert len(asked.texts()) == 1
    assert waits_for_a_person(asked)


def test_the_persons_answer_is_half_written(asked: ServiceWorld) -> None:
    asked.at(20).customer_writes("ok", MARLENE)
    page = asked.browser(asked.cast.ana).get(f"/inbox/customers/{asked.customer.pk}/").content.decode()
    assert "the lines are 1, 2 and 3, together $460.50" in page


def test_an_answer_before_the_carrier_says_received_presents_and_decides(inspected: ServiceWorld) -> None:
    ask(inspected)
    inspected.at(14).customer_writes("yes do it all", MARLENE)
    assert decided(inspected) == ["approved"] * 3
    assert inspected.promise(PRESENT).state == "kept"
    inspected.phone_gets_it()
    assert owed(inspected) == ["kept"] * 3


def test_an_answer_that_may_be_to_an_older_estimate_is_never_applied(asked: ServiceWorld) -> None:
    ask(asked.at(20), "Front pads 2mm")
    asked.at(21).phone_gets_it()
    asked.at(22).customer_writes("yes", MARLENE)
    assert decided(asked) == ["sent"] * 3
    assert waits_for_a_person(asked)


def test_an_answer_long_after_the_newer_estimate_is_to_that_one(asked: ServiceWorld) -> None:
    ask(asked.at(20), "Front pads 2mm")
    asked.at(21).phone_gets_it()
    asked.at(40).customer_writes("yes please do it", MARLENE)
    assert decided(asked) == ["approved", "sent", "sent"]


def test_an_undecided_line_is_broken_climbs_and_is_recovered_by_a_call(asked: ServiceWorld) -> None:
    asked.jump(minute(76)).jump(minute(136))
    promise = asked.promises(DECIDE)[0]
    assert (promise.broken_at, promise.owner_id) == (minute(75), asked.cast.rosa.pk)
    heard(asked, 0, "yes")
    assert asked.promises(DECIDE)[0].is_recovered
    assert findings(asked)[0].decided_cents == 31250


def test_what_was_found_and_not_approved_is_declined_work_at_the_close_once(asked: ServiceWorld) -> None:
    asked.at(20).customer_writes("do 3", MARLENE)
    heard(asked, 2, "yes")
    asked.at(60).dms_sends(CLOSED_RO)
    rows = DeclinedLine.objects.of_store(asked.cast.northside.pk).order_by("key")
    assert [(row.key, row.description, row.colour, row.price_cents) for row in rows] == [
        ("brkf", "Front pads 2mm", "red", 31250),
        ("cabin", "Cabin filter dirty", "yellow", 4800),
    ]
    assert asked.promises(DECIDE)[0].state == "void"
