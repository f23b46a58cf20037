"""Without Redis everything goes on: nothing is live, nobody is woken, and the ticker does the work itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.core.cache import cache
from django.test import Client

from dealership import clock, doorbell, ticker
from dealership.events import bus
from dealership.messaging import jobs as messaging_jobs
from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from service.models import RepairOrder
from tasks import promises
from tests.cast import MONDAY_TEN, Cast
from tests.hooks.test_told import lead
from tests.house.test_ticker import Hurry, out_of_order
from tests.messaging.carriers import FakeCarrier, maria, queue
from tests.resiliency.faults import hooked, signs_in, texted
from tests.service.feeds import OPEN_RO, Dms, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def redis_refuses(nothing_kept: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at its address."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    monkeypatch.setattr(doorbell, "knock", out_of_order)
    monkeypatch.setattr(doorbell, "_silent_until", 0.0)
    with pytest.raises(redis.exceptions.ConnectionError):
        cache.get("anything")


def ticks(*jobs: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ticker, "close_old_connections", lambda: None)  # it is the test's own
        ticker.Ticker(dict.fromkeys(jobs, 1.0), clock=Hurry()).tick()


def test_a_stop_counts_before_the_carrier_is_answered(cast: Cast) -> None:
    waiting = queue(maria(cast.northside))
    assert texted(cast.northside, "STOP").status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == Message.State.SUPPRESSED


def test_a_text_leaves_with_the_tickers_next_turn(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, carrier = queue(maria(cast.northside)), FakeCarrier()
    monkeypatch.setattr(messaging_jobs, "Twilio", lambda: carrier)
    with clock.at(MONDAY_TEN):
        ticks("dealership.messaging.jobs.send_due")
    waiting.refresh_from_db()
    assert (waiting.state, len(carrier.given)) == (Message.State.ACCEPTED, 1)


def test_a_promise_breaks_at_its_hour(cast: Cast) -> None:
    now = clock.database_now()
    broken = promises.make_by_hand(
        store_id=cast.northside.pk,
        customer=maria(cast.northside),
        sentence="Call back",
        due_at=now - timedelta(minutes=5),
        owner=cast.dana,
        by=cast.dana,
        now=now - timedelta(hours=1),
    )
    ticks("tasks.jobs.sweep_promises")
    broken.refresh_from_db()
    assert broken.broken_at == broken.due_at


def test_another_system_is_told_with_the_tickers_next_turn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = hooked(cast, monkeypatch)
    (record,) = bus.publish(lead(cast.northside.pk))
    ticks("dealership.hooks.jobs.make_calls")
    assert taken == [f"fact-{record.pk}"]


def test_a_file_of_the_dms_is_read_and_applied(cast: Cast) -> None:
    Dms(cast).drop(at(0), OPEN_RO)
    with clock.at(at(1)):
        ticks("dealership.dms.jobs.stage_files", "service.jobs.apply_repair_orders")
    assert RepairOrder.objects.of_store(cast.northside.pk).get().ro_number == "048213"


def test_every_page_opens_and_what_is_done_on_one_is_done(
    cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    inside = signed_in(cast.gus)
    for path in ("/", "/inbox/", "/customers/", "/service/", "/operations/", "/live/?t=inbox:1"):
        assert inside.get(path).status_code in (200, 204), path
    assert "It does not answer" in inside.get("/operations/").content.decode()
    inside.post("/store/signing-in/", {"idle_minutes": "45"})
    cast.northside.refresh_from_db()
    assert cast.northside.idle_minutes == 45


def test_who_has_a_second_factor_signs_in_stays_and_signs_out(ana: StaffMember) -> None:
    inside, _ = signs_in(ana)
    assert [inside.get("/").status_code for _ in range(2)] == [200, 200]
    assert inside.post("/account/logout/").status_code == 302
    assert inside.get("/").status_code == 302
