"""Seam 19: a stip is asked of the customer clearly and once, and is here and verified in two days."""

from __future__ import annotations

from fni import stipulations
from tests.flows.beginnings import beginning
from tests.flows.fni_world import DAY, FniWorld
from tests.flows.sales_world import minute

RULES = ("ask_for_stip", "collect_stip")


@beginning(FniWorld)
def sent(box: FniWorld) -> None:
    """The jacket is with the lender."""
    box.contracted()
    box.presses("send")


def test_a_stip_is_two_promises_about_the_same_paper(sent: FniWorld) -> None:
    stip = sent.stip()
    asks, collects = (sent.promise(rule) for rule in RULES)
    assert asks.about == collects.about == stip.key
    assert (asks.owner, asks.due_at, collects.due_at) == (sent.cast.faye, minute(240), minute(2 * DAY))
    assert asks.detail == "Proof of income · deal 4711 · 2026 Accord Sport"


def test_the_customer_counts_as_asked_when_the_phone_has_the_text(sent: FniWorld) -> None:
    stip = sent.stip()
    words = stipulations.half_written(stip, sent.deal, sent.cast.sam)
    sent.posts(sent.cast.sam, f"stips/{stip.pk}/text", body=words)
    sent.at(10)
    assert [text for text in sent.texts() if "proof of income" in text] != []
    assert sent.promise("ask_for_stip").state == "open"
    sent.at(12).phone_gets_it()
    promise = sent.promise("ask_for_stip")
    assert (promise.state, promise.closed_at, promise.broken_at) == ("kept", minute(12), None)
    assert sent.promise("collect_stip").state == "open"


def test_a_text_that_does_not_arrive_asks_nobody_and_may_be_written_anew(sent: FniWorld) -> None:
    stip = sent.stip()
    sent.posts(sent.cast.faye, f"stips/{stip.pk}/text", body="Please bring it")
    sent.at(2).phone_gets_it("undelivered")
    assert sent.promise("ask_for_stip").state == "open"
    sent.posts(sent.cast.faye, f"stips/{stip.pk}/text", body="Please bring it soon")
    sent.at(4).phone_gets_it()
    assert sent.promise("ask_for_stip").state == "kept"


def test_asking_keeps_no_promise_to_collect_and_one_stip_keeps_no_other(sent: FniWorld) -> None:
    income, address = sent.stip(), sent.stip("Proof of residence")
    sent.at(5).posts(sent.cast.sam, f"stips/{income.pk}/asked", how="phone")
    found = {(p.rule, p.about): p.state for rule in RULES for p in sent.promises(rule)}
    assert found == {
        ("ask_for_stip", income.key): "kept",
        ("ask_for_stip", address.key): "open",
        ("collect_stip", income.key): "open",
        ("collect_stip", address.key): "open",
    }
    sent.at(90).posts(sent.cast.faye, f"stips/{income.pk}/collect")
    sent.posts(sent.cast.faye, f"stips/{address.pk}/drop", why="Approved without it")
    found = {(p.rule, p.about): p.state for rule in RULES for p in sent.promises(rule)}
    assert found["collect_stip", income.key] == "kept"
    assert {found["ask_for_stip", address.key], found["collect_stip", address.key]} == {"waived"}


def test_a_stip_that_nobody_asks_for_is_broken_climbs_and_is_recovered(sent: FniWorld) -> None:
    stip = sent.stip()
    sent.at(241)
    promise = sent.promise("ask_for_stip")
    assert (promise.state, promise.broken_at) == ("open", minute(240))
    assert sent.at(DAY).promise("ask_for_stip").owner == sent.cast.mo
    assert sent.at(2 * DAY + 1).promise("ask_for_stip").owner == sent.cast.gus
    assert sent.promise("collect_stip").broken_at == minute(2 * DAY)
    sent.posts(sent.cast.faye, f"stips/{stip.pk}/collect")
    assert sent.promise("ask_for_stip").is_recovered
    assert sent.promise("collect_stip").is_recovered
