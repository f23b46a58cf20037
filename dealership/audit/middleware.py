"""Notes who acts for everything that a request writes, and what a page showed: the one place for opened, searched, exported."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from dealership import acting, clock, limits
from dealership.acting import Actor
from dealership.audit import entries
from dealership.audit.kinds import ACTS_ON, OPENS
from dealership.audit.models import Action
from dealership.staff.models import StaffMember

#: What a page answers when it has shown or done what was asked for.
_WORKED = frozenset({200, 204, 302})
_FILE = re.compile(r'filename="?([^";]+)')


class TrailMiddleware:
    """Stands after the one that knows whose request it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting.by(_actor(request)):
            response = self.get_response(request)
            staff: StaffMember | None = getattr(request, "staff", None)
            if staff is not None and response.status_code in _WORKED:
                _note(request, staff, response)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """The address is known now; what answers without a person is a hook."""
        actor = acting.current()
        actor.address = _name(request)[:60]
        if actor.staff_id is None and getattr(view, "csrf_exempt", False):
            actor.agent, actor.is_machine = f"hook {actor.address}", True


def _actor(request: HttpRequest) -> Actor:
    staff: StaffMember | None = getattr(request, "staff", None)
    key = request.session.session_key if hasattr(request, "session") else None
    ip = limits.ip_of(request)
    return Actor(
        "page",
        staff_id=staff.pk if staff else None,
        ip="" if ip == "unknown" else ip,
        session=hashlib.sha256(key.encode()).hexdigest()[:12] if key else "",
        request=secrets.token_hex(8),
    )


def _note(request: HttpRequest, staff: StaffMember, response: HttpResponseBase) -> None:
    name, now = _name(request), clock.now()
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        entries.record(
            store_id=staff.store_id,
            staff_id=staff.pk,
            action=Action.EXPORTED,
            kind="list",
            details=_file(response),
            now=now,
        )
    match = request.resolver_match
    key = next((value for value in match.kwargs.values() if isinstance(value, int)), 0) if match else 0
    if request.method == "POST" and response.status_code != 200:
        entries.note_done(staff, ACTS_ON.get(name, "list"), key, now=now)
    if request.method != "GET" or response.status_code != 200:
        return
    if (kind := OPENS.get(name)) and key:
        entries.note_opened(staff, kind, key, now=now)
    if text := request.GET.get("q", "").strip():
        entries.note_searched(staff, name, text[:200], now=now)


def _file(response: HttpResponseBase) -> dict[str, Any]:
    found = _FILE.search(response.headers["Content-Disposition"])
    said: dict[str, Any] = {"file": found[1] if found else ""}
    body = getattr(response, "content", None)
    if body is not None:
        said["bytes"] = len(body)
        if response.headers.get("Content-Type", "").startswith("text/csv"):
            said["n"] = max(0, body.count(b"\n") - 1)
    return said


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
