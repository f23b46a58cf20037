"""Days that differ from the week: holidays and other hours, added, removed, and the usual ones of a year at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from dealership.language import in_english
from dealership.stores import changes, opening, said
from dealership.stores.changes import Person
from dealership.stores.holidays import us_dealer_holidays
from dealership.stores.hours import MIDNIGHT, BadHours, Calendar, Range, spoken_date
from dealership.stores.models import DayException, Department, Store, StoreChange


class DayTaken(BadHours):
    """The day differs already, in a way that the new one contradicts."""


@transaction.atomic
def add(
    *,
    store_id: int,
    department: str,
    day: date,
    name: str,
    hours: Range | None,
    by: Person | None,
    now: datetime,
) -> StoreChange:
    """The day is closed, or open for one more range. Raises DayTaken and BadHours."""
    Store.objects.select_for_update().get(pk=store_id)
    if hours and hours[1] == MIDNIGHT:
        raise BadHours(_("On a day that differs the hours end by 11:59 pm."))
    there = list(DayException.objects.of_store(store_id).filter(department=department, date=day))
    if there and (hours is None or any(row.opens is None for row in there)):
        words = _("%(day)s is there already (%(what)s): remove that first.")
        raise DayTaken(words % {"day": said.day(day), "what": _said(there[0])})
    ranges = [(row.opens, row.closes) for row in there if row.opens and row.closes]
    Calendar(zone=ZoneInfo("UTC"), week={}, exceptions={day: [*ranges, *([hours] if hours else [])]})
    opens, closes = hours or (None, None)
    row = DayException.objects.create(
        store_id=store_id, department=department, date=day, name=name, opens=opens, closes=closes
    )
    return _record(f"{_of(department)} {spoken_date(day)} {day.year}", [row], [], by, now)


@transaction.atomic
def remove(row: DayException, *, by: Person | None, now: datetime) -> StoreChange:
    """The day is like any other of its weekday again."""
    taken = _as_json(row)
    DayException.objects.of_store(row.store_id).filter(pk=row.pk).delete()
    what = f"{_of(row.department)} {spoken_date(row.date)} {row.date.year}"
    return _record(what, [], [row], by, now, restore=[taken])


@transaction.atomic
def add_usual(*, store: Store, year: int, by: Person | None, now: datetime) -> tuple[StoreChange | None, int]:
    """The usual US holidays of a year, where the store has nothing on that day yet; how many.

    Raises UnknownState where the store's state is none.
    """
    Store.objects.select_for_update().get(pk=store.pk)
    usual = us_dealer_holidays(year, store.state or None)
    there = set(
        DayException.objects.of_store(store.pk)
        .filter(department="", date__in=list(usual))
        .values_list("date", flat=True)
    )
    rows = DayException.objects.bulk_create(
        DayException(store=store, date=day, name=name) for day, name in usual.items() if day not in there
    )
    if not rows:
        return None, 0
    return _record(f"Usual US holidays of {year}", rows, [], by, now), len(rows)


def swap(*, store_id: int, remove: Sequence[int], restore: Sequence[dict[str, Any]]) -> None:
    """What an undo does with days. For the caller's transaction. Raises DayTaken where one is there again."""
    DayException.objects.of_store(store_id).filter(pk__in=remove).delete()
    for saved in restore:
        day = date.fromisoformat(saved["date"])
        there = DayException.objects.of_store(store_id).filter(department=saved["department"], date=day)
        if there.exists() and not saved["opens"]:
            raise DayTaken(_("%(day)s was added again since.") % {"day": said.day(day)})
        DayException.objects.create(
            store_id=store_id,
            department=saved["department"],
            date=day,
            name=saved["name"],
            opens=time.fromisoformat(saved["opens"]) if saved["opens"] else None,
            closes=time.fromisoformat(saved["closes"]) if saved["closes"] else None,
        )


def coming(store_id: int, today: date, *, limit: int = 200) -> list[DayException]:
    """From today on, in order."""
    rows = DayException.objects.of_store(store_id).filter(date__gte=today)
    return list(rows.order_by("date", "department", "opens")[:limit])


def _record(
    what: str,
    added: Sequence[DayException],
    removed: Sequence[DayException],
    by: Person | None,
    now: datetime,
    restore: Sequence[dict[str, Any]] = (),
) -> StoreChange:
    return changes.record(
        store_id=(added or removed)[0].store_id,
        area="days",
        what=what,
        was=", ".join(map(_kept, removed)) or "as its weekday",
        became=", ".join(
            f"{spoken_date(row.date)}: {_kept(row)}" if len(added) > 1 else _kept(row) for row in added
        )
        or "as its weekday",
        undo={"days": {"remove": [row.pk for row in added], "restore": list(restore)}},
        by=by,
        now=now,
    )


def _of(department: str) -> str:
    return f"{in_english(Department(department).label)} on" if department else "The store on"


def _said(row: DayException) -> str:
    hours = opening.range_words([(row.opens, row.closes)]) if row.opens and row.closes else _("closed")
    return f"{row.name}, {hours}"


def _kept(row: DayException) -> str:
    with override("en"):
        return _said(row)


def _as_json(row: DayException) -> dict[str, Any]:
    return {
        "department": row.department,
        "date": row.date.isoformat(),
        "name": row.name,
        "opens": row.opens.isoformat() if row.opens else "",
        "closes": row.closes.isoformat() if row.closes else "",
    }
