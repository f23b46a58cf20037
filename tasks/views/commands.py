"""The page of commands, and the list that opens over any other page at ⌘K."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.web import StaffRequest, render_page, staff_only
from tasks import commands as offering


@require_safe
@staff_only()
@limited(limits.SEARCH, asked="q")
def commands(request: StaffRequest) -> HttpResponse:
    """What may be done from `at` that fits `q`. Six queries beside the sign-in at most: what is selected, and a search."""
    text, at = request.GET.get("q", "")[:80], request.GET.get("at", "")
    context = {
        "text": text,
        "at": at,
        "groups": offering.offered(request.staff, text=text, at=at, now=clock.now()),
    }
    return render_page(request, "tasks/commands.html", "tasks/_command_rows.html", context)
