"""What comes in from outside, written as others write it: leads in ADF and in prose, DealerVault files of ROs and appointments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from xml.sax.saxutils import escape

from dealership.demo.made_up import MODELS, Car, Person, Unit, model_words
from dealership.demo.made_up import unit as unit_of

Cells = dict[str, str]


@dataclass(frozen=True)
class Work:
    """A line of an RO, or one that was recommended: op code, words, what the customer said, price in dollars."""

    code: str
    words: str
    complaint: str
    dollars: int


WORK = (
    Work("10LOF", "Lube, oil and filter, synthetic", "C/S due for oil service", 79),
    Work("10LOF", "Lube, oil and filter, synthetic", "C/S maintenance light on", 79),
    Work("ROT", "Rotate and balance tires", "C/S vibration above 60", 89),
    Work("BATT", "Battery test and replace", "C/S slow to start in the cold", 219),
    Work("DIAG", "Check engine light diagnosis", "C/S check engine light on", 164),
    Work("ALIGN", "Four wheel alignment", "C/S pulls to the right", 149),
    Work("AC", "Air conditioning service", "C/S blows warm air", 189),
    Work("RECALL", "Recall, fuel pump", "C/S has recall letter", 0),
    Work("30K", "30,000 mile service", "C/S due for 30K service", 329),
)
RECOMMENDED = (
    Work("BRKPAD", "Front brake pads at 2 mm", "", 389),
    Work("BRKRR", "Rear brake pads and rotors worn", "", 520),
    Work("TIRE4", "Four tires at 3/32", "", 840),
    Work("STRUTF", "Front struts leaking", "", 910),
    Work("CABIN", "Cabin air filter dirty", "", 69),
    Work("EAF", "Engine air filter dirty", "", 49),
    Work("TRANSFL", "Transmission fluid service", "", 239),
    Work("COOL", "Coolant exchange due", "", 189),
    Work("WIPE", "Washer fluid line cracked", "", 95),
)
QUESTIONS = {
    "en": (
        "What is your best price?", "Is it there to drive today?", "What is the lease for 36 months?",
        "Would you take my car in trade?", "Do you have one in blue?", "Can you deliver?", "Is it still available?",
        "What would the payment be with 3000 down?", "Does it have heated seats?", "Any accidents on this one?",
    ),
    "es": (
        "¿Cuál es su mejor precio?", "¿Todavía está disponible? Quisiera verlo hoy.", "¿Aceptan mi carro como parte de pago?",
        "¿Cuánto sería el pago mensual?",
    ),
}  # fmt: skip
SERVICE_WISHES = {
    "en": (
        "Can I get an oil change on Thursday morning?", "My brakes are squeaking, can you look at it?",
        "Do you have time for tires this week?", "How much is an alignment?", "Is my recall part in? service",
    ),
    "es": ("¿Tienen lugar para cambio de aceite el viernes?", "Los frenos hacen ruido, ¿cuándo puedo llevarlo?"),
}  # fmt: skip
TRIMS = ("", "Sport", "EX-L", "Touring", "LX")
COLOURS = ("black", "white", "silver", "blue", "grey", "red")


def lead(
    number: str, who: Person, *, asked_at: datetime, car: Mapping[str, str], question: str, source: str, vendor: str
) -> bytes:  # fmt: skip
    """A prospect in ADF 1.0."""
    vehicle = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in car.items() if tag != "status")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?adf version="1.0"?>'
        f'<adf><prospect status="new"><id sequence="1" source="{escape(source)}">{number}</id>'
        f"<requestdate>{asked_at.isoformat(timespec='seconds')}</requestdate>"
        f'<vehicle interest="buy" status="{car.get("status", "new")}">{vehicle}</vehicle>'
        f'<customer><contact><name part="first">{escape(who.first)}</name><name part="last">{escape(who.last)}</name>'
        f'<email>{who.email}</email><phone type="cellphone">{who.phone}</phone></contact>'
        f"<comments>{escape(question)}</comments></customer>"
        f"<vendor><vendorname>{escape(vendor)}</vendorname></vendor>"
        f"<provider><name>{escape(source)}</name></provider></prospect></adf>"
    ).encode()


def wished_car(dice: Random, slug: str, *, in_stock: int) -> Cells:
    """A car that somebody asks about, new or one of those that came into stock last."""
    _, make, model = dice.choice(MODELS[slug])
    if dice.random() < 0.6:
        car = {
            "year": str(dice.choice((2026, 2027))),
            "make": make.title(),
            "model": model_words(model),
            "status": "new",
        }
        return car | ({"trim": trim} if (trim := dice.choice(TRIMS)) else {})
    unit = unit_of(slug, dice.randrange(max(0, in_stock - 24), max(1, in_stock)))
    return {
        "year": unit.car.year,
        "make": unit.car.make.title(),
        "model": model_words(unit.car.model),
        "status": unit.condition,
        "stock": unit.stock_number,
    }


def unreadable(dice: Random, who: Person) -> str:
    """A mail in prose: it names somebody who can be reached, and no reader makes a lead of it."""
    phone = f"{who.phone[:3]} {who.phone[3:6]} {who.phone[6:]}"
    colour = dice.choice(COLOURS)
    return (
        f"Hi, this is {who.name}, I saw the {colour} one on your lot on Sunday. Call me after five, {phone}. "
        f"My {dice.choice(('wife', 'husband', 'brother', 'mother'))} wants to see it too."
    )


def file(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Tab-separated text with one header row, as DealerVault delivers it."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    return "\r\n".join(lines).encode()


def file_name(kind: str, at: datetime) -> str:
    """DVD<dealer>_<date>_<time>_<kind>.txt, the time being the store's."""
    return f"DVD00001_{at:%Y%m%d_%H%M}_{kind}.txt"


