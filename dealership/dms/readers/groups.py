"""The repeating columns of a service row: `|` between operations, `^` between values inside one. Pure.

Empty positions carry meaning: the second value of one column belongs to the second of the next, so nothing is
dropped before the columns are laid side by side.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from dealership.dms.readers.values import NotReadable

Groups: TypeAlias = list[list[str]]

MAX_GROUPS = 1_000
MAX_VALUES = 5_000


def split(text: str) -> Groups:
    """The groups of one cell, each a list of values without outer spaces; no groups for an empty cell.

    Raises `NotReadable` for more groups or values than any repair order has.
    """
    if not text:
        return []
    n_groups = text.count("|") + 1
    if n_groups > MAX_GROUPS or text.count("^") + n_groups > MAX_VALUES:
        raise NotReadable(f"{n_groups:,} groups, more than any repair order has")
    return [[value.strip() for value in group.split("^")] for group in text.split("|")]


def at(groups: Groups, group: int, value: int) -> str:
    """One value by position, "" where there is none."""
    if group < len(groups) and value < len(groups[group]):
        return groups[group][value]
    return ""


def joined(groups: Groups, group: int, separator: str = "\n") -> str:
    """All values of one group as one text."""
    return separator.join(filter(None, groups[group])) if group < len(groups) else ""


def extent(groups: Groups) -> int:
    """How many groups there are up to the last one that says anything."""
    return max((n for n, group in enumerate(groups, start=1) if any(group)), default=0)


def side_by_side(columns: Sequence[Groups]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """`(group, value, texts)` for every position at which one of the columns says something."""
    for group in range(max(map(len, columns), default=0)):
        width = max(len(column[group]) for column in columns if group < len(column))
        for value in range(width):
            texts = tuple(at(column, group, value) for column in columns)
            if any(texts):
                yield group, value, texts


def reference(refs: Groups, group: int, value: int) -> str:
    """The line that a position refers to: its own reference, or the only one that its group gives."""
    own = at(refs, group, value)
    if own or group >= len(refs):
        return own
    return refs[group][0] if len(refs[group]) == 1 else ""


def same_line(number: str) -> str:
    """A line number in the form by which two spellings of it are equal: "01" and "1" are one line."""
    return number.lstrip("0").upper() or number
