"""Many cars in stock at once: front-line ready, and not after all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from dealership.lists import bulk
from dealership.lists.models import BulkAct
from dealership.staff.models import StaffMember
from sales import inventory
from sales.models import InventoryUnit

READY = "sales.ready"
#: Each is told as a fact: more is narrowed first.
MOST = 200


@transaction.atomic
def ready(*, keys: Collection[int], by: StaffMember, now: datetime) -> BulkAct:
    """Each as `inventory.mark_ready`; what is sold or ready already stays so."""
    marked = [
        inventory.mark_ready(unit, by=by, now=now).pk
        for unit in _locked(by.store_id, keys)
        if unit.state == InventoryUnit.State.IN_STOCK and unit.front_line_ready_at is None
    ]
    n = len(marked)
    says = f"{n:,} car{'' if n == 1 else 's'} front-line ready"
    return bulk.note(act=READY, says=says, n=n, before=marked, by=by, now=now)


@bulk.undoes(READY)
def not_ready(act: BulkAct, by: StaffMember, now: datetime) -> int:
    """Those that are still ready by that act, and not sold."""
    units = [unit for unit in _locked(act.store_id, act.before) if unit.front_line_ready_at == act.at]
    return sum(inventory.take_back_ready(unit, by=by, now=now) for unit in units)


def _locked(store_id: int, keys: Collection[int]) -> list[InventoryUnit]:
    """Held in the order of their keys: two at once wait for one another."""
    rows = InventoryUnit.objects.of_store(store_id).filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update(of=("self",)))
