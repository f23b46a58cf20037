"""Lists of promises: the one behind a figure, the rest of a band of the day. Keyset pages, so that page 400 is as fast as page 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from dealership.staff.models import StaffMember
from tasks import numbers, promise_rows, queues
from tasks.models import Promise

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: Bands of the day, soonest first; all other lists are newest first.
BANDS = {"talking": "Talking now", "late": "Late", "hour": "Next hour", "today": "Today", "later": "Later"}
CLOSED = {"kept_today": "Kept today"}
TITLES = {**BANDS, **CLOSED, **numbers.LABELS}


class BadPlace(ValueError):
    """The place in a list that an address names cannot be read."""


@dataclass(frozen=True)
class Page:
    """One page of a list; `after` is the place where the next begins, empty on the last."""

    rows: Sequence[promise_rows.Row]
    after: str


def page(
    staff: StaffMember, now: datetime, *, state: str, rule: str, whose: queues.Whose, after: str = ""
) -> Page:
    """One page of the promises in this state, of this rule (empty: any), of these people. Two queries. Raises BadPlace."""
    promises = whose.narrow(Promise.objects.visible_to(staff))
    if rule:
        promises = promises.filter(rule=rule)
    column, ascending = _order(state)
    promises = _narrow(promises, staff, now, state)
    if after:
        promises = promises.filter(beyond(column, ascending, *read_place(after)))
    order = (column, "pk") if ascending else (f"-{column}", "-pk")
    found = list(promises.order_by(*order).values(*promise_rows.FIELDS)[: PAGE + 1])
    shown = found[:PAGE]
    return Page(
        promise_rows.of_many(shown, staff, now), place(shown[-1], column) if len(found) > PAGE else ""
    )


def _order(state: str) -> tuple[str, bool]:
    if state in BANDS:
        return "due_at", True
    return ("closed_at", False) if state in CLOSED else ("opened_at", False)


def _narrow(promises: QuerySet[Promise], staff: StaffMember, now: datetime, state: str) -> QuerySet[Promise]:
    if state in numbers.STATES:
        return promises.filter(numbers.STATES[state], opened_at__gte=now - numbers.WINDOW)
    if state == "kept_today":
        return promises.filter(state=Promise.State.KEPT, closed_at__gte=queues.start_of_day(staff, now))
    promises = promises.filter(state=Promise.State.OPEN)
    talks = Q(subject__startswith="conversation:")
    if state == "talking":
        return promises.filter(talks)
    hour, tonight = now + promise_rows.HOUR, max(queues.end_of_day(staff, now), now + promise_rows.HOUR)
    return promises.exclude(talks).filter(
        {
            "late": Q(due_at__lt=now),
            "hour": Q(due_at__gte=now, due_at__lt=hour),
            "today": Q(due_at__gte=hour, due_at__lt=tonight),
            "later": Q(due_at__gte=tonight),
        }[state]
    )


def beyond(column: str, ascending: bool, at: datetime, pk: int) -> Q:
    step = "gt" if ascending else "lt"
    return Q(**{f"{column}__{step}": at}) | Q(**{column: at, f"pk__{step}": pk})


def place(row: dict[str, Any], column: str) -> str:
    moment: datetime = row[column]
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    return f"{micros}.{row['pk']}"


def read_place(text: str) -> tuple[datetime, int]:
    micros, _, pk = text.partition(".")
    if not (micros.isdecimal() and pk.isdecimal() and len(micros) < 18 and len(pk) < 19):
        raise BadPlace("That place in the list cannot be read: begin at its first page.")
    return EPOCH + timedelta(microseconds=int(micros)), int(pk)
