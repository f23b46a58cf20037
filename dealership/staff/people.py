"""People come, change, are away, leave and come back. Whatever was theirs moves in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.events import bus
from dealership.events.catalogue.staff import StaffAway, StaffLeft
from dealership.language import in_english
from dealership.staff import changes, sign_in
from dealership.staff.models import Absence, StaffMember, Team
from dealership.staff.roles import Role
from dealership.stores.models import Store


class CannotChange(ValueError):
    """A person cannot be made so. `field` is what is wrong, the message says why and what to do."""

    field = ""


class LastGeneralManager(CannotChange):
    """Every ladder of a store ends at its general manager: the last one cannot leave before another is named."""

    field = "role"


class NumberTaken(CannotChange):
    """Another person of this store has that DMS number."""

    field = "dms_number"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a store knows of a person. `email` "": they do not sign in. `team` is one of the same store."""

    name: str
    role: Role
    email: str = ""
    team: Team | None = None
    dms_number: str = ""
    languages: str = "en"
    capacity: int = 40


@transaction.atomic
def add(*, store_id: int, details: Details, by: StaffMember | None, now: datetime) -> StaffMember:
    """A person begins here, with a sign-in that has no password yet if they have an e-mail.

    Raises NumberTaken, and sign_in.EmailTaken.
    """
    Store.objects.select_for_update().get(pk=store_id)
    _check_number(store_id, details.dms_number, 0)
    user = sign_in.user_for(details.email, store_id=store_id) if details.email else None
    staff = StaffMember.objects.create(
        store_id=store_id,
        user=user,
        name=details.name,
        role=details.role,
        team=details.team,
        dms_number=details.dms_number,
        languages=details.languages,
        capacity=details.capacity,
    )
    changes.record(staff, "Began here", became=in_english(details.role.label), by=by, now=now)
    return staff


@transaction.atomic
def change(staff: StaffMember, details: Details, *, by: StaffMember | None, now: datetime) -> list[str]:
    """Makes the person so; returns what is different now, in words. What they owe stays theirs.

    Raises LastGeneralManager, NumberTaken, and sign_in.EmailTaken or sign_in.NotOurs for the e-mail.
    """
    managers = _lock_managers(staff.store_id)
    locked = StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    if locked.is_active and locked.role == Role.GENERAL_MANAGER and details.role != Role.GENERAL_MANAGER:
        _keep_one(locked, managers)
    _check_number(staff.store_id, details.dms_number, staff.pk)
    different = _differences(locked, details)
    old_email = locked.user.email if locked.user else ""
    if details.email.lower() != old_email:
        locked.user = sign_in.change_email(locked, details.email)
        different.append(("E-mail", old_email, locked.user.email))
    locked.name, locked.role, locked.team = details.name, details.role, details.team
    locked.dms_number, locked.languages = details.dms_number, details.languages
    locked.capacity = details.capacity
    locked.save(
        update_fields=["user", "name", "role", "team", "dms_number", "languages", "capacity"],
    )
    for what, was, became in different:
        changes.record(locked, what, was=was, became=became, by=by, now=now)
    return [what for what, _, _ in different]


@transaction.atomic
def deactivate(staff: StaffMember, *, by: StaffMember | None, now: datetime) -> None:
    """Somebody no longer works here: signed out everywhere, off the rota, their promises moved, all at once.

    Idempotent. Raises LastGeneralManager if nobody would stand at the end of the ladders.
    """
    managers = _lock_managers(staff.store_id)
    locked = StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    if not locked.is_active:
        return
    if locked.role == Role.GENERAL_MANAGER:
        _keep_one(locked, managers)
    locked.is_active, locked.left_at = False, now
    locked.save(update_fields=["is_active", "left_at"])
    staff.is_active, staff.left_at = False, now
    _lead_by_others(locked, managers)
    sign_in.close(locked)
    changes.record(locked, "Left", by=by, now=now)
    bus.publish(
        StaffLeft(
            store_id=locked.store_id,
            at=now,
            subject=f"staff:{locked.pk}",
            by=by.pk if by else None,
            staff_id=locked.pk,
            name=locked.name,
            role=locked.role,
        )
    )


