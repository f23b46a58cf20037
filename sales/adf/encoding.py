"""Bytes into text, whatever the message says about itself.

A lead's declared encoding is wrong often enough that it is only asked when the bytes are not UTF-8, which other text almost
never is by chance. Nothing raises: a byte that fits nowhere becomes U+FFFD.
"""

import codecs
import re

from sales.adf.repairs import Repairs

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
# Only plain character sets may be asked for by name: Python's registry also knows codecs that are no such thing.
_CHARACTER_SETS = re.compile(
    r"iso-?8859-?\d+|latin-?\d+|(?:windows-?|cp)\d+|shift-?jis|gbk?\d*|big5|euc-\w\w|koi8-\w|mac-?roman"
)
_WESTERN = re.compile(r"iso-?8859-?1|latin-?1|(?:windows-?|cp)1252|(?:us-)?ascii|utf-?8")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Bytes that are not UTF-8 arrive as U+DC80..U+DCFF; each is then read as Windows-1252, the usual stray.
_STRAY_BYTES = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", errors="replace") for byte in range(0x80, 0x100)
}
# Control characters have no place in XML 1.0 nor in a database's text; tab, line feed and carriage return stay.
_CONTROLS = dict.fromkeys([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFEFF, 0xFFFE, 0xFFFF])


def decode(data: bytes, repairs: Repairs, charset: str = "") -> str:
    """The text of `data`. `charset` is what the mail around it declared, empty if nothing."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _clean(data.decode(codec, errors="replace"), repairs)
    wide = _wide_without_mark(data)
    if wide:
        repairs.note("The text was UTF-16 without a mark that says so.")
        return _clean(data.decode(wide, errors="replace"), repairs)
    try:
        return _clean(data.decode("utf-8"), repairs)
    except UnicodeDecodeError:
        return _clean(_not_utf8(data, charset, repairs), repairs)


def _not_utf8(data: bytes, charset: str, repairs: Repairs) -> str:
    inside = _DECLARED.search(data[:2000])
    names = [charset.lower(), inside[1].decode("ascii").lower() if inside else ""]
    for name in names:
        if name and not _WESTERN.fullmatch(name) and _CHARACTER_SETS.fullmatch(name.replace("_", "-")):
            try:
                return data.decode(name, errors="replace")
            except LookupError:
                continue
    if not any(_WESTERN.fullmatch(name) and not name.startswith("utf") for name in names if name):
        repairs.note("The text was not in the encoding it named, and was read as Western European.")
    return data.decode("utf-8", errors="surrogateescape").translate(_STRAY_BYTES)


def _wide_without_mark(data: bytes) -> str:
    """Two bytes a character, known by the zero beside each ASCII letter; empty if it is not so."""
    head = data[:400]
    if len(head) < 8:
        return ""
    if head[0::2].count(0) > len(head) * 0.4:
        return "utf-16-be"
    if head[1::2].count(0) > len(head) * 0.4:
        return "utf-16-le"
    return ""


def _clean(text: str, repairs: Repairs) -> str:
    cleaned = text.translate(_CONTROLS)
    if len(cleaned) < len(text.replace("\ufeff", "")):
        repairs.note("Control characters were removed.")
    return cleaned
