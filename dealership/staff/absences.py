"""Time away, now or later: planned, begun when its time comes, ended early."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from dealership.staff import changes, people
from dealership.staff.models import Absence, StaffMember
from dealership.stores.said import moment


class BadAbsence(ValueError):
    """A time away that cannot be; `field` names what is wrong, the message says what to do."""

    def __init__(self, words: str, field: str = "starts_at") -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def plan(
    staff: StaffMember,
    *,
    starts_at: datetime | None,
    until: datetime | None,
    reason: str,
    by: StaffMember | None,
    now: datetime,
) -> Absence:
    """Away from `starts_at` (None, or past: from now) until `until` (None: open end).

    What begins now moves their promises at once; what begins later moves them then (`begin_due`). Raises BadAbsence.
    """
    locked = StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    start = max(starts_at, now) if starts_at else now
    _check(locked, start, until, now)
    if start > now:
        absence = Absence.objects.create(
            store_id=locked.store_id, staff=locked, starts_at=start, ends_at=until, reason=reason
        )
    else:
        absence = people.leave_for(locked, until=until, reason=reason, by=by, now=now)
    changes.record(locked, "Away", became=_kept(absence), by=by, now=now)
    return absence


@transaction.atomic
def end(absence: Absence, *, by: StaffMember | None, now: datetime) -> None:
    """They are back; or, if it had not begun, they do not go at all. What moved to others stays with them. Idempotent."""
    row = (
        Absence.objects.of_store(absence.store_id)
        .select_for_update(of=("self",))
        .select_related("staff__store")
        .filter(pk=absence.pk)
        .first()
    )
    if row is None or (row.ends_at and row.ends_at <= now):
        return
    words = _kept(row)
    if row.starts_at > now:
        row.delete()
        changes.record(row.staff, "Does not go away", was=words, became="here", by=by, now=now)
        return
    row.ends_at = now
    row.save(update_fields=["ends_at"])
    changes.record(row.staff, "Back", was=words, became="here", by=by, now=now)


def due_to_begin(*, now: datetime, limit: int = 200) -> list[int]:
    """The keys of absences of all stores whose time has come and that nobody was told of."""
    rows = Absence.objects.across_stores("absences of all stores begin").filter(
        begun_at__isnull=True, starts_at__lte=now
    )
    return list(rows.order_by("starts_at", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def begin(pk: int, *, now: datetime) -> bool:
    """Marks one absence as begun and lets their promises move. False if another worker does it, or nobody need be told."""
    row = (
        Absence.objects.across_stores("absences of all stores begin")
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("staff")
        .filter(pk=pk, begun_at__isnull=True)
        .first()
    )
    if row is None:
        return False
    row.begun_at = now
    row.save(update_fields=["begun_at"])
    if not row.staff.is_active or (row.ends_at and row.ends_at <= now):
        return False
    people.tell_away(row, by=None, now=now)
    return True


def current(store_id: int, now: datetime) -> dict[int, Absence]:
    """By staff id, who is away now."""
    rows = Absence.objects.of_store(store_id).filter(starts_at__lte=now)
    return {row.staff_id: row for row in rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))}


def coming(staff: StaffMember, now: datetime) -> list[Absence]:
    """The absence that runs, and those ahead, in order."""
    rows = Absence.objects.of_store(staff.store_id).filter(staff=staff)
    return list(rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("starts_at"))


def said(absence: Absence) -> str:
    """ "Mon 23 Nov 5:52 pm – Wed 25 Nov 8:00 am, vacation", in the store's time."""
    zone = absence.staff.store.tz
    until = moment(absence.ends_at.astimezone(zone)) if absence.ends_at else _("open end")
    why = f", {absence.reason}" if absence.reason else ""
    return f"{moment(absence.starts_at.astimezone(zone))} – {until}{why}"


def _kept(absence: Absence) -> str:
    with override("en"):
        return said(absence)


def _check(staff: StaffMember, start: datetime, until: datetime | None, now: datetime) -> None:
    if not staff.is_active:
        raise BadAbsence(_("%(name)s does not work here.") % {"name": staff.name})
    if until and until <= start:
        raise BadAbsence(_("It ends before it begins: give a later time, or none for an open end."), "until")
    rows = Absence.objects.of_store(staff.store_id).filter(staff=staff)
    overlaps = rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start))
    if until:
        overlaps = overlaps.filter(starts_at__lt=until)
    if other := overlaps.select_related("staff__store").order_by("starts_at").first():
        words = _("They are away already: %(when)s. End that first, or give another time.")
        raise BadAbsence(words % {"when": said(other)})
