"""What a reading of an ADF message holds. Texts are empty and sequences are empty where the message says nothing."""

from dataclasses import dataclass, field
from datetime import datetime

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class AdfId:
    source: str
    value: str
    sequence: str = ""


@dataclass(frozen=True, slots=True)
class AdfPhone:
    """`type` is the DTD's voice, fax, cellphone or pager, or the sender's own word; `e164` is empty if it cannot be called."""

    raw: str
    type: str = ""
    e164: str = ""
    extension: str = ""
    time: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class AdfAddress:
    type: str = ""
    street: tuple[str, ...] = ()
    apartment: str = ""
    city: str = ""
    regioncode: str = ""
    postalcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class AdfCustomer:
    """Who asked. `full` is as written, or the parts put together; the parts of a lone full name are a guess (`names.split`).

    `preferred_contact` is "email", "sms" or "phone" where the customer said so, in an attribute or in words.
    """

    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    full: str = ""
    business: bool = False
    emails: tuple[str, ...] = ()
    phones: tuple[AdfPhone, ...] = ()
    address: AdfAddress = field(default_factory=AdfAddress)
    preferred_contact: str = ""
    preferred_time: str = ""
    timeframe: str = ""


@dataclass(frozen=True, slots=True)
class AdfAmount:
    """Money as a plain decimal number (`13995`, `13995.50`), empty where the text is no number; `raw` as written."""

    raw: str
    amount: str = ""
    type: str = ""
    limit: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class AdfVehicle:
    """`interest` is the DTD's buy, lease, sell, trade-in or test-drive (buy where none is given); `odometer_units` km or mi."""

    interest: str = "buy"
    status: str = ""
    year: str = ""
    make: str = ""
    model: str = ""
    trim: str = ""
    stock: str = ""
    vin: str = ""
    odometer: str = ""
    odometer_units: str = ""
    exterior_color: str = ""
    interior_color: str = ""
    bodystyle: str = ""
    transmission: str = ""
    doors: str = ""
    condition: str = ""
    prices: tuple[AdfAmount, ...] = ()
    options: tuple[str, ...] = ()
    finance_method: str = ""
    finance: tuple[AdfAmount, ...] = ()
    comments: str = ""

    @property
    def title(self) -> str:
        """Year, make, model and trim, as far as known: "2021 Subaru Forester"."""
        return " ".join(word for word in (self.year, self.make, self.model, self.trim) if word)

    @property
    def says_something(self) -> bool:
        """False for a vehicle of which only interest and status are given."""
        return self != AdfVehicle(interest=self.interest, status=self.status)

    @property
    def given_up(self) -> bool:
        """True for a vehicle the customer wants to part with: a trade-in, or one to sell."""
        return self.interest in ("trade-in", "sell")


