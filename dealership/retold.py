"""Sentences that are kept in English (reasons, steps, troubles), said in their reader's language: fixed ones, and those with gaps.

A sentence that was written down with names in it is known by the words that it was made of, and said anew with the same names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django.utils import dates, translation
from django.utils.translation import gettext

from dealership.language import OWN, is_own
from dealership.stores.hours import DAY_NAMES, MONTH_NAMES

#: What stands in a gap, by the gap's name; anything, where nothing is said.
GAPS = {
    "n": r"\d[\d,]*|[Nn]o",
    "code": r"[\w ]+?",
    "time": r"\d{1,2}:\d\d [ap]m",
    "opens": r"\d{1,2}:\d\d [ap]m",
    "closes": r"\d{1,2}:\d\d [ap]m",
    "day": r"\d{1,2} [A-Z][a-z]{2} \d{4}",
    "when": r"[^.;]+?",
    "state": r"[A-Z]{2}",
    "kind": r"\w+",
    "days": r"\w+",
}
_GAP = re.compile(r"%\((\w+)\)s")
_DATED = re.compile(rf"\b(?:({'|'.join(DAY_NAMES)}) )?(\d{{1,2}}) ({'|'.join(MONTH_NAMES)})\b")


class Gap(NamedTuple):
    """What may stand in a gap (a pattern), and how that is said."""

    may: str
    say: Callable[[str], str]


class Retold:
    """Sentences of one kind. `retold(sentence)` says one, or several in a row; what it does not know it gives back as it is.

    `gaps`: what may stand in a gap, by its name (with or without "other_"): a pattern, for what is said as sentences are; a `Gap`;
    or sentences of another kind.
    """

    def __init__(self, *sentences: str, gaps: Mapping[str, str | Gap | Retold] | None = None) -> None:
        self.sentences = sentences
        self.gaps: Mapping[str, str | Gap | Retold] = {**GAPS, **(gaps or {})}

    def __call__(self, sentence: str) -> str:
        """As its reader says it; in the code's own language exactly as it is kept."""
        return self._said(sentence) if sentence and not is_own() else sentence

    def _said(self, sentence: str) -> str:
        said = self.known(sentence)
        if said is not None:
            return said
        for end in re.finditer(r"(?<=[.!?]) ", sentence):
            said = self.known(sentence[: end.start()])
            if said is not None:
                return f"{said} {self._said(sentence[end.end() :])}"
        return dated(sentence)

    def known(self, sentence: str) -> str | None:
        """One of these sentences; None for anything else."""
        fixed, gapped = self._kept
        if sentence in fixed:
            return gettext(sentence)
        for words, pattern in gapped:
            if found := pattern.fullmatch(sentence):
                return gettext(words) % {
                    name: self._in_gap(name, value) for name, value in found.groupdict().items()
                }
        return None

    def _gap(self, name: str) -> str | Gap | Retold:
        return self.gaps.get(name.removeprefix("other_"), ".+?")

    def _in_gap(self, name: str, value: str) -> str:
        gap = self._gap(name)
        if isinstance(gap, Retold):
            return gap(value)
        return gap.say(value) if isinstance(gap, Gap) else self._said(value)

    @cached_property
    def _kept(self) -> tuple[frozenset[str], list[tuple[str, re.Pattern[str]]]]:
        """In the code's own words: the fixed ones, and the others with what reads them."""
        with translation.override(OWN):
            kept = [str(sentence) for sentence in self.sentences]
        gapped = [(words, re.compile(self._pattern(words), re.DOTALL)) for words in kept if "%(" in words]
        return frozenset(words for words in kept if "%(" not in words), gapped

    def _pattern(self, words: str) -> str:
        parts = _GAP.split(words)
        return "".join(
            f"(?P<{part}>{self._may(part)})" if is_gap else re.escape(part)
            for is_gap, part in zip([False, True] * len(parts), parts, strict=False)
        )

    def _may(self, name: str) -> str:
        gap = self._gap(name)
        if isinstance(gap, Retold):
            fixed, gapped = gap._kept
            # A name stands once in a pattern.
            others = [re.sub(r"\?P<\w+>", "?:", pattern.pattern) for _words, pattern in gapped]
            return "|".join([*map(re.escape, fixed), *others])
        return gap.may if isinstance(gap, Gap) else gap


class Words(dict[Any, str]):
    """What values are called, for a column: whatever `say` says, of any value."""

    def __init__(self, say: Callable[[Any], str]) -> None:
        self.say = say

    def __contains__(self, value: object) -> bool:
        return True

    def get(self, value: Any, default: object = None) -> str:
        """Any value has words: never the default."""
        return self.say(value)

    def __getitem__(self, value: Any) -> str:
        return self.say(value)


def dated(text: str) -> str:
    """The days in it, each as "Mon 23 Nov" or "23 Nov"."""
    return text if is_own() else _DATED.sub(_date, text)


def _date(found: re.Match[str]) -> str:
    """ "Mon 23 Nov" with the days and months of the reader's language."""
    day = f"{dates.WEEKDAYS_ABBR[DAY_NAMES.index(found[1])]} ".lower() if found[1] else ""
    return f"{day}{found[2]} {dates.MONTHS_3[MONTH_NAMES.index(found[3]) + 1]}"
