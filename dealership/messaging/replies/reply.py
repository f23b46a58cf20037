"""The shape of an answer: what was asked, what was meant, and whether the product may act on it alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Asked(StrEnum):
    """The question that the customer's message follows."""

    CONFIRM = "confirm"
    APPROVE = "approve"
    SURVEY = "survey"
    NONE = "none"


class Intent(StrEnum):
    """What the customer wants, in the words of the trade."""

    CONFIRM = "confirm"
    MOVE = "move"
    BOOK = "book"
    CANCEL = "cancel"
    APPROVE = "approve"
    DECLINE = "decline"
    RATING = "rating"
    LATE = "late"
    QUESTION = "question"
    CALLBACK = "callback"
    HELP = "help"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    WRONG_NUMBER = "wrong_number"
    THANKS = "thanks"
    OTHER = "other"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Slot:
    """A wanted time in the store's zone. A point has `start == end`; a day or "afternoon" is a range."""

    start: datetime
    end: datetime

    @property
    def is_point(self) -> bool:
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class Reply:
    """One message, read.

    `sure` is true only where the product acts by itself: an appointment confirmed or moved to one exact time, lines
    approved or declined, opt-out, opt-in, help, a wrong number, a rating. Everything else goes to a person.

    `lines` are the approved line numbers, `declined_lines` the refused ones; `all_lines` says that the yes or the no
    was for everything, and then both are empty. `opt_out` true means that marketing to this number stops now, also
    when `sure` is false and a person still has to decide. `maybe_meant_appointment` asks for a person to be told that
    a stop word may have been the answer about the appointment.
    """

    text: str
    intent: Intent
    because: str
    slots: tuple[Slot, ...] = ()
    lines: tuple[int, ...] = ()
    declined_lines: tuple[int, ...] = ()
    all_lines: bool = False
    rating: int | None = None
    sure: bool = False
    opt_out: bool = False
    maybe_meant_appointment: bool = False
