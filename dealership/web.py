"""All that the house knows of pages and HTMX: one view, one context, a whole page or the one part that changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_safe

from dealership import clock, rail
from dealership.language import later
from dealership.staff.access import StaffRequest, staff_only
from dealership.staff.roles import May

__all__ = ["May", "StaffRequest", "done", "refused", "render_page", "shown_done", "staff_only", "tell"]

#: What a browser is told when the same change is worth a refresh elsewhere on the page: the body fires these.
CHANGED = "kept:changed"
NOT_HERE = later("There is no such page, or it belongs to another store.")
LEFT_OUT = later(
    "A number that looked like a social security or card number was left out: it is kept nowhere."
)


def render_page(
    request: HttpRequest,
    page: str,
    part: str | None,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """The page, or its part when HTMX asked for that part (`HX-Target`); both from this one context.

    `part` is a template whose root element carries the id that HTMX targets. A failed form passes status=422.
    """
    is_part = bool(part and request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"))
    template = part if is_part and part else page
    context.setdefault("now", clock.now())
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request"
    return response


def tell(response: HttpResponse, *events: str) -> HttpResponse:
    """Tells the browser that something changed, so that other parts of the page ask again."""
    response["HX-Trigger"] = ", ".join(events or (CHANGED,))
    return response


def done(request: HttpRequest, say: str, *, to: str, undo: str = "", moves: bool = False) -> HttpResponse:
    """The answer to an act that worked: the sentence `say`, with a way back (`undo`, an address to post to).

    HTMX gets a 204 that shows the sentence, closes the sheet and lets the page's parts ask again; with `moves` it goes to
    `to`. A browser without it is redirected to `to` and reads the sentence there. Whoever typed a number that is never kept
    is told so with it.
    """
    if getattr(request, "masked", False):
        say = f"{say} {LEFT_OUT}"
    if request.headers.get("HX-Request") and not moves:
        response = HttpResponse(status=204)
        response["HX-Trigger"] = json.dumps({"kept:done": {"say": str(say), "undo": undo}, CHANGED: {}})
        return response
    messages.success(request, say, extra_tags=undo)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return HttpResponseRedirect(to)


def shown_done(
    request: HttpRequest, response: HttpResponse, say: str, *, undo: str = "", elsewhere: bool = False
) -> HttpResponse:
    """As `done` for an act that the part of `response` shows already; with `elsewhere` the page's other parts ask again."""
    if getattr(request, "masked", False):
        say = f"{say} {LEFT_OUT}"
    response["HX-Trigger"] = json.dumps({"kept:done": {"say": str(say), "undo": undo}})
    if elsewhere:
        response["HX-Trigger-After-Settle"] = json.dumps({CHANGED: {}})
    return response


def refused(request: HttpRequest, why: str, *, to: str) -> HttpResponse:
    """The answer to an act that could not be, where no form was filled in beside which the reason could stand.

    HTMX gets a 422 that shows the sentence and lets the page's parts ask again: they may show what is no longer so. A browser
    without it is redirected to `to` and reads the sentence there.
    """
    if request.headers.get("HX-Request"):
        response = HttpResponse(why, status=422, content_type="text/plain; charset=utf-8")
        response["HX-Trigger"] = json.dumps({"kept:refused": {"say": str(why)}, CHANGED: {}})
        return response
    messages.error(request, why)
    return HttpResponseRedirect(to)


@require_safe
@staff_only()
def rail_links(request: StaffRequest) -> HttpResponse:
    """Part of every page: the links of the rail with their counts, asked again when something changed. `?here=`: the page it stands on."""
    here, now = request.GET.get("here", "")[:80], clock.now()
    groups = rail.groups(request.staff, here, getattr(request, "live", {}), now)
    return render_page(request, "house/_rail_part.html", None, {"groups": groups, "here": here, "now": now})


def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """A page that a library brings and this product does not: 404, whoever asks and however."""
    raise Http404("There is no such page.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer where a role may not: a page that says so; a sentence to HTMX, which shows no page in the place of a part."""
    if request.headers.get("HX-Request"):
        return _in_words(str(exception) or _("Your role may not do this."), 403)
    return defaults.permission_denied(request, exception)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer where nothing is that this person could see: a page, or a sentence to HTMX."""
    if request.headers.get("HX-Request"):
        return _in_words(NOT_HERE, 404)
    return defaults.page_not_found(request, exception)


def _in_words(why: str, status: int) -> HttpResponse:
    headers = {"Vary": "HX-Request"}
    return HttpResponse(why, status=status, content_type="text/plain; charset=utf-8", headers=headers)


class HeadersMiddleware:
    """What every answer says to a browser: SECURE_CSP (the setting's name in Django 6), what no page may use, and to keep nothing.

    Stands outside of the static files, so that they say it too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items()
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        # Whatever was made for one session is nobody else's, and no disk's.
        if "cookie" in response.headers.get("Vary", "").lower():
            response.headers.setdefault("Cache-Control", "no-store")
        return response
