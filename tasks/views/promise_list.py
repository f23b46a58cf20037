"""The list of promises behind a figure or a band: narrowed, taken along, handed to a colleague, waived; many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.asking import Asked
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only
from tasks import hand_offs, promise_rows, retold, rulebook, waivers
from tasks.forms import HandOffManyForm, WaiveManyForm
from tasks.models import Promise
from tasks.promise_list import BANDS, CLOSED, MINE, PROMISES, TITLES
from tasks.views.day import whose_of

#: Lists in which nothing is owed any more.
_ENDED = frozenset({"kept_today", "on_time", "recovered", "waived", "void"})


@require_safe
@staff_only()
def promise_list(request: StaffRequest) -> HttpResponse:
    """The list behind a figure: `?state=`, `?rule=`, `?of=` ("store", or a person; one's own without)."""
    staff, now = request.staff, clock.now()
    asked, whose = _asked(request)
    state = asked.filters["state"]
    listed = turn(asked, staff, now)
    context = {
        "now": now,
        "list": listed,
        "lines": promise_rows.lines(listed, now),
        "title": TITLES[state],
        "states": [
            (key, title, asked.but(state=key).address())
            for key, title in TITLES.items()
            if (key in BANDS) == (state in BANDS)
        ],
        "state": state,
        "rule": _sentence_of(asked.filters["rule"]),
        "whose": whose,
        "in_window": state not in BANDS and state not in CLOSED,
        "acts": [] if state in _ENDED else acts_on_many("tasks:hand_off_many", "tasks:waive_many"),
    }
    return render_page(request, "tasks/promise_list.html", None, context)


@require_safe
@staff_only()
@limited(limits.EXPORT)
def promise_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    _asked(request)
    return many.file(request, PROMISES, "promises")


@require_http_methods(["GET", "POST"])
@staff_only()
def hand_off_many(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, are a colleague's: one's own, and everybody's for a manager."""
    return many.answer(request, HAND_OFF)


@require_http_methods(["GET", "POST"])
@staff_only()
def waive_many(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, need not be kept: one's own, and everybody's for a manager."""
    return many.answer(request, WAIVE)


def acts_on_many(hand_off: str, waive: str) -> list[tuple[str, str]]:
    """What can be done with many at once, by their URL names."""
    return [(reverse(hand_off), _("Hand off…")), (reverse(waive), _("Waive…"))]


def _asked(request: StaffRequest) -> tuple[Asked, Any]:
    """What is asked, and whose. Raises Http404 for a state or rule that is none, PermissionDenied for others' promises."""
    asked = asking.read(PROMISES, request.GET)
    if asked.filters["state"] not in TITLES:
        raise Http404(_("No such list."))
    _sentence_of(asked.filters["rule"])
    of = asked.filters["of"]
    return asked, whose_of(request, "" if of == MINE else of)


def _sentence_of(rule: str) -> str:
    if not rule:
        return ""
    if rule == rulebook.BY_HAND:
        return _("Promised by hand")
    try:
        return retold.said(rule, rulebook.rule_of(rule).sentence)
    except KeyError as gone:
        raise Http404(_("No such rule.")) from gone


def _theirs(rows: Rows, staff: StaffMember) -> QuerySet[Promise]:
    """Those that are owed, and that this person may change. Raises BulkError for none."""
    rows = rows.filter(state=Promise.State.OPEN)
    if not staff.may(May.REASSIGN):
        rows = rows.filter(owner=staff)
    if not rows.exists():
        raise bulk.BulkError(_("Nothing among these is owed by you."))
    return rows


def _see(rows: Rows, staff: StaffMember, verb: str, **words: Any) -> many.Seen:
    found = _theirs(rows, staff).order_by("due_at", "pk")
    keys = list(found.values_list("pk", flat=True))
    counted = PROMISES.count_of(len(keys))
    named = found.select_related("customer", "owner")[: many.NAMED]
    return many.Seen(
        title=verb % {"count": counted},
        button=verb % {"count": counted},
        n=len(keys),
        named=[
            (
                reverse("tasks:promise_detail", args=[row.pk]),
                retold.said(row.rule, row.sentence),
                " · ".join(filter(None, (row.customer.full_name if row.customer else "", row.owner.name))),
            )
            for row in named
        ],
        keys=keys,
        **words,
    )


def _see_handed(rows: Rows, staff: StaffMember) -> many.Seen:
    hint = _(
        "They are told, with your reason. It can be taken back for an hour, while they have not taken it on."
    )
    return _see(
        rows,
        staff,
        _("Hand off %(count)s"),
        sub=_("Still owed, with the hours that were promised"),
        hint=hint,
    )


def _see_waived(rows: Rows, staff: StaffMember) -> many.Seen:
    sub = _("They need not be kept; each says so with your name and reason")
    return _see(
        rows, staff, _("Waive %(count)s"), sub=sub, hint=_("It can be taken back for an hour."), asks=_("Why")
    )


def _hand_off(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return hand_offs.hand_off_many(keys=keys, to=told["to"], by=staff, why=told["why"], now=now)


def _waive(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return waivers.waive_many(keys=keys, by=staff, why=told["why"], now=now)


HAND_OFF = many.Deed(
    PROMISES,
    HandOffManyForm,
    _see_handed,
    _hand_off,
    refuses=(hand_offs.CannotHandOff,),
    most=hand_offs.MOST_HANDED,
)
WAIVE = many.Deed(
    PROMISES, WaiveManyForm, _see_waived, _waive, refuses=(waivers.CannotWaive,), most=hand_offs.MOST_HANDED
)
