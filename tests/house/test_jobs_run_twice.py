"""Everything may run twice, and die at any statement: no job changes anything the second time, and after a crash it ends the same.

Every job that the ticker wakes or the doorbell rings for is here, over a world in which each has something to do. A crash is what
`kill -9` leaves: what was committed stays, the rest is rolled back, and leases run out. `ALL_CRASHES=1` crashes at every
statement; otherwise at a few, spread over the run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from dealership import clock, line
from dealership.audit import entries
from dealership.audit.models import Action
from dealership.dms import files, inbox, staging
from dealership.dms.models import Feed
from dealership.doorbell import BELLS
from dealership.hooks import egress
from dealership.hooks.models import HookCall
from dealership.messaging import carrier_calls
from dealership.messaging import jobs as messaging_jobs
from dealership.messaging.models import CarrierCall, Message
from dealership.messaging.simulator import texts, webhooks
from dealership.messaging.transports.carrier import Accepted, Listed, Parcel
from dealership.models import Bucket, Heartbeat
from dealership.push import ringing
from dealership.ticker import TURNS
from marketing.models import Survey
from sales import arrivals
from service.models import RepairOrder
from tests import saboteurs
from tests.cast import MONDAY_TEN
from tests.dms.dealervault_files import APPOINTMENT, DEAL, RO, appt_file, sl_file, stock_file, sv_file
from tests.house.world import World
from tests.messaging.carriers import FakeCarrier
from tests.messaging.test_inbound import call
from tests.messaging.test_pictures import drawing
from tests.owner import as_owner
from tests.promises import promise

JOBS = sorted({*TURNS, *BELLS.values()})
#: Ten days after the world was made: what it owed is broken, who was to leave leaves, whoever was delivered had a week.
NOW = MONDAY_TEN + timedelta(days=10, hours=1)
#: Jobs that find nothing to do here, and why.
IDLE = {
    "dealership.demo.jobs.play_day": "no day of the demo is played",
    "dealership.operations.jobs.verify_minute": "judges, and changes nothing",
}
#: What tells how often something was tried, and not what became of it.
TRIES = {
    "messaging_message": {"uuid", "claimed_at", "called_at", "attempts", "lookups", "reasons", "send_after"},
    "messaging_conversation": {"version", "last_body"},
    "messaging_carriercall": {"attempts", "next_try_at"},
    "messaging_photo": {"attempts", "next_try_at"},
    "messaging_simulatedtext": {"next_call_at", "calls_due"},
    "events_eventrecord": {"attempts", "next_try_at"},
    "tasks_task": {"attempts", "next_try_at"},
    "dms_stagedrecord": {"attempts"},
    "hooks_hookcall": {"attempts", "next_try_at"},
}
#: The order in which rows were written is nobody's business: they are known by what they say.
NUMBERS = {"id", "opened_by_id", "closed_by_event_id", "event_id", "message_id", "message_ids"}
TABLES = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if model is not Heartbeat and not model._meta.db_table.startswith(("django_", "auth_"))
)


class Crash(BaseException):
    """The process is gone: no `except Exception` sees it."""


class Carrier(FakeCarrier):
    """Takes everything, under an id that follows from the words; its list holds what it took."""

    def send(self, parcel: Parcel) -> Accepted:
        sid = "SM" + hashlib.md5(f"{parcel.to_number} {parcel.body}".encode()).hexdigest()
        self.listed.append(
            Listed(sid, parcel.from_number, parcel.to_number, parcel.body, "accepted", "", NOW)
        )
        return Accepted(sid)

    def picture(self, address: str, *, most: int) -> bytes:
        return drawing()


@pytest.fixture
def laden(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[World]:
    """A world in which something is due for every job."""
    monkeypatch.setattr(webhooks, "_call", lambda *_: True)
    monkeypatch.setattr(ringing, "by_https", lambda *_: 201)
    monkeypatch.setattr(egress, "post", lambda *_: egress.Answer(200, "", 7))
    monkeypatch.setattr(settings, "DMS_INBOX", tmp_path)
    monkeypatch.setattr(inbox, "QUIET_SECONDS", -1e9)  # a file that was written just now is whole
    store = world.cast.northside
    with clock.at(NOW):
        for n in range(2):
            rows = _files(n)
            for kind, (name, data) in rows.items():
                feed = Feed.objects.of_store(store.pk).get(kind=kind)
                file = files.take_in(feed=feed, name=name, data=data, now=NOW)
                if n == 0:
                    staging.stage(file, now=NOW)
        arrivals.keep(
            store_id=store.pk, data=b"call 973 555 0166", came_by="mail", now=NOW - timedelta(hours=1)
        )
        carrier_calls.keep_inbound(
            call(store, "is it ready?", sid="SM1", number="+19735550171"), clock=lambda: NOW
        )
        photo = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
        carrier_calls.keep_inbound(
            call(store, "look", sid="SM2", number="+19735550173", **photo), clock=lambda: NOW
        )
        carrier_calls.settle(CarrierCall.objects.get(external_id="SM2").pk, now=NOW)
        texts.write_as_customer(store=store, number="+19735550172", body="hello", now=NOW)
        entries.record(
            store_id=store.pk, staff_id=world.cast.ana.pk, action=Action.EXPORTED, kind="customer", now=NOW
        )
        Bucket.objects.create(key="old", tokens=1, filled_at=NOW - timedelta(days=90))
        _put_off(store.pk)
        yield world


def _put_off(store_id: int) -> None:
    """What the product would have come to by itself: a text in doubt, a question held back, a time that will be missed."""
    in_doubt = Message.objects.of_store(store_id).filter(state="accepted").order_by("pk")[:1].values("pk")
    Message.objects.of_store(store_id).filter(pk__in=in_doubt).update(
        state="unknown", carrier_sid="", called_at=NOW - timedelta(minutes=5)
    )
    Survey.objects.of_store(store_id).update(
        state="held",
        ask_at=NOW - timedelta(hours=1),
        happened_at=NOW - timedelta(hours=5),
        answered_at=None,
        asked_at=None,
    )
    taken = HookCall.objects.of_store(store_id).order_by("pk")[:1].values("pk")
    HookCall.objects.of_store(store_id).filter(pk__in=taken).update(
        answered_at=NOW - timedelta(days=31), status=200, parked_at=None, next_try_at=None
    )
    RepairOrder.objects.of_store(store_id).filter(state="open").update(
        promised_at=NOW + timedelta(minutes=20), risk_for=None
    )


def _files(n: int) -> dict[str, tuple[str, bytes]]:
    """A file of each kind, of an hour of that day."""
    name = f"DVD662810_20261203_0{n + 5}10_{{}}.txt"
    ro = RO | {"Open Date": "12/3/2026", "RO Number": f"70{n}1"}
    visit = APPOINTMENT | {"Appointment Number": f"71{n}1", "Appointment Date": "12/9/2026"}
    deal = DEAL | {"Deal Number": f"72{n}1", "Entry Date": "12/3/2026"}
    return {
        "SV": (name.format("SV"), sv_file([ro, ro | {"RO Number": f"70{n}2"}])),
        "SV_APPT": (name.format("SV_APPT"), appt_file([visit])),
        "SL": (name.format("SL"), sl_file([deal])),
        "PTINV": (name.format("PTINV"), stock_file([{"Part Number": f"90{n}-A", "Quantity On Hand": "2"}])),
    }


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is undone after it. Durable blocks may open inside, as in a process of its own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def run(job: str, carrier: Carrier) -> None:
    place = settings.DMS_INBOX / "northside-honda"
    place.mkdir(exist_ok=True)
    name, data = _files(2)["PTINV"]
    (place / name).write_bytes(data)  # the DMS sends it again and again
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(messaging_jobs, "Twilio", lambda: carrier)
        patched.setattr(messaging_jobs, "TwilioMedia", lambda: carrier)
        _count_rows_on()
        import_string(job)()


def crash(job: str, carrier: Carrier, at: int | None) -> int:
    """Runs the job and dies at that statement; returns how many there were. None: it lives."""
    seen = 0

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == at:
            raise Crash
        return execute(sql, params, many, context)

    # A block without a savepoint marks the test's own transaction as spoilt; in a process of its own it was the transaction.
    with connection.execute_wrapper(watch), suppress(Crash, transaction.TransactionManagementError):
        run(job, carrier)
    connection.needs_rollback = False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")  # as the server does when the process is gone
    return seen


def time_passes() -> None:
    """Leases run out: what a dead worker had claimed is free again. The clock stays, so that the same is the same."""
    Message.objects.across_stores("a test").filter(state="sending").update(
        claimed_at=NOW - timedelta(minutes=5)
    )
    Message.objects.across_stores("a test").filter(state="sending", called_at=NOW).update(
        called_at=NOW - timedelta(minutes=5)
    )
    with connection.cursor() as cursor:
        for table in (
            "messaging_carriercall", "messaging_photo", "events_eventrecord", "tasks_task", "hooks_hookcall",
        ):  # fmt: skip
            cursor.execute(
                f"UPDATE {table} SET next_try_at = %s WHERE next_try_at > %s AND next_try_at <= %s",
                [NOW, NOW, NOW + line.LEASE],
            )
        cursor.execute(
            "UPDATE messaging_simulatedtext SET next_call_at = %s WHERE next_call_at > %s AND calls_due <> '[]'",
            [NOW, NOW],
        )


def _count_rows_on() -> None:
    """Numbers are not given back by what is rolled back: rows count on from what is there."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_COUNT_ON)


