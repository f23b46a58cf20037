"""While the DMS is silent its figures are old, and say how old; nothing else waits for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from dealership import clock
from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from tests.cast import Cast
from tests.messaging.carriers import FakeCarrier, clock_at, maria, queue
from tests.resiliency.faults import texted
from tests.service.feeds import OPEN_RO, Dms, at

pytestmark = pytest.mark.django_db
State = Message.State
LATE = at(200)
HERE = OPEN_RO | {"Cell Phone": "973-555-0199"}


@pytest.fixture(autouse=True)
def silent(cast: Cast) -> Dms:
    """Its last file came at ten; it may be silent for two hours, and it is twenty past one."""
    dms = Dms(cast)
    dms.send(at(0), HERE)
    return dms


def test_a_text_that_comes_in_is_read(cast: Cast) -> None:
    assert texted(cast.northside, "is it ready?").status_code == 200
    carrier_calls.settle_open()
    assert Message.objects.of_store(cast.northside.pk).get(is_inbound=True).body == "is it ready?"


def test_a_stop_counts(cast: Cast) -> None:
    waiting = queue(maria(cast.northside), now=LATE)
    assert texted(cast.northside, "STOP").status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED


def test_a_text_leaves(cast: Cast) -> None:
    waiting, carrier = queue(maria(cast.northside), now=LATE), FakeCarrier()
    sending.send_due(transport=carrier, clock=clock_at(LATE))
    waiting.refresh_from_db()
    assert (waiting.state, len(carrier.given)) == (State.ACCEPTED, 1)


def test_every_page_says_as_of_when_the_dms_is(
    cast: Cast, silent: Dms, signed_in: Callable[[StaffMember], Client]
) -> None:
    inside, words = signed_in(cast.dana), "DMS as of 10:00 am."
    with clock.at(LATE):
        assert words in inside.get("/").content.decode()
    silent.send(at(199), HERE | {"Tag Number": "T1"})
    cache.clear()
    with clock.at(at(201)):
        assert words not in inside.get("/").content.decode()
