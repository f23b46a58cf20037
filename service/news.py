"""What a batch of ROs tells: each effect once per cycle, whichever file brings it and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dealership.dms.readers.records import RepairOrderRecord
from dealership.events.base import Fact
from dealership.events.catalogue.service import (
    DeclinedWork,
    DeclinedWorkFound,
    RepairOrderClosed,
    RepairOrderOpened,
    RepairOrderReopened,
    RepairOrderVoided,
)
from dealership.messaging.wording import excerpt
from service import comebacks, declined_work, found_work, lives, promise_times
from service.facts import common
from service.lives import Step, Version
from service.models import RepairOrder
from service.stories import Ground, Story

#: An RO that closed longer before its file was made is history: nobody asks how it was after a month.
NEWS = timedelta(days=30)


def facts_of(stories: Sequence[Story], ground: Ground, now: datetime) -> list[Fact]:
    renewed = [story for story in stories if story.latest is not None]
    found = found_work.not_approved([story.ro for story in renewed if _owes(story.ro)])
    synced = declined_work.sync([_wanted(story, found.get(story.ro.pk, ()), now) for story in renewed])
    facts: list[Fact] = list(synced.facts)
    for story in stories:
        owed = synced.owed.get(story.ro.pk)
        facts.extend(_fact(story, step, owed, ground, now) for step in _new_steps(story))
        facts.extend(_promised(story, now))
    for item, lines in synced.found:
        told = common(item.ro, item.ro.cycle, item.at)
        facts.append(DeclinedWorkFound(**told, declined_lines=lines, backfill=item.backfill))
    facts += comebacks.find(stories, now)
    vehicles = {story.ro.vehicle_id for story in stories if story.ro.vehicle_id}
    facts += declined_work.settle_sold(vehicles, now=now, backfill=all(story.backfill for story in stories))
    return facts


def _owes(ro: RepairOrder) -> bool:
    """Whether what was recommended and not bought is owed a follow-up."""
    return ro.state == RepairOrder.State.CLOSED and ro.customer_pays


def _wanted(story: Story, found: Sequence[DeclinedWork], now: datetime) -> declined_work.Wanted:
    latest, ro = story.latest, story.ro
    assert latest is not None  # noqa: S101 - asked for only where the batch brought what holds now
    done = {declined_work.key_of(line.op_code, "") for line in latest.record.lines}
    done |= {declined_work.key_of("", line.description) for line in latest.record.lines}
    told = any(step.what == lives.CLOSED and step.cycle == ro.cycle for step in _new_steps(story))
    return declined_work.Wanted(
        ro=ro,
        lines=found_work.merged(declined_work.declined(latest.record), found, done) if _owes(ro) else (),
        done=frozenset(done - {""}),
        told_with_close=told,
        at=min(latest.version.stamp, now),
        backfill=_is_history(story, latest.version),
    )


def _new_steps(story: Story) -> list[Step]:
    """Steps that no earlier file has told. What happened between two known versions is told as far as it matters now."""
    known = {step.key for step in story.before.steps}
    fresh = {item.version for item in story.told}
    return [
        step
        for step in story.after.steps
        if step.key not in known
        and (
            step.version in fresh
            or step.version == story.after.closed_since
            or step.what in (lives.REOPENED, lives.VOIDED)
        )
    ]


def _fact(
    story: Story, step: Step, owed: tuple[DeclinedWork, ...] | None, ground: Ground, now: datetime
) -> Fact:
    ro = story.ro
    is_history = _is_history(story, step.version)
    told = {**common(ro, step.cycle, _moment(ro, step, now, is_history=is_history)), "backfill": is_history}
    if step.what == lives.OPENED:
        record = next((item.record for item in story.told if item.version == step.version), None)
        return RepairOrderOpened(
            **told, complaint=_complaint(record), promised_at=ro.promised_at, is_waiter=ro.is_waiter
        )
    if step.what == lives.REOPENED:
        return RepairOrderReopened(**told)
    if step.what == lives.VOIDED:
        return RepairOrderVoided(**told)
    is_last = step.cycle == ro.cycle
    if owed is None and is_last:
        owed = tuple(
            DeclinedWork(
                key=line.key,
                description=line.description,
                colour=line.colour,
                price_cents=line.price_cents,
                op_code=line.op_code,
            )
            for line in ro.declined_lines.filter(state__in=declined_work.OWED)
        )
    visits = ground.next_visits[ro.customer_id or 0]
    return RepairOrderClosed(
        **told,
        declined_lines=(owed or ()) if is_last else (),
        # One that came to be known later keeps the promise, whichever file was read first.
        has_next_visit=any(known_at < told["at"] < starts_at for starts_at, known_at in visits),
        worth=f" · ${ro.customer_pay_cents / 100:,.2f}" if ro.customer_pay_cents else "",
    )


def _promised(story: Story, now: datetime) -> list[Fact]:
    """The first promised time, where this batch brought it and the car is still here."""
    if not story.brings_time or story.latest is None or story.ro.state != RepairOrder.State.OPEN:
        return []
    at = min(story.latest.version.stamp, now)
    return [promise_times.set_by_dms(story.ro, at, backfill=_is_history(story, story.latest.version))]


def _moment(ro: RepairOrder, step: Step, now: datetime, *, is_history: bool) -> datetime:
    # News is true from the moment of its file; history from the day that the RO itself names.
    own = {lives.OPENED: ro.opened_at, lives.CLOSED: ro.closed_at}.get(step.what) if is_history else None
    return min(moment for moment in (step.version.stamp, now, own) if moment)


def _is_history(story: Story, version: Version) -> bool:
    if story.backfill:
        return True
    closed_on = version.closed_on
    return (
        version.status != "open"
        and closed_on is not None
        and closed_on < (version.stamp - NEWS).astimezone(UTC).date()
    )


def _complaint(record: RepairOrderRecord | None) -> str:
    if record is None:
        return ""
    first = next(
        (line.complaint or line.description for line in record.lines if line.complaint or line.description),
        "",
    )
    words = first.lower() if first.isupper() else first
    return f"“{excerpt(words, 80)}”" if words else ""
