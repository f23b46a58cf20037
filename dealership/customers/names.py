"""Names of people, compared and cut into words. Pure."""

import re
import unicodedata
from difflib import SequenceMatcher

#: From here on two names are taken for the same person's.
ALIKE = 0.8

_WORD = re.compile(r"[^\W_]+")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "jr", "sr", "ii", "iii", "iv"})
_SHORT_FORMS = (
    "robert bob bobby rob",
    "william bill billy will liam",
    "richard rick dick rich",
    "james jim jimmy",
    "john jack johnny jon jonathan",
    "michael mike",
    "elizabeth liz beth betty eliza",
    "katherine catherine kathryn kate kathy cathy katie",
    "margaret maggie peggy meg",
    "thomas tom tommy",
    "joseph joe",
    "charles charlie chuck",
    "edward ed eddie ted",
    "anthony tony antonio",
    "daniel dan danny",
    "david dave",
    "steven stephen steve",
    "patricia pat patty trish",
    "jennifer jen jenny",
    "christopher chris",
    "matthew matt",
    "nicholas nick",
    "samuel sam sammy",
    "samantha sam",
    "alexander alex",
    "alexandra alex",
    "francisco frank paco pancho",
    "guadalupe lupe",
    "ignacio nacho",
    "jesus chuy",
)
_GROUPS = tuple(frozenset(group.split()) for group in _SHORT_FORMS)


def words(text: str) -> list[str]:
    """The words of a text in lower case, without accents and marks: "José O'Neil-Díaz" is jose, oneil, diaz."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", ""))
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return _WORD.findall(bare.lower())


def squeezed(text: str) -> str:
    """The text as one word, as search terms are kept: "H-12 34" is h1234."""
    return "".join(words(text))


def similarity(one: str, other: str) -> float:
    """How alike two names are, 0 to 1. Order, titles, accents, initials and common short forms do not matter; nothing to compare is 0."""
    left, right = _telling(one), _telling(other)
    if not left or not right:
        return 0.0
    if sorted(left) == sorted(right):
        return 1.0
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) > 1 and all(any(_same_word(a, b) for b in longer) for a in shorter):
        return 0.9
    if len(shorter) > 1 and set(shorter) & set(longer):
        # The last name alone is a household, not a person.
        rest = [w for w in shorter if w not in longer], [w for w in longer if w not in shorter]
        return min(0.95, 0.4 + 0.5 * _ratio("".join(rest[0]), "".join(rest[1])))
    return min(0.95, _ratio(" ".join(sorted(left)), " ".join(sorted(right))))


def agree(one: str, other: str) -> bool:
    """Whether two names may be one person's. A missing name disagrees with nothing."""
    if not _telling(one) or not _telling(other):
        return True
    return similarity(one, other) >= ALIKE


def _telling(name: str) -> list[str]:
    return [word for word in words(name[:200]) if word not in _TITLES]


def _same_word(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    return any(one in group and other in group for group in _GROUPS) or _ratio(one, other) >= 0.88


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
