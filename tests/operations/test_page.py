"""Operations: what is alive, what is silent, what waits; and what is parked is tried again when a person says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from celery.signals import task_received, task_revoked
from celery.utils.dispatch import Signal
from django.test import Client

from dealership import clock, line, rail, watchdog
from dealership.database import watch
from dealership.events.models import EventRecord
from dealership.messaging import carrier_calls
from dealership.messaging.models import CarrierCall, Message
from dealership.models import Canary, Heartbeat
from dealership.operations import jobs, reads, trouble
from dealership.staff.models import StaffMember
from dealership.stores import doors
from dealership.watchdog import Watchdog
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import maria
from tests.messaging.test_inbound import call
from tests.tasks.telling import Telling

SignedIn = Callable[[StaffMember], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def nothing_kept(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"operations-{uuid4().hex}"}}


def part(cast: Cast, name: str) -> reads.Part:
    return next(found for found in reads.parts(cast.northside) if found.name == name)


def test_a_canary_that_a_worker_drained_says_that_one_lives(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not part(cast, "Worker").is_well
    monkeypatch.setenv("KEPT_PROCESS", "ticker")
    jobs.drain_canary()
    assert not part(cast, "Worker").is_well, "what the ticker does itself proves no worker"
    Canary.objects.all().delete()
    monkeypatch.setenv("KEPT_PROCESS", "worker")
    jobs.drain_canary()
    assert part(cast, "Worker").is_well
    assert Canary.objects.count() <= 2


def test_when_the_workers_are_silent_everybody_reads_it_on_every_page(
    cast: Cast, signed_in: SignedIn, nothing_kept: object
) -> None:
    jobs.drain_canary()
    assert "The workers have been silent" not in signed_in(cast.dana).get("/rail/").content.decode()
    Canary.objects.update(drained_at=clock.real() - timedelta(minutes=5))
    trouble.cache.clear()
    assert "The workers have been silent" in signed_in(cast.dana).get("/rail/").content.decode()


def test_while_texting_is_off_everybody_reads_it_on_every_page(
    cast: Cast, signed_in: SignedIn, nothing_kept: object
) -> None:
    doors.set_texting(store_id=cast.northside.pk, on=False, by=cast.gus, now=clock.now())
    shown = signed_in(cast.sam).get("/").content.decode()
    assert "Texting has been off since" in shown
    assert "Gus Ortega turned it off" in shown
    assert "Open Store" not in shown, "an agent cannot turn it on"
    assert "Open Store" in signed_in(cast.gus).get("/").content.decode()
    line, under = shown.split('<details class="banner', 1)[1].split("</summary>", 1)
    assert "Texting has been off since" in line, "on a phone it is one line"
    assert "Call who must hear something" not in line
    assert "Call who must hear something" in under, "and the rest is a press away"


def test_broken_invariants_are_said_and_told_by_the_minute(cast: Cast) -> None:
    assert jobs.verify_minute()["broken"] == {}
    assert part(cast, "Data judged").is_well
    telling = Telling(cast)
    telling.publish(telling.lead(0, owner_id=cast.dana.pk))
    StaffMember.objects.of_store(cast.northside.pk).filter(pk=cast.dana.pk).update(is_active=False)
    owed = Promise.objects.of_store(cast.northside.pk).filter(owner=cast.dana).count()
    assert jobs.verify_minute()["broken"]["promise_owner_works_here"] == owed > 0
    said = "“Every open promise is owed by somebody who works at its store now.” Not so of 1 row."
    assert said in part(cast, "Data judged").lines


def test_row_security_is_said_to_be_in_force_or_why_it_is_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert part(cast, "Row security").is_well
    monkeypatch.setattr(watch, "trouble", lambda: "The tables have no policies: run `manage.py migrate`.")
    assert not part(cast, "Row security").is_well
    assert "no policies" in part(cast, "Row security").words


def test_a_text_that_was_parked_is_read_when_a_manager_lets_it_be_tried_again(
    cast: Cast, signed_in: SignedIn
) -> None:
    maria(cast.northside)
    now = clock.now()
    carrier_calls.keep_inbound(call(cast.northside, "is it ready?"), clock=lambda: now)
    CarrierCall.objects.update(parked_at=now, next_try_at=None, attempts=8, last_error=line.KILLED)
    assert carrier_calls.settle_open() == {"settled": 0, "failed": 0}

    assert reads.n_parked(cast.gus, now) == rail.Count(1, late=True), "the rail says so on every page"
    assert reads.n_parked(cast.eve, now) == rail.Count(0)
    page = signed_in(cast.gus)
    shown = page.get("/operations/").content.decode()
    assert line.KILLED.split(":")[0] in shown
    assert "it stands in no conversation. Call them" in shown
    assert "Gus Ortega" in shown
    row = CarrierCall.objects.get()
    assert signed_in(cast.eve).post(f"/operations/{row.pk}/again/", {"kind": "call"}).status_code == 404
    assert page.post(f"/operations/{row.pk}/again/", {"kind": "call"}).status_code == 302

    assert carrier_calls.settle_open()["settled"] == 1
    assert Message.objects.of_store(cast.northside.pk).get(is_inbound=True).body == "is it ready?"
    assert reads.n_parked(cast.gus, now) == rail.Count(0)
    assert "Nothing is parked" in page.get("/operations/").content.decode()


def test_a_flow_is_silent_when_it_pauses_for_longer_than_ever(cast: Cast) -> None:
    customer = maria(cast.northside)
    for hours in range(9):
        carrier_calls.inbound.receive(
            call(cast.northside, f"text {hours}", number=customer.contact_points.get().value),
            received_at=MONDAY_TEN + timedelta(hours=hours),
            now=MONDAY_TEN + timedelta(hours=hours),
        )
    last = MONDAY_TEN + timedelta(hours=8)
    by_time = {
        minutes: next(
            flow.is_silent
            for flow in reads.flows(cast.northside, last + timedelta(minutes=minutes))
            if flow.name == "Texts from customers"
        )
        for minutes in (30, 61)
    }
    assert by_time == {30: False, 61: True}


def test_a_backup_older_than_a_day_is_said(cast: Cast) -> None:
    beat = Heartbeat.objects.create(job=reads.BACKUP, at=clock.real(), result={"file": "kept.dump"})
    assert part(cast, "Backup").is_well
    beat.at = clock.real() - timedelta(hours=27)
    beat.save()
    assert not part(cast, "Backup").is_well


@pytest.mark.parametrize(
    ("waiting", "seconds", "bitten"), [(3, 61.0, [70]), (3, 59.0, []), (0, 600.0, []), (None, 600.0, [])]
)
def test_a_worker_that_takes_nothing_though_something_waits_ends(
    waiting: int | None, seconds: float, bitten: list[int]
) -> None:
    now, bites = [0.0], []

    def ask() -> Any:
        if waiting is None:
            raise ConnectionError("the broker is gone")
        return waiting

    dog = Watchdog(ask, bites.append, lambda: now[0])
    now[0] = seconds
    assert dog.look() == (not bitten)
    assert bites == bitten
    dog.taken()
    assert dog.look()


@pytest.mark.parametrize("heard", [task_received, task_revoked])
def test_a_worker_that_throws_away_what_is_stale_is_at_work(heard: Signal, monkeypatch: Any) -> None:
    now, bites = [0.0], []
    dog = Watchdog(lambda: 3, bites.append, lambda: now[0])
    monkeypatch.setattr(watchdog, "_dogs", [dog])
    now[0] = 61.0
    heard.send(sender=None)
    assert dog.look()
    assert bites == []


def test_facts_wait_in_their_line(cast: Cast) -> None:
    now = clock.now()
    EventRecord.objects.create(
        store=cast.northside, kind="CallAttempted", subject="x:1", at=now, told_at=now, next_try_at=now
    )
    waits = {row.name: (row.n, row.n_parked) for row in reads.lines(cast.northside, now)}
    assert waits["Facts to apply"] == (1, 0)
    assert {row.name: row.n for row in reads.lines(cast.eastside, now)}["Facts to apply"] == 0


def test_all_that_is_parked_is_counted_and_shown_page_by_page_and_a_line_opens_its_list(
    cast: Cast, signed_in: SignedIn
) -> None:
    now = clock.now()
    EventRecord.objects.bulk_create(
        EventRecord(
            store=cast.northside, kind="CallAttempted", subject=f"x:{n}", at=now, told_at=now, attempts=8, parked_at=now,
            last_error=f"BadRule: number {n:02}.",
        )
        for n in range(reads.SHOWN + 2)
    )  # fmt: skip
    page = signed_in(cast.gus)
    first = page.get("/operations/").content.decode()
    assert f'<span class="faint num">{reads.SHOWN + 2}</span>' in first
    assert "number 49." in first
    assert "number 50." not in first
    there = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    rest = page.get(f"/operations/{there}").content.decode()
    assert "number 49." not in rest
    assert "number 50." in rest
    assert "number 51." in rest
    assert 'href="/facts/?state=parked">52</a>' in first
    assert "52 facts" in page.get("/facts/?state=parked").content.decode()
    EventRecord.objects.of_store(cast.northside.pk).filter(last_error__gte="BadRule: number 50").delete()
    assert "number 00." in page.get(f"/operations/{there}").content.decode(), (
        "the rest was settled: from the beginning"
    )
