"""The page on which a store says how many visits each department takes at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock
from dealership.appointments import plans as capacity_plans
from dealership.appointments.capacity import DEFAULT_SLOT_MINUTES
from dealership.appointments.models import CapacityPlan
from dealership.appointments.views import VISITED
from dealership.language import later
from dealership.stores import changes
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only


class PlanForm(forms.Form):
    """How a day of a department is cut, and how many fit."""

    slot_minutes = forms.IntegerField(
        label=later("Minutes"),
        min_value=5,
        max_value=480,
        help_text=later("How long a slot is, from the opening on."),
    )
    per_slot = forms.IntegerField(
        label=later("Customers"),
        min_value=1,
        max_value=200,
        help_text=later("How many may arrive within one."),
    )


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def plans(request: StaffRequest) -> HttpResponse:
    """Each department that customers visit, with its places; a post sets those of one."""
    department, form = _asked(request) if request.method == "POST" else None, PlanForm(request.POST or None)
    if department and form.is_valid():
        changed = capacity_plans.set_plan(
            store_id=request.staff.store_id,
            department=department,
            **form.cleaned_data,
            by=request.staff,
            now=clock.now(),
        )
        say = (
            _("%(department)s: places are set.") % {"department": department.label}
            if changed
            else _("Nothing was changed.")
        )
        return done(request, say, to=reverse("appointments:plans"), moves=True)
    known = {plan.department: plan for plan in CapacityPlan.objects.visible_to(request.staff)}
    context: dict[str, Any] = {
        "rows": [
            (one, known.get(one), form if one == department else _form(one, known.get(one)))
            for one in VISITED
        ],
        "changes": changes.latest(request.staff.store_id, areas=("places",), limit=8),
    }
    return render_page(request, "appointments/plans.html", None, context, status=422 if department else 200)


@require_POST
@staff_only(May.MANAGE_STAFF)
def lift_plan(request: StaffRequest) -> HttpResponse:
    """A department takes any number."""
    department = _asked(request)
    capacity_plans.lift(
        store_id=request.staff.store_id, department=department, by=request.staff, now=clock.now()
    )
    say = _("%(department)s takes any number of visits.") % {"department": department.label}
    return done(request, say, to=reverse("appointments:plans"), moves=True)


def _asked(request: StaffRequest) -> Department:
    name = request.POST.get("department", "")
    if name not in VISITED:
        raise Http404("No such department takes visits.")
    return Department(name)


def _form(department: Department, plan: CapacityPlan | None) -> PlanForm:
    minutes = plan.slot_minutes if plan else DEFAULT_SLOT_MINUTES
    initial = {"slot_minutes": minutes, "per_slot": plan.per_slot if plan else None}
    return PlanForm(initial=initial, auto_id=f"id_{department}_%s")
