"""Where a customer is, for the clock and the law: from the address, the ZIP code and the phone number. Pure.

A number moves with its owner and an address grows old, so what they say is collected, not chosen: when they
disagree, every zone's and every state's window must be open.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
import zipcodes
from phonenumbers import PhoneNumber, PhoneNumberType, timezone

STATE_NAMES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO",
    "Connecticut": "CT", "Delaware": "DE", "District of Columbia": "DC", "Florida": "FL", "Georgia": "GA",
    "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS",
    "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI",
    "Minnesota": "MN", "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV",
    "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY", "North Carolina": "NC",
    "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA",
    "Puerto Rico": "PR", "Rhode Island": "RI", "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN",
    "Texas": "TX", "Utah": "UT", "Vermont": "VT", "Virginia": "VA", "Washington": "WA", "Washington State": "WA",
    "Washington D.C.": "DC", "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY", "Guam": "GU",
    "American Samoa": "AS", "Northern Mariana Islands": "MP", "U.S. Virgin Islands": "VI",
}  # fmt: skip
STATE_CODES = frozenset(STATE_NAMES.values())
BY_LOWER_NAME = {name.lower(): code for name, code in STATE_NAMES.items()}
TERRITORIES = frozenset({"PR", "VI", "GU", "MP", "AS"})
PLACELESS = frozenset({
    PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.UAN, PhoneNumberType.PAGER, PhoneNumberType.VOICEMAIL,
})  # fmt: skip


@dataclass(frozen=True)
class Whereabouts:
    """Every zone and every state the customer may be in (both may be several), and what says so."""

    zones: tuple[ZoneInfo, ...]
    states: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Place:
    """What one clue says: zone names, the likeliest first, and states; empty where it says nothing."""

    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


def where(
    address_state: str | None, postal_code: str | None, e164: str | None, store_zone: ZoneInfo
) -> Whereabouts:
    """Where the customer may be. Clues that say nothing are passed over; with none left, the store's zone."""
    clues: list[tuple[str, Place]] = []
    code, zip_code = read_state(address_state), read_zip(postal_code)
    by_zip = place_of_zip(zip_code) if zip_code else Place()
    if by_zip.zones:
        clues.append((f"ZIP {zip_code}", by_zip))
    if code and code not in by_zip.states:
        clues.append(("address", Place(zones_of_state(code), (code,))))
    by_number = place_of_number(e164) if e164 else Place()
    if e164 and by_number.zones:
        clues.append((f"number {_spoken_prefix(e164)}", by_number))
    zones = dict.fromkeys(zone for _, place in clues for zone in place.zones)
    states = dict.fromkeys(state for _, place in clues for state in place.states)
    if not zones:
        because = "place unknown, so the store's time"
        return Whereabouts((store_zone,), tuple(states), because)
    said = [name if not place.states else f"{name} ({'/'.join(place.states)})" for name, place in clues]
    return Whereabouts(tuple(ZoneInfo(zone) for zone in zones), tuple(states), ", ".join(said))


def read_state(text: str | None) -> str | None:
    """The two-letter code of a state written as code or name; None when it is neither."""
    plain = " ".join((text or "").split())
    return plain.upper() if plain.upper() in STATE_CODES else BY_LOWER_NAME.get(plain.lower())


def read_zip(text: str | None) -> str | None:
    """The five digits of a ZIP or ZIP+4 code; None when it is neither."""
    found = re.fullmatch(r"([0-9]{5})(-?[0-9]{4})?", (text or "").strip())
    return found[1] if found else None


def place_of_zip(zip_code: str) -> Place:
    """Zone and state of a ZIP code; empty for one that is unknown or belongs to the armed forces abroad."""
    return _index().by_zip.get(zip_code, Place())


def zones_of_state(code: str) -> tuple[str, ...]:
    """Every zone in which the state has a ZIP code, the commonest first."""
    return _index().zones_by_state.get(code, ())


@lru_cache(maxsize=8192)
def place_of_number(e164: str) -> Place:
    """Where a number is at home: zones and state of its area code; empty for toll-free and unreadable numbers."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return Place()
    if phonenumbers.number_type(number) in PLACELESS:
        return Place()
    region = phonenumbers.region_code_for_number(number)
    zones = tuple(zone for zone in timezone.time_zones_for_number(number) if zone in available_zones())
    if region in TERRITORIES:
        return Place(zones, (region,))
    if region != "US":
        return Place(zones) if region else Place()
    state = _index().state_by_area_code.get(_area_code(number)) or _described_state(number)
    if state is None:
        return Place(zones)
    of_area = _index().zones_by_area_code.get((_area_code(number), state)) or zones_of_state(state)
    return Place(tuple(dict.fromkeys(of_area + zones)), (state,))


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """IANA zones that this machine knows."""
    return frozenset(available_timezones())


def load() -> None:
    """Reads the tables, once in a process: seconds that nobody should spend while they hold locks."""
    _index()
    place_of_number("+12125550100")


@dataclass(frozen=True)
class _Index:
    by_zip: dict[str, Place]
    zones_by_state: dict[str, tuple[str, ...]]
    state_by_area_code: dict[str, str]
    zones_by_area_code: dict[tuple[str, str], tuple[str, ...]]


@lru_cache(maxsize=1)
def _index() -> _Index:
    """The ZIP table, turned round once.

    It lists neighbouring area codes beside a ZIP's own, so an area code belongs to the state where most of its ZIPs
    lie, and to that state's zones only.
    """
    zone_of_zip: dict[str, tuple[str, str]] = {}
    by_state: dict[str, Counter[str]] = {}
    votes: dict[str, Counter[str]] = {}
    by_area: dict[tuple[str, str], Counter[str]] = {}
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        zone, state = row["timezone"], row["state"]
        if state not in STATE_CODES:
            continue
        known = zone in available_zones()
        zone_of_zip[row["zip_code"]] = (zone if known else "", state)
        for area in row["area_codes"]:
            votes.setdefault(area, Counter())[state] += 1
        if known:
            by_state.setdefault(state, Counter())[zone] += 1
            for area in row["area_codes"]:
                by_area.setdefault((area, state), Counter())[zone] += 1
    zones_by_state = {state: _commonest_first(counted) for state, counted in by_state.items()}
    return _Index(
        {
            code: Place((zone,) if zone else zones_by_state.get(state, ()), (state,))
            for code, (zone, state) in zone_of_zip.items()
        },
        zones_by_state,
        {area: _commonest_first(counted)[0] for area, counted in votes.items()},
        {key: _commonest_first(counted) for key, counted in by_area.items()},
    )


def _commonest_first(counted: Counter[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in counted.most_common())


def _area_code(number: PhoneNumber) -> str:
    return str(number.national_number)[:3]


def _described_state(number: PhoneNumber) -> str | None:
    """The state that the numbering plan's description names: "Florida", "Palm Beach, FL".

    Read when first asked: it is the plan of the whole world, a third of what every process would load, and few come here.
    """
    from phonenumbers import geocoder

    return read_state(geocoder.description_for_number(number, "en").rsplit(", ", 1)[-1])


def _spoken_prefix(e164: str) -> str:
    """Enough of a number to be recognised: the area code, or the country."""
    number = phonenumbers.parse(e164)
    return _area_code(number) if number.country_code == 1 else f"+{number.country_code}"
