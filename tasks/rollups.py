"""The days of promises, counted. A figure is never wrong when it is looked at, and nobody who keeps a promise waits for a count.

Whoever changes promises inserts, in the same transaction, a `StaleDay` for each day they belong to (`touch`): rows of their
own, so that two never wait for each other. Whoever looks counts the stale days again first (`settle`): the marks that are
seen are deleted before the counting begins, so a change that commits meanwhile leaves a mark that stays. `recount` counts
everything anew and tells what differed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import TruncDate

from dealership.stores import calendars
from dealership.stores.hours import to_utc
from dealership.stores.models import Store
from tasks.fates import FIRST_ANSWERS, MEASURES, told_apart
from tasks.models import Promise, PromiseDay, StaleDay

KEY = ("day", "rule", "seam", "seam_from", "seam_to", "department", "owner_id")
ARRAYS = ("seconds", "open_seconds")
#: One who counts a store's days at a time.
LOCK = 7103

_TOUCH = """
    INSERT INTO tasks_staleday (store_id, day)
        SELECT was.store_id, (was.original_due_at AT TIME ZONE store.zone)::date
        FROM tasks_promise AS was JOIN stores_store AS store ON store.id = was.store_id WHERE was.id = ANY(%s::bigint[])
    UNION
        SELECT store.id, (new.at AT TIME ZONE store.zone)::date
        FROM unnest(%s::bigint[], %s::timestamptz[]) AS new(store_id, at) JOIN stores_store AS store ON store.id = new.store_id
"""


def touch(promises: Iterable[Promise], *, was_saved: bool = True) -> None:
    """The days of these promises must be counted again: those they are about to have, and those they have in the database.

    Call it in the transaction that changes them, before it writes.
    """
    rows = list(promises)
    if not rows:
        return
    moments = sorted({(row.store_id, row.original_due_at) for row in rows})
    ids = [row.pk for row in rows if row.pk] if was_saved else []
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, [ids, [pair[0] for pair in moments], [pair[1] for pair in moments]])


def clock_answers(promises: Iterable[Promise]) -> None:
    """Writes onto first answers (unsaved) how much open time they took; nothing while they are owed."""
    answers = [row for row in promises if row.seam in FIRST_ANSWERS]
    kept = [row for row in answers if row.state == Promise.State.KEPT and row.closed_at]
    hours = calendars.of_stores({row.store_id for row in kept}) if kept else {}
    for row in answers:
        row.open_seconds = None
    for row in kept:
        if row.closed_at is not None:
            calendar = calendars.calendar_of(hours, row.store_id, row.department)
            taken = calendar.open_time_between(row.opened_at, row.closed_at)
            row.open_seconds = max(0, int(taken.total_seconds()))


def settle(store: Store) -> int:
    """Counts again the days that have changed. Returns how many. One query when none has, two when some have."""
    days = list(StaleDay.objects.of_store(store.pk).order_by().values_list("day", flat=True).distinct())
    if days:
        _count_again(store, days)
    return len(days)


def settle_all() -> int:
    """The same for every store. Returns how many days."""
    ids = (
        StaleDay.objects.across_stores("every store's days are counted").order_by().values("store").distinct()
    )
    return sum(settle(store) for store in Store.objects.filter(pk__in=ids))


@dataclass(frozen=True)
class Difference:
    """A row of the days that was not what the promises say."""

    store: str
    day: date
    rule: str
    owner_id: int
    was: dict[str, Any]
    should_be: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.store}, {self.day}, {self.rule}, owner {self.owner_id}: was {self.was}, should be {self.should_be}"


@transaction.atomic
def recount(store: Store) -> list[Difference]:
    """Counts all days of a store anew. Returns what differed from what stood there, marked stale or not."""
    settle(store)
    before = _standing(store.pk)
    days = set(
        Promise.objects.of_store(store.pk)
        .order_by()
        .annotate(day=TruncDate("original_due_at", tzinfo=store.tz))
        .values_list("day", flat=True)
        .distinct()
    )
    days |= {key[0] for key in before}
    if days:
        _count_again(store, sorted(days))
    after = _standing(store.pk)
    return [
        Difference(store.name, key[0], key[1], key[-1], before.get(key, {}), after.get(key, {}))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return to_utc(zone, datetime.combine(day, time.min))


def _standing(store_id: int) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = {}
    for row in PromiseDay.objects.of_store(store_id).values(*KEY, *MEASURES, *ARRAYS):
        key = tuple(row.pop(name) for name in KEY)
        found[key] = {
            name: sorted(value) if isinstance(value, list) else value for name, value in row.items()
        }
    return found


def _count_again(store: Store, days: Sequence[date]) -> None:
    promises, values = _of_days(store, days).query.sql_with_params()
    names = ", ".join(("store_id", *KEY, *MEASURES, *ARRAYS))
    counts = ", ".join(
        f"count(*) FILTER (WHERE {measure.field} = '{measure.value}')" for measure in MEASURES.values()
    )
    key = ", ".join("coalesce(seam, 0)" if name == "seam" else name for name in KEY)
    # One round trip, and one transaction of its own where the caller has none. Each statement sees what is committed when it
    # begins: the counting comes after the marks are gone, so it sees at least what they stood for.
    statement = f"""
        SELECT pg_advisory_xact_lock(%s, %s);
        DELETE FROM tasks_staleday WHERE store_id = %s AND day = ANY(%s);
        DELETE FROM tasks_promiseday WHERE store_id = %s AND day = ANY(%s);
        INSERT INTO tasks_promiseday ({names})
            SELECT %s, {key}, {counts},
                coalesce(array_agg(seconds ORDER BY seconds) FILTER (WHERE seconds IS NOT NULL), '{{}}'),
                coalesce(array_agg(open_seconds ORDER BY open_seconds) FILTER (WHERE open_seconds IS NOT NULL), '{{}}')
            FROM (SELECT *, CASE WHEN state = 'kept' THEN greatest(0, extract(epoch FROM closed_at - opened_at))::int END
                AS seconds FROM ({promises}) AS promise) AS told_apart
            WHERE fate <> 'void' GROUP BY {key};
    """  # noqa: S608 - our own names and words
    days = list(days)
    with connection.cursor() as cursor:
        cursor.execute(statement, [LOCK, store.pk, store.pk, days, store.pk, days, store.pk, *values])


def _of_days(store: Store, days: Sequence[date]) -> Any:
    wanted = Q()
    for first, end in _stretches(days):
        wanted |= Q(
            original_due_at__gte=day_start(first, store.tz), original_due_at__lt=day_start(end, store.tz)
        )
    fields = {measure.field for measure in MEASURES.values()}
    rows = told_apart(Promise.objects.of_store(store.pk).filter(wanted), store_id=store.pk, zone=store.tz)
    return rows.order_by().values(*KEY, "state", "opened_at", "closed_at", "open_seconds", *sorted(fields))


def _stretches(days: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Days that follow one another as (first, the day after the last)."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and found[-1][1] == day:
            found[-1] = (found[-1][0], day + timedelta(days=1))
        else:
            found.append((day, day + timedelta(days=1)))
    return found
