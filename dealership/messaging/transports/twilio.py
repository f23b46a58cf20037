"""Twilio: the one place that imports its library. With the phone simulator the same client talks to our own machine.

Facts of its API (twilio.com/docs/api): a request answered 429 was not processed; after a 5xx or a lost answer nobody knows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from dealership.messaging.transports.carrier import (
    Accepted,
    CannotLook,
    InDoubt,
    Listed,
    NotNow,
    Outcome,
    Parcel,
    Refused,
)

CONNECT_SECONDS, READ_SECONDS = 3, 10
#: How Twilio repeats a webhook that fails: 4 times, on connect and read timeouts and 5xx (webhooks-connection-overrides).
WEBHOOK_RETRIES = "#rc=4&rp=ct,rt,5xx&ct=2000&rt=3000&tt=15000"
#: 21611, 30001: too much waits at the carrier for this number; 30022: it sends faster than it may.
SLOW_DOWN = frozenset({21611, 30001, 30022})
NOT_LET_IN = frozenset({20003, 20005})
# The library writes every request with its parameters at INFO: whom we list texts of is nobody's business.
_quiet = logging.getLogger(f"{__name__}.http")
_quiet.setLevel(logging.WARNING)
MOST_LISTED = 100
#: A number's texts of two days at most; of a campaign day the newest count.
MOST_IN_BOOKS = 50_000
API = "https://api.twilio.com"


class TooLate(requests.RequestException):
    """The process slept, or was starved, before the request left: nothing was sent."""


class PatientAdapter(HTTPAdapter):
    """Three seconds to connect, ten to answer, no repeats: the library itself passes one number only.

    `call_by`: the moment, by time.monotonic(), after which a request does not leave any more.
    """

    call_by: float | None = None

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """As requests', with our time limits. Raises TooLate."""
        if self.call_by is not None and time.monotonic() > self.call_by:
            raise TooLate("The moment at which this might be sent has passed.")
        return super().send(request, *args, **{**options, "timeout": (CONNECT_SECONDS, READ_SECONDS)})


class PatientClient(TwilioHttpClient):  # type: ignore[misc]
    """The library's client over our adapter."""

    def __init__(self) -> None:
        super().__init__(pool_connections=True, timeout=READ_SECONDS, max_retries=0, logger=_quiet)
        self.adapter = PatientAdapter(max_retries=0)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, self.adapter)


class SimulatorClient(PatientClient):
    """Sends what is meant for api.twilio.com to the phone simulator of this product."""

    def __init__(self) -> None:
        super().__init__()
        self.session.trust_env = False  # no proxy stands between us and ourselves

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        """As the library's, at another address."""
        parts = urlsplit(url)
        local = f"{settings.SIMULATOR_URL.rstrip('/')}/simulator/twilio{parts.path}"
        return super().request(method, f"{local}?{parts.query}" if parts.query else local, *args, **options)


