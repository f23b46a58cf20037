"""What a deal of each kind needs."""

from __future__ import annotations

import pytest

from fni import checklists
from fni.checklists import Deal, Door


def keys(deal: Deal, door: Door | None = None) -> set[str]:
    return {item.key for item in checklists.needed(deal) if door in (None, item.door)}


def test_a_cash_deal_needs_no_credit_papers_and_no_contract() -> None:
    cash = keys(Deal("cash"))
    assert {"buyers_order", "id_every_party", "insurance", "ofac", "odometer"} <= cash
    assert not {"credit_application", "lender_approval", "retail_contract", "red_flags"} & cash


@pytest.mark.parametrize(
    ("deal_type", "paper"), [("finance", "retail_contract"), ("lease", "lease_contract")]
)
def test_where_a_lender_pays_their_papers_belong_in_the_jacket(deal_type: str, paper: str) -> None:
    assert keys(Deal(deal_type)) - keys(Deal("cash")) == {
        "credit_application", "red_flags", "score_notice", "lender_approval", paper,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("deal", "more"),
    [
        (Deal("finance", has_trade=True), {"trade_title", "payoff_letter"}),
        (Deal("finance", condition="used"), {"buyers_guide"}),
        (Deal("finance", is_large_cash=True), {"form_8300"}),
    ],
)
def test_what_is_special_about_a_deal_adds_its_papers(deal: Deal, more: set[str]) -> None:
    assert keys(deal) - keys(Deal("finance")) == more


def test_what_sales_brings_is_asked_at_the_box_and_the_rest_before_the_lender() -> None:
    assert keys(Deal("finance", has_trade=True), Door.BOX) == {
        "buyers_order", "id_every_party", "insurance", "credit_application", "trade_title", "payoff_letter",
    }  # fmt: skip


def test_missing_things_are_named_in_a_sentence() -> None:
    words = checklists.words_of(["buyers_order", "id_every_party", "nothing_of_ours"])
    assert words == "signed buyer’s order, ID of every party"
