"""Whether two ROs are about the same trouble: by op code, or by the words of the concern. Pure.

Upkeep that is due again and again (a wash, an inspection) is no trouble, whoever's op code it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

#: Op codes of work that is done at every visit, at the start of the code.
UPKEEP_CODES: Final = ("MPI", "INSP", "WASH", "MISC", "LOF", "OIL", "ROT", "DIAG", "99", "*")
#: Words that every write-up has.
_EMPTY = (
    "the and for with from when that this has have had was were are customer cust states state says said reports "
    "report request requests requested check please advise car vehicle veh still again since after before while "
    "not does did doing need needs perform performed inspect inspection found also about into they them then than "
    "some been back very just only like over under time times service oil change maintenance mile miles "
    "cliente dice dijo revisar auto carro coche cuando para con los las del una por"
)
EMPTY_WORDS: Final = frozenset(_EMPTY.split())
#: So much of the shorter concern must be in the other one, and at least so many words.
SHARE: Final = 0.6
LEAST: Final = 2


@dataclass(frozen=True)
class Concern:
    """One line's op code and the words in which the trouble was told."""

    op_code: str
    words: str


def words_of(text: str) -> frozenset[str]:
    """The words that tell the trouble, each by its stem: "braking" and "brakes" are one."""
    found = re.findall(r"[^\W\d_]{3,}", text.casefold())
    return frozenset(_stem(word) for word in found if word not in EMPTY_WORDS)


def same(before: Concern, after: Concern) -> bool:
    """Whether the later is the earlier one's trouble again."""
    code = before.op_code.strip().upper()
    if code and code == after.op_code.strip().upper() and not code.startswith(UPKEEP_CODES):
        return True
    was, now = words_of(before.words), words_of(after.words)
    shared, shorter = len(was & now), min(len(was), len(now))
    return shared >= LEAST and shared >= SHARE * shorter


def first_same(before: Iterable[Concern], after: Iterable[Concern]) -> Concern | None:
    """The first concern of the later RO that the earlier one had, None if there is none."""
    earlier = list(before)
    return next((one for one in after if any(same(old, one) for old in earlier)), None)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
