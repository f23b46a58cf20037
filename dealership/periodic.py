"""Jobs that run again and again: skipped while one still runs, safe to run twice, with a heartbeat that people can see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from celery import shared_task
from django.db import connection
from django.db.models.functions import Now

from dealership import acting, doorbell, sight
from dealership.acting import Actor
from dealership.models import Heartbeat

Job = Callable[[], dict[str, Any]]


def periodic(*, alone: bool = True) -> Callable[[Job], Job]:
    """Makes a job of a function that takes nothing and returns a small dict.

    `alone`: a second run leaves at once while one works. Without it several workers share the load (the function claims
    its rows with SKIP LOCKED).
    """

    def decorate(function: Job) -> Job:
        name = f"{function.__module__}.{function.__name__}"

        @wraps(function)
        def run() -> dict[str, Any]:
            # Before anything is read: what is committed from now on is rung for anew.
            doorbell.heard(name)
            with sight.all_stores("jobs serve all stores"):
                with _only_one(name if alone else "") as mine:
                    if not mine:
                        return {"skipped": "still running"}
                    with acting.by(Actor(f"job {name}"[:80], is_machine=True)):
                        result = function()
                Heartbeat.objects.update_or_create(job=name, defaults={"at": Now(), "result": result})
                return result

        job: Job = shared_task(name=name)(run)
        return job

    return decorate


@contextmanager
def _only_one(name: str) -> Iterator[bool]:
    if not name:
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('kept'), hashtext(%s))", [name])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('kept'), hashtext(%s))", [name])
