"""A full name split into parts, for greeting and search; the full name as written is always kept beside.

Splitting is a guess, so it is only made where the sender gave no parts, and never for a business.
"""

import re
from dataclasses import dataclass

_TITLE_WORDS = "mr mrs ms miss mx dr prof rev father fr sr sra srta sir capt sgt hon"
_SUFFIX_WORDS = "jr sr ii iii iv md dds do dvm esq phd cpa rn pa dc od dmd cfa"
_PARTICLE_WORDS = "de del della di da dos das du la las los le van von der den ter st bin al"
_TITLES = frozenset(_TITLE_WORDS.split())
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_BUSINESS = re.compile(
    r"\b(?:llc|l\.l\.c|inc|incorporated|corp|corporation|co|company|ltd|limited|llp|lp|pllc|plc|gmbh|s\.?a\.? de c\.?v|"
    r"motors?|motorsports?|auto(?:motive)?|dealership|group|enterprises?|services?|construction|trucking|transport|logistics|"
    r"rentals?|leasing|farms?|ranch|church|school|university|college|hospital|clinic|bank|trust|foundation|association|"
    r"department|dept|city of|county of|state of|town of|holdings?|partners|industries|solutions|plumbing|electric|roofing|"
    r"landscaping|supply|contractors?|builders|committee|society|fund|cent(?:er|re)|chapter|union|club|institute|"
    r"apartments|properties|realty|restaurant|deli|agency|council)\b|& sons?\b",
    re.IGNORECASE,
)
_NICKNAME = re.compile(r"\"[^\"]{0,60}\"|“[^”]{0,60}”|\([^()]{0,60}\)")
_AND = frozenset(("&", "and", "y"))


@dataclass(frozen=True, slots=True)
class Name:
    """Parts of a person's name; all empty but `business` for a business."""

    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    business: bool = False


def is_business(full: str) -> bool:
    return bool(_BUSINESS.search(full))


def split(full: str) -> Name:
    """`full` in parts: "Doe, John Q", "Dr. Ana de la Cruz Jr.", "Philip & Bill Van", "Acme Trucking LLC"."""
    if is_business(full):
        return Name(business=True)
    text = _NICKNAME.sub(" ", full) if _NICKNAME.sub("", full).strip() else full
    left, comma, right = text.partition(",")
    left_words, right_words = left.split(), right.replace(",", " ").split()
    suffix = ""
    if comma and right_words and all(_bare(word) in _SUFFIXES for word in right_words):
        suffix, right_words = " ".join(right_words), []
    if comma and right_words:
        left_words, cut = _without_suffix(left_words)
        right_words, cut_right = _without_suffix(right_words)
        given = _untitled(right_words)
        return Name(
            first=given[0] if given else "",
            middle=" ".join(given[1:]),
            last=" ".join(_untitled(left_words)),
            suffix=cut or cut_right,
        )
    words, cut = _without_suffix(left_words)
    return _in_order(_untitled(words), suffix or cut)


def _in_order(words: list[str], suffix: str) -> Name:
    if len(words) < 2:
        return Name(first=" ".join(words), suffix=suffix)
    start = len(words) - 1
    while start > 1 and _bare(words[start - 1]) in _PARTICLES:
        start -= 1
    given, last = words[:start], " ".join(words[start:])
    if any(word.lower() in _AND for word in given):
        return Name(first=" ".join(given), last=last, suffix=suffix)
    return Name(first=given[0], middle=" ".join(given[1:]), last=last, suffix=suffix)


def _without_suffix(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 1 and _bare(words[-1]) in _SUFFIXES:
        kept, cut = _without_suffix(words[:-1])
        return kept, f"{cut} {words[-1]}".strip()
    return words, ""


def _untitled(words: list[str]) -> list[str]:
    start = 0
    while start < len(words) - 1 and (
        _bare(words[start]) in _TITLES or (start and words[start].lower() in _AND)
    ):
        start += 1
    return words[start:]


def _bare(word: str) -> str:
    return word.replace(".", "").strip(",").lower()
