"""Losing the broker changes only how soon: the ticker finds what nobody rang for, and does it itself."""

from __future__ import annotations

import pytest
from django.db import transaction

from dealership import doorbell
from dealership.messaging import carrier_calls
from dealership.messaging.models import Message
from dealership.ticker import TURNS, Ticker
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_inbound import call
from tests.promises import promise


class Hurry:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def out_of_order(job: str) -> None:
    raise ConnectionError("The broker is gone.")


@promise("P9", saboteur=saboteurs.the_ticker_trusts_the_broker)
@pytest.mark.django_db(transaction=True)
def test_with_the_broker_gone_a_text_that_came_in_is_read_by_the_tickers_next_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorbell, "knock", out_of_order)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    maria(cast.northside)
    with transaction.atomic():
        assert carrier_calls.keep_inbound(call(cast.northside, "is it ready?"), clock=lambda: MONDAY_TEN)
    job = "dealership.messaging.jobs.settle_carrier_calls"
    assert Ticker({job: TURNS[job]}, clock=Hurry()).tick() == [job]
    rows = Message.objects.of_store(cast.northside.pk).filter(is_inbound=True)
    assert list(rows.values_list("body", flat=True)) == ["is it ready?"]


def test_each_job_has_its_turns_and_none_is_forgotten() -> None:
    hurry = Hurry()
    woken: list[str] = []
    ticker = Ticker({"often": 1, "seldom": 10}, clock=hurry)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("dealership.ticker.wake", woken.append)
        for second in range(20):
            hurry.at = float(second)
            ticker.tick()
    assert woken.count("often") == 20
    assert woken.count("seldom") == 2
