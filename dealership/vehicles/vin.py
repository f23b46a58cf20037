"""Vehicle identification numbers: read one the way people and systems write it. Pure.

A VIN has 17 characters, without the letters I, O and Q; position 9 is a check digit and position 10 the model
year (49 CFR 565). Cars built for markets outside North America need not obey the check digit, and vehicles built
before 1981 have shorter numbers: both are said in `why`, and neither is a reason to lose the car.
"""

import re
import unicodedata
from dataclasses import dataclass

from vininfo.dicts import WMI

LENGTH = 17

_LONGEST_TEXT = 1_000
_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", map(int, "12345678123457923456789" + "0123456789"), strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 1980
_CYCLE = len(_YEAR_CODES)
_MISREAD = str.maketrans("IOQ", "100")
_NORTH_AMERICA = "123457"

_LABEL = re.compile(r"^\W*VIN\s*(?:NO\.?|NUM\.?|NUMBER|#)?\W*")
_WITHIN_TEXT = re.compile(r"(?<![A-Z0-9])[A-HJ-NPR-Z0-9]{17}(?![A-Z0-9])")
_ALPHABET = re.compile(r"[A-HJ-NPR-Z0-9]")
_MAKER_TAIL = re.compile(
    r"(?:\s+(?:USA|Canada|Mexico|China|Australia|Germany|Brazil|Argentina|Spain|Thailand|Trucks?|SUV|car)"
    r"|\s*\(.*\))+$"
)
_BETTER_KNOWN_AS = {
    "DaimlerChrysler AG/Daimler AG": "Mercedes-Benz",
    "Daimler AG": "Mercedes-Benz",
    "Mercedes Benz": "Mercedes-Benz",
    "Nissan Motor Company": "Nissan",
    "Hyundai Motor Company / Hyundai": "Hyundai",
    "Fuji Heavy Industries": "Subaru",
    "JLR Jaguar Land Rover": "Jaguar Land Rover",
    "Tesla Motors": "Tesla",
}


@dataclass(frozen=True)
class VinReading:
    """What a text says when it is read as a VIN.

    `vin` is the cleaned text in capitals, whether or not it is a VIN. `valid` is true for 17 permitted characters
    with the right check digit; otherwise `why` says what is wrong in words. `model_year`, `maker` and
    `check_digit_ok` are None where the text does not tell.
    """

    vin: str
    valid: bool
    why: str | None
    model_year: int | None
    maker: str | None
    check_digit_ok: bool | None

    @property
    def usable(self) -> bool:
        """True when the text identifies a car: 17 permitted characters, even if the check digit disagrees."""
        return self.check_digit_ok is not None


def read(text: str, *, this_year: int | None = None) -> VinReading:
    """Read one VIN out of `text`; never raises.

    Spaces, hyphens, lower case, a leading "VIN:" and punctuation around the number are forgiven. With `this_year`
    a model year that lies more than one year ahead is taken for the same code thirty years earlier.
    """
    vin = _clean(text)
    why = _unlike_a_vin(vin)
    if why is not None:
        return VinReading(vin, valid=False, why=why, model_year=None, maker=None, check_digit_ok=None)
    expected = check_digit(vin)
    ok = vin[8] == expected
    if not ok:
        why = f"check digit is {vin[8]}, computed {expected}"
        if vin[0] not in _NORTH_AMERICA:
            why += " (cars built for markets outside North America may differ)"
    return VinReading(
        vin,
        valid=ok,
        why=why,
        model_year=_model_year(vin, this_year),
        maker=_maker(vin),
        check_digit_ok=ok,
    )


def check_digit(vin: str) -> str:
    """The character that belongs in position 9 of 17 permitted characters (49 CFR 565.15 (c))."""
    rest = sum(_VALUES[character] * weight for character, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _clean(text: str) -> str:
    """The characters of the VIN that `text` most likely means."""
    upper = unicodedata.normalize("NFKC", text[:_LONGEST_TEXT]).upper()
    bare = _bare(upper)
    if len(bare) == LENGTH:
        return bare
    unlabelled = _bare(_LABEL.sub("", upper))
    if len(unlabelled) == LENGTH:
        return unlabelled
    within = set(_WITHIN_TEXT.findall(upper))
    return within.pop() if len(within) == 1 else bare


def _bare(text: str) -> str:
    """`text` without spaces, hyphens and invisible characters, and without punctuation around it."""
    kept = "".join(
        character
        for character in text
        if not character.isspace()
        and character != "_"
        and unicodedata.category(character) not in {"Pd", "Cf", "Cc", "Cs"}
    )
    start, end = 0, len(kept)
    while start < end and not kept[start].isalnum():
        start += 1
    while end > start and not kept[end - 1].isalnum():
        end -= 1
    return kept[start:end]


def _unlike_a_vin(vin: str) -> str | None:
    """Why these characters cannot be a VIN, or None."""
    if not vin:
        return "empty: there is no letter or digit"
    if len(vin) != LENGTH:
        older = " (vehicles built before 1981 have shorter numbers)" if 5 <= len(vin) < LENGTH else ""
        return f"length {len(vin)}: a VIN has {LENGTH} characters{older}"
    if vin == "0" * LENGTH:
        return "only zeros: a filler, not a VIN"
    forbidden = next((character for character in vin if not _ALPHABET.fullmatch(character)), None)
    if forbidden is None:
        return None
    why = f"forbidden character {forbidden!r}"
    if forbidden in "IOQ":
        why += ": a VIN has no I, O or Q"
        meant = vin.translate(_MISREAD)
        if all(_ALPHABET.fullmatch(character) for character in meant) and check_digit(meant) == meant[8]:
            why += f"; {meant} would be valid"
    return why


def _model_year(vin: str, this_year: int | None) -> int | None:
    """The model year from position 10; position 7 tells the cycle: a digit to 2009, a letter from 2010.

    The rule for position 7 binds cars and light trucks (49 CFR 565.15, table VII).
    """
    code = _YEAR_CODES.find(vin[9])
    if code < 0:
        return None
    year = _FIRST_YEAR + code
    if vin[6].isalpha():
        year += _CYCLE
    if this_year is not None and year > this_year + 1:
        year -= _CYCLE
    return year


def _maker(vin: str) -> str | None:
    """Who built the vehicle, by the world manufacturer identifier in positions 1 to 3."""
    found = WMI.get(vin[:3]) or WMI.get(vin[:2])
    if found is None:
        return None
    name = found if isinstance(found, str) else str(found.manufacturer)
    short = _MAKER_TAIL.sub("", name) or name
    return _BETTER_KNOWN_AS.get(short, short)
