"""Tries at the doors of signing in that are the library's own views: mails with a link, guessed links, guessed passwords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dealership import limits
from dealership.limits import Limit

Counted = list[tuple[Limit, str]]


def _reset_mail(request: HttpRequest) -> Counted:
    email = request.POST.get("email", "").strip().lower()
    return [(limits.RESET_MAIL_IP, limits.ip_of(request)), (limits.RESET_MAIL, email)]


def _old_password(request: HttpRequest) -> Counted:
    return [(limits.PASSWORD, request.user.email)] if request.user.is_authenticated else []


#: What is counted when the view of this name is asked: for a post, or ("GET") for any look.
COUNTED: dict[str, tuple[str, Callable[[HttpRequest], Counted]]] = {
    "account_reset_password": ("POST", _reset_mail),
    "account_reset_password_from_key": ("GET", lambda asked: [(limits.RESET_KEY_IP, limits.ip_of(asked))]),
    "account_change_password": ("POST", _old_password),
    "mfa_login_webauthn": ("GET", lambda asked: [(limits.PASSKEY_IP, limits.ip_of(asked))]),
}


class TriesMiddleware:
    """Counts tries before the view does anything; 429 for one too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None lets the view answer."""
        match = request.resolver_match
        method, counted = COUNTED.get(match.view_name if match else "", ("", None))
        if counted is None or (method == "POST" and request.method != "POST"):
            return None
        try:
            for limit, who in counted(request):
                limits.take(limit, who)
        except limits.TooMany as error:
            return limits.refusal(request, error)
        return None
