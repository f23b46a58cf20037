"""How a list is asked: read from an address, and written into one. What cannot be read is not asked."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from django.db.models import Q
from django.http import QueryDict
from django.utils.http import urlencode

from dealership.lists.shape import Rows, Shape, Sort
from dealership.staff.models import StaffMember

#: What a place in a list may hold, so that nobody sends a novel.
_LONGEST = 400
#: The greatest key of a row.
_GREATEST = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """One question to a list. `after` is the place of the last row of the page before."""

    shape: Shape
    filters: Mapping[str, str]
    sort: Sort
    size: int
    columns: tuple[str, ...]
    after: tuple[Any, ...] | None = None

    def address(self, *, after: str = "") -> str:
        """The question as a query; what is usual is left out."""
        said: list[tuple[str, str | int]] = [
            (one.key, value)
            for one in self.shape.filters
            if (value := self.filters[one.key]) != one.usual and (value or one.usual)
        ]
        if self.sort != self.shape.orders(self.filters)[0]:
            said.append(("sort", self.sort.key))
        if self.size != self.shape.size:
            said.append(("size", self.size))
        if self.columns != self.shape.usual:
            said += [("cols", key) for key in self.columns]
        if after:
            said.append(("after", after))
        return urlencode(said)

    @property
    def is_narrowed(self) -> bool:
        """Whether more is left out than usual."""
        return any(self.filters[one.key] != one.usual for one in self.shape.filters)

    def but(self, **filters: str) -> Self:
        """The same from its beginning, with other answers."""
        asked, orders = {**self.filters, **filters}, self.shape.orders({**self.filters, **filters})
        is_chosen = self.sort != self.shape.orders(self.filters)[0] and self.sort in orders
        return replace(self, filters=asked, sort=self.sort if is_chosen else orders[0], after=None)

    def first_page(self) -> Self:
        """The same from its beginning."""
        return replace(self, after=None)

    def matching(self, staff: StaffMember, now: datetime) -> Rows:
        """All rows that fit, in no order."""
        rows = self.shape.rows(staff)
        for one in self.shape.filters:
            if value := self.filters.get(one.key, ""):
                narrowed = one.narrow(rows, value, staff, now)
                rows = rows if narrowed is None else narrowed
        return rows

    def ordered(self, rows: Rows) -> Rows:
        """In the order that was asked, from the place that was asked."""
        if self.sort.adds is not None:
            rows = self.sort.adds(rows)
        if self.after is not None:
            rows = rows.filter(_beyond(self.sort, self.after))
        return rows.order_by(*(name for name, _ in self.sort.fields))


def read(shape: Shape, said: QueryDict) -> Asked:
    """The question that an address asks."""
    filters = {
        one.key: said.get(one.key, "").replace("\x00", "").strip()[:80] or one.usual for one in shape.filters
    }
    orders = shape.orders(filters)
    sort = {one.key: one for one in orders}.get(said.get("sort", ""), orders[0])
    size = said.get("size", "")
    known = [column.key for column in shape.columns]
    columns = tuple(key for key in known if key in said.getlist("cols")) or shape.usual
    return Asked(
        shape,
        filters,
        sort,
        int(size) if size in map(str, shape.sizes) else shape.size,
        columns,
        _read_place(sort, said.get("after", "")),
    )


def place(sort: Sort, row: Any) -> str:
    """Where this row stands in that order, to go on behind it."""
    values = [_value(row, name.lstrip("-")) for name, _ in sort.fields]
    told = [value.isoformat() if isinstance(value, date) else value for value in values]
    return urlsafe_b64encode(json.dumps(told, separators=(",", ":")).encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _read_place(sort: Sort, text: str) -> tuple[Any, ...] | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        told = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if len(told) != len(sort.fields):
            return None
        return tuple(_read(kind, value) for (_, kind), value in zip(sort.fields, told, strict=True))
    except (ValueError, TypeError, RecursionError):
        return None


def _read(kind: str, value: Any) -> Any:
    """Raises ValueError for what is not of that kind."""
    if kind == "int":
        if type(value) is not int or abs(value) > _GREATEST:
            raise ValueError(value)
        return value
    if type(value) is not str or "\x00" in value:
        raise ValueError(value)
    if kind == "time":
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at
    return date.fromisoformat(value) if kind == "day" else value


def _beyond(sort: Sort, after: tuple[Any, ...]) -> Q:
    """The rows behind that place: greater in the first field, or the same there and greater in the next."""
    found, same = Q(), Q()
    for (name, _), value in zip(sort.fields, after, strict=True):
        column = name.lstrip("-")
        found |= same & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{column: value})
    return found
