"""Seams 18 and 20: the jacket leaves complete the next business day; what comes back is corrected within a day."""

from __future__ import annotations

from dealership.events.catalogue.fni import DealContracted
from dealership.events.catalogue.sales import DealAgreed, DealLost
from tests.flows.fni_world import DAY, FniWorld
from tests.flows.sales_world import minute
from tests.fni import deals


def test_a_signed_contract_is_sent_by_the_next_business_day(contracted: FniWorld) -> None:
    promise = contracted.promise("send_jacket")
    assert (promise.owner, promise.due_at) == (contracted.cast.faye, minute(DAY))
    contracted.at(60).presses("send")
    assert (contracted.promise("send_jacket").state, contracted.promise("send_jacket").broken_at) == (
        "kept",
        None,
    )


def test_a_jacket_that_lies_is_broken_climbs_and_is_recovered(contracted: FniWorld) -> None:
    contracted.at(DAY + 1)
    promise = contracted.promise("send_jacket")
    assert (promise.state, promise.broken_at, promise.owner) == ("open", minute(DAY), contracted.cast.faye)
    assert contracted.at(2 * DAY + 1).promise("send_jacket").owner == contracted.cast.mo
    assert contracted.at(3 * DAY + 1).promise("send_jacket").owner == contracted.cast.gus
    contracted.presses("send")
    assert contracted.promise("send_jacket").is_recovered


def test_a_contract_of_which_the_dms_tells_is_owed_to_the_lender_too(box: FniWorld) -> None:
    box.tells(DealAgreed)
    box.at(30).tells(DealContracted, lender="Ally")
    assert (box.deal.stage, box.deal.contracted_at, box.deal.lender) == ("contracted", minute(30), "Ally")
    assert box.promise("send_jacket").due_at == minute(30 + DAY)
    deals.fill(box.deal)
    box.presses("send")
    assert box.promise("send_jacket").state == "kept"


def test_what_was_sent_before_the_dms_called_it_signed_is_not_owed_again(contracted: FniWorld) -> None:
    contracted.at(30).presses("send")
    contracted.at(90).tells(DealContracted, lender="ALLY FINANCIAL")
    assert {promise.state for promise in contracted.promises("send_jacket")} == {"kept"}
    assert (contracted.deal.stage, contracted.deal.contracted_at, contracted.deal.lender) == (
        "sent",
        minute(0),
        "Ally",
    )


def test_a_cash_deal_owes_no_lender_anything(box: FniWorld) -> None:
    box.contracted("cash")
    assert box.promises("send_jacket") == []


def test_a_deal_that_ends_owes_no_jacket(contracted: FniWorld) -> None:
    contracted.stip()
    contracted.at(30).tells(DealLost, why="Went elsewhere")
    for rule in ("send_jacket", "ask_for_stip", "collect_stip"):
        assert contracted.promise(rule).state == "void", rule


def test_a_kick_back_is_corrected_within_a_day(contracted: FniWorld) -> None:
    contracted.presses("send")
    contracted.at(60).kicked_back()
    promise = contracted.promise("correct_kick_back")
    assert (promise.owner, promise.due_at) == (contracted.cast.faye, minute(60 + DAY))
    assert promise.detail == "Page 3 is not signed · deal 4711 · 2026 Accord Sport"
    assert contracted.promises("tell_of_signing_again") == []
    contracted.at(200).presses("resend")
    assert contracted.promise("correct_kick_back").state == "kept"


def test_a_second_kick_back_is_owed_anew(contracted: FniWorld) -> None:
    contracted.presses("send")
    contracted.at(10).kicked_back()
    contracted.at(20).presses("resend")
    contracted.at(30).kicked_back("Wrong rate on page 1")
    assert [promise.state for promise in contracted.promises("correct_kick_back")] == ["kept", "open"]


def test_a_kick_back_that_lies_is_broken_climbs_and_is_recovered(contracted: FniWorld) -> None:
    contracted.presses("send")
    contracted.kicked_back()
    assert contracted.at(DAY + 1).promise("correct_kick_back").broken_at == minute(DAY)
    assert contracted.at(2 * DAY + 1).promise("correct_kick_back").owner == contracted.cast.mo
    contracted.presses("resend")
    assert contracted.promise("correct_kick_back").is_recovered


def test_who_must_sign_again_hears_it_from_a_person_the_same_half_day(contracted: FniWorld) -> None:
    contracted.presses("send")
    contracted.kicked_back(needs_customer="on")
    promise = contracted.promise("tell_of_signing_again")
    assert (promise.owner, promise.due_at) == (contracted.cast.faye, minute(240))
    contracted.at(20).calls(contracted.cast.faye, contracted.customer.pk, "voicemail")
    assert contracted.promise("tell_of_signing_again").state == "open"
    contracted.at(241)
    assert contracted.promise("tell_of_signing_again").broken_at == minute(240)
    contracted.calls(contracted.cast.faye, contracted.customer.pk)
    assert contracted.promise("tell_of_signing_again").is_recovered
