"""Stips: issued once, asked once, verified or dropped."""

from __future__ import annotations

import pytest

from dealership.events.models import EventRecord
from dealership.messaging.models import Message
from fni import jackets, stipulations
from fni.models import DealJacket, Stipulation
from tests.cast import MONDAY_TEN, Cast
from tests.fni.deals import agreed, jacket, tina

NOW = MONDAY_TEN


@pytest.fixture
def stip(cast: Cast) -> Stipulation:
    row = agreed(cast, tina(cast))
    DealJacket.objects.of_store(row.store_id).update(stage="sent")
    return stipulations.issue(row, what="Proof of income", by=cast.faye, now=NOW)


def kinds(cast: Cast) -> list[str]:
    rows = EventRecord.objects.of_store(cast.northside.pk).filter(kind__startswith="Stip")
    return list(rows.order_by("pk").values_list("kind", flat=True))


def test_the_same_stip_issued_twice_is_one(cast: Cast, stip: Stipulation) -> None:
    again = stipulations.issue(jacket(cast), what=" proof of income ", by=cast.faye, now=NOW)
    assert again == stip
    assert kinds(cast) == ["StipIssued"]


def test_a_cash_deal_has_nobody_who_could_issue_one(cast: Cast) -> None:
    row = agreed(cast, tina(cast), deal_type="cash")
    with pytest.raises(jackets.WrongStage, match="no lender"):
        stipulations.issue(row, what="Proof of income", by=cast.faye, now=NOW)


def test_asking_and_collecting_twice_is_once(cast: Cast, stip: Stipulation) -> None:
    for _ in range(2):
        stipulations.asked(stip, how="phone", by=cast.sam, now=NOW)
    for _ in range(2):
        current = stipulations.collect(stip, by=cast.faye, now=NOW)
    assert (current.verified_by, current.collected_at) == (cast.faye, NOW)
    assert kinds(cast) == ["StipIssued", "StipAsked", "StipCollected"]


def test_what_was_dropped_needs_no_asking(cast: Cast, stip: Stipulation) -> None:
    with pytest.raises(jackets.NoReason):
        stipulations.drop(stip, why="", by=cast.faye, now=NOW)
    stipulations.drop(stip, why="Approved without it", by=cast.faye, now=NOW)
    for act in (
        lambda: stipulations.asked(stip, how="phone", by=cast.faye, now=NOW),
        lambda: stipulations.collect(stip, by=cast.faye, now=NOW),
        lambda: stipulations.ask_by_text(stip, body="Please", by=cast.faye, now=NOW),
    ):
        with pytest.raises(stipulations.NotOpen, match="Approved without it"):
            act()


def test_the_customer_is_asked_by_text_once(cast: Cast, stip: Stipulation) -> None:
    stipulations.ask_by_text(stip, body="Please bring it", by=cast.sam, now=NOW)
    with pytest.raises(stipulations.AlreadyAsked):
        stipulations.ask_by_text(stip, body="Please bring it", by=cast.sam, now=NOW)
    assert Message.objects.of_store(cast.northside.pk).count() == 1


def test_the_text_is_half_written_in_the_customers_language(cast: Cast) -> None:
    row = agreed(cast, tina(cast, language="es"))
    DealJacket.objects.of_store(row.store_id).update(stage="sent")
    stip = stipulations.issue(row, what="Proof of income", by=cast.faye, now=NOW)
    words = stipulations.half_written(stip, jacket(cast), cast.sam)
    assert words.startswith("Hola Tina, soy Sam de Northside Honda.")
    assert "comprobante de ingresos" in words


def test_without_a_customer_on_record_no_text_leaves(cast: Cast) -> None:
    row = agreed(cast, None)
    DealJacket.objects.of_store(row.store_id).update(stage="sent")
    stip = stipulations.issue(row, what="References", by=cast.faye, now=NOW)
    assert stipulations.half_written(stip, row, cast.faye) == ""
    with pytest.raises(stipulations.NobodyToAsk):
        stipulations.ask_by_text(stip, body="Please", by=cast.faye, now=NOW)
