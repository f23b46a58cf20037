"""Who is writing in a conversation at this moment: kept in Redis for seconds, so that a colleague sees it and waits.

A courtesy, no lock: it may be lost, and with Redis away nobody seems to write. That two people do not answer at once is
settled in the database, when a text is sent (`outbox.send`, `seen`).
"""

from __future__ import annotations

import time

from django.core.cache import cache

from dealership import live
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember

#: Whoever types says so every few seconds; silent for so long, they have stopped.
KEPT_SECONDS = 12


def says(conversation: Conversation, staff: StaffMember) -> None:
    """They are writing here."""
    here = _here(conversation)
    is_new = str(staff.pk) not in here
    here[str(staff.pk)] = (staff.first_name, time.time() + KEPT_SECONDS)
    _keep(conversation, here)
    if is_new:
        live.bump(conversation.store_id, "writing")


def stops(conversation: Conversation, staff: StaffMember) -> None:
    """They have sent it."""
    here = _here(conversation)
    if here.pop(str(staff.pk), None):
        _keep(conversation, here)
        live.bump(conversation.store_id, "writing")


def others(conversation: Conversation, staff: StaffMember) -> list[str]:
    """First names of those who write here beside this person."""
    here = _here(conversation)
    return sorted(name for key, (name, _) in here.items() if key != str(staff.pk))


def _here(conversation: Conversation) -> dict[str, tuple[str, float]]:
    """Two who begin in the same millisecond may lose one another; either says so again within seconds."""
    found = live.ask(lambda: cache.get(_key(conversation))) or {}
    return {key: (name, until) for key, (name, until) in found.items() if until > time.time()}


def _keep(conversation: Conversation, here: dict[str, tuple[str, float]]) -> None:
    live.ask(lambda: cache.set(_key(conversation), here, timeout=KEPT_SECONDS))


def _key(conversation: Conversation) -> str:
    return f"writing:{conversation.store_id}:{conversation.pk}"
