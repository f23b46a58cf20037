"""When somebody works, set as a whole week at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from dealership.language import later
from dealership.staff import changes
from dealership.staff.models import Shift, StaffMember
from dealership.stores import opening
from dealership.stores.hours import MIDNIGHT, BadHours, Calendar, Range
from dealership.stores.opening import Week
from dealership.stores.said import weekday as weekday_words

ANY_TIME = later("whenever the department is open")


def week_of(staff: StaffMember) -> dict[int, list[Range]]:
    """The shifts by weekday; empty for somebody who works whenever the department is open."""
    found: dict[int, list[Range]] = {}
    for row in Shift.objects.of_store(staff.store_id).filter(staff=staff).order_by("weekday", "starts"):
        found.setdefault(row.weekday, []).append((row.starts, row.ends))
    return found


@transaction.atomic
def set_week(staff: StaffMember, week: Week, *, by: StaffMember | None, now: datetime) -> bool:
    """Gives this person these shifts and no others; none at all: whenever the department is open. False if it was so.

    Raises BadHours.
    """
    StaffMember.objects.of_store(staff.store_id).select_for_update().get(pk=staff.pk)
    for weekday, ranges in week.items():
        if any(ends == MIDNIGHT for _, ends in ranges):
            raise BadHours(_("%(day)s: a shift ends by 11:59 pm.") % {"day": weekday_words(weekday)})
    tidy = Calendar(zone=ZoneInfo("UTC"), week=week).week
    before = week_of(staff)
    with override("en"):
        had, has = said(before), said(tidy)
    if had == has:
        return False
    Shift.objects.of_store(staff.store_id).filter(staff=staff).delete()
    Shift.objects.bulk_create(
        Shift(store_id=staff.store_id, staff=staff, weekday=weekday, starts=starts, ends=ends)
        for weekday, ranges in tidy.items()
        for starts, ends in ranges
    )
    changes.record(staff, "Shifts", was=had, became=has, by=by, now=now)
    return True


def on_shift(shifts: Iterable[Shift], at: datetime, zone: ZoneInfo) -> bool:
    """Whether one of these shifts runs at that moment, by the clock of the store."""
    local = at.astimezone(zone)
    return any(
        shift.weekday == local.weekday() and shift.starts <= local.time() < shift.ends for shift in shifts
    )


def said(week: Week) -> str:
    """In words: "Mon–Fri 8:00 am – 5:00 pm; Sat–Sun off"."""
    if not any(week.values()):
        return str(ANY_TIME)
    off = pgettext("shift", "off")
    return "; ".join(f"{days} {ranges}" for days, ranges in opening.words(week, shut=off))
