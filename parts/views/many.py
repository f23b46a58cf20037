"""The list of parts that were asked for, its file, and what is done with many: another day for what comes together, a hand-off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only
from parts import many_parts
from parts.forms import MoveForm
from parts.lives import PartsError
from parts.models import COMING, PartsRequest
from parts.playbook import playbook
from parts.request_list import REQUESTS
from tasks.hand_offs import Thing
from tasks.owed_about import About, button, hand_off

RULES = frozenset(rule.key for rule in playbook.rules)


@require_safe
@staff_only(May.SEE_PARTS)
def request_list(request: StaffRequest) -> HttpResponse:
    """All parts that were asked for, ended ones too: narrowed, ordered, and done with as many."""
    staff = request.staff
    context = {
        "list": turn(asking.read(REQUESTS, request.GET), staff, clock.now()),
        "acts": _acts(staff),
        "may_ask": staff.may(May.ASK_PARTS),
    }
    return render_page(request, "parts/request_list.html", None, context)


@require_safe
@staff_only(May.SEE_PARTS)
@limited(limits.EXPORT)
def request_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, REQUESTS, "parts")


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_PARTS)
def move_parts(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match and are on order, come on another day."""
    return many.answer(request, MOVE)


@require_http_methods(["GET", "POST"])
@staff_only(May.ASK_PARTS)
def hand_off_parts(request: StaffRequest) -> HttpResponse:
    """What is owed about those that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, HAND_OFF)


def _acts(staff: StaffMember) -> list[tuple[str, str]]:
    """What this person may do with many."""
    acts = []
    if staff.may(May.WORK_PARTS):
        acts.append((reverse("parts:move_parts"), _("Another day…")))
    if staff.may(May.ASK_PARTS):
        acts.append(button("parts:hand_off_parts"))
    return acts


def _ordered(rows: Rows) -> Rows:
    return rows.select_related("customer", "special_order", "store").order_by("requested_at", "pk")


def _named(part: PartsRequest) -> tuple[str, str, str]:
    customer = part.customer.full_name if part.customer else _("Nobody named")
    ro = _("RO %(number)s") % {"number": part.ro_number} if part.ro_number else ""
    beside = " · ".join(filter(None, (customer, ro, part.get_state_display())))
    return reverse("parts:request_detail", args=[part.pk]), part.description, beside


def _about(rows: Rows) -> Collection[Thing]:
    return [(f"part:{pk}", None) for pk in rows.order_by().values_list("pk", flat=True)]


def _see_moved(rows: Rows, staff: StaffMember) -> many.Seen:
    found = list(_ordered(rows.filter(state__in=COMING)))
    if not found:
        raise bulk.BulkError(_("None of these is to come: only what is on order has a day."))
    sources = sorted({part.special_order.source for part in found} - {""})
    moved = {"parts": REQUESTS.count_of(len(found))}
    return many.Seen(
        title=_("Another day for %(parts)s") % moved,
        sub=_("From %(sources)s") % {"sources": ", ".join(sources)} if sources else "",
        button=_("Move %(parts)s") % moved,
        hint=_(
            "Each customer is owed a word about the new day. It can be taken back for an hour, until they were told."
        ),
        asks=_("On which day they come"),
        n=len(found),
        named=[_named(part) for part in found[: many.NAMED]],
        keys=[part.pk for part in found],
    )


def _move(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_parts.move(keys=keys, eta_date=told["eta_date"], by=staff, now=now)


MOVE = many.Deed(REQUESTS, MoveForm, _see_moved, _move, refuses=(PartsError,), most=many_parts.MOST)
HAND_OFF = hand_off(About(REQUESTS, _about, RULES, _ordered, _named))
