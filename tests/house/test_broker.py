"""Celery and Redis only ring and run: the settings that make it so are in force, and nothing in the code asks more of them."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core import checks

from dealership import broker, doorbell
from dealership.celery import app

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dealership", "tasks", "sales", "service", "parts", "fni", "marketing")
#: What makes of the broker more than a doorbell: work that waits in it, is tried again by it, or answers through it.
MORE_THAN_A_BELL = re.compile(
    r"apply_async|\.delay\(|send_task|countdown=|[(, ]eta=|self\.retry\(|bind=True|autoretry_for|AsyncResult|"
    r"\bchord\b|add_periodic_task|beat_schedule"
)
RINGS = "dealership/doorbell.py"
#: Who knows Celery, and what for.
KNOWS_CELERY = {
    "dealership/apps.py": "loads the app with Django",
    "dealership/broker.py": "holds its settings to account",
    "dealership/celery.py": "is the app",
    RINGS: "rings",
    "dealership/watchdog.py": "ends a worker that takes nothing",
    "dealership/periodic.py": "makes jobs of functions",
    "dealership/dms/jobs.py": "ends between two files when its time is over",
    "dealership/dms/pulling.py": "ends between two batches when its time is over",
}


def _sources() -> dict[str, str]:
    files = (
        file for name in PACKAGES for file in (ROOT / name).rglob("*.py") if "migrations" not in file.parts
    )
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


@pytest.mark.django_db
def test_the_effective_settings_lose_nothing() -> None:
    assert list(broker.faults(app.conf, app.conf.task_queues)) == []
    assert [found for found in checks.run_checks() if found.id == "kept.E001"] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("task_acks_late", False, "task_acks_late"),
        ("result_backend", "redis://", "result_backend"),
        ("visibility_timeout", 3600, "visibility_timeout"),
        ("broker_transport_options", {"visibility_timeout": 120}, "socket_timeout"),
        ("task_time_limit", 200, "limits"),
        ("worker_soft_shutdown_timeout", 60, "WORKER_GRACE"),
    ],
)
def test_a_setting_that_loses_work_keeps_a_worker_from_starting(
    name: str, value: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = {key: app.conf.get(key) for key in (*broker.REQUIRED, "broker_transport_options")}
    conf |= {key: app.conf.get(key) for key in ("task_soft_time_limit", "task_time_limit")}
    conf["worker_soft_shutdown_timeout"] = app.conf.worker_soft_shutdown_timeout
    found = list(broker.faults({**conf, name: value}, app.conf.task_queues))
    assert found
    assert any(words in sentence for sentence in found)
    monkeypatch.setattr(broker, "faults", lambda *_: iter(found))
    with pytest.raises(SystemExit, match=re.escape(found[0])):
        broker.refuse_a_bad_start()


def test_a_worker_that_would_hear_one_line_alone_does_not_start() -> None:
    """The real command: what a handler of Celery's raises is not always heard."""
    broker.refuse_a_bad_start()
    assert set(broker.LINES) == {doorbell.LINE, doorbell.LINE_AT_ONCE}
    worker = [sys.executable, "-m", "celery", "-A", "dealership.celery", "worker", "--queues", "celery"]
    ended = subprocess.run(worker, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert (ended.returncode, "“at_once”" in ended.stderr) == (1, True), ended.stderr


def test_nothing_waits_in_the_broker_is_tried_again_by_it_or_answers_through_it() -> None:
    found = {
        name: sorted(set(MORE_THAN_A_BELL.findall(text)))
        for name, text in _sources().items()
        if MORE_THAN_A_BELL.search(text)
    }
    assert found == {RINGS: ["send_task"]}


def test_few_modules_know_celery() -> None:
    knows = re.compile(r"^\s*(?:from|import) .*\bcelery\b", re.MULTILINE)
    assert {name for name, text in _sources().items() if knows.search(text)} == KNOWS_CELERY.keys()


def test_where_the_product_is_run_a_worker_gets_its_time_to_end() -> None:
    worker = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker"]
    assert worker["environment"]["REMAP_SIGTERM"] == "SIGQUIT"
    assert worker["environment"]["DATABASE_URL"]
    assert worker["stop_grace_period"] == f"{broker.STOP_GRACE_S}s"


def test_where_the_product_is_run_the_database_forgets_nothing() -> None:
    command = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["db"]["command"]
    assert {"-cfsync=on", "-csynchronous_commit=on", "-cfull_page_writes=on"} <= set(command)


def test_whoever_waits_for_a_page_is_not_held_up_by_the_database_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SERVES_PAGES", "")
    monkeypatch.delenv("SERVES_PAGES")
    conf: dict[str, Any] = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert os.environ["SERVES_PAGES"] == "1"
    assert conf["timeout"] > 15
