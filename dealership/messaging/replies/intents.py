"""What a message is about, where no stop word, rating or decision on lines has settled it already."""

import re
from dataclasses import dataclass

from dealership.messaging.replies import intent_phrases as phrases
from dealership.messaging.replies.reply import Asked, Intent
from dealership.messaging.replies.slots import Wanted


@dataclass(frozen=True, slots=True)
class Meaning:
    intent: Intent
    because: str


_INSTEAD = re.compile(
    r"\b(?:instead|rather|actually|en vez|mejor|could you make it|can you make it|works? better)\b"
)
_ACTION = re.compile(
    r"\b(?:cancel|cancel\w*) .{0,40}\b(?:program|subscription|order|warranty|plan|policy|contract|"
    r"insurance|action|transaction|card|loan|deal)\b"
)
_PUT_OFF = re.compile(
    r"\b(?:maybe|perhaps|quizas|tal vez)\b.{0,12}\b(?:later|other|another|next|mas tarde|otro)\b"
)
_NOT_MOVING = re.compile(
    r"\bnot reschedul\w*|\bnew (?:appointment|appt)|\bname\b|\bchange (?:the |my |your )?(?:oil|tires?|name|user)|"
    r"\b(?:change|changing|changed) (?:\w+ ){0,3}(?:oil|tires?|name)\b"
)
_STATUS = re.compile(
    r"\b(?:are we still on|still on for|confirm(?:ed)? (?:my|that i have|for)|is my|do i have|when is my|"
    r"whens my|what time is my|my next|try and confirm|just confirming|have a reservation|tengo (?:alguna "
    r")?cita|a que hora es|status)\b"
)
_WH = re.compile(
    r"(?:what|whats|when|whens|where|who|why|how|which|is|are|am|do|does|did|was|que|cual|cuando|donde|como|hay|es)\b"
)
_OTHER_OFFER = re.compile(
    r"\b(?:how about something|do you have (?:any|some)\w* else|any others?|something else)\b[^?]*\?"
)
_AYE = re.compile(phrases.CONFIRM)
_FAREWELL = (
    r"^good (?:day|morning|afternoon|evening)[.! ]*$|\b(?:good ?bye|bye|take care|"
    r"have a (?:good|great|nice) (?:one|day|night|evening|weekend))[.! ]*$"
)
_PREPARING = re.compile(
    r"\b(?:before i come|what do i need to bring|should i bring|what (?:do|should) i bring)\b"
)
_CAR_QUESTION = re.compile(
    r"\b(?:when|how|what|why|how many|how long)\b.{0,40}\b(?:oil|tires?|brakes?|miles|maintenance|pressure|"
    r"battery|last visit|shop|light)\b"
)


def understand(folded: str, asked: Asked, wanted: Wanted, *, booked: bool) -> Meaning:
    """The intent of a folded message; `booked` says that an appointment is known. Always gives one."""
    hits = {
        intent: match for intent, pattern in reversed(phrases.FAMILIES) if (match := pattern.search(folded))
    }
    if not re.search(r"\w", folded):
        return Meaning(Intent.UNCLEAR, "there is no word to read")
    if folded.isdigit() and len(folded) <= 3 and asked is not Asked.NONE:
        return _lone_digit(folded, asked)
    order = [intent for intent, pattern in phrases.FAMILIES if pattern.search(folded)]
    chosen = _chosen(folded, asked, wanted, order, booked=booked)
    if chosen is None:
        return _unmatched(folded, asked, wanted, booked=booked)
    match = hits.get(chosen)
    said = match.group().strip() if match and match.group().strip() else folded[:40]
    return Meaning(chosen, f"“{said[:60]}”")


def _lone_digit(folded: str, asked: Asked) -> Meaning:
    if folded == "1":
        return Meaning(Intent.CONFIRM, "“1” is usually the yes of a numbered question")
    if folded == "2":
        return Meaning(Intent.DECLINE, "“2” is usually the no of a numbered question")
    if asked is Asked.CONFIRM:
        return Meaning(Intent.MOVE, "a lone number may be a time")
    return Meaning(Intent.UNCLEAR, "a lone number")


