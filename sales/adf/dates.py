"""When the customer asked, as senders write it.

ADF 1.0 wants ISO 8601. Seen besides: month first with dashes or slashes, seven digits of a second, zones such as `-08:0` or
`EST`, the date line of a mail, Java's and JavaScript's own way, and seconds since 1970.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

LONGEST = 80
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_US_ZONES = {
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "hst": -10,
}

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,?\s+)?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_TIME = (
    r"(?:(?:\s*[t,]\s*|\s+(?:at\s+)?|:)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?P<half>[ap])?(?:\.?m\.?)?)?"
)
_ZONE = (
    r"\s*(?P<zone>z|(?:utc|gmt)?\s?[+-]\d{1,2}(?::?\d{1,2}|:)?|utc|gmt|[a-z]{2,4}t)?\s*(?:\([^()]{0,40}\))?"
)
_FORMS = tuple(
    re.compile(_WEEKDAY + date + _TIME + _ZONE)
    for date in (
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d{2})",
        _DAY + r"[\s-]+" + _MONTH + r"[\s,-]+(?P<y>\d{4})",
        _MONTH + r"\s+" + _DAY + r",?\s+(?P<y>\d{4})",
    )
)
_COMPACT = re.compile(
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:\.\d{1,9})?)?)?"
    + _ZONE
)
_YEAR_LAST = re.compile(_WEEKDAY + r"([a-z]{3}\s+\d{1,2})(\s+\d{1,2}:\d{2}:\d{2})(\s+[a-z]{3,4})?\s+(\d{4})")
_SECONDS_SINCE_1970 = re.compile(r"1\d{9}(?:\d{3})?")


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware time, or None where the text is no date; `note` says what was assumed, empty if nothing was."""

    at: datetime | None
    note: str = ""


def read(written: str, zone: tzinfo) -> Moment:
    """The moment that `written` names; `zone` is used where it names none. Never raises."""
    text = " ".join(written.lower().split())
    if not text or len(text) > LONGEST:
        return Moment(None)
    if _SECONDS_SINCE_1970.fullmatch(text):
        return Moment(
            datetime.fromtimestamp(int(text[:10]), tz=UTC),
            "The request date was in seconds since 1970.",
        )
    text = _YEAR_LAST.sub(r"\1 \4\2\3", text)
    for form in (*_FORMS, _COMPACT):
        match = form.fullmatch(text)
        if match:
            return _moment(match.groupdict(), zone)
    return Moment(None)


def _moment(part: dict[str, str | None], zone: tzinfo) -> Moment:
    written = part["y"] or ""
    year = int(written) + (2000 if len(written) == 2 else 0)
    name = part.get("month")
    month, day = _MONTHS[name] if name else int(part["m"] or 0), int(part["d"] or 0)
    if month > 12:
        month, day = day, month
    hour = int(part["hour"] or 0)
    if part.get("half"):
        hour = hour % 12 + (12 if part["half"] == "p" else 0)
    named = _zone(part["zone"] or "")
    try:
        at = datetime(
            year, month, day, hour, int(part["minute"] or 0), int(part["second"] or 0), tzinfo=named or zone
        )
    except ValueError:
        return Moment(None)
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        return Moment(None)
    if named is None:
        return Moment(at, f"The request date names no known time zone: {at.tzname()} was assumed.")
    return Moment(at)


def _zone(text: str) -> tzinfo | None:
    if text in ("z", "utc", "gmt"):
        return UTC
    if text in _US_ZONES:
        return timezone(timedelta(hours=_US_ZONES[text]))
    sign, _, digits = text.removeprefix("utc").removeprefix("gmt").strip().partition(":")
    if not sign or sign[0] not in "+-":
        return None
    hours, minutes = (sign[1:3], sign[3:] or digits) if len(sign) > 3 else (sign[1:], digits)
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if sign[0] == "-" else offset)
