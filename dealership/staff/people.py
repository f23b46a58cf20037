"""People come, are away, and leave. Whatever was theirs moves in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.staff import StaffAway, StaffLeft
from dealership.staff.models import Absence, StaffMember, Team
from dealership.staff.roles import Role


class LastGeneralManager(ValueError):
    """Every ladder of a store ends at its general manager: the last one cannot leave before another is named."""


@transaction.atomic
def deactivate(staff: StaffMember, *, by: StaffMember | None, now: datetime) -> None:
    """Somebody no longer works here: signed out everywhere, off the rota, their promises moved, all at once.

    Idempotent. Raises LastGeneralManager if nobody would stand at the end of the ladders.
    """
    # The store's managers are locked in one order, so that two general managers cannot let each other go.
    managers = list(
        StaffMember.objects.of_store(staff.store_id)
        .select_for_update()
        .filter(role=Role.GENERAL_MANAGER, is_active=True)
        .order_by("pk")
    )
    locked = StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    if not locked.is_active:
        return
    if locked.role == Role.GENERAL_MANAGER and len(managers) == 1:
        raise LastGeneralManager(f"{locked.name} is the only general manager: name another one first.")
    locked.is_active, locked.left_at = False, now
    locked.save(update_fields=["is_active", "left_at"])
    staff.is_active, staff.left_at = False, now
    _lead_by_others(locked, managers)
    _sign_out(locked)
    bus.publish(
        StaffLeft(
            store_id=locked.store_id,
            at=now,
            subject=f"staff:{locked.pk}",
            by=by.pk if by else None,
            staff_id=locked.pk,
            name=locked.name,
        )
    )


@transaction.atomic
def leave_for(
    staff: StaffMember, *, until: datetime | None, reason: str, by: StaffMember | None, now: datetime
) -> Absence:
    """Somebody is away from now on: their promises move to cover at once."""
    absence = Absence.objects.create(
        store_id=staff.store_id, staff=staff, starts_at=now, ends_at=until, reason=reason
    )
    bus.publish(
        StaffAway(
            store_id=staff.store_id,
            at=now,
            subject=f"staff:{staff.pk}",
            by=by.pk if by else None,
            staff_id=staff.pk,
            name=staff.name,
            until=until,
            reason=reason,
        )
    )
    return absence


def _lead_by_others(staff: StaffMember, managers: list[StaffMember]) -> None:
    heir = next((manager for manager in managers if manager.pk != staff.pk), None)
    if heir:
        Team.objects.of_store(staff.store_id).filter(lead=staff).update(lead=heir)


def _sign_out(staff: StaffMember) -> None:
    # A sign-in without another place is closed: its sessions end with their next request. One that has another keeps it.
    user = staff.user
    if user is None:
        return
    others = StaffMember.objects.across_stores("a sign-in's other places").filter(user=user, is_active=True)
    if not others.exists():
        user.is_active = False
        user.save(update_fields=["is_active"])
