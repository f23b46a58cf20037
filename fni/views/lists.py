"""The board, and the lists behind its figures: jackets, contracts in transit, stips. Each is asked, kept and taken away as all lists are."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.lists.shape import Shape
from dealership.web import May, StaffRequest, render_page, staff_only
from fni import board, contract_list, jacket_list
from fni.jacket_list import JACKETS
from fni.stip_listing import ENDED, STIPS
from tasks.owed_about import button


@require_safe
@staff_only(May.SEE_FNI)
def board_page(request: StaffRequest) -> HttpResponse:
    """Where each deal stands between "agreed" and titled; each figure and each lane opens the list behind it."""
    now, staff = clock.now(), request.staff
    found = board.board(staff, now)
    for lane in found.lanes.values():
        lane.query = jacket_list.address(lane.key)
    context = {
        "board": found,
        "most": board.MOST_LIVE,
        "box": board.BOX,
        "funded_query": jacket_list.address(jacket_list.FUNDED),
        "now": now,
    }
    return render_page(request, "fni/board.html", "fni/_board.html", context)


@require_safe
@staff_only(May.SEE_FNI)
def jacket_list_page(request: StaffRequest) -> HttpResponse:
    """The jackets that are asked for; those under way, where nobody asked."""
    context = _context(request, JACKETS, "fni:hand_off_jackets")
    return render_page(request, "fni/jacket_list.html", "fni/_jackets.html", context)


@require_safe
@staff_only(May.SEE_FNI)
@limited(limits.EXPORT)
def jacket_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list of jackets, all pages of it."""
    return many.file(request, JACKETS, "jackets")


@require_safe
@staff_only(May.SEE_FNI)
def in_transit_list(request: StaffRequest) -> HttpResponse:
    """Delivered and not paid, the oldest first; `?over=7` those that are so many days old."""
    context = _context(request, contract_list.seen_by(request.staff), "fni:hand_off_contracts")
    asked = context["list"].asked
    context |= {
        "tabs": _tabs(asked, "over", context["list"].choices[0].options, every=True),
        "shown": asked.filters["over"],
    }
    return render_page(request, "fni/in_transit_list.html", "fni/_in_transit.html", context)


@require_safe
@staff_only(May.WORK_FNI)
@limited(limits.EXPORT)
def in_transit_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list of contracts in transit, all pages of it. With lender and amount: for F&I alone."""
    return many.file(request, contract_list.IN_TRANSIT, "in-transit")


@require_safe
@staff_only(May.SEE_FNI)
def stip_list(request: StaffRequest) -> HttpResponse:
    """What lenders still want, the oldest first; `?show=unasked` what no customer has been asked for."""
    context = _context(request, STIPS, "fni:hand_off_stips")
    asked = context["list"].asked
    context |= {
        "tabs": _tabs(asked, "show", context["list"].choices[0].options),
        "shown": asked.filters["show"],
    }
    if context["shown"] == ENDED:
        context["acts"] = []
    return render_page(request, "fni/stip_list.html", "fni/_stips.html", context)


@require_safe
@staff_only(May.SEE_FNI)
@limited(limits.EXPORT)
def stip_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list of stips, all pages of it."""
    return many.file(request, STIPS, "stips")


def _context(request: StaffRequest, shape: Shape, deed: str) -> dict[str, Any]:
    may_work = request.staff.may(May.WORK_FNI)
    return {
        "list": turn(asking.read(shape, request.GET), request.staff, clock.now()),
        "acts": [button(deed)] if may_work else [],
        "may_work": may_work,
    }


def _tabs(asked: asking.Asked, key: str, options: Any, *, every: bool = False) -> list[tuple[str, str, str]]:
    """The answers to one question as tabs: the answer, its words, and the query that asks it."""
    first = [("", next(one.every for one in asked.shape.filters if one.key == key))] if every else []
    return [(value, label, asked.but(**{key: value}).address()) for value, label in (*first, *options)]
