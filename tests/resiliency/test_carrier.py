"""While the carrier hangs or refuses, its own flow waits, and says so; every other goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from dealership import clock
from dealership.customers.models import Customer
from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import Message
from dealership.messaging.transports.carrier import InDoubt, NotNow, Outcome
from dealership.staff.models import StaffMember
from service.models import RepairOrder
from tasks import promises, sweep
from tasks.models import Notice
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import FakeCarrier, clock_at, maria, queue
from tests.resiliency.faults import texted
from tests.service.feeds import OPEN_RO, Dms, at

pytestmark = pytest.mark.django_db
State = Message.State
TIMEOUT = InDoubt("The line broke while the carrier was called (ReadTimeout).")
BUSY = NotNow("The carrier takes no more now (429).", slower=True)
#: What the carrier does, and what becomes of a text of ours meanwhile.
each = pytest.mark.parametrize(
    ("trouble", "rests"), [(TIMEOUT, State.UNKNOWN), (BUSY, State.QUEUED)], ids=["timeouts", "refusals"]
)


def send(customer: Customer, trouble: Outcome, n: int = 1, now: datetime = MONDAY_TEN) -> list[Message]:
    """So many texts are due, and the carrier does that with each."""
    waiting = [queue(customer, f"Your car is ready, {now} {nth}.", now=now) for nth in range(n)]
    sending.send_due(transport=FakeCarrier(*[trouble] * 9), clock=clock_at(now))
    for message in waiting:
        message.refresh_from_db()
    return waiting


@each
def test_a_text_that_comes_in_is_read(cast: Cast, trouble: Outcome, rests: str) -> None:
    ours = send(maria(cast.northside), trouble)
    assert texted(cast.northside, "is it ready?").status_code == 200
    carrier_calls.settle_open()
    assert Message.objects.of_store(cast.northside.pk).get(is_inbound=True).body == "is it ready?"
    assert ours[0].state == rests


@each
def test_a_stop_counts_also_for_what_rests(cast: Cast, trouble: Outcome, rests: str) -> None:
    ours = send(maria(cast.northside), trouble)
    assert texted(cast.northside, "STOP").status_code == 200
    carrier = FakeCarrier()
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(hours=1)))
    ours[0].refresh_from_db()
    # What was in doubt is looked up, and is not sent again; what waited does not wait any more.
    assert ours[0].state == (State.SUPPRESSED if rests == State.QUEUED else rests)
    assert carrier.given == []


@each
def test_a_broken_promise_is_told_within_the_product(cast: Cast, trouble: Outcome, rests: str) -> None:
    ours = send(maria(cast.northside), trouble)
    owed = promises.make_by_hand(
        store_id=cast.northside.pk,
        customer=maria(cast.northside, agreed=False, phone="+19735550143"),
        sentence="Call back",
        due_at=MONDAY_TEN + timedelta(minutes=30),
        owner=cast.dana,
        by=cast.dana,
        now=MONDAY_TEN,
    )
    sweep.run(MONDAY_TEN + timedelta(days=1))
    owed.refresh_from_db()
    assert owed.broken_at == owed.due_at
    assert Notice.objects.of_store(cast.northside.pk).exclude(staff=cast.dana).exists()
    assert ours[0].state == rests


@each
def test_what_the_dms_tells_is_applied(cast: Cast, trouble: Outcome, rests: str) -> None:
    ours = send(maria(cast.northside), trouble)
    Dms(cast).send(at(1), OPEN_RO)
    assert RepairOrder.objects.of_store(cast.northside.pk).exists()
    assert ours[0].state == rests


@each
def test_every_page_opens_and_says_that_texts_wait(
    cast: Cast, signed_in: Callable[[StaffMember], Client], trouble: Outcome, rests: str
) -> None:
    inside = signed_in(cast.dana)
    words = "The carrier has not answered since" if rests == State.UNKNOWN else "No text leaves since"
    customer = maria(cast.northside)
    send(customer, trouble, 3)
    send(customer, trouble, 1, MONDAY_TEN + timedelta(seconds=31))
    with clock.at(MONDAY_TEN + timedelta(seconds=75)):
        page = inside.get("/inbox/").content.decode()
        # A part of every page.
        assert words in inside.get("/rail/").content.decode()
        assert words in page
