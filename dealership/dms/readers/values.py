"""Values as a DMS writes them: dates, times, money, numbers and flags. Pure.

Each function takes the text of one cell without outer spaces and returns the value, or raises `NotReadable` with
words for a person. Empty cells are the caller's affair.
"""

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
MOST_CENTS = 100_000_000_000
MOST_HOURS = Decimal(9_999)

_MDY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[T ]\s*(.*))?", re.DOTALL)
_YMD = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})(?:[T ]\s*(.*))?", re.DOTALL)
_COMPACT = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})(?:[T ]\s*(.*))?", re.DOTALL)
_DAY_MONTH_NAME = re.compile(
    r"([0-9]{1,2})[ -]([A-Za-z]{3})[A-Za-z]*[ -]([0-9]{4}|[0-9]{2})(?: \s*(.*))?", re.DOTALL
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: The last is day zero of the spreadsheets that some systems are made of.
_NO_DATE = re.compile(r"[0/.\-: ]+|12/30/1899(?: .*)?")
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*([AaPp])?\.?\s*[Mm]?\.?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_BARE_TIME = re.compile(r"([0-9]{1,2})([0-9]{2})([0-9]{2})?\s*([AaPp])?\.?\s*[Mm]?\.?")
_HOUR_ONLY = re.compile(r"([0-9]{1,2})()()\s*([AaPp])\.?\s*[Mm]?\.?")
_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?")
_WHOLE = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(?:\.0*)?")
_CENT = Decimal("0.01")
_MOST_DIGITS = 24

_TRUE = frozenset({"y", "yes", "t", "true", "1", "x", "on"})
_FALSE = frozenset({"n", "no", "f", "false", "0", "off"})


class NotReadable(ValueError):
    """A value that is there and cannot be read; the text says what is wrong with it."""


def is_no_date(text: str) -> bool:
    """True for the ways of writing "no date" or "no time": 0, 00/00/0000, 00:00, 12/30/1899."""
    return _NO_DATE.fullmatch(text) is not None


@lru_cache(maxsize=16_384)
def date_of(text: str) -> date:
    """The calendar date of M/D/YYYY, M/D/YY, YYYY-MM-DD, YYYYMMDD or D-Mon-YYYY; a time behind it is ignored."""
    return _date_and_rest(text)[0]


@lru_cache(maxsize=16_384)
def moment_of(text: str) -> datetime:
    """Date and time written in one cell, as naive local time; raises when the time is missing."""
    day, rest = _date_and_rest(text)
    return datetime.combine(day, time_of(rest))


@lru_cache(maxsize=4_096)
def time_of(text: str) -> time:
    """The time of day: "7:30", "07:30 AM", "3:15p", "1330", "7 PM", or behind a date. Without AM or PM: 24 hours."""
    text = text.strip()
    if any(form.fullmatch(text) for form in (_MDY, _YMD)):
        text = _time_behind_date(text)
    found = _TIME.fullmatch(text) or _BARE_TIME.fullmatch(text) or _HOUR_ONLY.fullmatch(text)
    if found is None:
        raise NotReadable("not a time of day")
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    half = (found[4] or "").lower()
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif half == "a" and hour > 12:
        raise NotReadable("an hour after 12 cannot be AM")
    try:
        return time(hour, minute, second)
    except ValueError:
        raise NotReadable("there is no such time of day") from None


@lru_cache(maxsize=16_384)
def cents_of(text: str) -> int:
    """Money in cents: "1,240.00", "$5", "(12.50)", "-3.00", "3.00-"; fractions of a cent are rounded half up."""
    return int((_amount(text) / _CENT).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def hours_of(text: str) -> Decimal:
    """Labor hours, to a hundredth."""
    hours = _amount(text)
    if abs(hours) > MOST_HOURS:
        raise NotReadable("more hours than anybody works")
    return hours.quantize(_CENT, rounding=ROUND_HALF_UP)


def quantity_of(text: str) -> Decimal:
    """A number of parts, negative for a return, fractions kept to a thousandth."""
    return _amount(text).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)


def whole_of(text: str) -> int:
    """A whole number, with thousands commas or leading zeros ("0041,961" is none)."""
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise NotReadable("not a whole number")
    return int(found[1].replace(",", ""))


def flag_of(text: str) -> bool:
    """Yes or no."""
    word = text.casefold()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise NotReadable("neither yes nor no")


def minutes_of(text: str) -> int:
    """A length of time in minutes: "1:30" is hours and minutes, "1.5" hours, "45" minutes, "2" hours.

    A whole number up to 12 is hours: nobody estimates a visit at twelve minutes.
    """
    clock = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    amount = _amount(text)
    if amount < 0 or amount > 10_000:
        raise NotReadable("not a length of time")
    in_hours = "." in text or amount <= 12
    return int((amount * 60 if in_hours else amount).to_integral_value(rounding=ROUND_HALF_UP))


def _date_and_rest(text: str) -> tuple[date, str]:
    found = _YMD.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        year, month, day, rest = int(found[1]), int(found[3]), int(found[4]), found[5]
    elif found := _MDY.fullmatch(text):
        year, month, day, rest = _year(found[4]), int(found[1]), int(found[3]), found[5]
    elif (found := _DAY_MONTH_NAME.fullmatch(text)) and found[2].lower() in _MONTHS:
        year, month, day, rest = _year(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]), found[4]
    else:
        raise NotReadable("not a date")
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise NotReadable(f"the year {year} cannot be meant")
    try:
        return date(year, month, day), rest or ""
    except ValueError:
        raise NotReadable("there is no such day in the calendar") from None


def _time_behind_date(text: str) -> str:
    found = _MDY.fullmatch(text) or _YMD.fullmatch(text)
    rest = found[5] if found else None
    if not rest:
        raise NotReadable("a date without a time of day")
    return rest


def _year(digits: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= 70 else 2000)


def _amount(text: str) -> Decimal:
    """A decimal number with the trade's ways of saying minus; no exponents, no NaN, never minus zero."""
    text = text.replace(" ", "")
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1]
    text = text.removeprefix("$")
    if text[:1] in {"-", "+"}:
        negative, text = negative or text[0] == "-", text[1:]
    elif text[-1:] == "-" or text[-2:].upper() == "CR":
        negative, text = True, text[:-1] if text[-1] == "-" else text[:-2]
    text = text.removeprefix("$")
    if (
        not _AMOUNT.fullmatch(text)
        or not any(character.isdigit() for character in text)
        or len(text) > _MOST_DIGITS
    ):
        raise NotReadable("not a number")
    amount = Decimal(text.replace(",", ""))
    if amount * 100 > MOST_CENTS:
        raise NotReadable("larger than any real amount")
    return -amount if negative and amount else amount
