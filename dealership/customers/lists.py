"""What is done with the list of customers: taken away as a file, given to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import limits
from dealership.customers import giving, people
from dealership.customers.listing import CUSTOMERS
from dealership.language import later
from dealership.limits import limited
from dealership.lists import many
from dealership.lists.models import BulkAct
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, staff_only


class GiveForm(many.ToColleagueForm):
    """To whom, in which department."""

    department = forms.ChoiceField(label=later("Department"), choices=Department.choices)
    field_order = ("department", "to")


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.EXPORT)
def customer_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    return many.file(request, CUSTOMERS, "customers")


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN)
def give(request: StaffRequest) -> HttpResponse:
    """Those who are ticked, or all that match, get another person of record."""
    return many.answer(request, GIVE)


def _see(rows: Rows, staff: StaffMember) -> many.Seen:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    counted = CUSTOMERS.count_of(len(keys))
    return many.Seen(
        title=_("Give %(what)s to a colleague") % {"what": counted},
        sub=_("Their person of record changes; what is owed to them stays where it is"),
        button=_("Give %(what)s") % {"what": counted},
        hint=_("Whoever is this colleague’s already stays so. It can be taken back for an hour."),
        n=len(keys),
        named=[
            (reverse("customers:customer_detail", args=[row.pk]), row.full_name, row.city)
            for row in rows.order_by("full_name", "pk")[: many.NAMED]
        ],
        keys=keys,
    )


def _give(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return giving.give(keys=keys, department=Department(told["department"]), to=told["to"], by=staff, now=now)


GIVE = many.Deed(CUSTOMERS, GiveForm, _see, _give, refuses=(people.OtherStore,))
