"""Finds the ADF in what surrounds it: a forwarding line, a page of HTML, quotation marks, a transfer encoding left in place."""

import html
import quopri
import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from sales.adf import encoding
from sales.adf.markup import ENTITIES_REFUSED
from sales.adf.repairs import Refused, Repairs

_START = re.compile(r"<(?:[\w.-]{1,40}:)?(?:adf|prospect)(?=[\s/>])", re.IGNORECASE)
_ESCAPED_START = re.compile(
    r"&(?:amp;){0,3}(?:lt|#60|#x3c);(?:[\w.-]{1,40}:)?(?:adf|prospect)\b", re.IGNORECASE
)
_URL_START = re.compile(r"%3C(?:adf|prospect)(?=%20|%3E|%2F|\+)", re.IGNORECASE)
_PRINTABLE = re.compile(r"<[^<>]{0,200}=3D[\"']")
_BACKSLASHED = re.compile(r"<[^<>]{0,200}=\\\"")
_QUOTED = re.compile(r"^[ \t]?(?:>[ \t]?)+", re.MULTILINE)
_HTML = re.compile(r"</?(?:html|body|table|div|p|br|pre|span|td|font|strong|b)\b[^<>]{0,500}>", re.IGNORECASE)
_LINE_END = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d|/pre)\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*+>")
_DOCTYPE = re.compile(r"<!doctype\s++(?!html)[^\s<>\[]*+([^<>\[]*+)(\[?)", re.IGNORECASE)
_OUTSIDE = re.compile(r"[\"'](?:[a-z][\w+.-]{1,20}:|/|\\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """From the first `adf` or `prospect` tag to the end, and what stood before it."""

    xml: str
    before: str


def find(text: str, repairs: Repairs) -> Found | None:
    """The ADF in `text`, None if there is none. Raises `Refused` if what stands before it declares entities or names a file."""
    if _PRINTABLE.search(text):
        repairs.note("The text was still quoted-printable.")
        decoded = quopri.decodestring(text.encode("utf-8", errors="replace"))
        text = encoding.decode(decoded, repairs)
    if _BACKSLASHED.search(text):
        repairs.note("The text was still written as a JSON string.")
        text = text.replace('\\"', '"').replace("\\n", "\n").replace("\\r", "").replace("\\/", "/")
    for _ in range(4):
        start = _START.search(text)
        if start:
            return _unquoted(text, start.start(), repairs)
        if _ESCAPED_START.search(text):
            repairs.note("The ADF was written into a page: its markup was escaped.")
            text = from_html(text) if _HTML.search(text) else html.unescape(text)
        elif _URL_START.search(text):
            repairs.note("The ADF was sent in the encoding of a web form.")
            text = unquote_plus(text, errors="replace")
        else:
            break
    return None


def _unquoted(text: str, start: int, repairs: Repairs) -> Found:
    line = text.rfind("\n", 0, start) + 1
    if _QUOTED.match(text, line, start):
        repairs.note("The ADF stood in a quoted mail.")
        text = _QUOTED.sub("", text)
        again = _START.search(text)
        start = again.start() if again else start
    found = Found(xml=text[start:], before=text[:start])
    _check(found.before, repairs)
    return found


def _check(before: str, repairs: Repairs) -> None:
    lowered = before.lower()
    if "<!entity" in lowered:
        raise Refused(ENTITIES_REFUSED)
    for doctype in _DOCTYPE.finditer(before):
        if doctype[2] or _OUTSIDE.search(doctype[1]):
            raise Refused(ENTITIES_REFUSED)
        repairs.note("A document type was passed over.")
    declaration, instruction = lowered.rfind("<?xml"), lowered.rfind("<?adf")
    if 0 <= instruction < declaration or "<?ADF" in before or "<?XML" in before:
        repairs.note("The lines before the ADF were out of order or in capitals.")
    if from_html(before).strip():
        repairs.note("Text before the ADF was passed over.")


def from_html(text: str) -> str:
    """What a page says, a line a line; its escaped characters are characters again."""
    for opening, closing in (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")):
        text = _without(text, opening, closing)
    return html.unescape(_TAG.sub("", _LINE_END.sub("\n", text))).replace("\xa0", " ")


def is_html(text: str) -> bool:
    return bool(_HTML.search(text))


def _without(text: str, opening: str, closing: str) -> str:
    """`text` without what stands between the two marks; an opening without its end stays."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text
    kept: list[str] = []
    position = 0
    while (start := lowered.find(opening, position)) >= 0:
        end = lowered.find(closing, start)
        if end < 0:
            break
        kept.append(text[position:start])
        position = end + len(closing)
    return "".join([*kept, text[position:]])
