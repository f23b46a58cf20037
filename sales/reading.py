"""From what a sender wrote to the columns of a lead: cut to size, cleaned, and the numbers told apart. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dealership.messaging.wording import clean
from sales.adf.lead import AdfId, AdfProspect, AdfVehicle

#: Lengths of the columns of `Lead` and `TradeIn`.
LONGEST = {
    "source": 80, "service": 80, "interest": 12, "year": 10, "make": 60, "model": 80, "trim": 80, "stock_number": 40,
    "vin": 17, "condition": 8, "preferred_contact": 8, "preferred_time": 12, "timeframe": 160, "numbers_as_written": 160,
    "mileage": 24,
}  # fmt: skip
LONGEST_COMMENTS = 20_000

# Some senders write into the id what is no id of the prospect: the kind of lead, their own code for the store.
_NO_LEAD_ID = re.compile(r"dealer|vendor|store|program|media|campaign|source ?type|rooftop", re.IGNORECASE)
_NO_TEXTS = re.compile(
    r"\b(?:do\s*n[o'’]?t|don['’]?t|never|no|not|without|stop)\s+(?:\w+\s+){0,2}(?:text(?:s|ing|ed)?|sms|txt)\b"
    r"|\be-?mail\s+only\b|\bonly\s+(?:by\s+|via\s+|through\s+)?e-?mail\b|\bcalls?\s+only\b|\bonly\s+(?:by\s+)?calls?\b"
    r"|\bno\s+(?:me\s+)?(?:mande[ns]?|env[ií]e[ns]?|escriba[ns]?)\b|\bsin\s+(?:mensajes|textos)\b|\bsolo\s+(?:por\s+)?correo\b",
    re.IGNORECASE,
)
_SPANISH_WORDS = (
    "hola quiero quisiera busco necesito gracias buenas buenos carro coche camioneta precio interesa interesado interesada "
    "está estoy tengo tiene puede pueden cuánto cuanto por para favor con una los las que del el es llamar llámeme me"
)
_ENGLISH_WORDS = (
    "the and is are you your i i'm im want would like looking for please call car truck price interested it this have "
    "with what when how can my me to of in on do"
)
_SPANISH, _ENGLISH = frozenset(_SPANISH_WORDS.split()), frozenset(_ENGLISH_WORDS.split())
_EMPTY_IDS = frozenset({"", "0", "-", "na", "n/a", "nil", "none", "null", "undefined", "unknown", "test"})


def fit(text: str, most: int) -> str:
    """One line that a column of `most` characters holds."""
    return " ".join(clean(text).split())[:most].rstrip()


def prose(text: str) -> str:
    """Free text, its lines kept."""
    return clean(text).strip()[:LONGEST_COMMENTS]


def external_key(prospect: AdfProspect) -> str:
    """What makes it the same prospect when it comes again: "source:value"; empty where the sender gave no id of its own.

    Of several ids the one that was given first: the lowest sequence, then the order of writing.
    """
    own = [each for each in prospect.ids if _is_lead_id(each)]
    if not own:
        return ""
    first = min(own, key=lambda each: int(each.sequence) if each.sequence.isdecimal() else 99)
    source = fit(first.source or prospect.provider, 60)
    return f"{source}:{fit(first.value, 70)}".lower()


def _is_lead_id(each: AdfId) -> bool:
    value = each.value.strip().lower()
    return (
        value not in _EMPTY_IDS
        and any(mark.isdigit() for mark in value)
        and not _NO_LEAD_ID.search(each.source)
    )


def columns(prospect: AdfProspect, *, now: datetime) -> dict[str, Any]:
    """The prospect as columns of a lead. A request date that lies ahead is left out: the clock starts when it came."""
    vehicle = prospect.wanted or next(iter(prospect.vehicles), AdfVehicle(interest=""))
    customer = prospect.customer
    words = {
        "source": prospect.provider,
        "service": prospect.provider_service,
        "preferred_contact": customer.preferred_contact,
        "preferred_time": customer.preferred_time,
        "timeframe": customer.timeframe,
        "numbers_as_written": ", ".join(phone.raw for phone in customer.phones if not phone.e164),
        **_car(vehicle),
        "interest": vehicle.interest,
        "stock_number": vehicle.stock,
        "condition": vehicle.status,
    }
    asked = prospect.requested_at
    return {
        **{name: fit(text, LONGEST[name]) for name, text in words.items()},
        "comments": prose("\n\n".join(filter(None, (prospect.comments, vehicle.comments)))),
        "requested_at": asked if asked and asked <= now + timedelta(minutes=10) else None,
    }


def trade_ins(prospect: AdfProspect) -> list[dict[str, str]]:
    """The cars that the customer would give in, as columns. The one that the lead is about itself is not among them."""
    about = prospect.wanted or next(iter(prospect.vehicles), None)
    rows = []
    for vehicle in prospect.vehicles:
        if vehicle.given_up and vehicle is not about and vehicle.says_something:
            miles = " ".join(filter(None, (vehicle.odometer, vehicle.odometer_units)))
            row = {
                name: fit(text, LONGEST[name]) for name, text in {**_car(vehicle), "mileage": miles}.items()
            }
            rows.append({**row, "comments": prose(vehicle.comments)})
    return rows


def person(prospect: AdfProspect) -> dict[str, Any]:
    """Who asked, as `customers.matching.find_or_create` takes it."""
    customer, address = prospect.customer, prospect.customer.address
    return {
        "first": clean(customer.first),
        "last": clean(" ".join(filter(None, (customer.last, customer.suffix)))),
        "full": clean(customer.full),
        "is_business": customer.business,
        "phones": [(phone.type, phone.e164) for phone in customer.phones if phone.e164],
        "emails": [clean(email) for email in customer.emails],
        "street": clean(" ".join(filter(None, (*address.street, address.apartment)))),
        "city": clean(address.city),
        "state": clean(address.regioncode),
        "postal_code": clean(address.postalcode),
    }


def refuses_texts(words: str) -> bool:
    """Whether the customer says in their inquiry that they want no texts. In doubt yes: a call reaches them as well."""
    return bool(_NO_TEXTS.search(words))


def language(words: str) -> str:
    """The language of what the customer wrote: "es" where it is plainly Spanish, else "en"."""
    said = re.findall(r"[\w'’]+", words.lower())[:200]
    spanish = sum(word in _SPANISH for word in said)
    english = sum(word in _ENGLISH for word in said)
    return "es" if spanish >= 3 and spanish > 2 * english else "en"


def same_car(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two leads ask about one car: by VIN, else by stock number, else by year, make and model."""
    for name in ("vin", "stock_number"):
        if one[name] and other[name]:
            return one[name].lower() == other[name].lower()
    return all(one[name].lower() == other[name].lower() for name in ("year", "make", "model"))


def _car(vehicle: AdfVehicle) -> dict[str, str]:
    return {
        "year": vehicle.year,
        "make": vehicle.make,
        "model": vehicle.model,
        "trim": vehicle.trim,
        "vin": vehicle.vin.upper(),
    }
