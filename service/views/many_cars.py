"""Many ROs of the list at once: those that are ticked, or all that match; moved to a stage, or what is owed about them handed off."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dealership.language import later
from dealership.lists import bulk, many
from dealership.lists.models import BulkAct
from dealership.lists.shape import Rows
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, staff_only
from service import many_cars, stages
from service.models import RepairOrder
from service.ro_list import ROS
from tasks import hand_offs
from tasks.owed_about import About, button, hand_off


class StageForm(many.ManyForm):
    """How far they are."""

    stage = forms.ChoiceField(label=later("Stage"), choices=RepairOrder.Stage.choices)


@require_http_methods(["GET", "POST"])
@staff_only(May.INSPECT)
def move_cars(request: StaffRequest) -> HttpResponse:
    """Those that are ticked, or all that match and are in the shop, are at another stage."""
    return many.answer(request, MOVE)


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN, May.WORK_SERVICE)
def hand_off_cars(request: StaffRequest) -> HttpResponse:
    """What is owed about those that are ticked, or about all that match, is a colleague's."""
    return many.answer(request, HAND_OFF)


def acts_of(staff: StaffMember, state: str) -> list[tuple[str, str]]:
    """What this person may do with many, where they are in the shop."""
    acts = []
    if staff.may(May.INSPECT) and state in ("", RepairOrder.State.OPEN):
        acts.append((reverse("service:move_cars"), _("Move to a stage…")))
    if staff.may(May.REASSIGN) and staff.may(May.WORK_SERVICE):
        acts.append(button("service:hand_off_cars"))
    return acts


def _ordered(rows: Rows) -> Rows:
    return rows.select_related("customer", "vehicle", "advisor").defer("history").order_by("opened_at", "pk")


def _named(ro: RepairOrder) -> tuple[str, str, str]:
    beside = (
        ro.customer.full_name if ro.customer else _("Internal"),
        ro.vehicle.label if ro.vehicle else "",
        ro.get_stage_display(),
    )
    said = _("RO %(number)s") % {"number": ro.ro_number}
    return reverse("service:repair_order_detail", args=[ro.pk]), said, " · ".join(filter(None, beside))


def _see_moved(rows: Rows, staff: StaffMember) -> many.Seen:
    rows = rows.filter(state=RepairOrder.State.OPEN)
    if not (n := rows.count()):
        raise bulk.BulkError(_("None of these cars is in the shop: only an open RO has a stage."))
    moved = {"ros": ROS.count_of(n)}
    return many.Seen(
        n=n,
        named=[_named(ro) for ro in _ordered(rows)[: many.NAMED]],
        keys=list(rows.values_list("pk", flat=True)),
        title=_("Move %(ros)s to a stage") % moved,
        sub=_("What is promised about each car follows; those that are there already stay"),
        button=_("Move %(ros)s") % moved,
        hint=_("No customer is told by this. It can be taken back for an hour, while they stand there."),
        asks=_("Where they are"),
    )


def _things(rows: Rows) -> Collection[hand_offs.Thing]:
    return [(f"ro:{number}", None) for number in rows.order_by().values_list("ro_number", flat=True)]


def _move(keys: Sequence[int], told: dict[str, Any], staff: StaffMember, now: datetime) -> BulkAct:
    return many_cars.reach(keys=keys, stage=cast(str, told["stage"]), by=staff, now=now)


MOVE = many.Deed(ROS, StageForm, _see_moved, _move, refuses=(stages.NoSuchStage,), most=many_cars.MOST)
HAND_OFF = hand_off(About(ROS, _things, None, _ordered, _named))
