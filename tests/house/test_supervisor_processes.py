"""Children of the supervisor: how they end, how a leftover is told from a stranger, when it gives up."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from dealership.supervisor.process import Child, look, recall, remember, stop_leftover, wait_until
from dealership.supervisor.trouble import Trouble
from dealership.supervisor.watch import ATTEMPTS, Watch, stop_together

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def child_of(tmp_path: Path, command: list[str], *, name: str = "part", grace: float = 5.0) -> Child:
    record = tmp_path / f"{name}.json"
    return Child(name, command, tmp_path / f"{name}.log", dict(os.environ), record=record, grace=grace)


def test_a_zombie_counts_as_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    try:
        assert os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT) is not None
        assert look(process.pid) is None
    finally:
        process.wait()


def test_a_leftover_is_stopped(tmp_path: Path) -> None:
    left = child_of(tmp_path, SLEEPER)
    left.start()
    try:
        assert stop_leftover(tmp_path / "part.json", signal.SIGTERM, 5.0)
        assert left.ended() == -signal.SIGTERM
        assert not (tmp_path / "part.json").exists()
    finally:
        left.stop()


@pytest.mark.parametrize("differs", [{"started": "1"}, {"command": "something else"}])
def test_a_stranger_with_the_same_pid_is_left_alone(tmp_path: Path, differs: dict[str, str]) -> None:
    stranger = child_of(tmp_path, SLEEPER)
    stranger.start()
    try:
        seen = look(stranger.pid)
        assert seen is not None
        remember(replace(seen, **differs), tmp_path / "old.json")
        assert not stop_leftover(tmp_path / "old.json", signal.SIGTERM, 5.0)
        assert stranger.ended() is None
    finally:
        stranger.stop()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_a_broken_record_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.json").write_text(text)
    assert recall(tmp_path / "bad.json") is None


def test_a_record_says_which_process_it_is(tmp_path: Path) -> None:
    child = child_of(tmp_path, SLEEPER)
    child.start()
    try:
        seen = look(child.pid)
        assert seen is not None
        assert json.loads((tmp_path / "part.json").read_text()) == asdict(seen)
    finally:
        child.stop()


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = child_of(tmp_path, [sys.executable, "-c", deaf], grace=0.2)
    child.start()
    assert wait_until(lambda: "deaf" in child.log.read_text(), 5.0)
    child.stop()
    assert child.ended() == -signal.SIGKILL


def test_what_a_killed_child_leaves_behind_goes_with_it(tmp_path: Path) -> None:
    parent = (
        "import subprocess, sys, time; "
        "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True); time.sleep(60)"
    )
    child = child_of(tmp_path, [sys.executable, "-c", parent])
    child.start()
    assert wait_until(lambda: child.log.read_text().strip().isdecimal(), 5.0)
    grandchild = int(child.log.read_text())
    os.kill(child.pid, signal.SIGKILL)
    assert wait_until(lambda: child.ended() is not None, 5.0)
    assert wait_until(lambda: look(grandchild) is None, 5.0)


def test_all_are_asked_before_any_is_waited_for(tmp_path: Path) -> None:
    children = [child_of(tmp_path, SLEEPER, name=name) for name in ("one", "two")]
    for child in children:
        child.start()
    stop_together(children)
    assert [child.ended() for child in children] == [-signal.SIGTERM, -signal.SIGTERM]


def test_a_killed_part_is_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    now = [0.0]
    watch = Watch(said.append, lambda: now[0])
    child = child_of(tmp_path, SLEEPER, name="The worker")
    child.start()
    watch.add(child)
    first = child.pid
    try:
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: child.ended() is not None, 5.0)
        watch.look()
        assert child.pid == first
        assert said[0].startswith("The worker was killed by signal 9")
        now[0] += 1.0
        watch.look()
        assert child.pid != first
        assert child.ended() is None
    finally:
        child.stop()


def end_of(child: Child) -> None:
    assert wait_until(lambda: child.ended() is not None, 5.0)


def test_a_part_that_never_stays_stops_the_run_with_its_last_words(tmp_path: Path) -> None:
    now = [0.0]
    watch = Watch(lambda _words: None, lambda: now[0])
    child = child_of(tmp_path, ["/bin/sh", "-c", "echo no such table; exit 3"], name="The web server")
    child.start()
    watch.add(child)
    for _ in range(ATTEMPTS - 1):
        end_of(child)
        watch.look()
        now[0] += 10.0
        watch.look()
    end_of(child)
    with pytest.raises(Trouble, match="The web server ended with status 3, 5 times in a row") as trouble:
        watch.look()
    assert "no such table" in trouble.value.tail


def test_a_part_that_had_stayed_long_starts_with_a_clean_slate(tmp_path: Path) -> None:
    now = [0.0]
    watch = Watch(lambda _words: None, lambda: now[0])
    child = child_of(tmp_path, ["/bin/sh", "-c", "exit 1"])
    child.start()
    watch.add(child)
    for _ in range(3 * ATTEMPTS):
        end_of(child)
        now[0] += 3600.0
        watch.look()
        now[0] += 1.0
        watch.look()
    assert watch.parts[0].failures == 1
    child.stop()