def repair_order(
    number: int, who: Person, *, opened: datetime, work: Sequence[Work], closed: datetime | None = None,
    promised: datetime | None = None, advisor: str, recommended: Sequence[Work] = (), visit: str = "", mileage: int,
) -> Cells:  # fmt: skip
    """A row of an SV file; times in the store's zone."""
    total = f"{sum(line.dollars for line in work)}.00"
    is_recall = all(not line.dollars for line in work)
    return {
        "File Type": "SV", "DV Dealer ID": "DVD00001", "RO Number": str(number), "Open Date": day(opened),
        "Close Date": day(closed) if closed else "", "Service Advisor Number": advisor,
        "RO Status": "C" if closed else "O", "Appointment Number": visit,
        "Promise Date": day(promised) if promised else "", "Promise Time": f"{promised:%H:%M}" if promised else "",
        "Tag Number": f"T{number % 200:03d}", "Customer Total Sale": "" if is_recall else total, "Total Sale": total,
        "Operation Codes": "|".join(line.code for line in work),
        "Operation Code Descriptions": "|".join(line.words for line in work),
        "Labor Complaint": "|".join(line.complaint for line in work),
        "Operation Line Number": "|".join(str(n) for n in range(1, len(work) + 1)),
        "Operation Sale Types": "|".join("W" if is_recall else "C" for _ in work),
        "Operation Line Sale": "|".join(f"{line.dollars}.00" for line in work),
        "Recommended Operation Codes": "|".join(line.code for line in recommended),
        "Recommendations": "|".join(line.words for line in recommended),
        "RO Mileage": str(mileage),
    } | about(who)  # fmt: skip


def visit(
    number: int, who: Person, *, at: datetime, made: datetime, concern: str, advisor: str, waits: bool = False
) -> Cells:
    """A row of an SV_APPT file."""
    return {
        "File Type": "SV_APPT", "DV Dealer ID": "DVD00001", "Appointment Number": str(number),
        "Appointment Date": day(at), "Appointment Time": f"{at:%H:%M}", "Appointment Create Date": day(made),
        "Complaint": concern, "Service Advisor Number": advisor, "Waiting Flag": "Y" if waits else "N",
    } | about(who)  # fmt: skip


def deal(
    number: int, who: Person, unit: Unit, *, status: str, entered: datetime, contracted: datetime,
    delivered: datetime | None, kind: str, lender: str, dollars: int, seller: str, gives: Car | None,
) -> Cells:  # fmt: skip
    """A row of an SL file."""
    trade = {
        "Trade 1 VIN": gives.vin, "Trade 1 Year": gives.year, "Trade 1 Make": gives.make, "Trade 1 Model": gives.model,
        "Trade 1 Odometer": str(41_000 + number % 37 * 1_000), "Trade 1 Actual Cash Value": f"{dollars // 4}.00",
    } if gives else {}  # fmt: skip
    return about(who, unit.car) | {
        "File Type": "SL", "DV Dealer ID": "DVD00001", "Deal Number": str(number), "Deal Status": status,
        "New/Used": unit.condition[:1].upper(), "Stock Number": unit.stock_number, "Salesman 1 Number": seller,
        "Sales Price": f"{dollars}.00", "Entry Date": day(entered), "Contract Date": day(contracted),
        "Delivery Date": day(delivered) if delivered else "", "Deal Type": kind.upper(), "Bank Name": lender,
    } | trade  # fmt: skip


def part(
    number: str, words: str, *, dollars: int, on_hand: int, on_order: int, shelf: str, source: str
) -> Cells:
    """A row of a PTINV file."""
    return {
        "File Type": "PTINV", "DV Dealer ID": "DVD00001", "Part Number": number, "Part Description": words.upper(),
        "Part Cost": f"{dollars * 0.6:.2f}", "Part Price": f"{dollars}.00", "Quantity On Hand": str(on_hand),
        "Quantity On Order": str(on_order), "Stocking Status": "S", "BIN#": shelf, "Source": source,
    }  # fmt: skip


def about(who: Person, car: Car | None = None) -> Cells:
    """The columns that every file has about a customer and a car: their own, or another."""
    car = car or who.car
    return {
        "VIN": car.vin, "Year": car.year, "Make": car.make, "Model": car.model,
        "Customer Number": who.dms_number, "Full Name": who.name, "First Name": who.first, "Last Name": who.last,
        "Address Line 1": who.street, "City": who.city, "State": who.state, "Zip": who.postal_code,
        "Cell Phone": who.phone, "Email 1": who.email, "Individual/Business Flag": "I",
        "Language": "Spanish" if who.language == "es" else "English",
    }  # fmt: skip


def day(at: datetime) -> str:
    """As DealerVault writes a date."""
    return f"{at.month}/{at.day}/{at.year}"
