"""Who asked: the customer of a prospect, from ADF's `customer` or from whatever stands in its place."""

import re
from dataclasses import replace

import phonenumbers

from dealership.customers import phones
from sales.adf import names, values
from sales.adf.lead import AdfAddress, AdfCustomer, AdfPhone
from sales.adf.markup import Element
from sales.adf.repairs import Repairs, shortened

MOST = 20

_PARTS = {
    "first": "first",
    "given": "first",
    "middle": "middle",
    "last": "last",
    "surname": "last",
    "suffix": "suffix",
}
_OWN_ELEMENTS = {
    "firstname": "first",
    "first_name": "first",
    "lastname": "last",
    "last_name": "last",
    "fullname": "full",
    "full_name": "full",
}
_MOBILE = re.compile(r"mobile|cell|cellular|cell ?phone|mobile ?phone|sms|text")
_COUNTRIES = {
    "usa": "US",
    "unitedstates": "US",
    "canada": "CA",
    "mexico": "MX",
    "méxico": "MX",
    "puertorico": "PR",
    "uk": "GB",
}
_PREFERENCE = re.compile(
    r"(?:(?:prefer\w{0,5}|best)\s+(?:contact\s+method|method\s+of\s+contact|method|way\s+to\s+(?:contact|reach)(?:\s+me)?|contact)"
    r"|contact\s+(?:preference|method))\s*(?:is\s+|by\s+|via\s+|[:=–—-]\s*)+(?P<channel>e-?mail|mail|sms|text|txt|phone|call|cell|tele)",
    re.IGNORECASE,
)


def read(element: Element, said: str, region: str, repairs: Repairs) -> AdfCustomer:
    """The customer in `element`; `said` is the free text of the lead, in which a wish how to be contacted may stand."""
    address = _address(element, repairs)
    country = re.sub(r"[^a-zé]", "", address.country.lower())
    region = _COUNTRIES.get(
        country, country.upper() if country.upper() in phonenumbers.SUPPORTED_REGIONS else region
    )
    found = _whole(element, "phone", repairs)
    called = [phone for child in found[:MOST] for phone in _phones(child, region, repairs)]
    parts, full, business = _names(element, repairs)
    preferred = next((phone for phone in called if phone.preferred), None)
    timed = preferred or next((phone for phone in called if phone.time), None)
    return AdfCustomer(
        **parts,
        full=full,
        business=business,
        emails=_emails(element, repairs),
        phones=tuple(dict.fromkeys(called)),
        address=address,
        preferred_contact=_preferred(element, preferred, said),
        preferred_time=timed.time if timed else "",
        timeframe=_timeframe(element, repairs),
    )


def numbers(raw: str, region: str) -> list[AdfPhone]:
    """The number in `raw`, or each of several; a text that is no number is kept as written, without `e164`."""
    several = phones.find_in(raw, region)
    read_as = several if len(several) > 1 else [phones.read(raw, region)]
    return [AdfPhone(raw=each.raw, e164=each.e164, extension=each.extension) for each in read_as]


def preference(said: str) -> str:
    """The channel that the customer asked for in words: "email", "sms", "phone", or empty."""
    match = _PREFERENCE.search(said)
    if not match:
        return ""
    channel = match["channel"].lower()
    if channel in ("sms", "text", "txt"):
        return "sms"
    return "email" if "mail" in channel else "phone"


def _preferred(element: Element, phone: AdfPhone | None, said: str) -> str:
    if phone:
        return "phone"
    if any(child.attributes.get("preferredcontact") == "1" for child in element.descendants("email")):
        return "email"
    return preference(said)


def _whole(element: Element, name: str, repairs: Repairs) -> list[Element]:
    """Descendants of that name, without one in which the message broke off: half a number would call somebody else."""
    whole: list[Element] = []
    for child in element.descendants(name):
        if child.broken_off:
            repairs.note(f"The <{name}> is incomplete and was left out: “{shortened(child.text())}”.")
        else:
            whole.append(child)
    return whole


def _phones(element: Element, region: str, repairs: Repairs) -> list[AdfPhone]:
    raw = values.line(element, repairs)
    if not raw:
        return []
    kind = values.attribute(element, "type")
    time = values.attribute(element, "time")
    return [
        replace(
            phone,
            type="cellphone" if _MOBILE.fullmatch(kind) else kind,
            time="" if time == "nopreference" else time,
            preferred=element.attributes.get("preferredcontact") == "1",
        )
        for phone in numbers(raw, region)
    ]


def _emails(element: Element, repairs: Repairs) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for child in _whole(element, "email", repairs)[:MOST]:
        written = values.line(child, repairs)
        addresses = values.emails(written)
        if written and not addresses:
            repairs.note(f"“{shortened(written)}” is no e-mail address and was left out.")
        for address in addresses:
            found.setdefault(address.lower(), address)
    return tuple(found.values())


def _names(element: Element, repairs: Repairs) -> tuple[dict[str, str], str, bool]:
    """The parts, the full name, and whether it is a business."""
    parts: dict[str, str] = {}
    business = False
    for child in element.descendants("name", *_OWN_ELEMENTS):
        part = _OWN_ELEMENTS.get(child.name) or _PARTS.get(values.attribute(child, "part"), "full")
        value = values.line(child, repairs)
        if value:
            parts.setdefault(part, value)
            business = business or values.attribute(child, "type") == "business"
    full = parts.pop("full", "")
    if parts:
        order = ("first", "middle", "last", "suffix")
        return parts, full or " ".join(parts[part] for part in order if part in parts), business
    guess = names.split(full)
    if business or guess.business:
        return {}, full, True
    split = {"first": guess.first, "middle": guess.middle, "last": guess.last, "suffix": guess.suffix}
    return split, full, False


def _address(element: Element, repairs: Repairs) -> AdfAddress:
    address = next((each for each in element.descendants("address") if each.text().strip()), None)
    if address is None:
        return AdfAddress()
    streets = (values.line(street, repairs) for street in address.elements("street")[:5])
    return AdfAddress(
        type=values.attribute(address, "type"),
        street=tuple(street for street in streets if street),
        apartment=values.line(address.first("apartment"), repairs),
        city=values.line(address.first("city"), repairs),
        regioncode=values.line(address.first("regioncode", "state", "region"), repairs),
        postalcode=values.line(address.first("postalcode", "zip"), repairs),
        country=values.line(address.first("country"), repairs),
    )


def _timeframe(element: Element, repairs: Repairs) -> str:
    timeframe = next(element.descendants("timeframe"), None)
    if timeframe is None:
        return ""
    said = (child if isinstance(child, str) else child.text() for child in timeframe.children)
    return values.one_line(" ".join(said), repairs)
