"""Where a call may go at all, and the call itself. Nothing of this house's own network is ever reached through an address that somebody typed.

A name is looked up once, and the call goes to that very address: a name that answers differently the second time (DNS rebinding)
wins nothing. Of all its addresses none may be private, and no redirect is followed, so that no public machine can send us inside.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 500
PORTS = frozenset({443, 8443})
#: Seconds for all of it: looking up, reaching, asking, and reading the answer.
SECONDS = 5.0
#: Bytes of the answer that are read.
MOST = 2048
#: Names that lead nowhere, or inside (RFC 2606, 6761, 6762, 7686, 8375, 9476, and what clouds use).
_INSIDE = frozenset(
    {
        *("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private"),
        *("example", "invalid", "test", "onion", "alt", "arpa"),
    }
)
#: Whoever texts for us takes no calls of ours but those.
_CARRIER = "twilio.com"
_NAME = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII
)
#: What `is_global` lets through and leads elsewhere: addresses that carry another in them.
_CARRIES = [
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23", "::/96", "::ffff:0:0/96")
]

IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(ValueError):
    """No call goes there. Its words are a sentence for whoever typed the address."""


class NotReached(OSError):
    """Nothing was answered, or not in time. Its words are a sentence."""


@dataclass(frozen=True)
class Target:
    """An address that may be called, taken apart."""

    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    """What was answered: the beginning of it, and how long it took."""

    status: int
    words: str
    ms: int


def read(address: str) -> Target:
    """Takes an address apart. Raises Refused, with a sentence, for one that is never called."""
    if not 0 < len(address) <= LONGEST:
        raise Refused(f"Give an address of at most {LONGEST} characters.")
    if not address.isascii() or not address.isprintable() or any(sign in address for sign in ' \\"<>^`{|}'):
        raise Refused("The address holds signs that no address holds: write them as %20 and the like.")
    try:
        where = urlsplit(address)
        port = where.port
    except ValueError:
        raise Refused("This is no address.") from None
    if where.scheme != "https" or not address.lower().startswith("https://"):
        raise Refused("The address must begin with https://.")
    if "@" in where.netloc:
        raise Refused("Leave names and passwords out of the address: calls are signed.")
    if "#" in address:
        raise Refused("Leave out “#” and what follows: it is never sent.")
    if port not in (None, *PORTS):
        raise Refused("Only the ports 443 and 8443 are called.")
    host = _host(where.hostname or "")
    query = f"?{where.query}" if where.query else ""
    return Target(host, port or 443, f"{where.path or '/'}{query}")


def host_of(address: str) -> str:
    """The name of the machine, for people."""
    return urlsplit(address).hostname or ""


def resolve(target: Target) -> str:
    """The one address to which the call goes. Raises Refused where any of the name's addresses leads inside."""
    try:
        addresses = look_up(target.host, target.port)
    except (OSError, UnicodeError):
        raise NotReached(f"There is no machine by the name {target.host}.") from None
    if not addresses or not all(is_outside(address) for address in addresses):
        raise Refused(f"{target.host} leads into a private network, where nothing is called.")
    return addresses[0]


def look_up(host: str, port: int) -> list[str]:
    """The addresses that a name has now. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_outside(address: str) -> bool:
    """Whether an IP address is a public one: not private, shared, loopback, link-local or reserved, nor one that carries another."""
    try:
        ip: IP = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(ip in net for net in _CARRIES):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def post(address: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Calls it once. Raises Refused, and NotReached where nothing is answered within five seconds."""
    began = time.monotonic()
    target = read(address)
    ip = resolve(target)
    late = NotReached(f"No answer within {SECONDS:.0f} seconds.")
    connection = http.client.HTTPConnection(target.host, target.port)
    over = threading.Event()
    try:
        connection.sock = connect(target, ip, _left(began))
        # Whoever answers a byte at a time keeps within each read's limit: so the line itself is cut.
        hang_up = threading.Timer(_left(began), _cut, [connection.sock, over])
        hang_up.start()
        try:
            host = target.host if target.port == 443 else f"{target.host}:{target.port}"
            connection.request("POST", target.path, body, {**headers, "Host": host, "Connection": "close"})
            with connection.getresponse() as answer:
                _left(began)  # a line that was cut among the headers looks like the end of them
                words = _beginning(answer)
        finally:
            hang_up.cancel()
    except TimeoutError:
        raise late from None
    except ssl.SSLCertVerificationError as error:
        raise NotReached(f"Its certificate is not accepted: {error.verify_message}.") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise late if over.is_set() else NotReached(_sentence(error)) from None
    finally:
        connection.close()
    return Answer(answer.status, words, round((time.monotonic() - began) * 1000))


def connect(target: Target, ip: str, seconds: float) -> socket.socket:
    """A line to that very address, on which the certificate was shown for the name."""
    line = socket.create_connection((ip, target.port), timeout=seconds)
    try:
        return _trusting().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


@cache
def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context()


def _beginning(answer: http.client.HTTPResponse) -> str:
    """The first words of what was answered. Whoever has said the status has answered, whatever becomes of the rest."""
    try:
        return answer.read(MOST).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException, ValueError):
        return ""


def _host(host: str) -> str:
    if not _NAME.fullmatch(host):
        raise Refused(
            "Name the machine as the internet knows it, such as hooks.company.com; numbers are not called."
        )
    if host.rpartition(".")[2] in _INSIDE:
        raise Refused(f"{host} is no machine of the internet.")
    own = (urlsplit(settings.PUBLIC_BASE_URL).hostname or "").lower()
    if host == own:
        raise Refused("This is Kept’s own address: it needs no telling.")
    if host == _CARRIER or host.endswith(f".{_CARRIER}"):
        raise Refused("This is the carrier’s address, which takes no such calls.")
    return host


def _left(began: float) -> float:
    left = SECONDS - (time.monotonic() - began)
    if left <= 0:
        raise TimeoutError
    return left


def _cut(line: socket.socket, over: threading.Event) -> None:
    over.set()
    try:
        # The line beneath any encryption: whoever reads from it in the other thread is woken.
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        return


def _sentence(error: Exception) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "It refused the connection."
    if isinstance(error, http.client.HTTPException | ValueError):
        return f"It answered something that is not HTTP ({type(error).__name__})."
    if isinstance(error, ssl.SSLError):
        return f"No encrypted line could be made ({error.reason or 'TLS'})."
    return f"The connection broke ({type(error).__name__})."
