"""How happy is this customer? Reads the answer to "how was it?": a rating of 1 to 5, and words that say that something went wrong. Pure.

A wrong "happy" thanks somebody who is angry, a wrong "unhappy" costs a manager one call: in doubt it is unhappy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dealership.messaging.replies.folding import fold
from dealership.messaging.replies.reply import Intent, Reply

#: Of five, from here on nobody needs to ask what went wrong.
GOOD = 4
#: Answers out of ten as they count out of five; seven is none that pleases.
OF_TEN = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3, 8: 4, 9: 5, 10: 5}
#: What these ask for or say is no answer to how it was.
NO_ANSWER = frozenset(
    {
        Intent.OPT_OUT,
        Intent.OPT_IN,
        Intent.HELP,
        Intent.WRONG_NUMBER,
        Intent.CONFIRM,
        Intent.MOVE,
        Intent.BOOK,
        Intent.CANCEL,
        Intent.LATE,
        Intent.QUESTION,
    }
)
_OUT_OF_TEN = re.compile(r"(?:/|\bout of|\bover|\bof|\bde|\bsobre) ?(?:10|ten|diez)\b")
_OUT_OF_FIVE = re.compile(
    r"^\W*[1-5] ?(?:(?:/|out of|of|de|sobre) ?(?:5|five|cinco)|stars?|estrellas?)\b(?!.*\d)"
)
_UNHAPPY = re.compile(
    r"\b(?:terrible|horrible|awful|worst|worse|bad|poor|poorly|rude|disappoint\w*|unhappy|upset|angry|furious|"
    r"frustrat\w*|disgust\w*|unacceptable|unprofessional|ridiculous|joke|scam\w*|rip ?off|ripped|lied|lying|liars?|"
    r"overcharg\w*|damag\w*|scratch\w*|dirty|broke|broken|ignored|forgot\w*|never again|complain\w*|lawyer|refund|"
    r"(?:not|isnt|wasnt|arent|werent|never) (?:at all |very |really |too |so )?"
    r"(?:happy|good|great|satisfied|fixed|pleased|impressed|helpful|clean|ready|done|right|worth|again|coming back)|"
    r"(?:never|nobody|no one|noone|didnt|havent|hasnt|still|wont|not) (?:even |really |ever )?"
    r"(?:called|call|heard|hear|told|tell|answered|answer|fixed|fix|explained|explain|got|get|back|coming back|"
    r"makes?|making|waiting|wait|leaks?|leaking|broken)|same (?:problem|noise|issue)|too long|waste of|"
    r"(?:hours?|all day) (?:late|waiting)|waited (?:\w+ ){0,2}(?:hours?|days?|weeks?|forever)|"
    r"mal[oa]?s?|pesim[oa]s?|peor|fatal|grosero?s?|grosera|enojad[oa]|molest[oa]|decepcionad[oa]|quej\w+|mentir\w+|"
    r"nunca|nadie|sigue igual|sucio|sucia|dan(?:o|ado|ada|aron)|raya\w+|rot[oa]|demasiado (?:tiempo|caro)|cobraron de mas|"
    r"(?:no|nada) (?:estoy |estuvo |fue |me |lo |la |muy |tan )*(?:content[oa]|bien|buen[oa]|satisfech[oa]|felic?z?|gust\w+|"
    r"llamaron|arreglaron|dijeron|explicaron|avisaron|sirve|sirvio))\b"
)
_NOT_SO = re.compile(
    r"\b(?:not (?:too |so |that |half )?bad|no complaints?|nothing (?:bad|broken)|cant complain|cannot complain|"
    r"never (?:a |any )?(?:problem|disappoint\w*|complain\w*)|no mas quejas|sin quejas|ninguna queja|ninguna molestia|"
    r"nada mal[oa]?|no (?:estuvo|fue) mal[oa]?|nobody (?:better|nicer)|nadie mejor|never better|never had a)\b"
)


@dataclass(frozen=True)
class Feeling:
    """One answer, read. `rating` counts out of five; `rating_words` is how it was given."""

    rating: int | None
    rating_words: str
    is_unhappy: bool


def read(body: str, *, rating: int | None, sure: bool, intent: str) -> Feeling | None:
    """What an answer says; None where it is none. `rating`, `sure` and `intent` are how messaging read it."""
    folded = fold(body)
    unhappy = is_unhappy(folded)
    value, words = _rating(folded, rating, sure)
    if value is None and not unhappy and (intent in NO_ANSWER or not folded):
        return None
    if intent in (Intent.OPT_OUT, Intent.WRONG_NUMBER) and value is None:
        return None
    low = (value if value is not None else rating or GOOD) < GOOD
    return Feeling(value, words, unhappy or low)


def of_reading(body: str, reading: Reply) -> Feeling | None:
    """The same for a reading that is at hand."""
    return read(body, rating=reading.rating, sure=reading.sure, intent=reading.intent)


def is_unhappy(folded: str) -> bool:
    """Whether words say that something went wrong, in English or Spanish, already folded."""
    return bool(_UNHAPPY.search(_NOT_SO.sub(" ", folded)))


def _rating(folded: str, rating: int | None, sure: bool) -> tuple[int | None, str]:
    """Out of five, and as it was given. What messaging is not sure of counts only where it says itself "of five"."""
    if rating is None or not (sure or _OUT_OF_FIVE.match(folded)):
        return None, ""
    if rating > 5 or _OUT_OF_TEN.search(folded):
        return OF_TEN.get(rating), f"{rating} of 10"
    return rating, f"{rating} of 5"
