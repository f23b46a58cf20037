"""Reads a customer's text message: `read()` is the way into this package.

Order of reading: a carrier word alone; a wrong number; a stop in any wording; then the answer to what was asked (a
rating, a decision on lines, a yes to an appointment); then what the message is about. Stop wins over everything. A
confirmation or a move is sure only if every word of the message is accounted for: one word that could change the
meaning hands it to a person.
"""

import re
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from dealership.messaging.replies import intent_phrases as phrases
from dealership.messaging.replies import stopwords
from dealership.messaging.replies.approvals import read_approval
from dealership.messaging.replies.atoms import Scene
from dealership.messaging.replies.folding import LONGEST, blank, fold, words
from dealership.messaging.replies.intents import understand
from dealership.messaging.replies.numbers import read_rating
from dealership.messaging.replies.reply import Asked, Intent, Reply, Slot
from dealership.messaging.replies.slots import Wanted, read_slots

_AYE = re.compile(phrases.CONFIRM)
_ABOUT_APPOINTMENT = re.compile(r"\b(?:appointment|appt|booking|reservation|visit|cita|reserva)\b")
_WH = re.compile(r"(?:what|whats|how|why|when|which|is|are|does|que|cuanto|cual|es)\b")
_CANCELAR = frozenset({"cancelar", "cancela", "cancelen", "anular", "cancelarla"})
_NOT_INTERESTED = re.compile(
    r"\b(?:not|no longer) interested\b|\bno me interesan?\b|\bno estoy interesad\w\b"
)


def read(
    text: str,
    *,
    asked: Asked,
    now: datetime,
    zone: ZoneInfo,
    appointment: datetime | None = None,
    opens: tuple[int, int] = (7, 19),
) -> Reply:
    """What `text` means as the answer to `asked`.

    `now` and `appointment` are aware; times are read in `zone`, the store's. `opens` are the first and the closing hour
    of the department, 0 to 24, which decide between morning and afternoon. Never raises on any text.
    """
    folded = fold(text)
    local = appointment.astimezone(zone) if appointment else None
    if reply := _stop_or_start(text, folded, asked, local):
        return reply
    asking = asked is Asked.CONFIRM or (local is not None and asked is Asked.NONE)
    scene = Scene(now.astimezone(zone), zone, local, opens, time_asked=asking)
    wanted = read_slots(folded, scene)
    reply = _answer(text, folded, asked, wanted, scene)
    if asked in (Asked.NONE, Asked.SURVEY) and _NOT_INTERESTED.search(folded):
        reply = replace(
            reply,
            intent=Intent.DECLINE,
            opt_out=True,
            sure=False,
            because="“not interested” may mean no more messages",
        )
    if len(text) > LONGEST:
        return replace(reply, sure=False, because=f"{reply.because}; too long to be read to the end")
    return reply


def _stop_or_start(text: str, folded: str, asked: Asked, appointment: datetime | None) -> Reply | None:
    booked = asked is Asked.CONFIRM or appointment is not None
    run = "".join(words(folded))
    if run in _CANCELAR and booked:
        return Reply(text, Intent.CANCEL, f"“{run}” after a question about an appointment")
    verdict = stopwords.carrier_word(folded)
    if verdict is None:
        verdict = stopwords.read_wrong_number(folded)
        stop = stopwords.read_stop(folded)
        if stop and (verdict is None or stop.sure):
            verdict = stop if verdict is None else replace(verdict, sure=True)
        verdict = verdict or stopwords.read_start(folded)
    if verdict is None:
        return None
    out = verdict.intent in (Intent.OPT_OUT, Intent.WRONG_NUMBER)
    meant = out and ((booked and verdict.bare) or (_ABOUT_APPOINTMENT.search(folded) is not None))
    because = verdict.because
    if meant and verdict.intent is Intent.OPT_OUT:
        because += "; tell a person too: the customer may have meant the appointment"
    sure = verdict.sure and not (verdict.intent is Intent.OPT_IN and asked is Asked.APPROVE)
    return Reply(
        text,
        verdict.intent,
        because,
        sure=sure,
        opt_out=out,
        maybe_meant_appointment=meant and verdict.intent is Intent.OPT_OUT,
    )


