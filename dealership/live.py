"""Has anything changed? A counter per store and topic in Redis, bumped after commit; pages ask for it every few seconds.

A page carries the versions it was made from (`{% live "promises" %}`) and asks `/live/?t=promises:7,inbox:3`. Nothing new:
204. Else an `HX-Trigger` names the topics, and the parts of the page that show them ask again. Losing Redis loses nothing
but liveliness: versions start anew from the clock, so that a page never mistakes them for its own.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from dealership import clock

log = logging.getLogger(__name__)
T = TypeVar("T")

#: What may change on a page.
TOPICS = (
    "promises", "inbox", "leads", "deals", "service", "parts", "fni", "marketing", "appointments", "imports", "facts",
    "phones", "writing",
)  # fmt: skip
POLL_PATH = "/live/"
_QUIET_SECONDS = 5.0
_quiet_until = 0.0


class UnknownTopic(ValueError):
    """A topic that no page could ask for."""


def bump(store_id: int, *topics: str) -> None:
    """After this transaction commits, whoever looks at these topics of this store looks again.

    Raises UnknownTopic. Never raises for a Redis that is down.
    """
    if unknown := set(topics) - set(TOPICS):
        raise UnknownTopic(f"No page shows {', '.join(sorted(unknown))}: topics are {', '.join(TOPICS)}.")
    if clock.is_set():
        return  # history that is being made: no page looks at it
    transaction.on_commit(partial(_bump, store_id, topics), robust=True)


def versions(store_id: int, topics: Iterable[str] = TOPICS) -> dict[str, int]:
    """The version of each topic now; 0 where Redis does not answer."""
    names = list(topics)
    found = ask(lambda: cache.get_many([_key(store_id, name) for name in names])) or {}
    return {name: int(found.get(_key(store_id, name), 0)) for name in names}


class LiveMiddleware:
    """Notes a page's versions before it is made: what changes meanwhile is asked for again, never missed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        staff = getattr(request, "staff", None)
        if staff is not None and request.method == "GET" and request.path != POLL_PATH:
            request.live = versions(staff.store_id)  # type: ignore[attr-defined]
        return self.get_response(request)


@require_safe
def poll(request: HttpRequest) -> HttpResponse:
    """204 when nothing changed; else the topics that did, with their versions, as an HX-Trigger. 401 when signed out.

    X-Clock says what the clock shows and how fast it runs: a day may be played meanwhile.
    """
    staff = getattr(request, "staff", None)
    if staff is None:
        headers = {"X-Locked": "1"} if getattr(request, "held", "") == "idle" else {}
        return HttpResponse("Signed out.", status=401, content_type="text/plain", headers=headers)
    had = _read(request.GET.get("t", ""))
    have = versions(staff.store_id, had) if had else {}
    changed = {
        f"live:{name}": {"version": have[name]} for name in had if have[name] and have[name] != had[name]
    }
    response = HttpResponse(status=200 if changed else 204)
    response["Cache-Control"] = "no-store"
    response["X-Clock"] = f"{clock.now().timestamp():.3f} {clock.speed()}"
    if changed:
        response["HX-Trigger"] = json.dumps(changed)
    return response


def _read(text: str) -> dict[str, int]:
    """`promises:7,inbox:3` as a dict; what is no topic or no number is left out."""
    pairs = (item.partition(":") for item in text[:400].split(","))
    return {
        name: int(number)
        for name, _, number in pairs
        if name in TOPICS and number.isdecimal() and len(number) < 16
    }


def _bump(store_id: int, topics: Iterable[str]) -> None:
    def add() -> bool:
        for name in set(topics):
            key = _key(store_id, name)
            try:
                cache.incr(key)
            except ValueError:
                cache.add(key, int(time.time()), timeout=None)
                cache.incr(key)
        return True

    ask(add)


def ask(question: Callable[[], T]) -> T | None:
    """The answer of a question to the cache, or None while Redis is down; after a failure it is left alone for a few seconds."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return None
    try:
        return question()
    except Exception as error:  # whatever ails Redis, the page works without it
        _quiet_until = time.monotonic() + _QUIET_SECONDS
        log.warning("Live updates rest for %.0f s: Redis does not answer (%s).", _QUIET_SECONDS, error)
        return None


def _key(store_id: int, topic: str) -> str:
    return f"live:{store_id}:{topic}"
