"""A whole mail (`.eml`): the texts in it in which a lead may stand, who sent it, and when it came."""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.policy import Compat32

from sales.adf import dates, encoding
from sales.adf.repairs import Repairs, shortened

# The standard parser's work grows with the parts inside parts and with the length of a header's parameters.
MOST_PARTS = 20
LONGEST_HEADER = 2_000

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_MAIL_HEADERS = (
    b"from to cc date subject received message-id mime-version return-path delivered-to envelope-to content-type "
    b"x-received dkim-signature reply-to sender arc-seal authentication-results content-transfer-encoding x-mailer"
)
_OF_A_MAIL = frozenset(_MAIL_HEADERS.split())
_CHARSET = re.compile(r"charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LIKELIEST = (
    "application/x-adf+xml",
    "application/adf+xml",
    "application/xml",
    "text/xml",
    "application/octet-stream",
    "text/plain",
)


@dataclass(frozen=True, slots=True)
class Mail:
    """`texts` begin with the likeliest place of a lead: attached XML, then plain text, then HTML."""

    sender: str
    sent_at: datetime | None
    texts: tuple[str, ...]


class _ShortHeaders(Compat32):
    """Headers as strings, cut: the standard library divides very long parameters in quadratic time."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return str(super().header_fetch_parse(name, value[:LONGEST_HEADER]))


def looks_like_mail(data: bytes) -> bool:
    """True if `data` begins with at least two headers, one of them a header that mails have, before the first empty line."""
    known = count = 0
    for line in data[:20_000].lstrip(b"\r\n \t\xef\xbb\xbf").splitlines():
        if line[:5] == b"From " and not count:
            continue
        if line[:1] in (b" ", b"\t") and count:
            continue
        if not _HEADER.match(line):
            return not line.strip() and count >= 2 and known >= 1
        count += 1
        known += line.partition(b":")[0].strip().lower() in _OF_A_MAIL
    return count >= 2 and known >= 1


def open_mail(data: bytes, repairs: Repairs) -> Mail | None:
    """The mail in `data`; None if it is built so that it cannot be taken apart (parts nested without end)."""
    data = data.replace(b"\0", b"").lstrip(b"\r\n \t\xef\xbb\xbf")
    lowered = data.lower()
    if lowered.count(b"boundary") + lowered.count(b"message/") > MOST_PARTS:
        repairs.note("The mail has too many parts and was read as it stands.")
        return None
    try:
        message = email.message_from_bytes(data, policy=_ShortHeaders())
    except RecursionError:
        repairs.note("The mail is nested too deep and was read as it stands.")
        return None
    parts = [part for part in message.walk() if not part.is_multipart()]
    parts.sort(key=_likelihood)
    texts = (_text(part, repairs) for part in parts[:MOST_PARTS])
    return Mail(
        sender=shortened(_header(message, "From"), 200),
        sent_at=_came_at(message),
        texts=tuple(text for text in texts if text.strip()),
    )


def _likelihood(part: Message) -> int:
    kind = part.get_content_type()
    return _LIKELIEST.index(kind) if kind in _LIKELIEST else len(_LIKELIEST)


def _text(part: Message, repairs: Repairs) -> str:
    if "uu" in _header(part, "Content-Transfer-Encoding").lower():
        return ""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    if part.get_content_maintype() != "text" and b"prospect" not in payload.replace(b"\0", b"").lower():
        return ""
    charset = _CHARSET.search(_header(part, "Content-Type"))
    return encoding.decode(payload, repairs, charset[1] if charset else "")


def _came_at(message: Message) -> datetime | None:
    """When our own server took it in (the topmost Received), else the sender's word for it."""
    for written in (_header(message, "Received").rpartition(";")[2], _header(message, "Date")):
        moment = dates.read(written, UTC).at
        if moment:
            return moment
    return None


def _header(message: Message, name: str) -> str:
    return str(message.get(name, ""))