def _answer(text: str, folded: str, asked: Asked, wanted: Wanted, scene: Scene) -> Reply:
    if asked is Asked.SURVEY and (rating := read_rating(folded)):
        return Reply(text, Intent.RATING, rating.because, rating=rating.value, sure=rating.sure)
    meaning = understand(folded, asked, wanted, booked=scene.appointment is not None)
    if asked is Asked.APPROVE and (decided := _decision(text, folded, meaning.intent)):
        return decided
    intent = meaning.intent
    if intent is Intent.CONFIRM and asked in (Asked.SURVEY, Asked.APPROVE):
        intent = Intent.OTHER if asked is Asked.SURVEY else Intent.UNCLEAR
    reply = Reply(text, intent, meaning.because, slots=wanted.slots)
    if asked is Asked.CONFIRM or scene.appointment is not None:
        return _about_appointment(reply, folded, asked, wanted, scene)
    return reply


def _decision(text: str, folded: str, about: Intent) -> Reply | None:
    """The approval in a message, unless an unsure one is better read as a question, a callback or a cancellation."""
    found = read_approval(folded)
    if found is None:
        return None
    elsewhere = (Intent.CALLBACK, Intent.CANCEL, Intent.LATE, Intent.MOVE, Intent.HELP)
    asks = (
        about is Intent.QUESTION
        and ("?" in folded or _WH.match(folded))
        and (not found.lines or _WH.match(folded))
    )
    if not found.sure and (about in elsewhere or asks):
        return None
    intent = Intent.APPROVE if found.said == "yes" else Intent.DECLINE
    return Reply(
        text,
        intent,
        found.because,
        lines=tuple(found.lines),
        declined_lines=tuple(found.declined),
        all_lines=found.all_lines,
        sure=found.sure,
    )


def _about_appointment(reply: Reply, folded: str, asked: Asked, wanted: Wanted, scene: Scene) -> Reply:
    """The reply with `sure` set where a confirmation or a move is beyond doubt."""
    beside = re.sub(r"\b(?:will|would) work\b", "works", blank(folded, wanted.spans)).strip()
    rest = words(phrases.REASON.sub(" ", beside))
    hedged = phrases.HEDGE.search(folded)
    echo = [s.start for s in wanted.slots] == [scene.appointment]
    if (
        reply.intent in (Intent.CONFIRM, Intent.MOVE, Intent.BOOK)
        and wanted.slots
        and (echo or _AYE.search(folded))
    ):
        if scene.appointment is None or wanted.speaks_of_past:
            return replace(
                reply, intent=Intent.CONFIRM, because=f"{reply.because} with a time we cannot compare"
            )
        if not _names_appointment(wanted.slots, scene.appointment):
            moved = Intent.MOVE if reply.intent is Intent.CONFIRM else reply.intent
            reply = replace(
                reply, intent=moved, because=f"{reply.because}, but another time than the appointment's"
            )
        elif not phrases.MOVE_WORDING.search(folded):
            reply = replace(reply, intent=Intent.CONFIRM)
    if reply.intent is Intent.CONFIRM and asked is Asked.CONFIRM:
        odd = [w for w in rest if w not in phrases.CONFIRM_WORDS]
        if hedged or odd or phrases.ASKS.search(folded) or wanted.doubts or folded in ("1", "2"):
            word = hedged.group() if hedged else odd[0] if odd else folded[:20]
            return replace(reply, because=f"{reply.because}, but “{word}” leaves a doubt")
        gone = scene.appointment is not None and scene.appointment <= scene.now
        return replace(reply, sure=_AYE.search(beside) is not None and not gone)
    if reply.intent in (Intent.MOVE, Intent.BOOK) and wanted.slots and scene.appointment is not None:
        return _move(replace(reply, intent=Intent.MOVE), folded, rest, wanted, scene)
    return reply


def _names_appointment(slots: tuple[Slot, ...], appointment: datetime) -> bool:
    return all(
        slot.start == appointment if slot.is_point else slot.start < appointment < slot.end for slot in slots
    )


def _move(reply: Reply, folded: str, rest: list[str], wanted: Wanted, scene: Scene) -> Reply:
    booked = scene.appointment
    odd = [w for w in rest if w not in phrases.MOVE_WORDS]
    if not wanted.exact:
        why = wanted.doubts[0] if wanted.doubts else "not one exact time"
        return replace(reply, because=f"{reply.because}: {why}")
    if odd or phrases.HEDGE.search(folded) or not phrases.MOVE_WORDING.search(folded):
        why = f"“{odd[0]}” is not understood" if odd else "the wish to move is not plain"
        return replace(reply, because=f"{reply.because}: {why}")
    if booked is None or booked <= scene.now or wanted.slots[0].start == booked:
        return replace(
            reply, because=f"{reply.because}: that is the time we have, or the appointment has passed"
        )
    return replace(reply, sure=True, because=f"{reply.because}, one exact time")
