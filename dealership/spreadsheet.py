"""CSV files that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

#: A cell that starts like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """A file of one line: what `csv` writes is handed on."""

    def write(self, text: str) -> str:
        return text


def lines(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The file, a line at a time. Starts with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(heads)
    for row in rows:
        yield writer.writerow([safe(value) for value in row])


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    starts = value.lstrip(" \u00a0\u200b\ufeff")
    return f"'{value}" if starts.startswith(_FORMULA) else value
