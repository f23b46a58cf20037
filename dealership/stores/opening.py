"""The week of a store and of its departments: which ranges they are open, changed as a whole and kept in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from dealership.language import in_english
from dealership.stores import changes
from dealership.stores.changes import Person
from dealership.stores.hours import MIDNIGHT, BadHours, Calendar, Range, spoken_time
from dealership.stores.models import Department, OpenHours, Store, StoreChange
from dealership.stores.said import weekday

Week = Mapping[int, Sequence[Range]]


class NeverOpen(BadHours):
    """A week without a single range."""


def weeks_of(store_id: int) -> dict[str, dict[int, list[Range]]]:
    """The ranges by department ("" the store) and weekday; only those who have hours of their own. One query."""
    found: dict[str, dict[int, list[Range]]] = {}
    for row in OpenHours.objects.of_store(store_id).order_by("department", "weekday", "opens"):
        found.setdefault(row.department, {}).setdefault(row.weekday, []).append((row.opens, row.closes))
    return found


@transaction.atomic
def set_week(
    *, store_id: int, department: str, week: Week, by: Person | None, now: datetime
) -> StoreChange | None:
    """Gives a department (or "" the store) these hours and no others. None when nothing is different.

    Raises BadHours for ranges that are none, and NeverOpen for a week without one.
    """
    Store.objects.select_for_update().get(pk=store_id)
    tidy = Calendar(zone=ZoneInfo("UTC"), week=week).week
    if not any(tidy.values()):
        raise NeverOpen(_("Give at least one day some hours: what never opens can owe nobody anything."))
    return _write(store_id, department, tidy, by, now)


@transaction.atomic
def keep_store_hours(
    *, store_id: int, department: Department, by: Person | None, now: datetime
) -> StoreChange | None:
    """The department has no hours of its own any more. None when it had none."""
    Store.objects.select_for_update().get(pk=store_id)
    return _write(store_id, department, {}, by, now)


def put_back(*, store_id: int, department: str, rows: Sequence[Sequence[str | int]]) -> None:
    """The rows of an undo: [[weekday, "08:00", "18:00"], …] instead of what there is. For the caller's transaction."""
    OpenHours.objects.of_store(store_id).filter(department=department).delete()
    OpenHours.objects.bulk_create(
        OpenHours(
            store_id=store_id,
            department=department,
            weekday=int(weekday),
            opens=time.fromisoformat(str(opens)),
            closes=time.fromisoformat(str(closes)),
        )
        for weekday, opens, closes in rows
    )


def words(week: Week, *, shut: str = "") -> list[tuple[str, str]]:
    """The week as its reader says it: [("Mon–Fri", "8:00 am – 6:00 pm"), ("Sat", "closed"), …]."""
    found, shut = [], shut or _("closed")
    for ranges, run in groupby(range(7), key=lambda day: tuple(week.get(day, ()))):
        days = list(run)
        first, last = weekday(days[0]), weekday(days[-1])
        name = first if len(days) == 1 else f"{first}–{last}"
        found.append((name, range_words(ranges) or shut))
    return found


def range_words(ranges: Sequence[Range]) -> str:
    """Ranges of one day: "8:00 am – 12:00 pm, 1:00 pm – midnight"."""
    midnight = _("midnight")
    return ", ".join(
        f"{spoken_time(opens)} – {midnight if closes == MIDNIGHT else spoken_time(closes)}"
        for opens, closes in ranges
    )


def name_of(department: str) -> str:
    """ "Sales", and "The store" for no department."""
    return str(Department(department).label) if department else _("The store")


def _write(
    store_id: int, department: str, week: Week, by: Person | None, now: datetime
) -> StoreChange | None:
    before = weeks_of(store_id).get(department, {})
    had, has = _rows(before), _rows(week)
    if had == has:
        return None
    put_back(store_id=store_id, department=department, rows=has)
    return changes.record(
        store_id=store_id,
        area=f"hours:{department or 'store'}",
        what=f"Hours of {in_english(Department(department).label) if department else 'the store'}",
        was=_said(before, department),
        became=_said(week, department),
        undo={"week": {"department": department, "rows": had}},
        by=by,
        now=now,
    )


def _rows(week: Week) -> list[list[str | int]]:
    return [
        [weekday, opens.strftime("%H:%M:%S"), closes.strftime("%H:%M:%S")]
        for weekday in sorted(week)
        for opens, closes in week[weekday]
    ]


def _said(week: Week, department: str) -> str:
    if not any(week.values()):
        return "the store’s hours" if department else "no hours"
    with override("en"):
        return "; ".join(f"{days} {ranges}" for days, ranges in words(week))
