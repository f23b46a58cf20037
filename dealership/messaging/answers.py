"""Who settles a sure answer: the owner of what was asked about registers here; messaging knows no appointment and no RO.

@answers.answers_to("appointment")
def settle(conversation, message, reading, subject, now) -> Answer: ...

@answers.scene_of("appointment")
def scene(store_id, subject) -> Scene: ...
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dealership.messaging.models import Conversation, Message
from dealership.messaging.replies.reply import Intent, Reply

log = logging.getLogger(__name__)

#: Sure readings that may settle something. A cancellation is never settled by a machine.
SETTLING = frozenset({Intent.CONFIRM, Intent.MOVE, Intent.APPROVE, Intent.DECLINE, Intent.RATING})


@dataclass(frozen=True)
class Answer:
    """What was made of a sure answer. Settled: `words` are sent to the customer, who so hears what stands now.

    Not settled: a person answers, and finds `words` half written in the composer.
    """

    settled: bool
    words: str


@dataclass(frozen=True)
class Scene:
    """What a reader must know of what was asked about: the time that was offered, and the department's first and last hour."""

    appointment: datetime | None = None
    opens: tuple[int, int] = (7, 19)


Draft = Callable[[Conversation, Message, Reply, str, datetime], str]
Settler = Callable[[Conversation, Message, Reply, str, datetime], Answer]
Describer = Callable[[int, str], Scene]

_settlers: dict[str, Settler] = {}
_describers: dict[str, Describer] = {}
_drafts: dict[str, Draft] = {}


class TwoSettlers(RuntimeError):
    """Two functions want to settle answers about the same kind of thing."""


def answers_to(kind: str) -> Callable[[Settler], Settler]:
    """Registers who settles sure answers about "appointment", "ro", "survey": the word before the colon of `asked_about`."""

    def register(function: Settler) -> Settler:
        if _settlers.setdefault(kind, function) is not function:
            raise TwoSettlers(f"Answers to {kind} are settled already.")
        return function

    return register


def scene_of(kind: str) -> Callable[[Describer], Describer]:
    """Registers who knows the scene of such a question."""

    def register(function: Describer) -> Describer:
        _describers[kind] = function
        return function

    return register


def half_written(kind: str) -> Callable[[Draft], Draft]:
    """Registers who half writes the answer of a person where the customer's words about such a thing are not sure."""

    def register(function: Draft) -> Draft:
        _drafts[kind] = function
        return function

    return register


def scene(store_id: int, subject: str) -> Scene:
    """The scene of what was asked about; an empty one where nobody knows it."""
    describer = _describers.get(subject.partition(":")[0])
    return describer(store_id, subject) if describer else Scene()


def settle(
    conversation: Conversation, message: Message, reading: Reply, subject: str, now: datetime
) -> Answer:
    """Lets the owner of the subject settle a sure answer, and half write one to an unsure one. Whatever goes wrong there leaves it to a person."""
    kind = subject.partition(":")[0]
    settler, draft = _settlers.get(kind), _drafts.get(kind)
    is_sure = reading.sure and reading.intent in SETTLING
    try:
        with transaction.atomic():
            if is_sure and settler is not None:
                return settler(conversation, message, reading, subject, now)
            words = draft(conversation, message, reading, subject, now) if draft and not is_sure else ""
            return Answer(False, words)
    except Exception:
        log.exception("A sure answer about %s could not be settled; a person gets it.", subject)
        return Answer(False, "")
