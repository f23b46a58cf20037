"""Ratings and line numbers in a reply: which numbers are meant as such, and which are minutes, money or people."""

import re
from dataclasses import dataclass

NUMBER_WORDS: dict[str, int] = {
    word: n
    for names in (
        "one two three four five six seven eight nine ten",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for n, word in enumerate(names.split(), start=1)
} | {"una": 1, "tree": 3, "tne": 10}
_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_SCORE = rf"(?P<n>10|[1-9]|{_WORD})"
_OUT_OF = re.compile(
    rf"(?<![\w.,$/-]){_SCORE} ?(?:/|out of|over|of|de|sobre) ?(?P<top>10|5|ten|five|diez|cinco)\b(?![\d/])"
)
_GIVEN = re.compile(
    rf"\b(?:rate(?: \w+){{0,2}}|rating(?: is| of|:)?|score(?: is| of|:)?|give (?:you|it|them|u|yall|the "
    rf"\w+|him|her|\w+) (?:guys )?|say|its|it was|was|is|le doy|les doy|doy|califico(?: con)?|"
    rf"calificacion(?: de)?:?|definitely|solid|easy|perfect|strong|un|a|an) ?(?:an? |un |the |about an? "
    rf")?(?:solid |definite |perfect |easy |strong |full |big )?{_SCORE}\b(?![.,]\d|[\w%/:-])"
)
_FIRST = re.compile(rf"^[\s\"'(#*]*{_SCORE}\b(?![.,:]\d|[%/:]|-\d| ?- ?\d)")
_LAST = re.compile(rf"(?<!\d)[,.!;:-] ?{_SCORE}[.! ]*$")
_AFTER_RATING = re.compile(
    r"^[\s)\"'*]*(?:$|[.,!;:)\"-]|(?:great|good|excellent|awesome|perfect|amazing|best|very|super|thanks|"
    r"thank|because|but|and|for|all the way|stars?|points?|it|would|was|the|you|yall|everything|everyone|"
    r"job|service|overall|though|only|since|cause|cuz|as always|again|always|please|sure|easily|definitely|"
    r"no complaints|fast|friendly|happy|loved|gracias|muy|excelente|pero|porque|todo|buen|emoji\w*|"
    r"estrellas|puntos|plus|my|i|we|they|he|she|got|nice|poor|terrible|bad|horrible)\b)"
)
_STARS = re.compile(r"^ ?(?:stars?|estrellas)\b")
_NOT_RATING = re.compile(
    r"\b(?:not|isnt|wasnt|wouldnt|cant|dont|no es|no|never|almost|nearly|if|would be|would have been|"
    r"could have been|used to|instead of|between|either|maybe)\b"
)


@dataclass(frozen=True, slots=True)
class Rating:
    """A score from 1 to 10 and whether it is beyond doubt."""

    value: int
    sure: bool
    because: str


def _value(text: str) -> int:
    return NUMBER_WORDS[text] if text in NUMBER_WORDS else int(text)


def read_rating(folded: str) -> Rating | None:
    """The score in an answer to a survey, or None. "I waited 10 minutes" has none, nor have "11" and "3.5"."""
    if match := _OUT_OF.search(folded):
        top = 5 if match["top"] in ("5", "five", "cinco") else 10
        value = _value(match["n"])
        if value > top:
            return None
        more = len(_OUT_OF.findall(folded)) > 1 or _doubtful(folded[: match.start()])
        return Rating(value, top == 10 and not more, f"“{match.group()}”")
    found: list[re.Match[str]] = []
    if match := _FIRST.match(folded):
        found.append(match)
    found += [m for m in _GIVEN.finditer(folded) if not found or m.start("n") != found[0].start("n")]
    found = [m for m in found if _AFTER_RATING.match(folded[m.end("n") :])]
    if not found and (match := _LAST.search(folded)) and not _doubtful(folded):
        return Rating(_value(match["n"]), False, f"the number “{match['n']}” at the end")
    if not found:
        return None
    values = {_value(m["n"]) for m in found}
    first = found[0]
    numbers = re.findall(rf"(?<![\w.])(?:\d+|{_WORD})\b", folded)
    lone = len(numbers) == 1 or not re.search(rf"\b(?:or|to|o|maybe) (?:\d|{_WORD})|-\d", folded)
    sure = len(values) == 1 and lone and "?" not in folded and not _doubtful(folded[: first.start("n")])
    sure = sure and not _STARS.match(folded[first.end("n") :])
    return Rating(_value(first["n"]), sure and _clear_place(first, folded), f"the number “{first['n']}”")


def _doubtful(lead: str) -> bool:
    return _NOT_RATING.search(lead) is not None


def _clear_place(match: re.Match[str], folded: str) -> bool:
    """A word like "one" is a score only when it says so; a digit at the start or after "a" is."""
    return (
        match["n"].isdigit()
        or match["n"] not in ("one", "una", "uno", "un")
        or folded.strip(" .!") == match["n"]
    )
