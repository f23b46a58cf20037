"""What is worth a look (16 CFR 314.4(c)(8)): somebody opened very many records, took lists along, or was here outside their hours.

An alarm accuses nobody: it is on the page *Who did what* and counted on the rail until a general manager has looked.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction

from dealership.audit.models import Alarm
from dealership.rail import Count
from dealership.staff import shifts
from dealership.staff.models import Shift, StaffMember
from dealership.staff.roles import DEPARTMENT_OF, Role
from dealership.stores import calendars

#: More records than this, opened by one person within one hour.
MANY = 200
#: A job that was away for longer than this has missed what it would have noticed.
LOOKS_BACK = timedelta(hours=6)
#: Whoever comes a little early or stays a little longer is within their hours.
GRACE = timedelta(hours=1)
MOST = 50

_RAISE = """
    INSERT INTO audit_alarm (store_id, what, staff_id, hour, n, noticed_at)
    SELECT e.store_id, %(what)s, e.staff_id, floor(extract(epoch FROM e.at) / 3600)::bigint, count(*), %(now)s
    FROM audit_entry e
    WHERE e.store_id IN (SELECT id FROM stores_store) AND e.at >= %(since)s AND e.action = %(action)s AND e.staff_id IS NOT NULL
    GROUP BY 1, 3, 4 HAVING count(*) > %(more_than)s
    ON CONFLICT (store_id, what, staff_id, hour) DO UPDATE SET n = EXCLUDED.n WHERE audit_alarm.n < EXCLUDED.n
"""
_ACTS = """
    SELECT e.store_id, e.staff_id, floor(extract(epoch FROM e.at) / 3600)::bigint, count(*), min(e.at)
    FROM audit_entry e
    WHERE e.store_id IN (SELECT id FROM stores_store) AND e.at >= %s AND e.staff_id IS NOT NULL AND e.agent = 'page'
    GROUP BY 1, 2, 3
"""


@transaction.atomic
def look(*, now: datetime) -> int:
    """Raises what the last hours hold, or lets it grow; returns how many. Again is no second alarm."""
    since = (now - LOOKS_BACK).replace(minute=0, second=0, microsecond=0)
    raised = 0
    with connection.cursor() as cursor:
        for what, action, more_than in ((Alarm.What.MANY, "saw", MANY), (Alarm.What.EXPORTS, "exported", 0)):
            values: dict[str, str | int | datetime] = {
                "what": what.value,
                "action": action,
                "more_than": more_than,
                "now": now,
                "since": since,
            }
            cursor.execute(_RAISE, values)
            raised += cursor.rowcount
    return raised + _outside(since, now)


def unseen(staff: StaffMember) -> list[Alarm]:
    """What nobody has looked at yet, newest first."""
    return list(Alarm.objects.visible_to(staff).filter(seen_at__isnull=True).order_by("-hour", "-pk")[:MOST])


def count(staff: StaffMember, now: datetime) -> Count:
    """For the rail."""
    return Count(Alarm.objects.visible_to(staff).filter(seen_at__isnull=True)[:MOST].count())


def see(alarm: Alarm, *, by: StaffMember, now: datetime) -> None:
    """Somebody has looked. Idempotent: the first who did stays named."""
    Alarm.objects.of_store(alarm.store_id).filter(pk=alarm.pk, seen_at__isnull=True).update(
        seen_at=now, seen_by=by
    )


def _outside(since: datetime, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_ACTS, [since])
        acts = cursor.fetchall()
    people = {
        person.pk: person
        for person in StaffMember.objects.across_stores("people of all stores' acts")
        .filter(pk__in={row[1] for row in acts})
        .select_related("store")
    }
    hours = _Hours(people)
    found = [
        Alarm(store_id=store_id, what=Alarm.What.OUTSIDE, staff_id=staff_id, hour=hour, n=n, noticed_at=now)
        for store_id, staff_id, hour, n, first_at in acts
        if staff_id in people
        and people[staff_id].store_id == store_id
        and not hours.hold(people[staff_id], first_at)
    ]
    Alarm.objects.bulk_create(
        found, update_conflicts=True, update_fields=["n"], unique_fields=["store", "what", "staff_id", "hour"]
    )
    return len(found)


class _Hours:
    """When people work: their shifts, or the open hours of their department. Two queries for any number of people."""

    def __init__(self, people: dict[int, StaffMember]) -> None:
        self._shifts: dict[int, list[Shift]] = defaultdict(list)
        for shift in Shift.objects.across_stores("people of all stores' acts").filter(staff_id__in=people):
            self._shifts[shift.staff_id].append(shift)
        self._calendars = calendars.of_stores({person.store_id for person in people.values()})

    def hold(self, person: StaffMember, at: datetime) -> bool:
        """Whether that was within their hours, a little before or a little after."""
        moments = (at - GRACE, at, at + GRACE)
        if own := self._shifts.get(person.pk):
            return any(shifts.on_shift(own, moment, person.store.tz) for moment in moments)
        department = DEPARTMENT_OF[Role(person.role)] or ""
        calendar = calendars.calendar_of(self._calendars, person.store_id, department)
        return any(calendar.is_open(moment) for moment in moments)
