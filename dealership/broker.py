"""The broker's settings as they are in force, held to account: a setting that is read from somewhere else, or not at all, loses work.

Asked by Django's system check in every command, and again by a worker before it takes its first job. The reasons:
late acknowledgement and a short visibility bring a dead worker's wake-ups back; no results and no retries mean that a page
never waits for the broker; the limits are in order, so that no wake-up is handed out twice while its job still runs; and every
worker hears both lines, so that nobody rings in vain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from celery.signals import worker_init
from django.core.checks import CheckMessage, Error, register

#: What the doorbell rings on.
LINES = ("celery", "at_once")
#: The container's stop grace in docker-compose.yml.
STOP_GRACE_S = 45

REQUIRED: dict[str, Any] = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "task_ignore_result": True,
    "result_backend": None,
    "task_publish_retry": False,
    "accept_content": ["json"],
    "task_serializer": "json",
    "timezone": "UTC",
    "enable_utc": True,
    "visibility_timeout": 120,
    "result_backend_transport_options": {"visibility_timeout": 120},
    "worker_cancel_long_running_tasks_on_connection_loss": True,
    "worker_max_tasks_per_child": 1000,
}
TRANSPORT: dict[str, Any] = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "max_retries": 1,
    "interval_max": 0.5,
}


def faults(conf: Mapping[str, Any], heard: Collection[str]) -> Iterator[str]:
    """What of the effective settings, and of the lines that are heard, would lose, double or delay work, in sentences."""
    for line in LINES:
        if line not in heard:
            yield f"Nobody hears the line “{line}”: every worker hears all lines, so start it without --queues."
    for name, wanted in REQUIRED.items():
        # Some names are known to the transport alone, and stand in the settings for it to find.
        found = conf.get(name)
        if found != wanted:
            yield f"{name} is {found!r}, and must be {wanted!r}."
    transport = conf.get("broker_transport_options") or {}
    for name, wanted in TRANSPORT.items():
        if transport.get(name) != wanted:
            yield f"broker_transport_options has {name} {transport.get(name)!r}, and must have {wanted!r}."
    soft, hard = conf.get("task_soft_time_limit") or 0, conf.get("task_time_limit") or 0
    if not 0 < soft < hard < TRANSPORT["visibility_timeout"]:
        yield f"A job's limits ({soft} s, {hard} s) must be in order and below the visibility timeout."
    grace = conf.get("worker_soft_shutdown_timeout") or 0
    if not 0 < grace < STOP_GRACE_S - 10:
        yield f"WORKER_GRACE is {grace:g}: give jobs at least a second, and end well within {STOP_GRACE_S} s."


@register
def check_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Django's own start-up check."""
    from dealership.celery import app

    return [Error(words, id="kept.E001") for words in faults(app.conf, app.conf.task_queues)]


@worker_init.connect
def refuse_a_bad_start(**kwargs: object) -> None:
    """A worker does not begin with settings that lose work. Raises SystemExit: Celery logs what else a handler raises, and goes on."""
    from dealership.celery import app

    if found := list(faults(app.conf, app.amqp.queues.consume_from)):
        raise SystemExit(" ".join(found))
