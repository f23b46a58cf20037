"""Who is asking: the person behind a request, and what they may open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from dealership.staff.models import StaffMember, User
from dealership.staff.roles import May

if TYPE_CHECKING:
    from django.http.request import _ImmutableQueryDict
    from django_htmx.middleware import HtmxDetails

PLACE_KEY = "place"
NUL = "\x00"


class StaffRequest(HttpRequest):
    """A request whose person is known. Views behind `staff_only` get one."""

    staff: StaffMember
    htmx: HtmxDetails


def places_of(user: User) -> list[StaffMember]:
    """The stores where this sign-in works now, by name."""
    return list(
        StaffMember.objects.across_stores("a sign-in looks for its own places")
        .filter(user=user, is_active=True)
        .select_related("store")
        .order_by("store__name")
    )


class StaffMiddleware:
    """Puts `request.staff` on every request: the place chosen in this session, else the first, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.staff = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.staff = _place(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def _place(request: HttpRequest) -> StaffMember | None:
    own = StaffMember.objects.across_stores("a sign-in looks for its own places").filter(
        user=cast(User, request.user), is_active=True
    )
    chosen = request.session.get(PLACE_KEY)
    staff = own.select_related("store", "user").filter(pk=chosen).first() if chosen else None
    return staff or own.select_related("store", "user").order_by("store__name").first()


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
                raise PermissionDenied(f"{staff.role_label} may not {needs[0]}.")
            if any(NUL in value for value in kwargs.values() if isinstance(value, str)):
                raise Http404("No address holds a NUL.")
            request.GET, request.POST = _without_nul(request.GET), _without_nul(request.POST)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _without_nul(sent: _ImmutableQueryDict) -> _ImmutableQueryDict:
    """What was sent, without the NULs that no browser sends and no column holds."""
    if not any(NUL in value for _, values in sent.lists() for value in values):
        return sent
    clean = sent.copy()
    for name, values in sent.lists():
        clean.setlist(name, [value.replace(NUL, "") for value in values])
    return cast("_ImmutableQueryDict", clean)
