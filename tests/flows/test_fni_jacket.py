"""Seams 18 and 20: the jacket leaves complete the next business day; what comes back is corrected within a day."""

from __future__ import annotations

from dealership.events.catalogue.fni import DealContracted
from dealership.events.catalogue.sales import DealAgreed, DealLost
from tests.flows.fni_world import DAY, FniWorld
from tests.flows.sales_world import minute
from tests.fni import deals


def test_a_signed_contract_is_sent_by_the_next_business_day(box: FniWorld) -> None:
    box.contracted()
    promise = box.promise("send_jacket")
    assert (promise.owner, promise.due_at) == (box.cast.faye, minute(DAY))
    box.at(60).presses("send")
    assert (box.promise("send_jacket").state, box.promise("send_jacket").broken_at) == ("kept", None)


def test_a_jacket_that_lies_is_broken_climbs_and_is_recovered(box: FniWorld) -> None:
    box.contracted()
    box.at(DAY + 1)
    promise = box.promise("send_jacket")
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(DAY), box.cast.faye)
    assert box.at(2 * DAY + 1).promise("send_jacket").owner == box.cast.mo
    assert box.at(3 * DAY + 1).promise("send_jacket").owner == box.cast.gus
    box.presses("send")
    assert box.promise("send_jacket").is_recovered


def test_a_contract_of_which_the_dms_tells_is_owed_to_the_lender_too(box: FniWorld) -> None:
    box.tells(DealAgreed)
    box.at(30).tells(DealContracted, lender="Ally")
    assert (box.deal.stage, box.deal.contracted_at, box.deal.lender) == ("contracted", minute(30), "Ally")
    assert box.promise("send_jacket").due_at == minute(30 + DAY)
    deals.fill(box.deal)
    box.presses("send")
    assert box.promise("send_jacket").state == "kept"


def test_what_was_sent_before_the_dms_called_it_signed_is_not_owed_again(box: FniWorld) -> None:
    box.contracted()
    box.at(30).presses("send")
    box.at(90).tells(DealContracted, lender="ALLY FINANCIAL")
    assert {promise.state for promise in box.promises("send_jacket")} == {"kept"}
    assert (box.deal.stage, box.deal.contracted_at, box.deal.lender) == ("sent", minute(0), "Ally")


def test_a_cash_deal_owes_no_lender_anything(box: FniWorld) -> None:
    box.contracted("cash")
    assert box.promises("send_jacket") == []


def test_a_deal_that_ends_owes_no_jacket(box: FniWorld) -> None:
    box.contracted()
    box.stip()
    box.at(30).tells(DealLost, why="Went elsewhere")
    for rule in ("send_jacket", "ask_for_stip", "collect_stip"):
        assert box.promise(rule).state == "void", rule


def test_a_kick_back_is_corrected_within_a_day(box: FniWorld) -> None:
    box.contracted()
    box.presses("send")
    box.at(60).kicked_back()
    promise = box.promise("correct_kick_back")
    assert (promise.owner, promise.due_at) == (box.cast.faye, minute(60 + DAY))
    assert promise.detail == "Page 3 is not signed · deal 4711 · 2026 Accord Sport"
    assert box.promises("tell_of_signing_again") == []
    box.at(200).presses("resend")
    assert box.promise("correct_kick_back").state == "kept"


def test_a_second_kick_back_is_owed_anew(box: FniWorld) -> None:
    box.contracted()
    box.presses("send")
    box.at(10).kicked_back()
    box.at(20).presses("resend")
    box.at(30).kicked_back("Wrong rate on page 1")
    assert [promise.state for promise in box.promises("correct_kick_back")] == ["kept", "open"]


def test_a_kick_back_that_lies_is_broken_climbs_and_is_recovered(box: FniWorld) -> None:
    box.contracted()
    box.presses("send")
    box.kicked_back()
    assert box.at(DAY + 1).promise("correct_kick_back").broken_at == minute(DAY)
    assert box.at(2 * DAY + 1).promise("correct_kick_back").owner == box.cast.mo
    box.presses("resend")
    assert box.promise("correct_kick_back").is_recovered


def test_who_must_sign_again_hears_it_from_a_person_the_same_half_day(box: FniWorld) -> None:
    box.contracted()
    box.presses("send")
    box.kicked_back(needs_customer="on")
    promise = box.promise("tell_of_signing_again")
    assert (promise.owner, promise.due_at) == (box.cast.faye, minute(240))
    box.at(20).calls(box.cast.faye, box.customer.pk, "voicemail")
    assert box.promise("tell_of_signing_again").state == "open"
    box.at(241)
    assert box.promise("tell_of_signing_again").broken_at == minute(240)
    box.calls(box.cast.faye, box.customer.pk)
    assert box.promise("tell_of_signing_again").is_recovered
