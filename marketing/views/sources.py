"""What each lead source brings, and the leads behind each figure."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealership import clock, limits, spreadsheet
from dealership.limits import limited
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, render_page, staff_only
from marketing import sources
from marketing.source_lead_list import SOURCE_LEADS, UNKNOWN
from marketing.survey_list import DAYS

#: A page holds so many sources; its total and its file have all.
MOST = 100


@require_safe
@staff_only(May.SEE_MARKETING)
def source_list(request: StaffRequest) -> HttpResponse:
    """Every source of a period with its figures, each of which opens its leads; what they mean stands beside."""
    now, (days, by) = clock.now(), _asked(request)
    rows = _rows(request, days, by, now)
    every_lead = asking.read(SOURCE_LEADS, QueryDict())

    def figures(row: sources.Row, source: str) -> list[tuple[str, int, str]]:
        return [
            (label, getattr(row, what), every_lead.but(source=source, what=what, days=days).address())
            for what, label in sources.FIGURES.items()
            if what in sources.STAGES
        ]

    total = sources.total(rows)
    context = {
        "rows": [(row, figures(row, row.source or UNKNOWN)) for row in rows[:MOST]],
        "n_more": max(0, len(rows) - MOST),
        "total": total,
        "totals": figures(total, ""),
        "heads": [(what, label, _address(days, what)) for what, label in sources.FIGURES.items()],
        "periods": [(one, _address(one, by)) for one, _label in DAYS],
        "days": days,
        "by": by,
        "address": _address(days, by),
        "means": [(label, sources.MEANS[name]) for name, (label, _which) in sources.STAGES.items()],
        "close_means": sources.MEANS["close"],
        "now": now,
    }
    return render_page(request, "marketing/source_list.html", "marketing/_source_list.html", context)


@require_safe
@staff_only(May.SEE_MARKETING)
@limited(limits.EXPORT)
def source_export(request: StaffRequest) -> HttpResponse:
    """The sources that are seen with their figures, in their order."""
    now, (days, by) = clock.now(), _asked(request)
    table = spreadsheet.Table(
        [_("Source"), *list(sources.FIGURES.values())[:-1], _("Close in percent")],
        [
            [row.source or _("unknown"), *(getattr(row, what) for what in sources.FIGURES)]
            for row in _rows(request, days, by, now)
        ],
    )
    today = now.astimezone(request.staff.store.tz).date()
    return spreadsheet.answer(request, f"sources-{days}-days-{today:%Y-%m-%d}", table)


@require_safe
@staff_only(May.SEE_MARKETING)
def source_leads(request: StaffRequest) -> HttpResponse:
    """The leads behind a figure, as they are asked."""
    now, asked = clock.now(), asking.read(SOURCE_LEADS, request.GET)
    listed, source = turn(asked, request.staff, now), asked.filters["source"]
    context = {
        "list": listed,
        "rows": listed.rows,
        "cols": asked.columns,
        "source": _("Unknown source") if source == UNKNOWN else source or _("All sources"),
        "what": sources.STAGES.get(asked.filters["what"], sources.STAGES["leads"])[0],
        "days": asked.filters["days"],
        "may_see_leads": request.staff.may(May.SEE_LEADS),
        "now": now,
    }
    return render_page(request, "marketing/source_leads.html", None, context)


def _asked(request: StaffRequest) -> tuple[str, str]:
    """Of how many days, and by which figure they are ordered."""
    days, by = request.GET.get("days", ""), request.GET.get("sort", "")
    return days if days in dict(DAYS) else DAYS[0][0], by if by in sources.FIGURES else "leads"


def _rows(request: StaffRequest, days: str, by: str, now: datetime) -> list[sources.Row]:
    return sources.of_period(request.staff, now - timedelta(days=int(days)), now, by)


def _address(days: str, by: str) -> str:
    return urlencode({"days": days, "sort": by})
