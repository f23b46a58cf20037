"""A full disk: nothing is said to be kept that is not, nothing leaves, everybody is told, and whoever only reads goes on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from dealership import clock, disk
from dealership.dms import inbox
from dealership.events import bus
from dealership.hooks import delivery
from dealership.messaging import sending
from dealership.messaging.models import CarrierCall, Message
from dealership.staff import doorkeeper
from dealership.staff.models import StaffMember
from tasks import promises, sweep
from tests.cast import MONDAY_TEN, Cast
from tests.dms.dealervault_files import RO, sv_file, sv_name
from tests.hooks.test_told import lead
from tests.messaging.carriers import FakeCarrier, clock_at, maria, queue
from tests.resiliency.faults import browser, database, full, hooked, signs_in, texted
from tests.service.feeds import Dms

pytestmark = pytest.mark.django_db
State = Message.State


@pytest.fixture
def nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a hundred blocks ninety-six are taken."""
    monkeypatch.setattr(disk, "FULL", 0.95)
    usage = type(shutil.disk_usage("/"))(100, 96, 4)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)


def test_a_text_is_not_said_to_be_kept_and_is_kept_when_there_is_room(cast: Cast) -> None:
    with database(full):
        answer = texted(cast.northside, "is it ready?", "SM1")
    assert (answer.status_code, "Retry-After" in answer) == (503, True)
    assert texted(cast.northside, "is it ready?", "SM1").status_code == 200
    assert CarrierCall.objects.count() == 1


def test_a_stop_that_cannot_be_kept_stops_all_the_same_since_nothing_can_leave(cast: Cast) -> None:
    waiting, carrier = queue(maria(cast.northside)), FakeCarrier()
    with database(full):
        assert texted(cast.northside, "STOP", "SM1").status_code == 503
        with pytest.raises(OperationalError):
            sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    assert texted(cast.northside, "STOP", "SM1").status_code == 200
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    waiting.refresh_from_db()
    assert (waiting.state, carrier.given) == (State.SUPPRESSED, [])


def test_no_text_leaves_that_could_not_be_written_down(cast: Cast) -> None:
    waiting, carrier = queue(maria(cast.northside)), FakeCarrier()
    with database(full), pytest.raises(OperationalError):
        sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    assert carrier.given == []
    sending.send_due(transport=carrier, clock=clock_at(MONDAY_TEN))
    waiting.refresh_from_db()
    assert (waiting.state, len(carrier.given)) == (State.ACCEPTED, 1)


def test_no_other_system_is_called_with_what_could_not_be_written_down(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = hooked(cast, monkeypatch)
    bus.publish(lead(cast.northside.pk))
    with database(full), pytest.raises(OperationalError):
        delivery.make_due(clock.now())
    assert taken == []
    assert delivery.make_due(clock.now()) == {"taken": 1, "failed": 0}


def test_a_promise_breaks_at_its_hour_also_when_there_is_room_only_later(cast: Cast) -> None:
    owed = promises.make_by_hand(
        store_id=cast.northside.pk,
        customer=maria(cast.northside),
        sentence="Call back",
        due_at=MONDAY_TEN + timedelta(minutes=30),
        owner=cast.dana,
        by=cast.dana,
        now=MONDAY_TEN,
    )
    with database(full), pytest.raises(OperationalError):
        sweep.run(MONDAY_TEN + timedelta(minutes=31))
    sweep.run(MONDAY_TEN + timedelta(minutes=45))
    owed.refresh_from_db()
    assert (owed.broken_at, owed.sweep_error) == (owed.due_at, "")


def test_a_file_stays_in_the_inbox_until_there_is_room(cast: Cast, tmp_path: Path, nearly_full: None) -> None:
    Dms(cast)
    path = tmp_path / cast.northside.slug / sv_name()
    path.parent.mkdir()
    path.write_bytes(sv_file([RO]))
    now = datetime.fromtimestamp(os.stat(path).st_ctime, UTC) + timedelta(minutes=1)
    assert inbox.collect(tmp_path, now=now) == {
        "taken": 0,
        "refused": 0,
        "trouble": ["the disk is full: files stay in the inbox"],
    }
    assert path.exists()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(disk, "FULL", 0.97)
        assert inbox.collect(tmp_path, now=now)["taken"] == 1


def test_pages_are_read_and_what_is_typed_is_not_said_to_be_kept(
    cast: Cast, signed_in: Callable[[StaffMember], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = signed_in(cast.gus)
    inside.raise_request_exception = False
    inside.get("/")
    monkeypatch.setattr(doorkeeper, "NOTE_EVERY", -1)
    with database(full):
        for path in ("/", "/inbox/", "/service/", "/customers/"):
            assert inside.get(path).status_code == 200, path
        refused = inside.post("/store/signing-in/", {"idle_minutes": "45"})
    assert (refused.status_code, "Retry-After" in refused) == (503, True)
    cast.northside.refresh_from_db()
    assert cast.northside.idle_minutes == 30_000


def test_who_signs_in_reads_on_every_page_that_the_disk_is_full(ana: StaffMember, nearly_full: None) -> None:
    inside, _ = signs_in(ana)
    assert "The disk is full" in inside.get("/").content.decode()
    ready: Any = browser().get("/health/ready/").json()
    assert (ready["disk"], ready["status"]) == ("full", "degraded")
