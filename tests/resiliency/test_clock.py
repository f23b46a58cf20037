"""A server whose clock is ten minutes wrong does everything at the right time: the database's clock decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from dealership import clock
from dealership.dms import jobs as dms_jobs
from dealership.events import bus
from dealership.hooks import delivery
from dealership.messaging import carrier_calls, consent
from dealership.messaging.models import Message
from dealership.staff.models import StaffMember
from tests.cast import Cast
from tests.dms.dealervault_files import RO, sv_file, sv_name
from tests.hooks.test_told import lead
from tests.messaging.carriers import PHONE, maria, queue
from tests.resiliency.faults import hooked, signs_in, texted
from tests.service.feeds import Dms
from tests.staff.test_second_factor import CODE_PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[10, -10], ids=["ahead", "behind"])
def wrong(cast: Cast, request: Any, settings: Any) -> Iterator[timedelta]:
    """This server's clock; its connection has compared the two, as each does when it is made."""
    apart = timedelta(minutes=request.param)
    with time_machine.travel(clock.database_now() + apart):
        connection.compare_clocks()  # type: ignore[attr-defined]
        yield apart
    connection.clock_ahead = timedelta()  # type: ignore[attr-defined]


def test_a_text_that_comes_in_is_due_at_once_for_whoever_reads_it(cast: Cast, wrong: timedelta) -> None:
    assert texted(cast.northside, "is it ready?").status_code == 200
    assert carrier_calls.settle_open(clock=clock.database_now) == {"settled": 1, "failed": 0}


def test_a_stop_that_a_wrong_clock_took_is_later_than_the_start_before_it(
    cast: Cast, wrong: timedelta
) -> None:
    consent.give(
        store_id=cast.northside.pk,
        number=PHONE,
        how=consent.How.REPAIR_ORDER,
        words="gave the number at write-up",
        now=clock.database_now() - timedelta(minutes=5),
    )
    assert texted(cast.northside, "STOP").status_code == 200
    stands = consent.state(cast.northside.pk, PHONE)
    assert stands.opted_out
    assert texted(cast.northside, "START").status_code == 200
    carrier_calls.settle_open(clock=clock.database_now)
    assert not consent.state(cast.northside.pk, PHONE).opted_out


def test_a_text_that_is_written_is_due_now(cast: Cast, wrong: timedelta) -> None:
    waiting = queue(maria(cast.northside), now=clock.now())
    right = clock.database_now()
    assert abs(waiting.send_after - right) < timedelta(seconds=30)
    assert Message.objects.of_store(cast.northside.pk).filter(send_after__lte=right).exists()


def test_another_system_is_told_at_once(
    cast: Cast, wrong: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = hooked(cast, monkeypatch)
    bus.publish(lead(cast.northside.pk))
    delivery.make_due(clock.now())
    assert len(taken) == 1


def test_a_file_is_complete_by_the_clock_of_the_machine_that_has_it(
    cast: Cast, wrong: timedelta, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Dms(cast)
    settings.DMS_INBOX = tmp_path
    path = tmp_path / cast.northside.slug / sv_name()
    path.parent.mkdir()
    path.write_bytes(sv_file([RO]))
    # Its files have the times that its own clock shows: those of this test are written by a clock that is right.
    monkeypatch.setattr(clock, "own", clock.database_now)
    assert dms_jobs.collect_inbox()["taken"] == 0, "written just now: it may not be whole"
    monkeypatch.setattr(clock, "own", lambda: clock.database_now() + timedelta(seconds=5))
    assert dms_jobs.collect_inbox()["taken"] == 1


def test_a_page_shows_the_right_time(
    cast: Cast, wrong: timedelta, signed_in: Callable[[StaffMember], Client]
) -> None:
    shown = float(signed_in(cast.dana).get("/live/?t=inbox:1")["X-Clock"].split()[0])
    assert abs(shown - clock.database_now().timestamp()) < 30


def test_a_code_of_the_step_before_or_after_opens_and_no_other(ana: StaffMember) -> None:
    for steps, opens in ((-1, 200), (1, 200), (-2, 302), (2, 302)):
        inside, _ = signs_in(ana, steps=steps)
        assert inside.get("/").status_code == opens, steps
    # A phone that is ten minutes wrong opens nothing, and a code on paper does.
    paper = Authenticator.objects.get(user=ana.user, type="recovery_codes").wrap().get_unused_codes()[0]
    inside, _ = signs_in(ana, steps=20)
    inside.post(CODE_PAGE, {"code": paper})
    assert inside.get("/").status_code == 200
