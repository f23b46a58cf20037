"""A day of the demo is played from rows: it begins, acts are done when their time comes, and it rests."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from dealership import clock, pace
from dealership.celery import app
from dealership.demo import history, play, stage, stores
from dealership.demo.load import keep_acts
from dealership.messaging.models import SimulatedText
from dealership.models import PlayedAct, PlayedDay
from dealership.stores.models import Store
from dealership.ticker import TURNS
from sales.models import Lead
from tasks.models import Promise
from tests.demo.conftest import NOW


@pytest.fixture
def day(northside: Store) -> Iterator[PlayedDay]:
    """Northside's demo, and the clock at NOW."""
    with clock.at(NOW):
        yield PlayedDay.objects.create(seed=1, volume=0.2)


def _left(store: Store) -> list[PlayedAct]:
    return list(PlayedAct.objects.of_store(store.pk).filter(done_at__isnull=True).order_by("at", "pk"))


def test_a_worker_knows_every_job_that_the_ticker_wakes() -> None:
    app.loader.import_default_modules()
    assert set(TURNS) <= set(app.tasks)


def test_while_it_rests_nothing_happens(day: PlayedDay, northside: Store) -> None:
    PlayedAct.objects.create(store=northside, at=NOW, scene="sales.lead", args={"person": 900})
    assert play.run(now=NOW) == {"resting": 1}
    assert not Lead.objects.of_store(northside.pk).exists()


def test_what_is_due_is_done_once_and_says_what_it_was(day: PlayedDay, northside: Store) -> None:
    pace.run(speed=60)
    for minutes in (-5, -1, 30):
        at = NOW + timedelta(minutes=minutes)
        PlayedAct.objects.create(store=northside, at=at, scene="sales.lead", args={"person": 900 + minutes})
    assert play.run(now=NOW)["acts"] == 2
    assert play.run(now=NOW)["acts"] == 0
    assert Lead.objects.of_store(northside.pk).count() == 2
    told = PlayedAct.objects.of_store(northside.pk).filter(done_at__isnull=False)
    assert all("asked about" in act.words for act in told)


def test_an_act_that_fails_stops_no_other(
    day: PlayedDay, northside: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace.run(speed=1)

    def fail(on: stage.Stage) -> str:
        raise ValueError("a mishap")

    stage.scene("test.mishap")(fail)
    PlayedAct.objects.create(store=northside, at=NOW, scene="test.mishap")
    PlayedAct.objects.create(store=northside, at=NOW, scene="sales.lead", args={"person": 901})
    assert play.run(now=NOW)["acts"] == 2
    assert Lead.objects.of_store(northside.pk).count() == 1
    mishap = PlayedAct.objects.of_store(northside.pk).get(scene="test.mishap")
    assert mishap.words == f"test.mishap {play.FAILED}"


def test_a_day_that_begins_is_laid_out_and_drops_what_is_stale(day: PlayedDay, northside: Store) -> None:
    stale = NOW - timedelta(hours=3)
    PlayedAct.objects.create(store=northside, at=stale, scene="sales.lead", args={"person": 902})
    PlayedAct.objects.create(store=northside, at=stale, scene="tasks.keep", args={"promise": 0, "tries": 0})
    begun = play.begin(speed=60, minutes=10)
    assert begun.is_playing
    left = _left(northside)
    scenes = [act.scene for act in left]
    assert "house.day" in scenes
    assert "house.leave" in scenes
    assert not any(act.at < NOW - play.STALE for act in left)
    assert scenes.count("tasks.keep") == 1


def test_it_pauses_when_its_time_is_up(day: PlayedDay, northside: Store) -> None:
    pace.run(speed=60, until_at=NOW)
    play.run(now=NOW)
    assert not PlayedDay.objects.get().is_playing


def test_at_night_a_day_begins_with_the_next_morning(northside: Store) -> None:
    night = NOW + timedelta(hours=9)
    with clock.at(night):
        PlayedDay.objects.create(seed=1, volume=0.1)
        begun = play.begin(speed=10)
    assert begun.shown_at is not None
    local = begun.shown_at.astimezone(northside.tz)
    assert (local.hour, local.minute) == (6, 30)


def test_what_history_leaves_goes_on_as_rows(northside: Store) -> None:
    played = history.make(northside, since=NOW - timedelta(hours=2), until=NOW, seed=1, volume=0.1)
    keep_acts(northside, played)
    assert [act.at for act in _left(northside)] == sorted(act.at for act in played.left)
    assert any(act.scene == "house.day" for act in _left(northside))


def _killed_in(scene: str, act: Callable[[], None]) -> None:
    """Another process plays what is due and is killed with -9 right after this scene."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            played = stage._scenes[scene]

            def die(on: stage.Stage, **args: Any) -> str:
                played(on, **args)
                os.kill(os.getpid(), signal.SIGKILL)
                return ""

            stage._scenes[scene] = die
            act()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


@pytest.mark.django_db(transaction=True)
def test_what_is_killed_in_the_middle_is_done_once_at_the_next_start() -> None:
    northside = stores.make(NOW.date(), "promises-are-kept")[0]
    PlayedDay.objects.create(seed=1, volume=0.2)
    pace.run(speed=60)
    stage.load_acts()
    now = clock.now()
    for scene, args in (("sales.lead", {"person": 900}), ("customers.write", {"person": 7, "body": "Hi"})):
        PlayedAct.objects.create(store=northside, at=now, scene=scene, args=args)
        _killed_in(scene, lambda: play.run(now=now))
        assert scene in [act.scene for act in _left(northside)]
        play.run(now=now)
        assert scene not in [act.scene for act in _left(northside)]
    lead = Lead.objects.of_store(northside.pk).get()
    assert Promise.objects.of_store(northside.pk).filter(subject=lead.subject).count() == 1
    assert SimulatedText.objects.filter(is_from_customer=True).count() == 1


def test_ctrl_c_stops_the_day_and_says_so(
    day: PlayedDay, northside: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ctrl_c(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dealership.management.commands.day.time.sleep", ctrl_c)
    said = StringIO()
    call_command("day", "--speed", "60", stdout=said)
    assert not PlayedDay.objects.get().is_playing
    assert "Paused. 0 acts, 0 did not work out." in said.getvalue()
