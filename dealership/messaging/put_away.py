"""A conversation is put away until a time in open hours: out of the lists, and nothing else. What is promised stays promised.

Nobody has to wake it: lists compare its time with now. The customer's next text brings it back at once (`inbound`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import dateformat
from django.utils.translation import gettext as _

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.messaging import ConversationBroughtBack, ConversationPutAway
from dealership.messaging.models import Conversation
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar, NoOpenHours, to_utc

MOST = timedelta(days=60)
#: Nobody puts away what comes back sooner.
LEAST = timedelta(minutes=5)
AFTERNOON = (time(13), time(15))


class BadTime(ValueError):
    """It has passed, is too far off, or the store never opens after it."""


@dataclass(frozen=True)
class Choice:
    """A time that is often meant: in words, and as a moment."""

    words: str
    at: datetime


def is_away(now: datetime) -> Q:
    """Conversations that are put away at this moment."""
    return Q(put_away_until__gt=now)


def is_here(now: datetime) -> Q:
    """Those that are not, or are back."""
    return Q(put_away_until__isnull=True) | Q(put_away_until__lte=now)


def choices(calendar: Calendar, now: datetime) -> list[Choice]:
    """In an hour, this afternoon, when the store opens next: those that lie in open hours."""
    found = []
    soon = now + timedelta(hours=1)
    if calendar.is_open(soon):
        found.append(Choice(_("In an hour"), soon))
    today = now.astimezone(calendar.zone).date()
    for wall in AFTERNOON:
        at = to_utc(calendar.zone, datetime.combine(today, wall))
        if at > soon and calendar.is_open(at):
            found.append(Choice(_("This afternoon"), at))
            break
    try:
        opens = _next_opening(calendar, now)
    except NoOpenHours:
        return found
    day = opens.astimezone(calendar.zone).date()
    named = {0: _("Today"), 1: _("Tomorrow")}.get((day - today).days) or dateformat.format(day, "l")
    return [*found, Choice(_("%(day)s when we open") % {"day": named}, opens)]


def _next_opening(calendar: Calendar, now: datetime) -> datetime:
    if not calendar.is_open(now) and (spans := calendar.day_spans(now.astimezone(calendar.zone).date())):
        ahead = [opens for opens, __ in spans if opens > now]
        if ahead:
            return ahead[0]
    midnight = datetime.combine(now.astimezone(calendar.zone).date() + timedelta(days=1), time(0))
    return calendar.next_open(to_utc(calendar.zone, midnight))


@transaction.atomic
def keep_until(
    *, conversation: Conversation, until: datetime, by: StaffMember, now: datetime
) -> Conversation:
    """Out of the lists until then; a time at which its department is closed becomes the next opening.

    Put away already: the time is changed. Raises BadTime.
    """
    if until < now + LEAST:
        raise BadTime(_("Choose a time to come: that one has passed, or is only minutes away."))
    if until > now + MOST:
        raise BadTime(_("At most %(n)s days: for longer, make a promise for that day.") % {"n": MOST.days})
    row = Conversation.objects.of_store(conversation.store_id).select_for_update().get(pk=conversation.pk)
    calendar = calendars.of(row.store_id, row.department)
    try:
        row.put_away_until = calendar.next_open(until)
    except NoOpenHours as error:
        raise BadTime(str(error)) from error
    row.put_away_by = by
    row.version += 1
    row.save(update_fields=["put_away_until", "put_away_by", "version"])
    live.bump(row.store_id, "inbox")
    bus.publish(
        ConversationPutAway(
            store_id=row.store_id,
            at=now,
            subject=f"conversation:{row.pk}",
            customer_id=row.customer_id,
            by=by.pk,
            conversation_id=row.pk,
            department=row.department,
            until_iso=row.put_away_until.isoformat(),
            until_words=calendar.spoken(row.put_away_until),
        )
    )
    return row


@transaction.atomic
def bring_back(*, conversation: Conversation, by: StaffMember, now: datetime) -> Conversation:
    """Into the lists again, before its time. Here already: nothing changes."""
    row = Conversation.objects.of_store(conversation.store_id).select_for_update().get(pk=conversation.pk)
    if row.put_away_until is None or row.put_away_until <= now:
        return row
    row.put_away_until, row.put_away_by = None, None
    row.version += 1
    row.save(update_fields=["put_away_until", "put_away_by", "version"])
    live.bump(row.store_id, "inbox")
    bus.publish(
        ConversationBroughtBack(
            store_id=row.store_id,
            at=now,
            subject=f"conversation:{row.pk}",
            customer_id=row.customer_id,
            by=by.pk,
            conversation_id=row.pk,
            department=row.department,
        )
    )
    return row
