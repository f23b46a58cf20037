"""Calendars of departments, from the rows that a store keeps: hours, exceptions, zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, time

from dealership.stores.hours import Calendar
from dealership.stores.models import DayException, OpenHours, Store

Ranges = list[tuple[time, time]]


def of_stores(store_ids: Iterable[int]) -> dict[tuple[int, str], Calendar]:
    """Calendars by (store, department), department "" being the store's own. Three queries for any number of stores.

    A department without hours of its own keeps the store's; look up with `calendar_of`.
    """
    ids = set(store_ids)
    stores = {store.pk: store for store in Store.objects.filter(pk__in=ids)}
    weeks: dict[tuple[int, str], dict[int, Ranges]] = defaultdict(lambda: defaultdict(list))
    hours = OpenHours.objects.across_stores("calendars of several stores at once").filter(store_id__in=ids)
    for row in hours.order_by("weekday", "opens"):
        weeks[row.store_id, row.department][row.weekday].append((row.opens, row.closes))
    days: dict[tuple[int, str], dict[date, Ranges]] = defaultdict(lambda: defaultdict(list))
    names: dict[tuple[int, str], dict[date, str]] = defaultdict(dict)
    exceptions = DayException.objects.across_stores("calendars of several stores at once").filter(
        store_id__in=ids
    )
    for day in exceptions.order_by("date", "opens"):
        ranges = days[day.store_id, day.department][day.date]
        if day.opens is not None and day.closes is not None:
            ranges.append((day.opens, day.closes))
        names[day.store_id, day.department][day.date] = day.name
    keys = set(weeks) | set(days) | {(store_id, "") for store_id in stores}
    return {key: _calendar(stores[key[0]], key, weeks, days, names) for key in keys}


def of(store_id: int, department: str = "") -> Calendar:
    """The calendar of one department. Raises Store.DoesNotExist for no such store."""
    Store.objects.only("pk").get(pk=store_id)
    return calendar_of(of_stores([store_id]), store_id, department)


def calendar_of(calendars: dict[tuple[int, str], Calendar], store_id: int, department: str) -> Calendar:
    """The department's calendar among these, else its store's."""
    return calendars.get((store_id, department)) or calendars[store_id, ""]


def _calendar(
    store: Store,
    key: tuple[int, str],
    weeks: dict[tuple[int, str], dict[int, Ranges]],
    days: dict[tuple[int, str], dict[date, Ranges]],
    names: dict[tuple[int, str], dict[date, str]],
) -> Calendar:
    whole_store = (store.pk, "")
    week = weeks.get(key) or weeks.get(whole_store, {})
    exceptions = {**days.get(whole_store, {}), **days.get(key, {})}
    exception_names = {**names.get(whole_store, {}), **names.get(key, {})}
    return Calendar(
        zone=store.tz,
        week={weekday: tuple(ranges) for weekday, ranges in week.items()},
        exceptions={day: tuple(ranges) for day, ranges in exceptions.items()},
        exception_names=exception_names,
    )
