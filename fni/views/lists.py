"""The board, and the lists behind its figures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dealership import clock, limits, spreadsheet
from dealership.language import later
from dealership.limits import limited
from dealership.web import May, StaffRequest, render_page, staff_only
from fni import board, export

#: Lists behind the board's figures, by `?list=`.
LISTS = {
    "waiting": later("Waiting for the box, the longest wait first"),
    "funded": later("Funded in the last 90 days, those that came back first"),
    "title": later("Titles that are still to be sent, the next date first"),
}


@require_safe
@staff_only(May.SEE_FNI)
def board_page(request: StaffRequest) -> HttpResponse:
    """Where each deal stands between "agreed" and titled; `?list=` shows the rows behind a figure."""
    now, staff = clock.now(), request.staff
    shown = request.GET.get("list", "")
    found = board.board(staff, now)
    context: dict[str, Any] = {
        "board": found,
        "box": board.BOX,
        "list": shown if shown in LISTS else "",
        "list_words": LISTS.get(shown, ""),
        "funded": board.funded(staff, now) if shown == "funded" else [],
        "now": now,
    }
    return render_page(request, "fni/board.html", "fni/_board.html", context)


@require_safe
@staff_only(May.SEE_FNI)
def in_transit_list(request: StaffRequest) -> HttpResponse:
    """Delivered and not paid, the oldest first; `?over=7` those that are so many days old."""
    now, over = clock.now(), request.GET.get("over", "")
    days = int(over) if over in ("4", "7", "10") else 0
    context = {
        "rows": board.in_transit(request.staff, now, over=days),
        "most": board.MOST_LISTED,
        "over": days,
        "marks": (board.SOON, board.LATE, board.GRAVE),
        "sees_money": board.sees_money(request.staff),
        "may_work": request.staff.may(May.WORK_FNI),
        "now": now,
    }
    return render_page(request, "fni/in_transit_list.html", "fni/_in_transit.html", context)


@require_safe
@staff_only(May.WORK_FNI)
@limited(limits.EXPORT)
def in_transit_export(request: StaffRequest) -> HttpResponse:
    """Contracts in transit as a file, at most `export.MOST_ROWS`. With lender and amount: for F&I alone."""
    now, zone = clock.now(), request.staff.store.tz
    rows = board.in_transit_rows(request.staff).select_related("customer", "vehicle", "salesperson")
    table = export.table(rows[: export.MOST_ROWS], zone=zone, now=now)
    return spreadsheet.answer(request, f"in-transit-{now.astimezone(zone):%Y-%m-%d}", table)