_COUNT_ON = """
DO $$ DECLARE s record; BEGIN
FOR s IN SELECT c.table_name AS t, pg_get_serial_sequence(c.table_name, 'id') AS q FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.column_name = 'id' AND pg_get_serial_sequence(c.table_name, 'id') IS NOT NULL LOOP
    EXECUTE format('SELECT setval(%L, coalesce((SELECT max(id) FROM %I), 0) + 1, false)', s.q, s.t);
END LOOP; END $$
"""


def rows_of(*, without: dict[str, set[str]], tables: list[str] = TABLES) -> dict[str, list[str]]:
    """What stands in the tables, each row as sorted JSON without these columns."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            away = sorted(without.get(table, set()) | without.get("*", set()))
            cursor.execute(f"SELECT (to_jsonb(t) - %s::text[])::text FROM {table} t", [away])
            said = [row[0] for row in cursor.fetchall()]
            # A day is marked, however often: batches mark it once, and records that come alone each by itself.
            found[table] = sorted(set(said) if table == "tasks_staleday" else said)
    return found


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, list[str]]:
    """Rows that are in one and not in the other, by table."""
    return {
        table: sorted(set(before[table]) ^ set(after[table]))[:4]
        for table in before
        if before[table] != after[table]
    }


@pytest.mark.parametrize("job", JOBS)
def test_a_second_run_changes_nothing(job: str, laden: World) -> None:
    carrier = Carrier()
    untouched = rows_of(without={})
    run(job, carrier)
    first = rows_of(without={})
    assert bool(differences(untouched, first)) == (job not in IDLE), (
        "something was due for each job that is not idle here"
    )
    run(job, carrier)
    assert differences(first, rows_of(without={})) == {}


#: In doubt a text is not sent again: it may end as lost, but it never leaves twice (tests/messaging/test_lost_answers.py).
SENDER = "dealership.messaging.jobs.send_due"


@pytest.mark.parametrize("job", [job for job in JOBS if job != SENDER])
def test_whatever_it_dies_at_it_ends_the_same(job: str, laden: World) -> None:
    assert ends_the_same(job, _spread) == []


def test_whatever_the_sender_dies_at_the_carrier_takes_each_text_once(laden: World) -> None:
    with undone():
        n = crash(SENDER, Carrier(), None)
    for at in _spread(n):
        with undone():
            carrier = Carrier()
            crash(SENDER, carrier, at)
            time_passes()
            for job in (SENDER, "dealership.messaging.jobs.reconcile", SENDER):
                run(job, carrier)
            taken = [listed.sid for listed in carrier.listed]
            assert len(taken) == len(set(taken))
            assert not Message.objects.across_stores("a test").filter(state="sending").exists()


def ends_the_same(job: str, points: Callable[[int], list[int]]) -> list[str]:
    """Crashes the job at these of its statements, each time over the same world, and says what differs afterwards."""
    without = {**TRIES, "*": NUMBERS}
    untouched = rows_of(without=without)
    with undone():
        n = crash(job, Carrier(), None)
        _afterwards(job, Carrier())
        whole = rows_of(without=without)
    whole = {table: whole[table] for table in differences(untouched, whole)}
    found = []
    for at in points(n):
        with undone():
            carrier = Carrier()
            crash(job, carrier, at)
            time_passes()
            _afterwards(job, carrier)
            if differing := differences(whole, rows_of(without=without, tables=list(whole))):
                found.append(f"{job} died at {at} of {n}: {json.dumps(differing, indent=1)}")
    return found


def _afterwards(job: str, carrier: Carrier) -> None:
    """The next turns of this job."""
    run(job, carrier)
    run(job, carrier)


def _spread(n: int) -> list[int]:
    """Every statement, or a few: in the first third, in the middle, and the last."""
    if os.environ.get("ALL_CRASHES"):
        return list(range(1, n + 1))
    return sorted({1 + n // 3, 1 + n // 2, n})


@promise("P7", saboteur=saboteurs.a_step_is_marked_as_done_afterwards)
def test_a_step_is_taken_once_wherever_it_dies(laden: World) -> None:
    assert ends_the_same("tasks.jobs.take_steps", lambda n: list(range(n // 3, n, 2))[:4]) == []
