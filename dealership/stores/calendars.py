"""Calendars of departments, from the rows that a store keeps: hours, exceptions, zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time
from zoneinfo import ZoneInfo

from django.db import connection

from dealership import steady
from dealership.stores.hours import Calendar
from dealership.stores.models import Store

Ranges = list[tuple[time, time]]


#: Each store with its ranges of opening and its days that differ: always as they are now, in one statement.
_ROWS = """
    SELECT store.id, store.zone,
        (SELECT json_agg(json_build_array(department, weekday, opens, closes) ORDER BY weekday, opens)
            FROM stores_openhours WHERE store_id = store.id),
        (SELECT json_agg(json_build_array(department, date, name, opens, closes) ORDER BY date, opens)
            FROM stores_dayexception WHERE store_id = store.id)
    FROM stores_store AS store WHERE store.id = ANY(%s)
"""


@steady.read
def of_stores(store_ids: Iterable[int]) -> dict[tuple[int, str], Calendar]:
    """Calendars by (store, department), department "" being the store's own. One query for any number of stores.

    A department without hours of its own keeps the store's; look up with `calendar_of`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [sorted(set(store_ids))])
        rows = cursor.fetchall()
    found: dict[tuple[int, str], Calendar] = {}
    for store_id, zone, hours, exceptions in rows:
        weeks: dict[str, dict[int, Ranges]] = defaultdict(lambda: defaultdict(list))
        for department, weekday, opens, closes in hours or ():
            weeks[department][weekday].append((time.fromisoformat(opens), time.fromisoformat(closes)))
        days: dict[str, dict[date, Ranges]] = defaultdict(lambda: defaultdict(list))
        names: dict[str, dict[date, str]] = defaultdict(dict)
        for department, day, name, opens, closes in exceptions or ():
            ranges = days[department][date.fromisoformat(day)]
            if opens is not None and closes is not None:
                ranges.append((time.fromisoformat(opens), time.fromisoformat(closes)))
            names[department][date.fromisoformat(day)] = name
        for department in {"", *weeks, *days}:
            found[store_id, department] = _calendar(ZoneInfo(zone), department, weeks, days, names)
    return found


def of(store_id: int, department: str = "") -> Calendar:
    """The calendar of one department. Raises Store.DoesNotExist for no such store. One query."""
    found = of_stores([store_id])
    if not found:
        raise Store.DoesNotExist(f"There is no store {store_id}.")
    return calendar_of(found, store_id, department)


def calendar_of(calendars: dict[tuple[int, str], Calendar], store_id: int, department: str) -> Calendar:
    """The department's calendar among these, else its store's."""
    return calendars.get((store_id, department)) or calendars[store_id, ""]


def _calendar(
    zone: ZoneInfo,
    department: str,
    weeks: dict[str, dict[int, Ranges]],
    days: dict[str, dict[date, Ranges]],
    names: dict[str, dict[date, str]],
) -> Calendar:
    week = weeks.get(department) or weeks.get("", {})
    return Calendar(
        zone=zone,
        week={weekday: tuple(ranges) for weekday, ranges in week.items()},
        exceptions={
            day: tuple(ranges) for day, ranges in {**days.get("", {}), **days.get(department, {})}.items()
        },
        exception_names={**names.get("", {}), **names.get(department, {})},
    )
