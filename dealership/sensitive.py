"""Numbers that must never be kept, masked before the first write: social security numbers and payment cards. Pure.

What the trade needs stays as it is: VINs, phone numbers, RO and stock numbers, amounts, dates, ZIP codes.
"""

from __future__ import annotations

import base64
import binascii
import email
import re
from collections.abc import Iterator

MASK_SSN = "[number removed]"
MASK_CARD = "[card number removed]"

_DASHES = r"\-–—‑‒−"
_GAP = rf"[ .{_DASHES}\u00a0]"

# Shapes with separators: 3-2-4. Areas 000, 666 and serial 0000 were never issued (SSA); 9xx are ITINs.
_SSN = re.compile(
    rf"(?<![\w{_DASHES}])(?!000|666)\d{{3}}({_GAP}{{1,3}})(?!00)\d{{2}}{_GAP}{{1,3}}(?!0000)\d{{4}}(?![\w{_DASHES}])"
)
# Nine digits in a row (or grouped any way) count only where the words beside them say what they are.
_NINE = r"(?P<digits>\d(?:" + _GAP + r"{0,2}\d){8})(?!\d)"
_NAMED = r"\b(?:ssn|social|soc\.?\s*sec|social\s+sec(?:urity)?|itin|tax\s+id|seguro\s+social|n[uú]mero\s+de\s+seguro)\b"
_SPOKEN = (
    re.compile(_NAMED + r"[^\d\n]{0,40}" + _NINE, re.IGNORECASE),
    re.compile(r"(?<!\d)" + _NINE + r"[^\d\n]{0,20}" + _NAMED, re.IGNORECASE),
)
# A run of digits in which a card may stand; what is no card fails Luhn's sum or starts with no network's digits.
_RUN = re.compile(rf"(?<![\w+])\d(?:{_GAP}{{0,2}}\d){{12,}}")
_NETWORK = re.compile(
    r"(?:4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}(?:\d{3})?|35\d{14}|62\d{14,17})"
)
_DIGIT = re.compile(r"\d")
_PLAIN = str.maketrans("０１２３４５６７８９", "0123456789")


def mask(text: str) -> str:
    """The text without social security and card numbers. Everything else is untouched; never raises."""
    return _without(text, _spans(text))


def mask_tail(before: str, text: str) -> str:
    """A text without the rest of a number that began in the one before it. The one before is the caller's to mask."""
    seam = len(before) + 1
    across = [span for span in _spans(f"{before} {text}") if span[0] < seam < span[1]]
    return _without(text, [(0, end - seam, label) for _, end, label in across])


def mask_head(text: str, after: str) -> str:
    """A text without the beginning of a number that goes on in the one after it."""
    across = [span for span in _spans(f"{text} {after}") if span[0] < len(text) < span[1]]
    return _without(text, [(start, len(text), label) for start, _, label in across])


def mask_bytes(data: bytes) -> bytes:
    """As mask(), for what is kept as it came: text in any usual encoding, a form, a mail with its parts.

    The very same bytes where there is nothing to mask. Never raises.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError:
            return data
        return data if (masked := mask(text)) == text else masked.encode("utf-16")
    if _ENCODED.search(data[:MOST_HEADERS]):
        data = _mask_parts(data)
    text = data.decode("utf-8", "surrogateescape")
    # In a form a blank is a plus.
    read = text.replace("+", " ") if _FORM.match(data) else text
    spans = _spans(read)
    return _without(text, spans).encode("utf-8", "surrogateescape") if spans else data


def names_one(heading: str) -> bool:
    """Whether a column of this name holds what is never kept."""
    return bool(_COLUMN.search(heading.replace("_", " ")))


MOST_HEADERS = 65_536
_ENCODED = re.compile(rb"(?im)^content-transfer-encoding:\s*(?:base64|quoted-printable)")
_FORM = re.compile(rb"[\w.%+-]{1,80}=[^\s<]*(?:&[\w.%+-]{1,80}=[^\s<]*)*\s*\Z")
_COLUMN = re.compile(
    r"\b(?:ssn|social security|soc sec|tax ?(?:id|payer)|itin|credit ?card|card ?(?:number|no)|cc ?num\w*|cvv2?|bank ?account"
    r"|account ?routing|routing ?(?:number|no)|credit ?score|fico|drivers? ?licen[sc]e)\b",
    re.IGNORECASE,
)


def _mask_parts(data: bytes) -> bytes:
    """A mail whose parts are coded: each is read, masked, and coded again only where it held something."""
    try:
        mail = email.message_from_bytes(data)
        changed = False
        for part in mail.walk():
            kind = part.get_content_type()
            if part.is_multipart() or not (kind.startswith("text/") or "xml" in kind or "adf" in kind):
                continue
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and (masked := mask_bytes(body)) != body:
                del part["Content-Transfer-Encoding"]
                part["Content-Transfer-Encoding"] = "base64"
                part.set_payload(base64.encodebytes(masked).decode())
                changed = True
        return mail.as_bytes() if changed else data
    except (ValueError, LookupError, UnicodeError, binascii.Error, TypeError, AttributeError, KeyError):
        return data  # no mail after all


def _spans(text: str) -> list[tuple[int, int, str]]:
    """Where something stands that is never kept, without overlaps."""
    if not _DIGIT.search(text):
        return []
    read = text.translate(_PLAIN)
    kept: list[tuple[int, int, str]] = []
    for span in sorted([*_cards(read), *_socials(read)]):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _without(text: str, spans: list[tuple[int, int, str]]) -> str:
    pieces, at = [], 0
    for start, end, label in spans:
        pieces += [text[at:start], label]
        at = end
    return "".join([*pieces, text[at:]])


def _cards(text: str) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(text):
        groups = [(found.start(), found.end()) for found in re.finditer(r"\d+", run.group())]
        first = 0
        while first < len(groups):
            last = _card_from(run.group(), groups, first)
            if last is None:
                first += 1
                continue
            yield run.start() + groups[first][0], run.start() + groups[last][1], MASK_CARD
            first = last + 1


def _card_from(run: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """The last group of the card that starts with this group; None where none does."""
    digits, sizes = "", []
    for index in range(first, min(first + 19, len(groups))):
        start, end = groups[index]
        digits += run[start:end]
        sizes.append(end - start)
        if len(digits) > 19:
            return None
        # People write cards whole, by fours (Amex 4-6-5), by eights, or digit by digit; phone numbers start with three.
        grouped = sizes[0] >= 4 or max(sizes) <= 2
        if len(digits) >= 13 and grouped and _is_card(digits):
            return index
    return None


def _is_card(digits: str) -> bool:
    return len(set(digits)) > 1 and bool(_NETWORK.fullmatch(digits)) and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _socials(text: str) -> Iterator[tuple[int, int, str]]:
    for shape in _SPOKEN:
        for found in shape.finditer(text):
            yield found.start("digits"), found.end("digits"), MASK_SSN
    for found in _SSN.finditer(text):
        yield found.start(), found.end(), MASK_SSN
