"""How many customers a department can take at once, as its store sets it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dealership.appointments.models import CapacityPlan
from dealership.language import in_english
from dealership.staff.models import StaffMember
from dealership.stores import changes
from dealership.stores.models import Department, Store

NO_LIMIT = "no limit"


@transaction.atomic
def set_plan(
    *,
    store_id: int,
    department: Department,
    slot_minutes: int,
    per_slot: int,
    by: StaffMember | None,
    now: datetime,
) -> bool:
    """So many customers per slot of so many minutes, from now on; visits that are set stay. False if it was so."""
    Store.objects.select_for_update().get(pk=store_id)
    plan = CapacityPlan.objects.of_store(store_id).filter(department=department).first()
    was = said(plan)
    plan = plan or CapacityPlan(store_id=store_id, department=department)
    plan.slot_minutes, plan.per_slot = slot_minutes, per_slot
    if said(plan) == was:
        return False
    plan.save()
    _record(store_id, department, was, said(plan), by, now)
    return True


@transaction.atomic
def lift(*, store_id: int, department: Department, by: StaffMember | None, now: datetime) -> bool:
    """The department takes any number from now on. False if it did."""
    Store.objects.select_for_update().get(pk=store_id)
    plan = CapacityPlan.objects.of_store(store_id).filter(department=department).first()
    if plan is None:
        return False
    was = said(plan)
    plan.delete()
    _record(store_id, department, was, NO_LIMIT, by, now)
    return True


def said(plan: CapacityPlan | None) -> str:
    """In words: "3 per 30 min"."""
    return f"{plan.per_slot} per {plan.slot_minutes} min" if plan else NO_LIMIT


def _record(
    store_id: int, department: Department, was: str, became: str, by: StaffMember | None, now: datetime
) -> None:
    changes.record(
        store_id=store_id,
        area=f"places:{department}",
        what=f"Places for visits, {in_english(department.label)}",
        was=was,
        became=became,
        by=by,
        now=now,
    )
