"""Pages of promises."""

from __future__ import annotations

from django.http import HttpResponse

from dealership.web import StaffRequest, render_page, staff_only


@staff_only()
def my_day(request: StaffRequest) -> HttpResponse:
    """What this person owes, most pressing first."""
    return render_page(request, "tasks/my_day.html", None, {})
