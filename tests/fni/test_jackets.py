"""Jackets: in the box when they are ready, else back with reasons. What must never be kept is never kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.events.catalogue.sales import DealMended, TradeTaken
from dealership.events.models import EventRecord
from fni import funding, jackets, notes, stipulations, titles
from fni.jackets import Described
from fni.models import ChecklistItem, DealJacket, JacketAct
from tests.cast import MONDAY_TEN, Cast
from tests.fni.deals import agreed, fill, item, jacket, tell, tina

NOW = MONDAY_TEN
LATER = NOW + timedelta(minutes=10)


def facts(cast: Cast, kind: str) -> list[EventRecord]:
    return list(EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind))


def test_a_jacket_that_is_not_ready_is_not_taken_in_and_says_what_is_missing(cast: Cast) -> None:
    row = agreed(cast, tina(cast))
    jackets.mark(item(row, "insurance"), state="here", by=cast.faye, now=NOW)
    with pytest.raises(jackets.NotReady) as error:
        jackets.take_in(row, by=cast.faye, now=NOW)
    assert str(error.value) == (
        "Not ready for the box: signed buyer’s order, ID of every party, credit application sent to the lender’s portal."
    )
    assert facts(cast, "DealTakenIn") == []


def test_a_jacket_that_is_ready_is_taken_in_once(cast: Cast) -> None:
    row = fill(agreed(cast, tina(cast)))
    for _ in range(2):
        jackets.take_in(row, by=cast.faye, now=LATER)
    assert (jacket(cast).stage, jacket(cast).taken_in_at) == ("in_box", LATER)
    assert len(facts(cast, "DealTakenIn")) == 1


def test_what_is_not_needed_does_not_hold_a_deal_up_but_needs_a_reason(cast: Cast) -> None:
    row = fill(agreed(cast, tina(cast)))
    thing = item(row, "insurance")
    with pytest.raises(jackets.NoReason):
        jackets.mark(thing, state="not_needed", by=cast.faye, now=NOW)
    jackets.mark(thing, state="not_needed", why="Dealer’s own car", by=cast.faye, now=NOW)
    assert jackets.take_in(row, by=cast.faye, now=NOW).stage == "in_box"
    assert item(row, "insurance").why == "Dealer’s own car"


def test_a_deal_handed_back_names_what_is_missing_and_waits_again_when_sales_mended_it(cast: Cast) -> None:
    customer = tina(cast)
    row = fill(agreed(cast, customer))
    for _ in range(2):
        jackets.refuse(row, missing=["insurance"], words="payoff is wrong", by=cast.faye, now=LATER)
    assert [fact.payload["missing"] for fact in facts(cast, "DealRefused")] == [
        "proof of insurance; payoff is wrong"
    ]
    assert jacket(cast).stage == "refused"
    assert item(row, "insurance").state == "missing"
    tell(DealMended, cast, customer, at=LATER + timedelta(minutes=5), what="insurance card is here")
    assert (jacket(cast).stage, jacket(cast).waiting_at) == ("waiting", LATER + timedelta(minutes=5))


def test_a_deal_is_not_handed_back_without_a_reason_or_after_the_contract(cast: Cast) -> None:
    row = fill(agreed(cast, tina(cast)))
    with pytest.raises(jackets.NoReason):
        jackets.refuse(row, missing=[], by=cast.faye, now=NOW)
    jackets.take_in(row, by=cast.faye, now=NOW)
    funding.contract(row, lender="Ally", by=cast.faye, now=NOW)
    with pytest.raises(jackets.WrongStage, match="is contracted"):
        jackets.refuse(row, missing=["insurance"], by=cast.faye, now=NOW)


def test_the_checklist_follows_the_deal_and_keeps_what_was_seen(cast: Cast) -> None:
    customer = tina(cast)
    row = agreed(cast, customer, deal_type="cash")
    jackets.mark(item(row, "odometer"), state="here", by=cast.faye, now=NOW)
    tell(TradeTaken, cast, customer, traded="2015 Fit")
    jackets.describe(
        jacket(cast),
        told=Described("finance", "used", True, False, "Ally", 2_450_000),
        by=cast.faye,
        now=NOW,
    )
    found = {row.key: row.state for row in ChecklistItem.objects.of_store(cast.northside.pk)}
    assert {"retail_contract", "buyers_guide", "trade_title", "credit_application"} <= set(found)
    assert found["odometer"] == "here"
    jackets.describe(
        jacket(cast), told=Described("cash", "used", True, False, "", None), by=cast.faye, now=NOW
    )
    assert not ChecklistItem.objects.of_store(cast.northside.pk).filter(key="retail_contract").exists()


def test_a_jacket_is_put_away_when_its_title_is_out(cast: Cast) -> None:
    row = agreed(cast, tina(cast))
    with pytest.raises(jackets.WrongStage):
        jackets.put_away(row, by=cast.tia, now=NOW)
    DealJacket.objects.of_store(row.store_id).update(stage="title_sent")
    assert jackets.put_away(row, by=cast.tia, now=NOW).stage == "closed"


# --- what must never be kept ----------------------------------------------------------------------------------------------

SSN, CARD = "123-45-6789", "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"his SSN is {SSN} ok", "his SSN is [number removed] ok"),
        (f"paid with {CARD}", "paid with [card number removed]"),
        ("SSN 123456789", "SSN [number removed]"),
        ("VIN 1HGCM82633A004352, RO 48213", "VIN 1HGCM82633A004352, RO 48213"),
        ("two\nlines\x00", "two lines"),
    ],
)
def test_numbers_that_must_not_be_kept_are_masked(text: str, kept: str) -> None:
    assert notes.kept(text, 200) == kept


def test_no_social_security_or_card_number_reaches_the_database_through_any_words_of_fni(cast: Cast) -> None:
    words = f"says {SSN} and {CARD}"
    row = fill(agreed(cast, tina(cast)))
    jackets.refuse(row, missing=["insurance"], words=words, by=cast.faye, now=NOW)
    jackets.mark(item(row, "insurance"), state="not_needed", why=words, by=cast.faye, now=NOW)
    jackets.take_in(row, by=cast.faye, now=NOW)
    funding.contract(row, lender=words, by=cast.faye, now=NOW)
    stip = stipulations.issue(row, what=words, by=cast.faye, now=NOW)
    stipulations.ask_by_text(stip, body=words, by=cast.faye, now=NOW)
    stipulations.drop(stip, why=words, by=cast.faye, now=NOW)
    funding.send(row, by=cast.faye, now=NOW)
    funding.kick_back(row, why=words, needs_customer=False, by=cast.faye, now=NOW)
    funding.fund(row, by=cast.faye, now=NOW)
    titles.send(row, proof=words, by=cast.tia, now=NOW)
    jackets.describe(
        jacket(cast), told=Described("finance", "", False, False, words, None), by=cast.faye, now=NOW
    )

    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith(("fni.", "dealership.events", "dealership.messaging", "tasks.")):
                cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {model._meta.db_table} t")
                everything = cursor.fetchone()[0]
                assert "45-6789" not in everything, model
                assert "4111 1111" not in everything, model
    assert JacketAct.objects.of_store(row.store_id).filter(words__contains="removed]").exists()


def test_lender_and_amount_are_told_to_nobody_else(cast: Cast) -> None:
    row = fill(agreed(cast, tina(cast)))
    jackets.take_in(row, by=cast.faye, now=NOW)
    funding.contract(row, lender="Zebra Credit", amount_financed_cents=2_450_017, by=cast.faye, now=NOW)
    funding.send(row, by=cast.faye, now=NOW)
    funding.fund(row, by=cast.faye, now=NOW)
    told = " ".join(str(fact.payload) for fact in EventRecord.objects.of_store(row.store_id))
    acts = " ".join(act.words for act in JacketAct.objects.of_store(row.store_id))
    assert "Zebra" not in told + acts
    assert "24500" not in told + acts
