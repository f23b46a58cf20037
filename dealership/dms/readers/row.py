"""One row of a feed by column name, with notes on every value that could not be read. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from dealership.dms.readers import groups, values
from dealership.dms.readers.groups import Groups
from dealership.dms.readers.values import NotReadable

T = TypeVar("T")

MOST_MILES = 2_000_000

_LONGEST_VALUE = 64
_LONGEST_SHOWN = 40
_NOTHING = frozenset(
    {
        "none",
        "n/a",
        "na",
        "null",
        "nil",
        "unknown",
        "no color",
        "no_color",
        "not available",
        "-",
        "--",
        "?",
        ".",
    }
)


class Parked(ValueError):
    """The row cannot become a record; the text tells a person why."""


class Row:
    """The cells of one row by column name.

    A reading method answers None, or "", for an empty cell. A value that is there and cannot be read also answers
    None, and leaves a sentence in `notes`: it stays in the raw row, and the rest of the row goes on.
    """

    def __init__(self, index: Mapping[str, int], cells: Sequence[str]) -> None:
        self._index = index
        self._cells = cells
        self.notes: list[str] = []

    def text(self, column: str) -> str:
        """The cell without outer spaces, "" where the file has no such column."""
        position = self._index.get(column)
        if position is None or position >= len(self._cells):
            return ""
        return self._cells[position].strip()

    def words(self, column: str) -> str:
        """The cell, or "" where it holds a filler such as N/A or NO_COLOR."""
        text = self.text(column)
        return "" if text.casefold() in _NOTHING else text

    def note(self, column: str, text: str, why: object) -> None:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        self.notes.append(f"{column} “{shown}”: {why}")

    def day(self, column: str) -> date | None:
        text = self.text(column)
        return None if values.is_no_date(text) else self._read(column, text, values.date_of)

    def moment(self, date_column: str, time_column: str) -> tuple[date | None, datetime | None]:
        """The day, and the naive local time where both cells say one.

        Midnight means that no hour was given: it is what systems write for an empty time, and no department is open.
        """
        day_text, time_text = self.text(date_column), self.text(time_column)
        day = self.day(date_column)
        if day is None:
            return None, None
        at: time | None = None
        if time_text and not values.is_no_date(time_text):
            at = self._read(time_column, time_text, values.time_of)
        elif not time_text and len(day_text) <= _LONGEST_VALUE:
            try:
                at = values.moment_of(day_text).time()
            except NotReadable:
                at = None
        return day, datetime.combine(day, at) if at else None

    def cents(self, column: str) -> int | None:
        return self._read(column, self.text(column), values.cents_of)

    def whole(self, column: str) -> int | None:
        return self._read(column, self.text(column), values.whole_of)

    def miles(self, column: str) -> int | None:
        """An odometer reading; a figure that no car reaches is noted."""
        miles = self.whole(column)
        if miles is not None and miles > MOST_MILES:
            self.note(column, self.text(column), "more miles than a car runs")
            return None
        return miles

    def minutes(self, column: str) -> int | None:
        return self._read(column, self.text(column), values.minutes_of)

    def flag(self, column: str) -> bool | None:
        return self._read(column, self.words(column), values.flag_of)

    def restriction(self, column: str, opt_in_column: str = "") -> bool | None:
        """A mark by which a customer restricts contact; one that cannot be read restricts.

        `opt_in_column` says the same the other way round in some layouts; the stricter of the two counts.
        """
        marks: list[bool] = []
        for name, restricts_when in ((column, True), (opt_in_column, False)):
            text = self.words(name) if name else ""
            if text:
                answer = self._read(name, text, values.flag_of)
                marks.append(True if answer is None else answer is restricts_when)
        return any(marks) if marks else None

    def groups(self, column: str) -> Groups:
        """The groups of a repeating column; raises `Parked` for more of them than any repair order has."""
        try:
            return groups.split(self.text(column))
        except NotReadable as wrong:
            raise Parked(f"{column} has {wrong}") from None

    def cents_in(self, column: str, texts: Sequence[str]) -> int | None:
        """The sum of the amounts in one group."""
        amounts = [
            cents for text in texts if (cents := self._read(column, text, values.cents_of)) is not None
        ]
        return sum(amounts) if amounts else None

    def hours_in(self, column: str, texts: Sequence[str]) -> Decimal | None:
        """The sum of the hours in one group."""
        hours = [read for text in texts if (read := self._read(column, text, values.hours_of)) is not None]
        return sum(hours, Decimal(0)) if hours else None

    def quantity(self, column: str) -> Decimal | None:
        return self._read(column, self.text(column), values.quantity_of)

    def quantity_in(self, column: str, text: str) -> Decimal | None:
        return self._read(column, text, values.quantity_of)

    def flag_in(self, column: str, text: str) -> bool | None:
        return self._read(column, text, values.flag_of)

    def _read(self, column: str, text: str, reader: Callable[[str], T]) -> T | None:
        if not text:
            return None
        try:
            if len(text) > _LONGEST_VALUE:
                raise NotReadable("much too long for a value of its kind")
            return reader(text)
        except NotReadable as wrong:
            self.note(column, text, wrong)
            return None
