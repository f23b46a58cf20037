"""Which columns of a promise the engine, the sweep and leaving may change; all of them are written at once."""

from __future__ import annotations

from collections.abc import Sequence

from dealership import rewriting
from tasks.models import Promise

#: What the engine, the sweep and leaving may change of a promise.
COLUMNS: tuple[str, ...] = (
    "state", "owner_id", "queue_id", "assigned_at", "accepted_at", "offered_until", "n_offers", "opened_at", "opened_by_id",
    "due_at", "original_due_at", "renegotiated_at", "warn_at", "warned_at", "broken_at", "rung", "rung_ats", "closed_at",
    "closed_by_event_id", "closed_by_id", "closed_why", "next_step_at", "why", "sweep_attempts", "parked_at", "sweep_error",
    "open_seconds",
)  # fmt: skip


def write(promises: Sequence[Promise]) -> None:
    """Writes COLUMNS of these rows, which the caller holds locked."""
    rewriting.write(promises, COLUMNS)
