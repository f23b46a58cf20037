"""The page on which a store sees and sets its DMS feeds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock
from dealership.dms import feeds as store_feeds
from dealership.dms.models import Feed
from dealership.language import later
from dealership.stores import changes
from dealership.web import May, StaffRequest, done, render_page, staff_only


class StaleForm(forms.Form):
    """How long a feed may be silent."""

    minutes = forms.IntegerField(
        label=later("Stale after"),
        min_value=5,
        max_value=10_000,
        help_text=later("Minutes of open time without a file; then Imports says so."),
    )


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def feeds(request: StaffRequest) -> HttpResponse:
    """Each kind of file with its address; a post begins a feed of a kind that is not there yet."""
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in Feed.Kind.values:
            raise Http404("There is no such kind of feed.")
        store_feeds.begin(
            store_id=request.staff.store_id, kind=Feed.Kind(kind), by=request.staff, now=clock.now()
        )
        return done(request, _("The feed has an address."), to=reverse("dms:feeds"), moves=True)
    return _feeds(request)


@require_POST
@staff_only(May.MANAGE_STAFF)
def set_stale(request: StaffRequest, pk: int) -> HttpResponse:
    """How long this feed may be silent."""
    feed = get_object_or_404(Feed.objects.visible_to(request.staff), pk=pk)
    form = StaleForm(request.POST, auto_id=f"id_{feed.kind}_%s")
    if not form.is_valid():
        return _feeds(request, {feed.pk: form}, status=422)
    minutes = form.cleaned_data["minutes"]
    store_feeds.set_stale(feed, minutes=minutes, by=request.staff, now=clock.now())
    say = _("Stale after %(n)s minutes.") % {"n": minutes}
    return done(request, say, to=reverse("dms:feeds"), moves=True)


@require_POST
@staff_only(May.MANAGE_STAFF)
def rotate_feed_address(request: StaffRequest, pk: int) -> HttpResponse:
    """The address that the DMS sends to is dead at once; the page says so before it sends this."""
    feed = get_object_or_404(Feed.objects.visible_to(request.staff), pk=pk)
    store_feeds.rotate_address(feed, by=request.staff, now=clock.now())
    say = _("The feed has a new address. Give it to whoever sends the files.")
    return done(request, say, to=f"{reverse('dms:feeds')}#{feed.kind}", moves=True)


def _feeds(
    request: StaffRequest, forms_of: dict[int, StaleForm] | None = None, *, status: int = 200
) -> HttpResponse:
    known = {feed.kind: feed for feed in Feed.objects.visible_to(request.staff)}
    rows = []
    for kind in Feed.Kind:
        feed = known.get(kind)
        form = (forms_of or {}).get(feed.pk) if feed else None
        if feed and form is None:
            form = StaleForm(initial={"minutes": feed.stale_after_minutes}, auto_id=f"id_{kind}_%s")
        path = reverse("dms_hook", args=[feed.token]) if feed else ""
        rows.append({"kind": kind, "feed": feed, "form": form, "address": settings.PUBLIC_BASE_URL + path})
    context: dict[str, Any] = {
        "rows": rows,
        "changes": changes.latest(request.staff.store_id, areas=("feed",), limit=8),
    }
    return render_page(request, "dms/feeds.html", None, context, status=status)
