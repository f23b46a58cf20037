"""Telephone numbers as people write them, read into E.164.

What counts as a valid number is decided by the `phonenumbers` package (the numbering plans of all countries). This module adds
what leads and texts bring along besides: a country code written twice, a label in front or behind, invisible marks from a
copied contact card, and dates that look like numbers.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

# Longer than any number with its label and extension; the package refuses longer ones as well.
MAX_CHARACTERS = 250
# The search for numbers in running text stops here; a message that is longer says who to call before that.
MAX_SEARCHED = 20_000

_DATE = re.compile(
    r"\s*(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d\d|(?:19|20)\d\d[/.-]\d{1,2}[/.-]\d{1,2})(?:[\sT,].*)?",
    re.DOTALL,
)
_NANP_TAIL = re.compile(r"\D*1\D*1(?P<rest>\D*[2-9].*)", re.DOTALL)
_DEAR = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)
_DOUBLE_ZERO = re.compile(r"\s*00(?P<rest>[1-9].*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Phone:
    """One number: as it was written, whether it can be called, and in E.164 (`+15125550164`) if so.

    `e164` and `extension` are empty where there is none. A number that is not valid has neither.
    """

    raw: str
    valid: bool
    e164: str
    extension: str


def read(text: str, region: str = "US") -> Phone:
    """The number that `text` is; the first one where it names several. Never raises.

    `region` is the country (ISO 3166, two letters) in which a number without a country code is meant; an unknown region
    leaves only numbers with a country code.
    """
    written = _visible(text)
    if not written or len(written) > MAX_CHARACTERS or _DATE.fullmatch(written):
        return Phone(raw=text, valid=False, e164="", extension="")
    for candidate in _spellings(written, region):
        number = _parsed(candidate, region)
        if number is not None:
            return _phone(text, number)
    found = find_in(written, region)
    if found:
        return Phone(raw=text, valid=True, e164=found[0].e164, extension=found[0].extension)
    return Phone(raw=text, valid=False, e164="", extension="")


def find_in(text: str, region: str = "US") -> list[Phone]:
    """Every valid number in running text, in order, each once. Never raises; reads the first 20,000 characters."""
    found: dict[tuple[str, str], Phone] = {}
    searched = _visible(text[:MAX_SEARCHED])
    for match in phonenumbers.PhoneNumberMatcher(searched, region, leniency=phonenumbers.Leniency.VALID):
        if not _DATE.fullmatch(match.raw_string):
            phone = _phone(match.raw_string, match.number)
            found.setdefault((phone.e164, phone.extension), phone)
    return list(found.values())


def country_of(e164: str) -> str:
    """The country (ISO 3166, two letters) that a number belongs to; "" for a short code and whatever is no number of any."""
    number = _parsed(e164, "")
    return (phonenumbers.region_code_for_number(number) or "") if number is not None else ""


def costs_extra(e164: str) -> bool:
    """Whether who calls or texts the number pays more than for any other: premium rate and shared cost."""
    number = _parsed(e164, "")
    return number is not None and phonenumbers.number_type(number) in _DEAR


def _spellings(written: str, region: str) -> Iterator[str]:
    """The text itself, then what it most likely means when it is no number as it stands."""
    yield written
    doubled = _NANP_TAIL.fullmatch(written)
    if doubled:
        yield f"+1 {doubled['rest']}"
    zeros = _DOUBLE_ZERO.fullmatch(written)
    if zeros and region in ("US", "CA"):
        yield f"+{zeros['rest']}"


def _parsed(written: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _phone(raw: str, number: phonenumbers.PhoneNumber) -> Phone:
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(raw=raw, valid=True, e164=e164, extension=number.extension or "")


def _visible(text: str) -> str:
    """Without the invisible marks (direction, joiners, soft hyphens) that contact cards put around a number."""
    if text.isascii():
        return text.strip()
    return "".join(mark for mark in text if unicodedata.category(mark) != "Cf").strip()
