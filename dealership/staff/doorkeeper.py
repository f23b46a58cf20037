"""Who is signed in may still have to wait at the door: a page that nobody touched for long, a second factor that is owed.

Until they are let in they are nobody (`request.staff` is None), so that no page, part or figure can open by mistake.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from dealership import clock
from dealership.staff import second_factor, sessions
from dealership.staff.models import StaffMember

log = logging.getLogger(__name__)

#: In a session, in seconds: when it began, and when a person last did something in it.
BEGAN_KEY, SEEN_KEY = "began", "seen"
#: A session is not written more often for being used.
NOTE_EVERY = 60
IDLE, SECOND_FACTOR = "idle", "second factor"
#: What may be asked while one waits.
ALWAYS = {"account_logout", "staff:unlock"}
#: How much that was typed is handed back to whoever typed it.
MOST_TYPED = 200


class DoorkeeperMiddleware:
    """After StaffMiddleware and the check of forged requests."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        staff: StaffMember | None = getattr(request, "staff", None)
        held = ""
        if staff is not None:
            now = clock.real()
            if _is_over(request, now):
                logout(request)
                request.staff = None  # type: ignore[attr-defined]
                return self.get_response(request)
            held = _held(request, staff, now)
            if not held:
                _note(request, now)
        request.held, request.held_staff = held, staff if held else None  # type: ignore[attr-defined]
        if held:
            request.staff = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view answer."""
        held = getattr(request, "held", "")
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not held or name in ALWAYS:
            return None
        if held == IDLE:
            return None if name == "live" else locked(request)
        if name == "live" or name.startswith(("account_", "mfa_")) or name == "staff:security":
            return None
        return _owes_second_factor(request)


def _began(sender: Any, request: HttpRequest, **rest: Any) -> None:
    # With the writing of the session that signing in does anyway: the first page writes none.
    now = int(clock.real().timestamp())
    request.session[BEGAN_KEY] = request.session[SEEN_KEY] = now


def register() -> None:
    """Hears of everybody who signs in, by whatever way."""
    user_logged_in.connect(_began, dispatch_uid="kept")


def _is_over(request: HttpRequest, now: datetime) -> bool:
    began = request.session.get(BEGAN_KEY)
    if began is None:
        request.session[BEGAN_KEY] = int(now.timestamp())
        return False
    return now.timestamp() - float(began) > settings.SESSION_COOKIE_AGE


def _held(request: HttpRequest, staff: StaffMember, now: datetime) -> str:
    last = request.session.get(SEEN_KEY)
    if last is not None and now.timestamp() - float(last) > staff.store.idle_minutes * 60:
        return IDLE
    if staff.store.needs_second_factor and not second_factor.was_shown(request):
        return SECOND_FACTOR
    return ""


def _note(request: HttpRequest, now: datetime) -> None:
    """A person did something; what pages ask by themselves says so (X-Live), and keeps nobody signed in."""
    last = request.session.get(SEEN_KEY)
    if last is not None and (
        now.timestamp() - float(last) < NOTE_EVERY or request.path == "/live/" or "X-Live" in request.headers
    ):
        return
    request.session[SEEN_KEY] = int(now.timestamp())
    if last is None:
        return
    try:
        with transaction.atomic():
            sessions.seen(request, now.astimezone(UTC))
    except OperationalError as error:  # the disk is full: whoever only reads goes on
        log.warning("When a session was last used is not noted: %s", error)


def let_in(request: HttpRequest) -> None:
    """They have shown that it is still they."""
    request.session[SEEN_KEY] = int(clock.real().timestamp())


def locked(request: HttpRequest, *, error: str = "", to: str = "", status: int = 401) -> HttpResponse:
    """The lock: asks for the password, and carries what was typed through it, in the page and nowhere else."""
    if request.headers.get("HX-Request"):
        response = render(request, "staff/_lock.html", {"error": error, "part": True}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#lock-in", "innerHTML"
        return response
    context = {
        "error": error,
        "to": to or request.get_full_path(),
        "typed": list(_typed(request)),
        "part": False,
        "has_files": bool(request.FILES) and not to,
    }
    return render(request, "staff/lock.html", context, status=status)


def _typed(request: HttpRequest) -> Iterator[tuple[str, str]]:
    """Fields and values, in order; those that came through the lock before are named as they were."""
    through = request.resolver_match is not None and request.resolver_match.view_name == "staff:unlock"
    n = 0
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken" or (through and not name.startswith("typed-")):
            continue
        for value in values:
            n += 1
            if n <= MOST_TYPED:
                yield name.removeprefix("typed-") if through else name, value


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed before the lock, as the unlocked page sends it on."""
    return list(_typed(request))


def _owes_second_factor(request: HttpRequest) -> HttpResponse:
    if second_factor.has_one(request.user):  # type: ignore[arg-type]
        to = redirect_to_login(request.get_full_path(), reverse("mfa_reauthenticate"))["Location"]
    else:
        to = reverse("staff:security")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)
