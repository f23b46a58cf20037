"""Kept on a home screen: its manifest, and a worker that shows a page of its own where there is no network.

The worker keeps that page with its style sheets and nothing else: no row of a store is ever left on a device.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealership import styles

SIZES = (192, 512)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a browser asks before it offers to install (W3C Web Application Manifest)."""
    icons = [
        {
            "src": static(f"icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in SIZES
        for purpose in ("any", "maskable")
    ]
    said = {
        "id": "/",
        "name": "Kept",
        "short_name": "Kept",
        "description": _("Promises between departments: who owes what, to whom, until when."),
        "start_url": reverse("tasks:my_day"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f5f1",
        "theme_color": "#f5f5f1",
        "icons": [*icons, {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "shortcuts": [
            {"name": _("Inbox"), "url": reverse("messaging:inbox")},
            {"name": _("Service lane"), "url": reverse("service:lane")},
        ],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands at the root, as it may only answer for what is below it."""
    kept = [reverse("offline"), *styles.addresses(), static("offline.js"), static("favicon.svg")]
    said = {
        "kept": kept,
        "news": reverse("push:news"),
        "icon": static(f"icon-{SIZES[0]}.png"),
        "waits": _("Something waits for you."),
        "more": _("and %(n)s more"),
    }
    return render(request, "house/worker.js", said, content_type="text/javascript")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Of nobody and no store: it is kept on the device."""
    return render(request, "house/offline.html")
