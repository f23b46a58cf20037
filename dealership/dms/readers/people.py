"""The customer and the car in a row of any service file. Pure."""

import re
from typing import Literal

from dealership.dms.readers.records import (
    AddressRecord,
    CustomerRecord,
    PhoneKind,
    PhoneRecord,
    VehicleRecord,
)
from dealership.dms.readers.row import Row
from dealership.dms.readers.values import NotReadable, whole_of
from dealership.vehicles import makes, vin

_PHONES: tuple[tuple[PhoneKind, str, str], ...] = (
    ("cell", "Cell Phone", ""),
    ("home", "Home Phone", ""),
    ("work", "Work Phone", "Work Extension"),
)
_LANGUAGES = {
    "en": "en", "eng": "en", "english": "en", "e": "en", "en-us": "en",
    "es": "es", "spa": "es", "spanish": "es", "s": "es", "sp": "es", "español": "es", "es-us": "es", "es-mx": "es",
}  # fmt: skip
_BUSINESS = {"b": True, "business": True, "c": True, "company": True, "corporate": True}
_INDIVIDUAL = {"i": False, "individual": False, "p": False, "person": False, "personal": False}
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]]{1,64}@[^@\s<>,;:\"()\[\]]+\.[^@\s<>,;:\"()\[\]]{2,}")
_NO_EMAIL = re.compile(
    r"(?:no|non|none|noemail\d*|nomail|no[._-]?e?-?mail|na|n\.a|nobody|unknown|declined?|refused?|decline[ds]?email"
    r"|customer(?:declined|refused)|donot(?:e?mail|have)|doesnothave|x+|test)@.*"
)
_LONGEST_EMAIL = 254
_FEWEST_DIGITS = 7
_CONDITIONS: dict[str, Literal["new", "used"]] = {"n": "new", "new": "new", "u": "used", "used": "used"}
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2100


def customer(row: Row) -> CustomerRecord:
    """Who brings the car, as the row tells it."""
    first, last, full = row.words("First Name"), row.words("Last Name"), row.words("Full Name")
    is_business = _is_business(row)
    if full and not first and not last and not is_business and full.count(",") == 1:
        last, first = (piece.strip() for piece in full.split(","))
    return CustomerRecord(
        number=row.text("Customer Number"),
        full_name=full,
        first_name=first,
        middle_name=row.words("Middle Name"),
        last_name=last,
        suffix=row.words("Suffix"),
        is_business=is_business,
        phones=tuple(_phones(row)),
        emails=_emails(row),
        address=AddressRecord(
            line1=row.words("Address Line 1"),
            line2=row.words("Address Line 2"),
            city=row.words("City"),
            state=row.words("State"),
            zip_code=row.words("Zip"),
            county=row.words("County"),
        ),
        language=_language(row),
        opt_out=row.restriction("Opt Out"),
        block_email=row.restriction("Block Email", "Email Opt In"),
        block_phone=row.restriction("Block Phone", "Phone Opt In"),
        block_mail=row.restriction("Block Mail", "Mail Opt In"),
        block_text=row.restriction("Block Text", "Text Opt In"),
    )


def vehicle(row: Row, *mileages: int | None) -> VehicleRecord:
    """The car; its mileage is the highest of the odometer readings that the row gives."""
    vin_raw = row.words("VIN")
    reading = vin.read(vin_raw)
    if vin_raw and not reading.valid:
        row.note("VIN", vin_raw, reading.why)
    known = reading.usable
    make = row.words("Make") or row.words("VIN Explosion Make")
    return VehicleRecord(
        vin=reading.vin if known else "",
        vin_raw=vin_raw,
        vin_problem=reading.why if vin_raw else None,
        year=model_year(row, "Year", reading.model_year)
        or model_year(row, "VIN Explosion Year", reading.model_year)
        or reading.model_year,
        make=makes.full_name(make, maker=reading.maker),
        model=row.words("Model") or row.words("VIN Explosion Model"),
        trim=row.words("Trim") or row.words("VIN Explosion Trim"),
        description=row.words("Description"),
        color=row.words("Exterior Color"),
        condition=_condition(row),
        mileage=max((miles for miles in mileages if miles is not None), default=None),
        license_plate=row.words("License Plate Number"),
        stock_number=row.words("Stock Number"),
    )


def _phones(row: Row) -> list[PhoneRecord]:
    """Numbers as typed, without those that are obviously fillers."""
    found = []
    for kind, column, extension in _PHONES:
        text = row.words(column)
        digits = [character for character in text if character.isdigit()]
        if not text:
            continue
        if len(digits) < _FEWEST_DIGITS or len(set(digits)) == 1:
            row.note(column, text, "not a phone number")
            continue
        found.append(PhoneRecord(kind, text, row.text(extension) if extension else ""))
    return found


def _emails(row: Row) -> tuple[str, ...]:
    """Addresses in lower case, each once; fillers would make one customer of everybody who left no address."""
    found: dict[str, None] = {}
    for column in ("Email 1", "Email 2", "Email 3"):
        text = row.words(column)
        email = text.lower()
        if not email:
            continue
        if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email) or ".." in email:
            row.note(column, text, "not an e-mail address")
        elif _NO_EMAIL.fullmatch(email):
            row.note(column, text, "a filler for customers without an e-mail address")
        else:
            found[email] = None
    return tuple(found)


def _is_business(row: Row) -> bool | None:
    text = row.words("Individual/Business Flag").casefold()
    answer = (_BUSINESS | _INDIVIDUAL).get(text)
    if text and answer is None:
        row.note("Individual/Business Flag", text, "neither individual nor business")
    return answer


def _language(row: Row) -> str:
    text = row.words("Language")
    language = _LANGUAGES.get(text.casefold(), "")
    if text and not language:
        row.note("Language", text, "neither English nor Spanish")
    return language


def _condition(row: Row) -> Literal["new", "used"] | None:
    text = row.words("New/Used")
    condition = _CONDITIONS.get(text.casefold())
    if text and condition is None:
        row.note("New/Used", text, "neither new nor used")
    return condition


def model_year(row: Row, column: str, by_vin: int | None) -> int | None:
    """A model year of two or four digits; two digits mean the VIN's century, else 1970 to 2069. 0 says nothing."""
    text = row.words(column)
    try:
        year = whole_of(text) if text else 0
    except NotReadable:
        year = -1
    if year == 0 and len(text) != 2:
        return None
    if 0 <= year < 100:
        if by_vin is not None and by_vin % 100 == year:
            return by_vin
        return year + (1900 if year >= 70 else 2000)
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        row.note(column, text, "not a model year")
        return None
    return year