@transaction.atomic
def reinstate(staff: StaffMember, *, by: StaffMember | None, now: datetime) -> None:
    """Somebody who left works here again and signs in as before; what moved to others stays with them. Idempotent."""
    locked = StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    if locked.is_active:
        return
    locked.is_active, locked.left_at = True, None
    locked.save(update_fields=["is_active", "left_at"])
    staff.is_active, staff.left_at = True, None
    sign_in.open_again(locked)
    changes.record(locked, "Works here again", by=by, now=now)


@transaction.atomic
def leave_for(
    staff: StaffMember, *, until: datetime | None, reason: str, by: StaffMember | None, now: datetime
) -> Absence:
    """Somebody is away from now on: their promises move to cover at once."""
    absence = Absence.objects.create(
        store_id=staff.store_id, staff=staff, starts_at=now, ends_at=until, reason=reason, begun_at=now
    )
    tell_away(absence, by=by, now=now)
    return absence


def tell_away(absence: Absence, *, by: StaffMember | None, now: datetime) -> None:
    """Publishes that the absence has begun. For the caller's transaction."""
    staff = absence.staff
    bus.publish(
        StaffAway(
            store_id=staff.store_id,
            at=now,
            subject=f"staff:{staff.pk}",
            by=by.pk if by else None,
            staff_id=staff.pk,
            name=staff.name,
            until=absence.ends_at,
            reason=absence.reason,
        )
    )


def is_last_manager(staff: StaffMember) -> bool:
    """Whether nobody else stands at the end of this store's ladders."""
    others = StaffMember.objects.of_store(staff.store_id).filter(role=Role.GENERAL_MANAGER, is_active=True)
    return staff.role == Role.GENERAL_MANAGER and not others.exclude(pk=staff.pk).exists()


def only_manager(staff: StaffMember) -> str:
    """Why they cannot leave, or be something else."""
    return _("%(name)s is the only general manager: name another one first.") % {"name": staff.name}


def _lock_managers(store_id: int) -> list[StaffMember]:
    # In one order, so that two general managers cannot let each other go.
    return list(
        StaffMember.objects.of_store(store_id)
        .select_for_update()
        .filter(role=Role.GENERAL_MANAGER, is_active=True)
        .order_by("pk")
    )


def _keep_one(staff: StaffMember, managers: list[StaffMember]) -> None:
    if all(manager.pk == staff.pk for manager in managers):
        raise LastGeneralManager(only_manager(staff))


def _check_number(store_id: int, dms_number: str, staff_id: int) -> None:
    if not dms_number:
        return
    others = StaffMember.objects.of_store(store_id).filter(dms_number=dms_number).exclude(pk=staff_id)
    if other := others.first():
        raise NumberTaken(
            _("%(name)s has the number %(number)s in the DMS: take it from them first, or use another.")
            % {"name": other.name, "number": dms_number}
        )


def _differences(staff: StaffMember, details: Details) -> list[tuple[str, str, str]]:
    pairs = (
        ("Name", staff.name, details.name),
        ("Role", in_english(staff.role_label), in_english(details.role.label)),
        ("Team", str(staff.team or "none"), str(details.team or "none")),
        ("DMS number", staff.dms_number or "none", details.dms_number or "none"),
        ("Languages", staff.languages, details.languages),
        ("Capacity", str(staff.capacity), str(details.capacity)),
    )
    return [(what, str(was), str(became)) for what, was, became in pairs if was != became]


def _lead_by_others(staff: StaffMember, managers: list[StaffMember]) -> None:
    heir = next((manager for manager in managers if manager.pk != staff.pk), None)
    if heir:
        Team.objects.of_store(staff.store_id).filter(lead=staff).update(lead=heir)