def _chosen(folded: str, asked: Asked, wanted: Wanted, order: list[Intent], *, booked: bool) -> Intent | None:
    moving = Intent.MOVE if asked is Asked.CONFIRM or booked else Intent.BOOK
    has_time = bool(wanted.slots)
    family = set(order)
    if _ACTION.search(folded):
        return Intent.OTHER
    wishes = has_time and phrases.MOVE_WORDING.search(folded) and phrases.REASON.search(folded)
    if (
        Intent.LATE in family
        and not wishes
        and not re.search(r"\b(?:too late|cancel\w*|resched\w*)\b", folded)
    ):
        return Intent.LATE
    if wishes and Intent.LATE in family:
        return moving
    if _STATUS.search(folded) and not (
        Intent.CANCEL in family or re.search(r"\b(?:change|move|resched\w*)\b", folded)
    ):
        return Intent.QUESTION
    if Intent.MOVE in family and not _NOT_MOVING.search(folded) and not _PUT_OFF.search(folded):
        return Intent.MOVE
    if Intent.CANCEL in family:
        return moving if _INSTEAD.search(folded) and has_time else Intent.CANCEL
    if has_time and _INSTEAD.search(folded):
        return moving
    if _CAR_QUESTION.search(folded) and Intent.BOOK not in family:
        return Intent.QUESTION
    if Intent.HELP in family:
        return Intent.HELP
    if Intent.CALLBACK in family and not re.search(
        r"\byou call(?: me)? this\b|\bcall me (?:by|this|the)\b|that you call me|"
        r"\b(?:dont|do not|not|instead of|rather than) call",
        folded,
    ):
        return Intent.CALLBACK
    if _PREPARING.search(folded):
        return Intent.QUESTION
    return _softer(folded, order, moving, has_time=has_time, asked=asked)


def _softer(
    folded: str, order: list[Intent], moving: Intent, *, has_time: bool, asked: Asked
) -> Intent | None:
    family = set(order)
    asks = Intent.QUESTION in family
    tentative = re.search(phrases.TENTATIVE, folded) is not None
    if _OTHER_OFFER.search(folded):
        return Intent.QUESTION
    if Intent.DECLINE in family and not has_time and not ("?" in folded and Intent.BOOK in family):
        return (
            Intent.QUESTION
            if asks and "?" in folded and len(folded) > 40 and not folded.startswith("no")
            else Intent.DECLINE
        )
    agreed = asked is Asked.CONFIRM and not has_time and "?" not in folded and _AYE.match(folded)
    if agreed and not tentative and Intent.DECLINE not in family:
        return Intent.CONFIRM
    if Intent.BOOK in family and not tentative:
        return moving if has_time and asked is Asked.CONFIRM else Intent.BOOK
    if asks and not (has_time and (_offers_time(folded) or not _WH.match(folded))):
        return Intent.QUESTION
    if re.search(_FAREWELL, folded) and Intent.DECLINE not in family:
        return Intent.OTHER
    if asked is Asked.NONE and len(folded) > 40 and not re.match(phrases.CONFIRM, folded):
        family.discard(Intent.CONFIRM)
    if Intent.CONFIRM in family and not has_time and not tentative:
        polite = Intent.THANKS in family and asked is Asked.NONE
        return Intent.THANKS if polite else Intent.CONFIRM
    if has_time and Intent.CONFIRM not in family:
        return None
    if Intent.CONFIRM in family:
        return Intent.CONFIRM if not tentative else Intent.OTHER
    if Intent.THANKS in family:
        return Intent.THANKS
    return Intent.OTHER if Intent.OTHER in family else None


def _offers_time(folded: str) -> bool:
    """ "Can we do Saturday?", "how about 3?", "will 9 work?": a wish in the shape of a question."""
    return (
        re.search(
            r"\b(?:can|could|may|will|would|does|how about|what about|any time|anything|possible|podemos|puedo|"
            r"podria|puede ser|que tal)\b",
            folded,
        )
        is not None
        and re.search(r"\b(?:open|close|hours|working|cost|price|much|ready|done)\b", folded) is None
    )


def _unmatched(folded: str, asked: Asked, wanted: Wanted, *, booked: bool) -> Meaning:
    if wanted.slots and not wanted.speaks_of_past:
        moving = Intent.MOVE if asked is Asked.CONFIRM or booked else Intent.BOOK
        return Meaning(moving, "names a time")
    if len(folded) <= 12:
        return Meaning(Intent.UNCLEAR, "nothing in it is known")
    return Meaning(Intent.OTHER, "says something else")
