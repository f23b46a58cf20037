"""What each lead source brings, and the leads behind each figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dealership import clock
from dealership.web import May, StaffRequest, render_page, staff_only
from marketing import board, sources


@require_safe
@staff_only(May.SEE_MARKETING)
def source_list(request: StaffRequest) -> HttpResponse:
    """Every source of a period with its figures; what they mean stands beside."""
    now, days = clock.now(), _days(request)
    rows = sources.of_period(request.staff, now - timedelta(days=days), now)
    context = {
        "rows": rows,
        "total": sources.total(rows),
        "days": days,
        "periods": board.DAYS,
        "means": [(label, sources.MEANS[name]) for name, (label, _) in sources.STAGES.items()],
        "close_means": sources.MEANS["close"],
        "now": now,
    }
    return render_page(request, "marketing/source_list.html", "marketing/_source_list.html", context)


@require_safe
@staff_only(May.SEE_MARKETING)
def source_leads(request: StaffRequest) -> HttpResponse:
    """The leads behind one figure, fifty a page."""
    now, days = clock.now(), _days(request)
    source, what = request.GET.get("source"), request.GET.get("what", "leads")
    what = what if what in sources.STAGES else "leads"
    found: Any = sources.leads_of(request.staff, now - timedelta(days=days), now).filter(
        sources.STAGES[what][1]
    )
    if source is not None:
        found = found.filter(source=source[:80])
    before = board.read_cursor(request.GET.get("before", ""))
    rows, cursor = board.page_of(found.select_related("customer"), "received_at", before)
    asked = {"days": days, "what": what, **({} if source is None else {"source": source[:80]})}
    context = {
        "rows": rows,
        "source": source,
        "what": sources.STAGES[what][0],
        "days": days,
        "may_see_leads": request.staff.may(May.SEE_LEADS),
        "older": urlencode({**asked, "before": cursor}) if cursor else "",
        "now": now,
    }
    return render_page(request, "marketing/source_leads.html", None, context)


def _days(request: StaffRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(n) for n in board.DAYS} else board.DAYS[0]
