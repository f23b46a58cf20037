"""However often a job is rung for, one wake-up of it lies on the broker until somebody hears it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from django.core.cache import cache

from dealership import acting, doorbell
from dealership.acting import Actor
from dealership.celery import app
from dealership.operations.jobs import drain_canary
from dealership.ticker import TURNS

JOB = "dealership.operations.jobs.drain_canary"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What lies on the broker, in the order in which it came."""
    cache.clear()
    lying: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda job, **said: lying.append(job))
    return lying


@pytest.mark.django_db
def test_one_wake_up_lies_there_until_the_job_begins(sent: list[str]) -> None:
    for _ in range(3):
        doorbell.knock(JOB)
    doorbell.knock("tasks.jobs.sweep_promises")
    assert sent == [JOB, "tasks.jobs.sweep_promises"]
    drain_canary()
    doorbell.knock(JOB)
    assert sent[2:] == [JOB]


@pytest.mark.django_db
def test_who_rings_while_it_runs_is_heard_by_its_next_run(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def somebody_rings(actor: Actor) -> Iterator[None]:
        doorbell.knock(JOB)
        yield

    doorbell.knock(JOB)
    monkeypatch.setattr(acting, "by", somebody_rings)
    drain_canary()
    assert sent == [JOB, JOB]


def test_a_broker_that_takes_nothing_is_tried_again_by_the_next_who_knocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.clear()
    asked: list[str] = []

    def refuse(job: str, **said: Any) -> None:
        asked.append(job)
        raise ConnectionError("The broker is gone.")

    monkeypatch.setattr(app, "send_task", refuse)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            doorbell.knock(JOB)
    assert asked == [JOB, JOB]


@pytest.mark.django_db
def test_without_redis_a_job_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(key: str) -> None:
        raise ConnectionError("Redis is gone.")

    monkeypatch.setattr(cache, "delete", away)
    assert "skipped" not in drain_canary()


def test_what_is_done_seldom_is_not_crowded_out_by_what_is_rung_for_all_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A store where more is rung for than its worker hears: fifteen minutes of it, by a clock of the test's own."""
    lines: dict[str, deque[tuple[int, str]]] = {line: deque() for line in app.amqp.queues}
    done: dict[str, list[int]] = {job: [0] for job in TURNS}
    spoken_until: dict[str, int] = {}
    second = 0

    def add(key: str, _value: object, *, timeout: int) -> bool:
        free = spoken_until.get(key, 0) <= second
        if free:
            spoken_until[key] = second + timeout
        return free

    monkeypatch.setattr(cache, "add", add)
    monkeypatch.setattr(cache, "delete", lambda key: spoken_until.pop(key, None))
    monkeypatch.setattr(app, "send_task", lambda job, *, queue, **said: lines[queue].append((second, job)))
    for second in range(900):
        for job in (*TURNS, *list(doorbell.BELLS.values()) * 5):
            if job not in doorbell.BELLS.values() and second % max(int(TURNS[job]), 1):
                continue
            doorbell.knock(job)
        # It hears one of each line a second; what nobody heard in time is no news any more, and whoever finds it has lost a turn.
        for lying in lines.values():
            if lying:
                at, job = lying.popleft()
                if second - at <= doorbell.HEARD_WITHIN:
                    doorbell.heard(job)
                    done[job].append(second)
    for job, every in TURNS.items():
        longest = max(after - before for before, after in pairwise([*done[job], 900]))
        assert longest <= every + 2 * len(TURNS), (job, longest)
    # Whoever wrote to the store, or waits for its text, is no worse off for all that.
    for job in doorbell.AT_ONCE:
        assert len(done[job]) > 900 / len(doorbell.AT_ONCE) * 0.9, (job, len(done[job]))


def test_what_a_customer_waits_for_has_a_line_of_its_own_that_every_worker_hears() -> None:
    assert set(app.amqp.queues) == {"celery", "at_once"}
    assert TURNS.keys() >= doorbell.AT_ONCE
