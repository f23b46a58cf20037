"""How a text was read, in the words that stand under it. Pure."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dealership.messaging.replies.reply import Intent, Reply, Slot
from dealership.stores.hours import spoken_date, spoken_time

PHRASES = {
    Intent.CONFIRM: "confirms",
    Intent.MOVE: "wants another time",
    Intent.BOOK: "wants a visit",
    Intent.CANCEL: "wants to cancel",
    Intent.APPROVE: "approves",
    Intent.DECLINE: "declines",
    Intent.RATING: "rates",
    Intent.LATE: "runs late",
    Intent.QUESTION: "a question",
    Intent.CALLBACK: "wants a call",
    Intent.HELP: "asks who we are",
    Intent.OPT_OUT: "wants no more texts",
    Intent.OPT_IN: "allows texts again",
    Intent.WRONG_NUMBER: "says it is the wrong number",
    Intent.THANKS: "says thanks",
    Intent.OTHER: "something else",
    Intent.UNCLEAR: "unclear",
}

#: Readings after which something may be done by itself: there it matters whether they are sure.
DECIDED = frozenset({
    Intent.CONFIRM, Intent.MOVE, Intent.CANCEL, Intent.APPROVE, Intent.DECLINE, Intent.RATING, Intent.OPT_OUT,
    Intent.OPT_IN, Intent.WRONG_NUMBER,
})  # fmt: skip


def read_as(reply: Reply, zone: ZoneInfo) -> str:
    """ "move to Mon 23 Nov 3:00 pm (sure)", "approves 1, 3 (not sure)"."""
    said = PHRASES[reply.intent]
    if reply.slots:
        when = " or ".join(_slot(slot, zone) for slot in reply.slots[:3])
        said = f"move to {when}" if reply.intent is Intent.MOVE else f"{said}: {when}"
    lines = [str(line) for line in (reply.declined_lines if reply.intent is Intent.DECLINE else reply.lines)]
    if reply.all_lines:
        said += " everything"
    elif lines:
        said += f" {', '.join(lines[:10])}"
    if reply.rating is not None:
        said += f" {reply.rating}"
    if reply.sure:
        return f"{said} (sure)"
    return f"{said} (not sure)" if reply.intent in DECIDED else said


def _slot(slot: Slot, zone: ZoneInfo) -> str:
    start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
    day = spoken_date(start.date())
    if slot.is_point:
        return f"{day} {spoken_time(start.time())}"
    if start.date() != end.date():
        return f"{day} to {spoken_date(end.date())}"
    return f"{day} {spoken_time(start.time())} to {spoken_time(end.time())}"
