"""What a list can be asked: its columns, its filters, its orders. A page declares one, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from dealership.staff.models import StaffMember

Rows = QuerySet[Any]
#: What a select offers: value and label.
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """One column. `kind` says how its value is written: text, prose, phone, moment, day, money, count, chip, name, link, head, thing.

    A day is a date, or the moment at which that day is over.
    """

    key: str
    label: str
    kind: str = "text"
    #: Which of the row's values it shows; the key, where it is the same.
    source: str = ""
    #: Shown where nobody chose.
    usual: bool = True
    #: Adds what it shows to the rows; only where it is shown.
    adds: Callable[[Rows, StaffMember], Rows] | None = None
    #: Which of the row's values names what a link leads to.
    of: str = "pk"
    #: What its values are called, where they are not words.
    words: Mapping[str, str] = field(default_factory=dict)
    #: Whether a value presses: late, soon, kept, info or nothing; of a moment, a count or a chip.
    look: Callable[[Any], str] | None = None

    @property
    def value_of(self) -> str:
        """The name of its value in a row."""
        return self.source or self.key


@dataclass(frozen=True)
class Filter:
    """One question with answers to choose from."""

    key: str
    label: str
    #: What is said where it is not asked.
    every: str
    options: Callable[[StaffMember], Options]
    #: The rows that fit; None for an answer that it does not understand.
    narrow: Callable[[Rows, str, StaffMember, datetime], Rows | None]
    #: What is asked where nobody chose; then `every` is not offered.
    usual: str = ""
    #: The page offers it as tabs.
    as_tabs: bool = False


@dataclass(frozen=True)
class Sort:
    """One order. Fields that are never null, each with what it holds (int, text, time, day) and a "-" where it falls."""

    key: str
    label: str
    fields: Sequence[tuple[str, str]]
    adds: Callable[[Rows], Rows] | None = None
    #: Whether rows that are filtered so can stand in this order; any, where nothing is said.
    fits: Callable[[Mapping[str, str]], bool] | None = None


@dataclass(frozen=True)
class Shape:
    """A list of this kind."""

    key: str
    #: The URL name of its page.
    page: str
    #: What its rows are called: one, several.
    words: tuple[str, str]
    columns: Sequence[Column]
    filters: Sequence[Filter]
    sorts: Sequence[Sort]
    rows: Callable[[StaffMember], Rows]
    sizes: Sequence[int] = (25, 50, 100, 200)
    size: int = 50
    #: Rows for a page that draws them itself; then columns are those of the file.
    objects: Callable[[Rows], Rows] | None = None
    #: Such a page leaves out what was not chosen.
    draws_columns: bool = False
    #: Values that each row has besides its columns'.
    always: Sequence[str] = field(default_factory=tuple)

    @property
    def url(self) -> str:
        """Where it stands."""
        return reverse(self.page)

    @property
    def has_columns(self) -> bool:
        """Whether a person chooses its columns on the page."""
        return self.objects is None or self.draws_columns

    @property
    def usual(self) -> tuple[str, ...]:
        """The columns that are shown where nobody chose."""
        return tuple(column.key for column in self.columns if column.usual)

    def orders(self, filters: Mapping[str, str]) -> list[Sort]:
        """Those in which rows that are filtered so can stand; the first where nobody chose."""
        return [one for one in self.sorts if one.fits is None or one.fits(filters)]

    def count_of(self, n: int) -> str:
        """ "1 customer", "312 customers"."""
        return f"{n:,} {self.words[0] if n == 1 else self.words[1]}"
