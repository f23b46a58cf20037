"""Who is asking: the person behind a request, and what they may open."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from dealership import language, sensitive, sight
from dealership.staff.models import StaffMember, User
from dealership.staff.roles import May

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict
    from django_htmx.middleware import HtmxDetails

PLACE_KEY = "place"
#: Where a sign-in was last found by this process, by its key and its choice: the store that is looked at first. A hint only.
_last_at: dict[tuple[str, int | None], int] = {}
_MOST_HINTS = 10_000
NUL = "\x00"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class StaffRequest(HttpRequest):
    """A request whose person is known. Views behind `staff_only` get one."""

    staff: StaffMember
    htmx: HtmxDetails


def places_of(user: User) -> list[StaffMember]:
    """The stores where this sign-in works now, by name."""
    with sight.beyond_the_store("a sign-in looks for its own places"):
        return list(_own(user.pk).order_by("store__name"))


class StaffMiddleware:
    """Puts `request.staff` on every request: the place chosen in this session, else the first, else None.

    From here on the request sees that place's store, and without a place no store at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.staff = None  # type: ignore[attr-defined]
        staff = _place(request)
        if staff and staff.user:
            language.speak(staff.user.language)
        with sight.one_store(staff.store_id) if staff else sight.nothing():
            request.staff = staff  # type: ignore[attr-defined]
            return self.get_response(request)


def _place(request: HttpRequest) -> StaffMember | None:
    who = request.session.get(SESSION_KEY)
    if who is None:
        return None
    hint = (who, request.session.get(PLACE_KEY))
    if hint in _last_at:
        # As a rule they are still there: then the connection is told of one store, once, or knows it already.
        with sight.one_store(_last_at[hint]):
            if staff := _chosen(request):
                return staff
    with sight.nothing():
        staff = _chosen_or_first(request)
    if staff:
        if len(_last_at) >= _MOST_HINTS:
            _last_at.clear()
        _last_at[hint] = staff.store_id
    return staff


def _chosen(request: HttpRequest) -> StaffMember | None:
    """The place that was chosen, if it is at the store that is seen; the first of it if none was.

    The sign-in comes with it: where the session is that row's, nothing more is asked for.
    """
    chosen = request.session.get(PLACE_KEY)
    try:
        own = _own(int(request.session[SESSION_KEY]))
    except ValueError:
        return None
    staff = (own.filter(pk=chosen) if chosen else own).first()
    if staff is not None and staff.user is not None and _is_session_of(request, staff.user):
        request.user = staff.user
        return staff
    return staff if request.user.is_authenticated else None


def _is_session_of(request: HttpRequest, user: User) -> bool:
    """Whether Django would take the session for this user's, too (`django.contrib.auth.get_user`). A no is left to Django."""
    return (
        user.is_active
        and request.session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )


def _chosen_or_first(request: HttpRequest) -> StaffMember | None:
    if not request.user.is_authenticated:
        return None
    with sight.beyond_the_store("a sign-in looks for its own places"):
        own = list(_own(request.user.pk).order_by("store__name"))
    chosen = request.session.get(PLACE_KEY)
    return next((place for place in own if place.pk == chosen), own[0] if own else None)


def _own(user_id: int) -> QuerySet[StaffMember]:
    rows = StaffMember.objects.across_stores("a sign-in looks for its own places")
    return rows.filter(user_id=user_id, is_active=True).select_related("store", "user")


def staff_only(
    *needs: May,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For views: signed in, working at a store, and allowed each of `needs`. Else the sign-in, a page that says so, or 403."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            staff: StaffMember | None = request.staff  # type: ignore[attr-defined]
            if staff is None:
                return render(request, "staff/no_place.html", status=403)
            if not all(staff.may(need) for need in needs):
                raise PermissionDenied(
                    _("As %(role)s you may not %(thing)s.")
                    % {"role": staff.role_label, "thing": needs[0].words}
                )
            if any(NUL in value for value in kwargs.values() if isinstance(value, str)):
                raise Http404("No address holds a NUL.")
            asked, typed = _fit_to_keep(request.GET), _fit_to_keep(request.POST)
            request.masked = typed is not request.POST and _holds_mask(typed)  # type: ignore[attr-defined]
            request.GET, request.POST = asked, typed
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _fit_to_keep(sent: _ImmutableQueryDict) -> _ImmutableQueryDict:
    """What was sent, without the NULs that no column holds and the numbers that nobody may keep: in no form of any view."""
    fit = {name: [_fit(value) for value in values] for name, values in sent.lists()}
    if fit == dict(sent.lists()):
        return sent
    clean = sent.copy()
    for name, values in fit.items():
        clean.setlist(name, values)
    return cast("_ImmutableQueryDict", clean)


def _fit(value: str) -> str:
    value = value.replace(NUL, "")
    # The keys that forms are pressed with are digits and dashes too.
    return value if _UUID.fullmatch(value) else sensitive.mask(value)


def _holds_mask(sent: _ImmutableQueryDict) -> bool:
    marks = (sensitive.MASK_SSN, sensitive.MASK_CARD)
    return any(mark in value for _, values in sent.lists() for value in values for mark in marks)
