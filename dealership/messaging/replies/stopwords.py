"""A customer's "no more": carrier words, and every other wording that a reasonable person would understand.

FCC (47 CFR 64.1200(a)(10)): stop, quit, end, revoke, opt out, cancel and unsubscribe revoke consent as such; other
wording counts when a reasonable person would understand it so. Twilio's long-code words: STOP, STOPALL, UNSUBSCRIBE,
END, QUIT, CANCEL, REVOKE, OPTOUT; START and UNSTOP resume; HELP and INFO answer.
"""

import re
from dataclasses import dataclass

from dealership.messaging.replies import stop_phrases as phrases
from dealership.messaging.replies.folding import words
from dealership.messaging.replies.reply import Intent


@dataclass(frozen=True, slots=True)
class Verdict:
    """`intent` is opt_out, opt_in, help or wrong_number; `bare` is true for a carrier word that stands alone."""

    intent: Intent
    because: str
    sure: bool
    bare: bool = False


_LEET = str.maketrans("01345$@7", "oieassat")
_LEET_S = str.maketrans("01345$@7", "oiesssat")


def _spellings(folded: str) -> set[str]:
    """The message run together into letters, as written and with digits read as the letters they look like."""
    run = "".join(words(folded))
    found = {run}
    squeezed = "".join(folded.split())
    if re.search(r"[a-z]", squeezed) and re.search(r"[0-9$@]", squeezed) and len(squeezed) <= 16:
        for table in (_LEET, _LEET_S):
            found.add(re.sub(r"[^a-z]", "", squeezed.translate(table)))
    return found


def _one_slip(typed: str, meant: str) -> bool:
    """True if `typed` is `meant` with one letter missing, added, changed, or two neighbours swapped."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return typed == meant
    first = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if first is None:
        return True
    if len(typed) > len(meant):
        return typed[first + 1 :] == meant[first:]
    if len(typed) < len(meant):
        return typed[first:] == meant[first + 1 :]
    swapped = typed[:first] + typed[first + 1 : first + 2] + typed[first] + typed[first + 2 :]
    return typed[first + 1 :] == meant[first + 1 :] or swapped == meant


def _two_slips(typed: str, meant: str) -> bool:
    """As `_one_slip`, twice: tried by leaving out one letter of either side first."""
    if _one_slip(typed, meant):
        return True
    return any(_one_slip(typed[:i] + typed[i + 1 :], meant) for i in range(len(typed))) or any(
        _one_slip(typed, meant[:i] + meant[i + 1 :]) for i in range(len(meant))
    )


def _mistyped(word: str) -> str:
    """The stop word that a lone `word` was surely or probably meant to be, or an empty string."""
    if word in phrases.REAL_WORDS or not word.isascii():
        return ""
    if len(word) in (3, 4, 5) and _one_slip(word, "stop"):
        return "stop"
    if len(word) >= 8 and any(_two_slips(word, m) for m in ("unsubscribe", "unsubscribed", "unsuscribe")):
        return "unsubscribe"
    for meant in ("stopall", "revoke", "optout"):
        if len(word) >= 5 and _one_slip(word, meant):
            return meant
    return ""


def carrier_word(folded: str) -> Verdict | None:
    """The verdict on a message that is nothing but one carrier word, in any decoration."""
    plain = " ".join(w for w in words(folded) if not w.startswith("emoji"))
    for run in _spellings(plain if plain else folded) | _spellings(folded):
        if run in phrases.CARRIER_STOP:
            return Verdict(Intent.OPT_OUT, f"“{run}” alone is a carrier stop word", sure=True, bare=True)
        if run in phrases.CARRIER_START:
            return Verdict(Intent.OPT_IN, f"“{run}” alone resumes messages", sure=True, bare=True)
        if run in phrases.CARRIER_HELP:
            return Verdict(Intent.HELP, f"“{run}” alone asks who we are", sure=True, bare=True)
        if run in phrases.STOP_ALONE:
            return Verdict(Intent.OPT_OUT, f"“{run}” alone means stop", sure=True)
        if run in phrases.STOP_ALONE_MAYBE:
            return Verdict(Intent.OPT_OUT, f"“{run}” alone may mean stop", sure=False)
    return None


def _decorated(folded: str) -> Verdict | None:
    """ "STOP please", "ok stop", "stpo": a stop word with nothing beside it that says something else."""
    said = words(folded)
    if said and len(said) <= 12:
        rest = [w for w in said if w not in phrases.DECORATION and not w.startswith("emoji")]
        if rest and all(w in phrases.HARD_STOP for w in rest):
            return Verdict(Intent.OPT_OUT, f"“{rest[0]}” with nothing else to say", sure="?" not in folded)
        if len(rest) == 1 and len(said) <= 3 and (meant := _mistyped(rest[0])):
            sure = rest[0] in phrases.CLEAR_TYPOS
            return Verdict(Intent.OPT_OUT, f"“{rest[0]}” looks like “{meant}” mistyped", sure=sure)
        if said == ["emojistop"]:
            return Verdict(Intent.OPT_OUT, "a stop sign and nothing else", sure=False)
    return None


def read_stop(folded: str) -> Verdict | None:
    """The verdict on a message that says stop in its own words, or None.

    Doubt is an opt-out that is not sure: messages pause and a person decides.
    """
    if verdict := _decorated(folded):
        return verdict
    for foreign in phrases.FOREIGN:
        if foreign in folded:
            return Verdict(Intent.OPT_OUT, f"“{foreign}” means stop in another language", sure=False)
    heard = phrases.NOT_A_STOP.sub(" ~ ", folded)
    if match := phrases.CLEAR.search(heard):
        doubt = phrases.CONDITION.search(heard) or "?" in folded
        return Verdict(Intent.OPT_OUT, f"“{match.group().strip()}” asks us to stop", sure=not doubt)
    if match := phrases.DOUBTFUL.search(heard):
        return Verdict(Intent.OPT_OUT, f"“{match.group().strip()}” may ask us to stop", sure=False)
    return None


def read_start(folded: str) -> Verdict | None:
    """ "Resume please", "you can text me again": a wish to hear from us again, for a person to confirm."""
    if match := phrases.RESUME.search(folded):
        return Verdict(Intent.OPT_IN, f"“{match.group().strip()}” asks for messages again", sure=False)
    return None


def read_wrong_number(folded: str) -> Verdict | None:
    """The verdict on "wrong number" and its like."""
    if phrases.NOT_WRONG_NUMBER.search(folded):
        return None
    if match := phrases.WRONG_NUMBER.search(folded):
        sure = "?" not in folded and not phrases.CONDITION.search(folded)
        return Verdict(
            Intent.WRONG_NUMBER, f"“{match.group().strip()}” says the number is not theirs", sure=sure
        )
    if match := phrases.MAYBE_WRONG_NUMBER.search(folded):
        return Verdict(Intent.WRONG_NUMBER, f"“{match.group().strip()}” may mean a wrong number", sure=False)
    return None
