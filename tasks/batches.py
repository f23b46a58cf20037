"""How the engine and the sweep change promises: in batches, held against leavers, each change with its transition.

What people do to one promise is in `promises`; nothing else changes any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from dealership import live
from tasks import opening, rollups, writing
from tasks.models import Notice, Promise, Task, Transition

MOVED_ORDER = "Facts arrived in another order than they happened."


class Gone(ValueError):
    """Somebody who was to own a promise has just left."""


def open_many(made: Sequence[tuple[Promise, list[Task]]]) -> None:
    """Saves new promises with their steps and first transitions. The owners are held active until the commit.

    Raises Gone.
    """
    promises = [promise for promise, _ in made]
    rollups.clock_answers(promises)
    rollups.touch(promises, was_saved=False)
    owners = {promise.owner_id for promise in promises if promise.state == Promise.State.OPEN}
    if hold_active(owners) != owners:
        raise Gone("Somebody who was to own one of these has just left: choose again.")
    Promise.objects.bulk_create(promises)
    Task.objects.bulk_create([task for _, tasks in made for task in tasks])
    record_many(
        (
            promise,
            {
                "act": Transition.Act.OPENED,
                "at": promise.opened_at,
                "owner_after_id": promise.owner_id,
                "event_id": promise.opened_by_id,
                "why": promise.why.get("exists", "")[:300],
            },
        )
        for promise in promises
    )


def broken_at(promise: Promise) -> datetime | None:
    """The hour at which it was broken, or None: by the hours it has now, whenever anybody looked.

    What ended after its hour was broken at it. What is open was so if a breach was stamped, and its hour is not a later one now.
    """
    if promise.closed_at is not None:
        return promise.due_at if promise.closed_at > promise.due_at else None
    return promise.due_at if promise.broken_at is not None and promise.due_at <= promise.broken_at else None


def move_hour(promise: Promise, due_at: datetime, *, told_at: datetime) -> None:
    """Marks a promise as due at the time that the customer was told at `told_at`, before the old one passed (unsaved).

    A breach that was stamped meanwhile is withdrawn: the word had been given in time, only the news of it came late.
    """
    shift = due_at - promise.due_at
    promise.rung_ats = [at + shift for at in promise.rung_ats]
    promise.warn_at = promise.warn_at + shift if promise.warn_at else None
    promise.warned_at, promise.renegotiated_at, promise.due_at = None, told_at, due_at
    promise.broken_at = broken_at(promise)
    if promise.state == Promise.State.OPEN:
        promise.next_step_at = opening.next_step(promise)


def close(
    promise: Promise, state: Promise.State, *, at: datetime, event_id: int | None, why: str
) -> dict[str, Any]:
    """Marks a promise as ended by a fact (unsaved); returns the transition to record. Evidence counts at its own time."""
    promise.state, promise.closed_at, promise.closed_by_event_id, promise.closed_why = (
        state,
        at,
        event_id,
        why[:240],
    )
    promise.next_step_at = None
    act = {Promise.State.KEPT: Transition.Act.KEPT, Promise.State.WAIVED: Transition.Act.WAIVED}.get(
        state, Transition.Act.VOIDED
    )
    was_late, promise.broken_at = promise.broken_at is not None, broken_at(promise)
    if promise.broken_at is not None and state == Promise.State.KEPT:
        act = Transition.Act.RECOVERED
    elif promise.broken_at is None and was_late:
        # It had been kept (or ended) before its hour; only the news of it came late.
        why = f"{why} Known only later."
    return {"act": act, "at": at, "event_id": event_id, "why": why[:300]}


def reopen(promise: Promise) -> dict[str, Any]:
    """Marks an ended promise as owed again (unsaved); returns the transition to record."""
    mark_open(promise)
    return {"act": Transition.Act.REOPENED, "at": promise.opened_at, "why": MOVED_ORDER}


def save_many(changed: Sequence[Promise]) -> None:
    """Writes promises that the engine or the sweep has changed, in one statement; ends the steps of those that ended."""
    rollups.clock_answers(changed)
    rollups.touch(changed)
    writing.write(changed)
    ended = [promise.pk for promise in changed if promise.state != Promise.State.OPEN]
    if ended:
        Task.objects.across_stores("steps of promises that just ended").filter(
            promise_id__in=ended, state=Task.State.WAITING
        ).update(state=Task.State.SKIPPED, why="No longer needed.")
    refresh(promise.store_id for promise in changed)


def record_many(acts: Iterable[tuple[Promise, dict[str, Any]]]) -> None:
    """Writes one transition per act."""
    rows = [Transition(store_id=promise.store_id, promise_id=promise.pk, **act) for promise, act in acts]
    Transition.objects.bulk_create(rows, batch_size=1000)
    refresh(row.store_id for row in rows)


def notify_many(notices: Sequence[Notice]) -> None:
    """Tells people."""
    Notice.objects.bulk_create(notices, batch_size=1000)


def mark_open(promise: Promise) -> None:
    """Marks an ended promise as owed (unsaved)."""
    promise.state, promise.closed_at, promise.closed_by, promise.closed_by_event = (
        Promise.State.OPEN,
        None,
        None,
        None,
    )
    promise.closed_why = ""
    promise.next_step_at = opening.next_step(promise)


def give(promise: Promise, staff_id: int, *, at: datetime) -> int:
    """Another owner, as an offer (unsaved). Returns who had it before."""
    before = promise.owner_id
    promise.owner_id, promise.queue, promise.assigned_at = staff_id, None, at
    promise.accepted_at, promise.offered_until, promise.n_offers = None, None, promise.n_offers + 1
    return before


def hold_active(staff_ids: Iterable[int]) -> set[int]:
    """Locks these people against leaving until the commit; returns those of them who are active.

    FOR SHARE: whoever deactivates one of them waits for this commit and then moves the promise; nobody falls between.
    """
    ids = sorted(set(staff_ids))
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM staff_staffmember WHERE id = ANY(%s) AND is_active ORDER BY id FOR SHARE", [ids]
        )
        return {row[0] for row in cursor.fetchall()}


def refresh(store_ids: Iterable[int]) -> None:
    """Pages that show promises of these stores are drawn again."""
    for store_id in set(store_ids):
        live.bump(store_id, "promises")
