"""One page of a list, and the whole of it as a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dealership import spreadsheet
from dealership.lists import asking, saved
from dealership.lists.asking import Asked
from dealership.lists.models import SavedView
from dealership.lists.shape import Column, Options
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

#: Counted no further; said as "10,000+".
MOST_COUNTED = 10_000
#: So many rows are taken away at once.
MOST_TAKEN = 20_000


@dataclass(frozen=True)
class Choice:
    """A filter as the page offers it."""

    key: str
    label: str
    every: str
    options: Options
    chosen: str
    usual: str = ""
    as_tabs: bool = False


@dataclass
class Page:
    """What a template needs of a list."""

    asked: Asked
    rows: list[Any]
    n: int
    onward: str
    staff: StaffMember
    choices: list[Choice] = field(init=False)
    views: list[SavedView] = field(init=False)

    def __post_init__(self) -> None:
        shape, asked = self.asked.shape, self.asked
        self.choices = [
            Choice(
                one.key,
                one.label,
                one.every,
                one.options(self.staff),
                asked.filters[one.key],
                one.usual,
                one.as_tabs,
            )
            for one in shape.filters
        ]
        self.views = saved.seen_by(self.staff, shape.key)

    @property
    def columns(self) -> list[Column]:
        """Those that are shown."""
        return [column for column in self.asked.shape.columns if column.key in self.asked.columns]

    @property
    def sorts(self) -> Options:
        """The orders, for a select."""
        return [(one.key, one.label) for one in self.asked.shape.orders(self.asked.filters)]

    @property
    def sizes(self) -> Options:
        """The lengths of a page, for a select."""
        return [(str(n), _("%(n)s rows") % {"n": n}) for n in self.asked.shape.sizes]

    @property
    def address(self) -> str:
        """The question, from its first page."""
        return self.asked.address()

    @property
    def first(self) -> str:
        """The address of the first page, on every other."""
        return f"?{self.address}" if self.asked.after is not None else ""

    @property
    def counted(self) -> str:
        """ "312 customers", "10,000+ customers"."""
        said = self.asked.shape.count_of(min(self.n, MOST_COUNTED))
        return said.replace(" ", "+ ", 1) if self.n > MOST_COUNTED else said

    @property
    def may_share(self) -> bool:
        """Whether this person keeps views for the whole store."""
        return self.staff.may(May.REASSIGN)

    @property
    def view(self) -> SavedView | None:
        """The saved view that this is."""
        return next((one for one in self.views if one.query == self.address), None)


def turn(asked: Asked, staff: StaffMember, now: datetime) -> Page:
    """The page that was asked for. A query for its rows, one for their number, one for the views, and what its filters offer."""
    rows = asked.matching(staff, now)
    n = rows.order_by()[: MOST_COUNTED + 1].count()
    ordered, objects = asked.ordered(rows), asked.shape.objects
    drawn = objects(ordered) if objects is not None else _with_columns(asked, ordered, staff)
    found = list(drawn[: asked.size + 1])
    shown = found[: asked.size]
    onward = (
        "?" + asked.address(after=asking.place(asked.sort, shown[-1]))
        if len(found) > asked.size and shown
        else ""
    )
    return Page(asked, shown, n, onward, staff)


def table(asked: Asked, staff: StaffMember, now: datetime) -> spreadsheet.Table:
    """What is seen, all pages of it: the same rows, order and columns; at most MOST_TAKEN."""
    columns = [column for column in asked.shape.columns if column.key in asked.columns]
    rows = _with_columns(asked, asked.first_page().ordered(asked.matching(staff, now)), staff)[:MOST_TAKEN]

    def lines() -> Iterator[list[object]]:
        for row in rows:
            yield [_cell(column, row, staff) for column in columns]

    return spreadsheet.Table([str(column.label) for column in columns], lines())


def day_of(value: date | datetime, zone: ZoneInfo) -> date:
    """The day that a column of days means: the date itself, or the day that is over at that moment."""
    if isinstance(value, datetime):
        return (value.astimezone(zone) - timedelta(microseconds=1)).date()
    return value


def _cell(column: Column, row: Any, staff: StaffMember) -> object:
    value = row[column.value_of]
    if column.kind == "moment":
        return spreadsheet.time(value, staff.store.tz)
    if column.kind == "day":
        return "" if value is None else day_of(value, staff.store.tz).isoformat()
    if column.kind == "money":
        return None if value is None else value / 100
    if column.kind == "prose":
        return " ".join((value or "").split())
    if isinstance(value, Decimal):
        return float(value)
    return "" if value is None else str(column.words[value]) if value in column.words else value


def _with_columns(asked: Asked, rows: Any, staff: StaffMember) -> Any:
    columns = [column for column in asked.shape.columns if column.key in asked.columns]
    for column in columns:
        if column.adds is not None:
            rows = column.adds(rows, staff)
    ordered_by = [name.lstrip("-") for name, _ in asked.sort.fields]
    return rows.values(
        *dict.fromkeys(["pk", *asked.shape.always, *ordered_by, *(column.value_of for column in columns)])
    )
