"""Sentences that are kept in English (reasons, steps, troubles), said in their reader's language: fixed ones, and those with gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from django.utils import dates, translation
from django.utils.translation import gettext

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


class Retold:
    """The sentences of one app. `retold(sentence)` says one, or several in a row; what it does not know it gives back as it is."""

    def __init__(self, *sentences: str, gaps: Mapping[str, str] | None = None) -> None:
        self.sentences = sentences
        self.gaps = {**GAPS, **(gaps or {})}

    def __call__(self, sentence: str) -> str:
        """As its reader says it; in the code's own language exactly as it is kept."""
        if not sentence or (translation.get_language() or "en").startswith("en"):
            return sentence
        return self._said(sentence)

    def _said(self, sentence: str) -> str:
        said = self._known(sentence)
        if said is not None:
            return said
        for end in re.finditer(r"(?<=[.!?]) ", sentence):
            said = self._known(sentence[: end.start()])
            if said is not None:
                return f"{said} {self._said(sentence[end.end() :])}"
        return _DATED.sub(_date, sentence)

    def _known(self, sentence: str) -> str | None:
        fixed, gapped = self._kept
        if sentence in fixed:
            return gettext(sentence)
        for words, pattern in gapped:
            if found := pattern.fullmatch(sentence):
                return gettext(words) % {name: self._said(value) for name, value in found.groupdict().items()}
        return None

    @cached_property
    def _kept(self) -> tuple[frozenset[str], list[tuple[str, re.Pattern[str]]]]:
        """In the code's own words: the fixed ones, and the others with what reads them."""
        with translation.override("en"):
            kept = [str(sentence) for sentence in self.sentences]
        gapped = [(words, re.compile(self._pattern(words), re.DOTALL)) for words in kept if "%(" in words]
        return frozenset(words for words in kept if "%(" not in words), gapped

    def _pattern(self, words: str) -> str:
        parts = _GAP.split(words)
        return "".join(
            f"(?P<{part}>{self.gaps.get(part, '.+?')})" if is_gap else re.escape(part)
            for is_gap, part in zip([False, True] * len(parts), parts, strict=False)
        )


def _date(found: re.Match[str]) -> str:
    """ "Mon 23 Nov" with the days and months of the reader's language."""
    day = f"{dates.WEEKDAYS_ABBR[DAY_NAMES.index(found[1])]} ".lower() if found[1] else ""
    return f"{day}{found[2]} {dates.MONTHS_3[MONTH_NAMES.index(found[3]) + 1]}"
