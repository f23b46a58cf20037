"""The carrier's calls: signed webhooks to our own address, from a worker, so that the web threads never wait for themselves."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from dealership.clock import Clock, shown_length
from dealership.clock import now as now_here
from dealership.messaging.models import SimulatedText
from dealership.messaging.simulator import texts
from dealership.messaging.transports import twilio

BATCH = 50
#: While a call is being made nobody else makes it; afterwards it is made again, as a carrier repeats itself.
LEASE = timedelta(seconds=30)
AGAIN = timedelta(seconds=5)
MOST_TRIES = 12
SECONDS = 10
MOVES = {"queued": 0, "received": 0, "sent": 1, "delivered": 2, "undelivered": 2, "failed": 2}
#: Where a real carrier would keep the picture of a text.
PHOTO = "https://api.twilio.com/2010-04-01/Accounts/{account}/Messages/{sid}/Media/ME00000000000000000000000000000001"
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call_due(*, clock: Clock = now_here, limit: int = BATCH) -> dict[str, int]:
    """Makes the calls that are due. Returns how many were answered and how many will be tried again."""
    tally = {"called": 0, "again": 0, "dropped": 0}
    for text, call in _claim(clock(), limit):
        answered = _call(text, call)
        tally[_note(text.pk, call, answered=answered, now=clock())] += 1
    return tally


@transaction.atomic
def _claim(now: datetime, limit: int) -> list[tuple[SimulatedText, dict[str, Any]]]:
    due = list(
        SimulatedText.objects.filter(next_call_at__lte=now)
        .order_by("next_call_at", "pk")
        .select_for_update(skip_locked=True)[:limit]
    )
    for text in due:
        text.next_call_at = now + shown_length(LEASE)
    SimulatedText.objects.bulk_update(due, ["next_call_at"])
    return [(text, min(text.calls_due, key=lambda call: str(call["at"]))) for text in due if text.calls_due]


@transaction.atomic
def _note(pk: int, call: dict[str, Any], *, answered: bool, now: datetime) -> str:
    text = SimulatedText.objects.select_for_update().get(pk=pk)
    rest = list(text.calls_due)
    word = "called"
    if call in rest:
        rest.remove(call)
    if not answered:
        tries = int(call.get("tries", 0)) + 1
        word = "again" if tries < MOST_TRIES else "dropped"
        if word == "again":
            rest.append({**call, "tries": tries, "at": (now + shown_length(AGAIN)).isoformat()})
    elif not text.is_from_customer and MOVES.get(str(call["status"]), 0) >= MOVES.get(text.status, 0):
        text.status, text.error_code = str(call["status"]), str(call["error"])
    text.calls_due = rest
    text.next_call_at = min((datetime.fromisoformat(item["at"]) for item in rest), default=None)
    text.save(update_fields=["calls_due", "next_call_at", "status", "error_code"])
    texts.changed(text)
    return word


def _call(text: SimulatedText, call: dict[str, Any]) -> bool:
    """One signed POST; whether it was answered with a 2xx."""
    path, fields = _inbound(text, call) if text.is_from_customer else _status(text, call)
    request = urllib.request.Request(  # noqa: S310 - our own address, from the settings
        settings.SIMULATOR_URL.rstrip("/") + path,
        data=urlencode(fields).encode(),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": twilio.sign(settings.PUBLIC_BASE_URL + path, fields),
            "User-Agent": "TwilioProxy/1.1",
        },
    )
    try:
        with _direct.open(request, timeout=SECONDS) as response:
            return 200 <= int(response.status) < 300
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _inbound(text: SimulatedText, call: dict[str, Any]) -> tuple[str, dict[str, str]]:
    fields = {
        **_common(text),
        "SmsMessageSid": text.sid,
        "SmsStatus": "received",
        "Body": text.body,
        "NumSegments": "1",
        "NumMedia": "0",
    }
    if text.photo is not None:
        fields |= {
            "NumMedia": "1",
            "MediaUrl0": PHOTO.format(account=settings.TWILIO_ACCOUNT_SID, sid=text.sid),
            "MediaContentType0": "image/jpeg",
        }
    return reverse("messaging:twilio_inbound"), fields


def _status(text: SimulatedText, call: dict[str, Any]) -> tuple[str, dict[str, str]]:
    fields = {**_common(text), "SmsStatus": str(call["status"]), "MessageStatus": str(call["status"])}
    if call["error"]:
        fields["ErrorCode"] = str(call["error"])
    return urlsplit(text.status_callback).path, fields


def _common(text: SimulatedText) -> dict[str, str]:
    return {
        "MessageSid": text.sid,
        "SmsSid": text.sid,
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "MessagingServiceSid": settings.TWILIO_MESSAGING_SERVICE_SID,
        "From": text.from_number,
        "To": text.to_number,
        "ApiVersion": "2010-04-01",
    }
