"""What every fact about an RO carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from service.models import RepairOrder


class NotOpen(ValueError):
    """The RO is closed or voided: nothing happens to the car any more."""


def common(ro: RepairOrder, cycle: int, at: datetime) -> dict[str, Any]:
    """The fields of a RepairOrderFact. The RO comes with its vehicle."""
    return {
        "store_id": ro.store_id,
        "at": at,
        "subject": f"ro:{ro.ro_number}",
        "customer_id": ro.customer_id,
        "vehicle_id": ro.vehicle_id,
        "ro_number": ro.ro_number,
        "advisor_id": ro.advisor_id,
        "vehicle": ro.vehicle.label if ro.vehicle else "",
        "cycle": cycle,
        "customer_pays": ro.customer_pays,
    }


def of_now(ro: RepairOrder, at: datetime) -> dict[str, Any]:
    """The same, of the RO's current cycle."""
    return common(ro, ro.cycle, at)


def lock(ro: RepairOrder) -> RepairOrder:
    """The RO as it is now, locked until the commit, with whose car it is and what it is."""
    return (
        RepairOrder.objects.of_store(ro.store_id)
        .select_for_update(of=("self",))
        .select_related("vehicle", "customer", "store", "advisor")
        .get(pk=ro.pk)
    )


def look(ro: RepairOrder) -> RepairOrder:
    """The RO as it is now, unlocked: for a text about it, whose conversation is locked first. Raises NotOpen."""
    rows = RepairOrder.objects.of_store(ro.store_id).select_related("vehicle", "customer", "store", "advisor")
    return _open(rows.get(pk=ro.pk))


def lock_open(ro: RepairOrder) -> RepairOrder:
    """The same. Raises NotOpen for a car that is no longer here."""
    return _open(lock(ro))


def _open(ro: RepairOrder) -> RepairOrder:
    if ro.state != RepairOrder.State.OPEN:
        said = {"number": ro.ro_number, "state": ro.get_state_display()}
        raise NotOpen(_("RO %(number)s is %(state)s: the car is not here any more.") % said)
    return ro
