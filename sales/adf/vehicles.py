"""The vehicles of a prospect: the one asked about, the one to trade, and the trade-in that is only an echo of a form."""

import re
from dataclasses import replace

from sales.adf import values
from sales.adf.lead import AdfAmount, AdfVehicle
from sales.adf.markup import Element
from sales.adf.repairs import Repairs

MOST = 50

_INTERESTS = {
    "trade": "trade-in",
    "tradein": "trade-in",
    "sell": "sell",
    "testdrive": "test-drive",
    "buy": "buy",
    "purchase": "buy",
    "lease": "lease",
}
_SAID_TRADE = re.compile(
    r"\btrad(?:e|es|ing|ed)\b|\btrade-?in|\bpart[- ]?ex|\bmy (?:current|old)\b|\bapprais|\bpermuta|\ba cuenta\b",
    re.I,
)
_SAME_WORDS = re.compile(r"[\w-]+")


def read(element: Element, repairs: Repairs) -> AdfVehicle:
    """One `vehicle` element."""

    def text(*names: str) -> str:
        found = (values.line(child, repairs) for child in element.elements(*names) if not child.broken_off)
        return next((value for value in found if value), "")

    interest = re.sub(r"[^a-z]", "", values.attribute(element, "interest"))
    odometer, units = _odometer(element, repairs)
    colors = element.first("colorcombination") or element
    finance = element.first("finance")
    comments = [
        values.prose(child, repairs) for child in element.elements("comments", "comment", "pricecomments")
    ]
    options = [values.line(child.first("optionname"), repairs) for child in element.elements("option")]
    return AdfVehicle(
        interest=_INTERESTS.get(interest, values.attribute(element, "interest") or "buy"),
        status=values.attribute(element, "status"),
        year=text("year"),
        make=text("make"),
        model=_closed(text("model"), repairs),
        trim=_closed(text("trim"), repairs),
        stock=text("stock", "stocknumber", "stock_number", "stockno"),
        vin=text("vin").replace(" ", "").upper(),
        odometer=odometer,
        odometer_units=units,
        exterior_color=values.line(colors.first("exteriorcolor", "color", "colour"), repairs)
        or text("exteriorcolor", "color"),
        interior_color=values.line(colors.first("interiorcolor"), repairs),
        bodystyle=text("bodystyle"),
        transmission=text("transmission"),
        doors=text("doors"),
        condition=text("condition"),
        prices=tuple(
            _amount(child, repairs) for child in element.elements("price")[:MOST] if child.text().strip()
        ),
        options=tuple(name for name in options[:MOST] if name),
        finance_method=values.line(finance.first("method"), repairs) if finance else "",
        finance=tuple(_amount(child, repairs) for child in finance.elements("amount", "balance")[:MOST])
        if finance
        else (),
        comments="\n".join(dict.fromkeys(comment for comment in comments if comment)),
    )


def without_echoes(
    vehicles: list[AdfVehicle], said: str, repairs: Repairs
) -> tuple[list[AdfVehicle], list[AdfVehicle]]:
    """`vehicles` without the trade-ins that only repeat the vehicle asked about, and those apart.

    Some forms send the vehicle of interest once more as a trade-in. Such an echo has nothing of its own, not even a year, and
    the customer (`said`) speaks of no trade.
    """
    kept: list[AdfVehicle] = []
    echoes: list[AdfVehicle] = []
    wanted = [vehicle for vehicle in vehicles if not vehicle.given_up]
    for vehicle in vehicles:
        if (
            vehicle.interest == "trade-in"
            and any(_repeats(vehicle, other) for other in wanted)
            and not _SAID_TRADE.search(said)
        ):
            repairs.note(
                f"The trade-in only repeats the vehicle asked about ({vehicle.title}) and was set aside."
            )
            echoes.append(vehicle)
        else:
            kept.append(vehicle)
    return kept, echoes


def _repeats(trade: AdfVehicle, other: AdfVehicle) -> bool:
    bare = replace(trade, make="", model="", status="", odometer_units="")
    words = set(_SAME_WORDS.findall(trade.model.lower()))
    return (
        bare == AdfVehicle(interest="trade-in")
        and bool(words)
        and trade.make.lower() == other.make.lower()
        and words <= set(_SAME_WORDS.findall(other.model.lower()))
    )


def _odometer(element: Element, repairs: Repairs) -> tuple[str, str]:
    """The reading as a plain number where it is one, and km or mi; some senders nest `value` and `units`."""
    odometer = element.first("odometer", "mileage")
    if odometer is None:
        return "", ""
    written = values.line(odometer.first("value") or odometer, repairs)
    units = (
        values.attribute(odometer, "units", "unit")
        or values.line(odometer.first("units", "unit"), repairs).lower()
    )
    named = "km" if units.startswith("k") else "mi" if units.startswith("mi") else ""
    return values.number(written) or written, named


def _amount(element: Element, repairs: Repairs) -> AdfAmount:
    raw = values.line(element, repairs)
    return AdfAmount(
        raw=raw,
        amount=values.number(raw),
        type=values.attribute(element, "type"),
        limit=values.attribute(element, "limit"),
        currency=element.attributes.get("currency", "").upper(),
    )


def _closed(text: str, repairs: Repairs) -> str:
    """Without a last parenthesis that the sender's field was too short to close: "Road Glide (Spec" is "Road Glide"."""
    if text.count("(") <= text.count(")"):
        return text
    kept = text[: text.rindex("(")].rstrip()
    if not kept:
        return text
    repairs.note(f"“{text}” was cut off by the sender and is read as “{kept}”.")
    return kept
