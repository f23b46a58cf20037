"""Without PostgreSQL nothing is pretended: machines are told to come again, people read it, and afterwards everything is caught up with."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from dealership import clock
from dealership.dms import jobs as dms_jobs
from dealership.dms.models import FeedFile
from dealership.events import bus
from dealership.hooks import delivery
from dealership.messaging import books, carrier_calls, sending
from dealership.messaging import jobs as messaging_jobs
from dealership.messaging.models import CarrierCall, Message
from dealership.messaging.transports.carrier import Listed
from dealership.models import Heartbeat
from dealership.staff.models import StaffMember
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast
from tests.dms.dealervault_files import RO, sv_file, sv_name
from tests.hooks.test_told import lead
from tests.messaging.carriers import PHONE, FakeCarrier, clock_at, maria, queue
from tests.promises import promise
from tests.resiliency.faults import away, browser, database, hooked, signs_in, texted
from tests.service.feeds import Dms
from tests.staff.test_second_factor import WORD

pytestmark = pytest.mark.django_db
State = Message.State


def asks_to_come_again(answer: Any) -> bool:
    return answer.status_code == 503 and int(answer["Retry-After"]) > 0


# --- a restart ------------------------------------------------------------------------------------------------------------


@promise("P1", saboteur=saboteurs.the_carrier_is_answered_before_its_text_is_kept)
def test_the_carrier_is_told_to_call_again_and_then_the_text_is_here_once(cast: Cast) -> None:
    with database(away):
        assert asks_to_come_again(texted(cast.northside, "is it ready?", "SM1"))
    assert not CarrierCall.objects.exists()
    for _ in range(2):
        assert texted(cast.northside, "is it ready?", "SM1").status_code == 200
    assert CarrierCall.objects.count() == 1


def test_a_stop_that_the_carrier_repeats_counts_at_once(cast: Cast) -> None:
    waiting = queue(maria(cast.northside))
    with database(away):
        assert asks_to_come_again(texted(cast.northside, "STOP", "SM1"))
    assert texted(cast.northside, "STOP", "SM1").status_code == 200
    waiting.refresh_from_db()
    assert waiting.state == State.SUPPRESSED


def test_a_page_says_so_and_opens_again_afterwards(
    cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    inside = signed_in(cast.dana)
    inside.raise_request_exception = False
    for headers in ({}, {"HX-Request": "true"}):
        with database(away):
            answer = inside.get("/inbox/", headers=headers)
        assert asks_to_come_again(answer)
        assert ("Kept cannot reach its data" in answer.content.decode()) is not bool(headers)
        assert "Content-Security-Policy" in answer
    assert inside.get("/inbox/").status_code == 200


def test_who_signs_in_meanwhile_is_told_and_gets_in_afterwards(ana: StaffMember) -> None:
    with database(away):
        _, answers = signs_in(ana)
    assert asks_to_come_again(answers[-1])
    inside, _ = signs_in(ana)
    assert inside.get("/").status_code == 200


# --- ten minutes ----------------------------------------------------------------------------------------------------------


def in_the_carriers_list(cast: Cast, body: str) -> FakeCarrier:
    carrier = FakeCarrier()
    written = MONDAY_TEN - timedelta(minutes=9)
    carrier.incoming = [Listed("SM1", PHONE, cast.northside.text_number, body, "received", "", written)]
    return carrier


def test_a_text_of_that_time_is_fetched_from_the_carriers_list_and_counts_from_when_it_was_written(
    cast: Cast,
) -> None:
    with database(away):
        assert asks_to_come_again(texted(cast.northside, "is it ready?", "SM1"))
    books.look(books=in_the_carriers_list(cast, "is it ready?"), clock=clock_at(MONDAY_TEN))
    carrier_calls.settle_open(clock=clock_at(MONDAY_TEN))
    found = Message.objects.of_store(cast.northside.pk).get()
    assert (found.body, found.created_at) == ("is it ready?", MONDAY_TEN - timedelta(minutes=9))


def test_a_stop_of_that_time_is_heard_before_anything_is_sent(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, carrier = queue(maria(cast.northside)), in_the_carriers_list(cast, "STOP")
    monkeypatch.setattr(messaging_jobs, "Twilio", lambda: carrier)
    with clock.at(MONDAY_TEN - timedelta(minutes=1)):
        books.look(books=FakeCarrier())  # a minute ago; the next look would be in four
    Heartbeat.objects.create(job=messaging_jobs.SENDER, at=clock.real() - timedelta(minutes=10))
    with clock.at(MONDAY_TEN):
        with database(away), pytest.raises(OperationalError):
            messaging_jobs.send_due()
        messaging_jobs.send_due()
    waiting.refresh_from_db()
    assert (waiting.state, carrier.given) == (State.SUPPRESSED, [])


def test_nothing_leaves_meanwhile_and_each_text_leaves_once_afterwards(cast: Cast) -> None:
    waiting, carrier = queue(maria(cast.northside)), FakeCarrier()
    with database(away), pytest.raises(OperationalError):
        sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    assert carrier.given == []
    for _ in range(2):
        sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN + timedelta(minutes=10)))
    waiting.refresh_from_db()
    assert (waiting.state, len(carrier.given)) == (State.ACCEPTED, 1)


def test_another_system_is_told_once_afterwards(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = hooked(cast, monkeypatch)
    bus.publish(lead(cast.northside.pk))
    with database(away), pytest.raises(OperationalError):
        delivery.make_due(clock.now())
    assert taken == []
    for _ in range(2):
        delivery.make_due(clock.now())
    assert len(taken) == 1


def test_a_file_stays_in_the_inbox_and_is_taken_in_afterwards(
    cast: Cast, settings: Any, tmp_path: Path
) -> None:
    Dms(cast)
    settings.DMS_INBOX = tmp_path
    path = tmp_path / cast.northside.slug / sv_name()
    path.parent.mkdir()
    path.write_bytes(sv_file([RO]))
    written = datetime.fromtimestamp(os.stat(path).st_ctime, UTC)
    with clock.at(written + timedelta(minutes=1)), pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "own", clock.now)
        with database(away), pytest.raises(OperationalError):
            dms_jobs.collect_inbox()
        assert path.exists()
        assert dms_jobs.collect_inbox()["taken"] == 1
    assert FeedFile.objects.of_store(cast.northside.pk).count() == 1


def test_a_server_that_is_asked_and_says_nothing_holds_nobody_up_for_twenty_seconds(cast: Cast) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        asked = connection.copy()
        asked.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(silent.getsockname()[1])}
        began = time.monotonic()
        with pytest.raises(OperationalError):
            asked.ensure_connection()
    assert time.monotonic() - began < 20


def test_the_right_password_opens_nothing_meanwhile(ana: StaffMember) -> None:
    assert ana.user is not None
    outside = browser()
    with database(away):
        answer = outside.post("/account/login/", {"login": ana.user.email, "password": WORD})
    assert asks_to_come_again(answer)
    assert "sessionid" not in outside.cookies
    assert outside.get("/")["Location"].startswith("/account/login/")
