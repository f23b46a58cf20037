"""Who has a car: an advisor who leaves hands every open RO to the next one, at once."""

from __future__ import annotations

from collections.abc import Sequence

from dealership import live
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import RepairOrderHandedOver
from dealership.events.catalogue.staff import StaffLeft
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.staff.rota import Rota
from service import facts
from service.models import RepairOrder

#: Cars that somebody has in the shop (for the rota).
CARRIED = "(SELECT count(*) FROM service_repairorder WHERE advisor_id = person.id AND state = 'open')"


@bus.entails(StaffLeft)
def hand_over(left: Sequence[StaffLeft]) -> list[Fact]:
    """Every open RO of whoever left has another advisor before the leaving is committed. Six queries for any number."""
    found: list[Fact] = []
    for fact in left:
        found += _hand_over(fact)
    return found


def _hand_over(left: StaffLeft) -> list[Fact]:
    ros = list(
        RepairOrder.objects.of_store(left.store_id)
        .select_for_update(of=("self",))
        .select_related("vehicle")
        .filter(advisor_id=left.staff_id, state=RepairOrder.State.OPEN)
        .order_by("opened_at", "pk")
    )
    if not ros:
        return []
    rota = Rota.of_stores([left.store_id], CARRIED)
    heirs = {
        ro.pk: rota.choose(
            store_id=left.store_id, role=Role.ADVISOR, at=left.at, without=frozenset({left.staff_id})
        ).staff_id
        for ro in ros
    }
    rota.keep_turns()
    people = StaffMember.objects.of_store(left.store_id).in_bulk(set(heirs.values()))
    for ro in ros:
        ro.advisor, ro.handed_over_at = people[heirs[ro.pk]], left.at
    RepairOrder.objects.of_store(left.store_id).bulk_update(
        ros, ["advisor", "handed_over_at"], batch_size=500
    )
    live.bump(left.store_id, "service")
    return [
        RepairOrderHandedOver(
            **facts.of_now(ro, left.at),
            by=left.by,
            to_name=people[heirs[ro.pk]].name,
            from_id=left.staff_id,
            why=f"({left.name} left)",
        )
        for ro in ros
    ]
