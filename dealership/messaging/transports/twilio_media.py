"""Fetches pictures of texts from the carrier, and from nobody else: an address in a webhook is what a stranger may have written."""

from __future__ import annotations

import time
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings

from dealership.messaging.transports.carrier import CannotLook, Gone

#: Where the carrier keeps pictures, and where it sends those who ask for one. Our key is shown to the first alone.
API_HOST = "api.twilio.com"
HOSTS = frozenset({API_HOST, "media.twiliocdn.com", "mms.twiliocdn.com"})
MOST_HOPS = 2
#: A job may take forty seconds.
CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 3, 6, 20
_CHUNK = 64 * 1024


class TwilioMedia:
    """For one process and one batch. With the phone simulator the same addresses lead to our own machine."""

    def __init__(self) -> None:
        self.session = requests.Session()
        # No proxy and no .netrc: what is asked for goes to the carrier, with the carrier's key alone.
        self.session.trust_env = False
        # As it is: nothing that swells when it is unpacked.
        self.session.headers["Accept-Encoding"] = "identity"

    def picture(self, address: str, *, most: int) -> bytes:
        """What stands at an address of the carrier's: at most so many bytes and one more. Raises Gone, CannotLook."""
        until = time.monotonic() + ALL_SECONDS
        for _ in range(MOST_HOPS + 1):
            if time.monotonic() > until:
                raise CannotLook("The carrier was too slow.")
            local, is_api = allowed(address)
            key = (settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN) if is_api else None
            try:
                with self.session.get(
                    local,
                    auth=key,
                    stream=True,
                    allow_redirects=False,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                ) as answer:
                    if answer.is_redirect:
                        address = urljoin(address, answer.headers["Location"])
                        continue
                    return _body(answer, most, until)
            except requests.RequestException as error:
                raise CannotLook(f"The picture could not be fetched ({type(error).__name__}).") from error
        raise Gone("The carrier sends us from one address to the next.")


def allowed(address: str) -> tuple[str, bool]:
    """The address to ask, and whether it takes our key. Raises Gone for any that is not the carrier's."""
    parts = urlsplit(address)
    try:
        strange = parts.scheme != "https" or parts.username or parts.password or parts.port not in (None, 443)
    except ValueError:
        strange = True
    if strange or parts.hostname not in HOSTS:
        raise Gone("Its address is not the carrier’s: it was not fetched.")
    is_api = parts.hostname == API_HOST
    if settings.PHONE_SIMULATOR:
        if not is_api:
            raise Gone("Its address is not the simulator’s: it was not fetched.")
        return f"{settings.SIMULATOR_URL.rstrip('/')}/simulator/twilio{parts.path}", True
    return address, is_api


def _body(answer: requests.Response, most: int, until: float) -> bytes:
    if answer.status_code in (400, 404, 410):
        raise Gone("The carrier does not have it any more.")
    if answer.status_code != 200:
        raise CannotLook(f"The carrier answered {answer.status_code}.")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Gone("The carrier sent it packed, which was not asked for.")
    found = bytearray()
    for chunk in answer.iter_content(_CHUNK):
        found += chunk
        if len(found) > most:
            break
        if time.monotonic() > until:
            raise CannotLook("The carrier was too slow.")
    return bytes(found)
