"""Contracted, sent complete, kicked back, corrected, funded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dealership.events.catalogue.sales import VehicleDelivered
from dealership.events.models import EventRecord
from fni import funding, jackets, stipulations
from fni.models import DealJacket, KickBack, Stipulation
from tests.cast import MONDAY_TEN, Cast
from tests.fni.deals import agreed, fill, item, jacket, tell, tina

NOW = MONDAY_TEN
DAY = timedelta(days=1)


@pytest.fixture
def boxed(cast: Cast) -> DealJacket:
    row = fill(agreed(cast, tina(cast)))
    return jackets.take_in(row, by=cast.faye, now=NOW)


def kinds(cast: Cast) -> list[str]:
    rows = EventRecord.objects.of_store(cast.northside.pk).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_financed_deal_names_its_lender(cast: Cast, boxed: DealJacket) -> None:
    with pytest.raises(jackets.NoReason, match="Name the lender"):
        funding.contract(boxed, by=cast.faye, now=NOW)
    funding.contract(boxed, lender="Ally", amount_financed_cents=2_450_000, by=cast.faye, now=NOW)
    assert (jacket(cast).lender, jacket(cast).amount_financed_cents) == ("Ally", 2_450_000)


def test_a_jacket_leaves_complete_or_not_at_all(cast: Cast, boxed: DealJacket) -> None:
    funding.contract(boxed, lender="Ally", by=cast.faye, now=NOW)
    jackets.mark(item(boxed, "odometer"), state="missing", by=cast.faye, now=NOW)
    with pytest.raises(jackets.NotReady, match="Not complete: odometer statement"):
        funding.send(boxed, by=cast.faye, now=NOW)
    jackets.mark(item(boxed, "odometer"), state="here", by=cast.faye, now=NOW)
    for _ in range(2):
        funding.send(boxed, by=cast.faye, now=NOW)
    assert kinds(cast).count("JacketSent") == 1


def test_a_kick_back_lies_here_until_it_is_sent_again(cast: Cast, boxed: DealJacket) -> None:
    funding.contract(boxed, lender="Ally", by=cast.faye, now=NOW)
    funding.send(boxed, by=cast.faye, now=NOW)
    for _ in range(2):
        funding.kick_back(boxed, why="Page 3 unsigned", needs_customer=True, by=cast.faye, now=NOW + DAY)
    for _ in range(2):
        funding.resend(boxed, by=cast.faye, now=NOW + 2 * DAY)
    assert kinds(cast)[-2:] == ["DealKickedBack", "JacketResent"]
    kick = KickBack.objects.of_store(boxed.store_id).get()
    assert (kick.corrected_at, kick.corrected_by) == (NOW + 2 * DAY, cast.faye)
    assert (jacket(cast).stage, jacket(cast).sent_at) == ("sent", NOW + 2 * DAY)


def test_a_cash_deal_goes_to_no_lender(cast: Cast) -> None:
    row = fill(agreed(cast, tina(cast), deal_type="cash"))
    jackets.take_in(row, by=cast.faye, now=NOW)
    funding.contract(row, by=cast.faye, now=NOW)
    for act in (funding.send, funding.fund):
        with pytest.raises(jackets.WrongStage, match="cash deal"):
            act(row, by=cast.faye, now=NOW)
    assert not jacket(cast).is_in_transit


def test_money_ends_what_the_lender_still_wanted(cast: Cast, boxed: DealJacket) -> None:
    funding.contract(boxed, lender="Ally", by=cast.faye, now=NOW)
    stipulations.issue(boxed, what="References", by=cast.faye, now=NOW)
    funding.send(boxed, by=cast.faye, now=NOW)
    funding.kick_back(boxed, why="Page 3", needs_customer=False, by=cast.faye, now=NOW)
    for _ in range(2):
        funding.fund(boxed, by=cast.faye, now=NOW + DAY)
    assert Stipulation.objects.of_store(boxed.store_id).get().dropped_why == "the lender paid without it"
    assert not KickBack.objects.of_store(boxed.store_id).filter(corrected_at=None).exists()
    assert kinds(cast)[-2:] == ["StipDropped", "DealFunded"]


def test_money_counts_from_the_day_on_which_it_came(cast: Cast, boxed: DealJacket) -> None:
    customer = boxed.customer
    funding.contract(boxed, lender="Ally", by=cast.faye, now=NOW)
    funding.send(boxed, by=cast.faye, now=NOW)
    tell(VehicleDelivered, cast, customer, at=NOW + timedelta(hours=4), delivery_at=NOW)
    later = NOW + 9 * DAY
    with pytest.raises(funding.NotYet):
        funding.fund(boxed, paid_on=date(2026, 12, 24), by=cast.faye, now=later)
    funding.fund(boxed, paid_on=date(2026, 11, 28), by=cast.faye, now=later)
    record = EventRecord.objects.of_store(boxed.store_id).get(kind="DealFunded")
    assert record.at == jacket(cast).funded_at == NOW + 5 * DAY + timedelta(hours=2)
    assert record.payload["days"] == 4
    assert record.payload["days_words"] == " 4 days after the delivery"


def test_money_of_the_day_of_the_delivery_does_not_come_before_it(cast: Cast, boxed: DealJacket) -> None:
    delivered = NOW + timedelta(hours=6)
    funding.contract(boxed, lender="Ally", by=cast.faye, now=NOW)
    tell(VehicleDelivered, cast, boxed.customer, at=delivered, delivery_at=delivered)
    funding.fund(boxed, paid_on=date(2026, 11, 23), by=cast.faye, now=NOW + DAY)
    assert jacket(cast).funded_at == delivered
