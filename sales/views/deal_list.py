"""The list of deals beside their board: asked, kept, taken away; what sales owes about many handed to a colleague."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.limits import limited
from dealership.lists import asking, many
from dealership.lists.page import turn
from dealership.lists.shape import Rows
from dealership.web import May, StaffRequest, render_page, staff_only
from sales.deal_listing import DEALS, SHOW
from sales.models import Deal
from sales.playbook import playbook
from tasks.hand_offs import Thing
from tasks.owed_about import About, button, hand_off


@require_safe
@staff_only(May.SEE_DEALS)
def deal_list(request: StaffRequest) -> HttpResponse:
    """The deals that are asked for; the open ones, where nobody asked."""
    asked = asking.read(DEALS, request.GET)
    may_work = request.staff.may(May.WORK_DEALS)
    context = {
        "list": turn(asked, request.staff, clock.now()),
        "tabs": [(key, label, asked.but(show=key).address()) for key, label in SHOW],
        "shown": asked.filters["show"],
        "acts": [button("sales:hand_off_deals")] if may_work else [],
        "may_work": may_work,
    }
    return render_page(request, "sales/deal_list.html", "sales/_deals.html", context)


@require_safe
@staff_only(May.SEE_DEALS)
@limited(limits.EXPORT)
def deal_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, DEALS, "deals")


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_DEALS)
def hand_off_deals(request: StaffRequest) -> HttpResponse:
    """What sales owes about the deals that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, HAND_OFF)


def _things(rows: Rows) -> Collection[Thing]:
    return [(f"deal:{number}", None) for number in rows.order_by().values_list("deal_number", flat=True)]


def _ordered(rows: Rows) -> Rows:
    return rows.select_related("customer", "vehicle").defer("history").order_by("-written_at", "-pk")


def _named(deal: Deal) -> tuple[str, str, str]:
    said = _("Deal %(number)s") % {"number": deal.deal_number}
    beside = " · ".join(filter(None, (deal.customer.full_name, _(deal.label), deal.stage_words)))
    return reverse("sales:deal_detail", args=[deal.pk]), said, beside


HAND_OFF = hand_off(About(DEALS, _things, frozenset(rule.key for rule in playbook.rules), _ordered, _named))
