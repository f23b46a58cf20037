"""What happened to a text, step by step: each with its time and its reason, kept on the text's own row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Value

from dealership.messaging.models import Message

#: Of a text that goes round and round the last steps are kept.
MOST = 40


def line(at: datetime, what: str) -> list[str]:
    """One step: when, and what in a sentence."""
    return [at.isoformat(), what[:300]]


def note(row: Message, at: datetime, what: str) -> None:
    """One step more; the caller saves `steps`. Said again in the same words at once, it is no step."""
    if row.steps and row.steps[-1][1] == what[:300]:
        return
    row.steps = [*row.steps, line(at, what)][-MOST:]


def noted(at: datetime, what: str) -> Func:
    """One step more on each row of an update: `update(state=…, steps=steps.noted(now, "…"))`."""
    more: Any = Value([line(at, what)], output_field=JSONField())
    return Func(F("steps"), more, template="(%(expressions)s)", arg_joiner=" || ", output_field=JSONField())
