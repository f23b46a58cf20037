"""What F&I owes about many rows of its lists at once: handed to a colleague, first seen, then done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dealership.lists import many
from dealership.lists.shape import Rows
from dealership.web import May, StaffRequest, staff_only
from fni.contract_list import IN_TRANSIT
from fni.jacket_list import JACKETS
from fni.models import DealJacket, Stipulation
from fni.playbook import playbook
from fni.stip_listing import STIPS
from tasks.hand_offs import Thing
from tasks.owed_about import About, hand_off

RULES = frozenset(rule.key for rule in playbook.rules)
#: What is promised about a stip itself.
OF_STIPS = frozenset({"ask_for_stip", "collect_stip"})


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_FNI)
def hand_off_contracts(request: StaffRequest) -> HttpResponse:
    """What F&I owes about contracts in transit that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, CONTRACTS)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_FNI)
def hand_off_jackets(request: StaffRequest) -> HttpResponse:
    """What F&I owes about jackets that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, OF_JACKETS)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_FNI)
def hand_off_stips(request: StaffRequest) -> HttpResponse:
    """The promises about stips that are ticked, or about all that match, are a colleague's."""
    return many.answer(request, ABOUT_STIPS)


def _deals(rows: Rows) -> Collection[Thing]:
    return [(f"deal:{number}", None) for number in rows.order_by().values_list("deal_number", flat=True)]


def _stips(rows: Rows) -> Collection[Thing]:
    found = rows.order_by().values_list("pk", "jacket__deal_number")
    return [(f"deal:{number}", f"stip:{pk}") for pk, number in found]


def _jackets_ordered(rows: Rows) -> Rows:
    return rows.select_related("customer", "vehicle").order_by("delivered_at", "pk")


def _stips_ordered(rows: Rows) -> Rows:
    return rows.select_related("jacket__customer", "jacket__vehicle").order_by("issued_at", "pk")


def _jacket(row: DealJacket) -> tuple[str, str, str]:
    said = _("Deal %(number)s") % {"number": row.deal_number}
    return _page(row), said, _beside(row, row.get_stage_display())


def _stip(row: Stipulation) -> tuple[str, str, str]:
    said = _("Deal %(number)s") % {"number": row.jacket.deal_number}
    return _page(row.jacket), _(row.what), _beside(row.jacket, said)


def _page(jacket: DealJacket) -> str:
    return reverse("fni:jacket_detail", args=[jacket.pk])


def _beside(jacket: DealJacket, *more: Any) -> str:
    customer = jacket.customer.full_name if jacket.customer else ""
    car = (jacket.vehicle.label if jacket.vehicle else "") or jacket.vehicle_words
    return " · ".join(filter(None, (customer, car, *more)))


CONTRACTS = hand_off(About(IN_TRANSIT, _deals, RULES, _jackets_ordered, _jacket))
OF_JACKETS = hand_off(About(JACKETS, _deals, RULES, _jackets_ordered, _jacket))
ABOUT_STIPS = hand_off(About(STIPS, _stips, OF_STIPS, _stips_ordered, _stip))
