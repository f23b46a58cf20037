"""How somebody signs in, and where they are signed in: a page for everybody. And the lock of a page that was left alone."""

from __future__ import annotations

import ipaddress
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock, language
from dealership.staff import doorkeeper, second_factor, sessions
from dealership.staff.forms import LanguageForm
from dealership.staff.models import StaffMember, User
from dealership.web import StaffRequest, done, staff_only

A_YEAR_S = 365 * 86400


@require_safe
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """The password, the second factor, passkeys, codes on paper, and every browser in which this person is signed in."""
    held = cast("StaffMember | None", getattr(request, "held_staff", None))
    if held is None and getattr(request, "staff", None) is None:
        return render(request, "staff/no_place.html", status=403)
    user = cast(User, request.user)
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    paper = next((row.wrap() for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    context: dict[str, Any] = {
        "now": clock.real(),
        "user": user,
        "owed_by": held.store.name if held else "",
        "who": held or getattr(request, "staff", None),
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "passkeys": [row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "n_codes": len(paper.get_unused_codes()) if paper else 0,
        "has_one": any(row.type in second_factor.MAIN for row in rows),
        "passkeys_work": not _is_number(request.get_host()),
        "sessions": [] if held else sessions.of(request, user),
    }
    page = "staff/security_owed.html" if held else "staff/security.html"
    return render(request, page, context)


@require_POST
@staff_only()
def sign_out_elsewhere(request: StaffRequest) -> HttpResponse:
    """Every other browser is signed out at its next request."""
    sessions.end_others(request, cast(User, request.user))
    return done(request, _("You are signed out everywhere else."), to="/account/security/", moves=True)


@require_POST
@staff_only()
def speak(request: StaffRequest) -> HttpResponse:
    """Pages speak the language that was chosen from now on; in this browser also before the sign-in."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Choose one of the languages that are offered."))
    chosen = form.cleaned_data["language"]
    User.objects.filter(pk=cast(User, request.user).pk).update(language=chosen)
    language.speak(chosen)
    response = done(request, _("Pages speak English from now on."), to="/account/security/", moves=True)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=A_YEAR_S,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@require_http_methods(["GET", "POST"])
@login_required
def unlock(request: HttpRequest) -> HttpResponse:
    """The password again, after a page was left alone; then on to where one was, with what was typed."""
    if not getattr(request, "held", ""):
        if getattr(request, "staff", None) is None:
            return render(request, "staff/no_place.html", status=403)
        return _unlocked(request, "/")
    if request.method == "GET":
        return doorkeeper.locked(request, to="/")
    to = request.POST.get("to") or "/"
    if not to.startswith("/") or not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = "/"
    user = cast(User, request.user)
    if not get_adapter(request).reauthenticate(user, request.POST.get("password", "")):
        return doorkeeper.locked(request, error=_("That is not your password."), to=to, status=422)
    doorkeeper.let_in(request)
    return _unlocked(request, to)


def _unlocked(request: HttpRequest, to: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "kept:unlocked"})
    fields = doorkeeper.typed(request)
    if fields:
        return render(request, "staff/unlocked.html", {"to": to, "typed": fields})
    return HttpResponseRedirect(to)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.rpartition(":")[0] or host)
    except ValueError:
        return False
    return True