class Twilio:
    """A way to the carrier, for one process and one batch."""

    def __init__(self) -> None:
        self.http = SimulatorClient() if settings.PHONE_SIMULATOR else PatientClient()
        self.client = Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=self.http)
        # The library imports this part of itself at its first use: not between the reading of consent and a call.
        self.messages = self.client.messages

    def send(self, parcel: Parcel) -> Outcome:
        """Hands one text over; every answer and every failure of the line is an Outcome."""
        self.http.adapter.call_by = parcel.call_by
        try:
            taken = self.messages.create(
                to=parcel.to_number,
                from_=parcel.from_number,
                messaging_service_sid=settings.TWILIO_MESSAGING_SERVICE_SID,
                **_content(parcel),
                status_callback=status_url(parcel) + WEBHOOK_RETRIES,
                validity_period=parcel.valid_seconds,
            )
        except TwilioRestException as error:
            return _meaning(error)
        except TooLate:
            return NotNow("The worker was held up before the carrier was called.")
        except requests.RequestException as error:
            if _never_left(error):
                return NotNow("The carrier could not be reached.")
            return InDoubt(f"The line broke while the carrier was called ({type(error).__name__}).")
        except (TwilioException, ValueError, KeyError, TypeError) as error:
            return InDoubt(f"The carrier's answer was not understood ({type(error).__name__}).")
        finally:
            self.http.adapter.call_by = None
        return Accepted(taken.sid) if taken.sid else InDoubt("The carrier's answer had no id.")

    def sent_to(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What was sent to a number since that day (UTC), newest first, 100 at most. Raises CannotLook."""
        return [_listed(row) for row in self._list(to=number, since=since, limit=MOST_LISTED)]

    def received_by(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What customers sent to a number of ours since that day (UTC), newest first. Raises CannotLook."""
        rows = self._list(to=number, since=since, limit=MOST_IN_BOOKS)
        inbound = [row for row in rows if str(row.direction) == "inbound"]
        return [replace(_listed(row), media=self._media(row)) for row in inbound]

    def sent_from(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What went out from a number by our asking since that day (UTC), newest first; not what the carrier answered itself."""
        rows = self._list(from_=number, since=since, limit=MOST_IN_BOOKS)
        return [_listed(row) for row in rows if str(row.direction) in ("outbound-api", "outbound-call")]

    def _list(self, *, since: datetime, limit: int, **where: str) -> list[Any]:
        day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        page = min(limit, 1000)
        try:
            return list(self.messages.list(date_sent_after=day, limit=limit, page_size=page, **where))
        except (TwilioException, requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise CannotLook(f"The carrier's list could not be read ({type(error).__name__}).") from error

    def _media(self, row: Any) -> tuple[tuple[str, str], ...]:
        """Addresses and types of the pictures of a text; without them where they cannot be had now."""
        if str(row.num_media or "0") in ("", "0"):
            return ()
        try:
            found = self.messages(row.sid).media.list(limit=10)
        except (TwilioException, requests.RequestException, ValueError, KeyError, TypeError):
            return ()
        return tuple((API + str(one.uri).removesuffix(".json"), str(one.content_type)) for one in found)


def _content(parcel: Parcel) -> dict[str, Any]:
    """Words, photos, or both: the carrier takes no empty words."""
    words = {"body": parcel.body} if parcel.body else {}
    return {**words, "media_url": list(parcel.media)} if parcel.media else words


def _listed(row: Any) -> Listed:
    return Listed(
        sid=row.sid or "",
        from_number=row.from_ or "",
        to_number=row.to or "",
        body=row.body or "",
        status=str(row.status or ""),
        error_code=str(row.error_code or ""),
        created_at=row.date_created,
        changed_at=row.date_updated,
    )


def _meaning(error: TwilioRestException) -> Outcome:
    code = error.code or 0
    why = str(error.msg or "")[:200]
    if error.status == 429 or code in SLOW_DOWN:
        return NotNow(f"The carrier asks us to slow down ({code or 429}).", slower=code in SLOW_DOWN)
    if error.status in (401, 403) or code in NOT_LET_IN:
        return NotNow(f"The carrier does not let us in ({code or error.status}): {why}", everything=True)
    if 400 <= error.status < 500:
        return Refused(str(code or error.status), why)
    return InDoubt(f"The carrier answered {error.status}.")


def _never_left(error: requests.RequestException) -> bool:
    """Whether the request surely never reached the carrier: no connection was made at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError))


def status_url(parcel: Parcel) -> str:
    """Where the carrier tells what became of it. Our own name is in the path: known even if its answer is lost."""
    return settings.PUBLIC_BASE_URL + reverse("messaging:twilio_status", args=[parcel.uuid])


def is_genuine(request: HttpRequest) -> bool:
    """Whether Twilio signed this webhook, with our token or the other one while it is changed.

    Judged against our public address, never against what the request claims to be.
    """
    signature = request.headers.get(SIGNATURE_HEADER, "")
    tokens = [token for token in (settings.TWILIO_AUTH_TOKEN, settings.TWILIO_OTHER_AUTH_TOKEN) if token]
    return any(
        signature_fits(
            settings.PUBLIC_BASE_URL + request.get_full_path(),
            request.body if "bodySHA256" in request.GET else request.POST,
            signature,
            token=token,
            how=request.headers.get(SIGNATURE_SETTINGS_HEADER, ""),
        )
        for token in tokens
    )


def signature_fits(
    url: str,
    params: bytes | QueryDict | Mapping[str, object] | None,
    signature: str | None,
    *,
    token: str,
    how: str = "",
) -> bool:
    """Whether this is the signature of these parameters (or of this body, for a URL with bodySHA256)."""
    body: object = params.decode("utf-8", "replace") if isinstance(params, bytes) else params
    if not signature:
        return False
    validator = RequestValidator(token)
    return bool(validator.validate(url, body, signature, get_signature_algorithm(how)))


def sign(url: str, params: Mapping[str, str]) -> str:
    """The signature that Twilio would put on a webhook: the phone simulator signs as the carrier does."""
    return str(RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(url, dict(params)))