@dataclass(frozen=True, slots=True)
class AdfProspect:
    """One prospect. `echoes` are trade-ins that only repeat the vehicle asked about (some forms fill them in by themselves)."""

    status: str = "new"
    ids: tuple[AdfId, ...] = ()
    requested_at: datetime | None = None
    requested_at_raw: str = ""
    customer: AdfCustomer = field(default_factory=AdfCustomer)
    vehicles: tuple[AdfVehicle, ...] = ()
    echoes: tuple[AdfVehicle, ...] = ()
    comments: str = ""
    vendor: str = ""
    vendor_ids: tuple[AdfId, ...] = ()
    provider: str = ""
    provider_service: str = ""

    @property
    def contactable(self) -> bool:
        """True if somebody can be written to or called: an e-mail, a valid number, or seven digits that a person can try."""
        if self.customer.emails or any(phone.e164 for phone in self.customer.phones):
            return True
        digits = ([mark for mark in phone.raw if mark.isdigit()] for phone in self.customer.phones)
        return any(len(each) >= 7 and len(set(each)) > 1 for each in digits)

    @property
    def wanted(self) -> AdfVehicle | None:
        """The vehicle the customer asks about: the first that is not to be parted with."""
        return next((vehicle for vehicle in self.vehicles if not vehicle.given_up), None)

    @property
    def empty(self) -> bool:
        """True if the prospect says nothing at all."""
        return not (
            self.ids
            or self.requested_at_raw
            or any(vehicle.says_something for vehicle in self.vehicles)
            or self.comments
            or self.contactable
            or self.customer.full
        )

    def as_dict(self) -> Plain:
        """The shape that `manage.py read_adf` prints; null where nothing was said."""
        customer = self.customer
        return {
            "status": self.status,
            "ids": [{"source": each.source or None, "value": each.value} for each in self.ids],
            "requested_at": self.requested_at.isoformat() if self.requested_at else None,
            "requested_at_raw": self.requested_at_raw or None,
            "customer": {
                "first": customer.first or None,
                "last": customer.last or None,
                "full": customer.full or None,
                "emails": list(customer.emails),
                "phones": [_phone(phone) for phone in customer.phones],
                "address": _address(customer.address),
                "business": customer.business,
                "preferred_contact": customer.preferred_contact or None,
                "preferred_time": customer.preferred_time or None,
                "timeframe": customer.timeframe or None,
            },
            "vehicles": [_vehicle(vehicle) for vehicle in self.vehicles],
            "echoes": [_vehicle(vehicle) for vehicle in self.echoes],
            "comments": self.comments or None,
            "vendor": self.vendor or None,
            "provider": self.provider or None,
            "provider_service": self.provider_service or None,
            "contactable": self.contactable,
        }


@dataclass(frozen=True, slots=True)
class AdfHints:
    """What a person may start from when a message could not be read: whatever looks like a name, an address or a number."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    sender: str = ""


@dataclass(frozen=True, slots=True)
class AdfReading:
    """`unreadable` is the reason, in words for a person, and None when the message was read; then `prospects` may still be empty
    (an ADF without any) or hold some that nobody can contact: `needs_a_person` is true for all of these.
    """

    unreadable: str | None = None
    repairs: tuple[str, ...] = ()
    prospects: tuple[AdfProspect, ...] = ()
    hints: AdfHints = field(default_factory=AdfHints)

    @property
    def needs_a_person(self) -> bool:
        return not self.prospects or not all(prospect.contactable for prospect in self.prospects)

    def as_dict(self) -> Plain:
        hints = self.hints
        return {
            "unreadable": self.unreadable,
            "repairs": list(self.repairs),
            "prospects": [prospect.as_dict() for prospect in self.prospects],
            "hints": {
                "names": list(hints.names),
                "emails": list(hints.emails),
                "phones": list(hints.phones),
                "sender": hints.sender or None,
            },
        }


def _phone(phone: AdfPhone) -> Plain:
    return {
        "type": phone.type or None,
        "raw": phone.raw,
        "e164": phone.e164 or None,
        "extension": phone.extension or None,
        "time": phone.time or None,
    }


def _address(address: AdfAddress) -> Plain:
    return {
        "street": list(address.street),
        "apartment": address.apartment or None,
        "city": address.city or None,
        "regioncode": address.regioncode or None,
        "postalcode": address.postalcode or None,
        "country": address.country or None,
    }


def _vehicle(vehicle: AdfVehicle) -> Plain:
    price = vehicle.prices[0] if vehicle.prices else None
    return {
        "interest": vehicle.interest,
        "status": vehicle.status or None,
        "year": vehicle.year or None,
        "make": vehicle.make or None,
        "model": vehicle.model or None,
        "trim": vehicle.trim or None,
        "stock": vehicle.stock or None,
        "vin": vehicle.vin or None,
        "odometer": vehicle.odometer or None,
        "odometer_units": vehicle.odometer_units or None,
        "exterior_color": vehicle.exterior_color or None,
        "price": (price.amount or None) if price else None,
        "comments": vehicle.comments or None,
    }
