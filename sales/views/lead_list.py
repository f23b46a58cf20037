"""The list of leads, by state: given away, closed as lost, taken along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.language import later
from dealership.limits import limited
from dealership.lists import asking, bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, render_page, staff_only
from sales import board, leads, many_leads, routing
from sales.lead_list import LEADS, STATES

UNREADABLE = "unreadable"


@require_safe
@staff_only(May.SEE_LEADS)
def lead_list(request: StaffRequest) -> HttpResponse:
    """The store's leads, as they are asked for; beside them what came and could not be read."""
    staff, asked = request.staff, asking.read(LEADS, request.GET)
    counts = board.counts(staff)
    context: dict[str, Any] = {
        "chips": [(key, label, counts.get(key, 0), asked.but(show=key).address()) for key, label in STATES],
        "n_unreadable": counts.get(UNREADABLE, 0),
        "most_counted": board.MOST_COUNTED,
        "may_work": staff.may(May.WORK_LEADS),
        "show": asked.filters["show"],
    }
    listed = turn(asked, staff, clock.now())
    context |= {
        "list": listed,
        "rows": [board.shown(row) for row in listed.rows],
        "acts": _acts(staff, context["show"]),
    }
    return render_page(request, "sales/lead_list.html", "sales/_lead_list.html", context)


@require_safe
@staff_only(May.SEE_LEADS)
@limited(limits.EXPORT)
def lead_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, LEADS, "leads")


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN, May.WORK_LEADS)
def give_leads(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match, are answered by somebody else."""
    return many.answer(request, GIVE)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_LEADS)
def lose_leads(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match and are open, end as lost, with one reason."""
    return many.answer(request, LOSE)


class GiveForm(many.ToColleagueForm):
    """Who answers from now on, and why."""

    why = forms.CharField(
        label=later("Why"), max_length=160, help_text=later("It stands in each lead’s story.")
    )

    def colleagues(self) -> QuerySet[StaffMember]:
        """Who may be handed a lead."""
        return routing.team(self.staff.store_id)


class LoseForm(many.ManyForm):
    """Why."""

    why = forms.CharField(label=later("Why"), max_length=120, help_text=later("One reason for all of them."))


def _acts(staff: StaffMember, show: str) -> list[tuple[str, str]]:
    """What this person may do with many, where they are open."""
    acts = []
    if staff.may(May.REASSIGN) and staff.may(May.WORK_LEADS):
        acts.append((reverse("sales:give_leads"), _("Give to a colleague…")))
    if staff.may(May.WORK_LEADS) and show != "closed":
        acts.append((reverse("sales:lose_leads"), _("Close as lost…")))
    return acts


def _see_given(rows: Rows, staff: StaffMember) -> many.Seen:
    counted = LEADS.count_of(n := rows.count())
    return _seen(
        rows,
        n,
        title=_("Give %(leads)s to a colleague") % {"leads": counted},
        sub=_("They answer from now on; what is owed about each lead goes along"),
        button=_("Give %(leads)s") % {"leads": counted},
        hint=_("A salesperson becomes the customers’ own. It can be taken back for an hour."),
    )


def _see_lost(rows: Rows, staff: StaffMember) -> many.Seen:
    rows = rows.filter(state__in=board.OPEN)
    if not (n := rows.count()):
        raise bulk.BulkError(_("All of these have ended already."))
    counted = LEADS.count_of(n)
    return _seen(
        rows,
        n,
        title=_("Close %(leads)s as lost") % {"leads": counted},
        sub=_("Nobody is owed an answer any more; what has ended already stays as it ended"),
        button=_("Close %(leads)s") % {"leads": counted},
        hint=_("It can be taken back for an hour."),
        asks=_("Why"),
    )


def _seen(rows: Rows, n: int, **words: Any) -> many.Seen:
    named = rows.order_by("-received_at", "-pk").select_related("customer", "owner")[: many.NAMED]
    return many.Seen(
        n=n,
        named=[
            (
                reverse("sales:lead_detail", args=[row.pk]),
                row.customer.full_name,
                " · ".join(filter(None, (row.vehicle_label, row.owner.name if row.owner else ""))),
            )
            for row in named
        ],
        keys=list(rows.values_list("pk", flat=True)),
        **words,
    )


def _give(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_leads.give(keys=keys, to=told["to"], why=told["why"], by=staff, now=now)


def _lose(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_leads.lose(keys=keys, why=told["why"], by=staff, now=now)


_REFUSES = (leads.CannotOwn, leads.NoReason)
GIVE = many.Deed(LEADS, GiveForm, _see_given, _give, refuses=_REFUSES, most=many_leads.MOST)
LOSE = many.Deed(LEADS, LoseForm, _see_lost, _lose, refuses=_REFUSES, most=many_leads.MOST)
