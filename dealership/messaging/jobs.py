"""Jobs of messaging: send what is due, settle what the carrier called about, look up what is in doubt, play the phones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

from dealership import clock
from dealership.messaging import books, carrier_calls, photos, sending
from dealership.messaging import reconcile as reconciling
from dealership.messaging.simulator import webhooks
from dealership.messaging.transports.carrier import CannotLook
from dealership.messaging.transports.twilio import Twilio
from dealership.messaging.transports.twilio_media import TwilioMedia
from dealership.models import Heartbeat
from dealership.periodic import periodic

#: Rounds of one run: a burst is worked off within the time limit, and the ticker brings the next run.
ROUNDS = 8
#: Nothing was sent for longer than this: we were away, or nobody worked.
AWAY = timedelta(seconds=60)
#: So long texts are held at most because the carrier's lists cannot be read.
HELD_AT_MOST = timedelta(hours=1)
SENDER = "dealership.messaging.jobs.send_due"
#: No new round after this: with the longest batch the run stays within Celery's soft limit of 40 s.
LONGEST_RUN = timedelta(seconds=10)


@periodic(alone=False)
def send_due() -> dict[str, Any]:
    """Sends what may go now. Several workers share it: each claims its own rows."""
    transport, began = Twilio(), clock.now()
    _catch_up(transport)
    total: dict[str, int] = {}
    for _ in range(ROUNDS):
        tally = sending.send_due(transport=transport)
        for word, n in tally.items():
            total[word] = total.get(word, 0) + n
        if tally["due"] < sending.BATCH or clock.now() - began > clock.shown_length(LONGEST_RUN):
            break
    return total


def _catch_up(carrier: Twilio) -> None:
    """After we were away: whoever wrote STOP meanwhile is heard before anybody is texted. Raises CannotLook, and nothing is sent yet."""
    last = Heartbeat.objects.filter(job=SENDER).values_list("at", flat=True).first()
    if last is None or (away := clock.real() - last) <= AWAY:
        return
    if books.look(books=carrier, at_once=True)["unread"] and away < HELD_AT_MOST:
        raise CannotLook("The carrier's lists cannot be read, and nobody knows yet who wrote STOP meanwhile.")


@periodic(alone=False)
def settle_carrier_calls() -> dict[str, Any]:
    """Makes messages and fates of the carrier's calls."""
    total, began = {"settled": 0, "failed": 0}, clock.now()
    for _ in range(ROUNDS):
        tally = carrier_calls.settle_open()
        total = {word: total[word] + tally[word] for word in total}
        if sum(tally.values()) < carrier_calls.BATCH or clock.now() - began > clock.shown_length(LONGEST_RUN):
            break
    return total


@periodic(alone=False)
def fetch_photos() -> dict[str, Any]:
    """Fetches the pictures that came with texts."""
    return photos.fetch_due(carrier=TwilioMedia())


@periodic()
def reconcile() -> dict[str, Any]:
    """Settles what is in doubt."""
    return reconciling.look(transport=Twilio())


@periodic()
def compare_books() -> dict[str, Any]:
    """Lays the carrier's lists beside our rows: texts that nobody called us for, fates that nobody told."""
    return books.look(books=Twilio())


@periodic(alone=False)
def run_simulator() -> dict[str, Any]:
    """The phone simulator calls our webhooks. Nothing with a real carrier."""
    return webhooks.call_due() if settings.PHONE_SIMULATOR else {"off": 1}
