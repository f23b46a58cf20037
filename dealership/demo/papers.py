"""What comes in from outside, written as others write it: leads in ADF, repair orders and appointments as DealerVault files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

#: name, phone, e-mail, city
PEOPLE = (
    ("Maria Lopez", "9735550117", "maria.lopez@example.com", "Newark"),
    ("Tom Okafor", "9735550118", "tom.okafor@example.com", "Bloomfield"),
    ("Priya Nair", "9735550119", "priya.nair@example.com", "Montclair"),
    ("Ana Whitfield", "9735550120", "ana.whitfield@example.com", "Kearny"),
    ("Devon Price", "9735550121", "devon.price@example.com", "Belleville"),
    ("Lee Hart", "9735550122", "lee.hart@example.com", "Nutley"),
    ("Jorge Castillo", "9735550123", "jorge.castillo@example.com", "Newark"),
    ("Karin Anders", "9735550124", "karin.anders@example.com", "Clifton"),
    ("Rutendo Mbeki", "9735550125", "rutendo.mbeki@example.com", "Orange"),
    ("Paula Novak", "9735550126", "paula.novak@example.com", "Harrison"),
    ("Gil Wells", "9735550127", "gil.wells@example.com", "Passaic"),
    ("Selma Idris", "9735550128", "selma.idris@example.com", "Irvington"),
    ("Dai Chen", "9735550129", "dai.chen@example.com", "Livingston"),
    ("Oskar Brandt", "9735550130", "oskar.brandt@example.com", "Union"),
    ("Nora Fox", "9735550131", "nora.fox@example.com", "Maplewood"),
    ("Ed Stone", "9735550132", "ed.stone@example.com", "Newark"),
)
#: VIN (made up, with a true check digit), year, make, model
CARS = (
    ("1HGFE1F52KL000007", "2019", "HONDA", "CIVIC"),
    ("5FNYF6H58MB000016", "2021", "HONDA", "PILOT"),
    ("1HGCV1F32JA000021", "2018", "HONDA", "ACCORD"),
    ("2HKRW2H53LH000034", "2020", "HONDA", "CR-V"),
    ("5FNRL6H74HB000048", "2017", "HONDA", "ODYSSEY"),
    ("3CZRZ1H57RM000052", "2024", "HONDA", "HR-V"),
    ("1HGCR2F84GA000066", "2016", "HONDA", "ACCORD"),
    ("5FNYF6H06FB000071", "2015", "HONDA", "PILOT"),
    ("5FPYK3F50PB000083", "2023", "HONDA", "RIDGELINE"),
    ("19XFC1F37KE000094", "2019", "HONDA", "CIVIC"),
    ("1HGCY1F37RA000101", "2024", "HONDA", "ACCORD"),
    ("2HKRS4H73PH000114", "2023", "HONDA", "CR-V"),
    ("5FNRL6H85NB000127", "2022", "HONDA", "ODYSSEY"),
    ("3CZRU6H18JM000140", "2018", "HONDA", "HR-V"),
    ("1HGFC1F77LA000153", "2020", "HONDA", "CIVIC"),
    ("JHMGK5H56GS000166", "2016", "HONDA", "FIT"),
)
WORK = (
    ("10LOF", "Lube, oil and filter, synthetic", "C/S due for oil service", "45.95"),
    ("BRKF", "Front brake inspection", "C/S grinding noise at front", "129.50"),
    ("BATT", "Battery test and replace", "C/S slow to start in the cold", "219.00"),
    ("ROT", "Rotate and balance tires", "C/S vibration above 60", "89.95"),
    ("DIAG", "Check engine light diagnosis", "C/S check engine light on", "164.00"),
)
RECOMMENDED = (
    ("BRKPAD", "Front brake pads at 2 mm"),
    ("CABIN", "Cabin air filter dirty"),
    ("TIRE4", "Four tires at 3/32"),
)


def lead(
    number: int,
    person: tuple[str, str, str, str],
    *,
    asked_at: datetime,
    car: Mapping[str, str],
    question: str,
    source: str,
) -> bytes:
    """A prospect in ADF 1.0."""
    name, phone, email, _ = person
    first, _, last = name.partition(" ")
    vehicle = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in car.items() if tag != "status")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?adf version="1.0"?>'
        f'<adf><prospect status="new"><id sequence="1" source="{escape(source)}">{number}</id>'
        f"<requestdate>{asked_at.isoformat(timespec='seconds')}</requestdate>"
        f'<vehicle interest="buy" status="{car.get("status", "new")}">{vehicle}</vehicle>'
        f'<customer><contact><name part="first">{escape(first)}</name><name part="last">{escape(last)}</name>'
        f'<email>{email}</email><phone type="cellphone">{phone}</phone></contact>'
        f"<comments>{escape(question)}</comments></customer>"
        "<vendor><vendorname>Northside Honda</vendorname></vendor>"
        f"<provider><name>{escape(source)}</name></provider></prospect></adf>"
    ).encode()


def file(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Tab-separated text with one header row, as DealerVault delivers it."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    return "\r\n".join(lines).encode()


def file_name(kind: str, at: datetime) -> str:
    """DVD<dealer>_<date>_<time>_<kind>.txt, the time being the store's."""
    return f"DVD00001_{at:%Y%m%d_%H%M}_{kind}.txt"


def ro(
    number: int, n: int, *, opened: datetime, closed: datetime | None = None, promised: datetime | None = None,
    advisor: str = "104", recommended: int = 0, appointment: str = "",
) -> dict[str, str]:  # fmt: skip
    """A row of an SV file about the n-th person and car; times in the store's zone."""
    work, declined = WORK[number % len(WORK)], RECOMMENDED[:recommended]
    row = {
        "File Type": "SV", "DV Dealer ID": "DVD00001", "RO Number": str(number), "Open Date": _date(opened),
        "Close Date": _date(closed) if closed else "", "Service Advisor Number": advisor,
        "RO Status": "C" if closed else "O", "Appointment Number": appointment,
        "Promise Date": _date(promised) if promised else "", "Promise Time": f"{promised:%H:%M}" if promised else "",
        "Tag Number": f"T{number % 200:03d}", "Customer Total Sale": work[3], "Total Sale": work[3],
        "Operation Codes": work[0], "Operation Code Descriptions": work[1], "Labor Complaint": work[2],
        "Operation Line Number": "1", "Operation Sale Types": "C", "Operation Line Sale": work[3],
        "Recommended Operation Codes": "|".join(code for code, _ in declined),
        "Recommendations": "|".join(words for _, words in declined),
    }  # fmt: skip
    return row | _about(n, mileage=18_000 + 1_371 * n)


def appointment(
    number: int, n: int, *, at: datetime, made: datetime, concern: str, waits: bool = False
) -> dict[str, str]:
    """A row of an SV_APPT file."""
    row = {
        "File Type": "SV_APPT", "DV Dealer ID": "DVD00001", "Appointment Number": str(number),
        "Appointment Date": _date(at), "Appointment Time": f"{at:%H:%M}", "Appointment Create Date": _date(made),
        "Complaint": concern, "Service Advisor Number": "104" if n % 2 else "105", "Waiting Flag": "Y" if waits else "N",
    }  # fmt: skip
    return row | _about(n, mileage=18_000 + 1_371 * n)


def slot(day: datetime, hour: float) -> datetime:
    """That time of this day."""
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=round(hour * 60))


def _about(n: int, *, mileage: int) -> dict[str, str]:
    name, phone, email, city = PEOPLE[n % len(PEOPLE)]
    vin, year, make, model = CARS[n % len(PEOPLE)]
    first, _, last = name.partition(" ")
    return {
        "VIN": vin, "Year": year, "Make": make, "Model": model, "RO Mileage": str(mileage),
        "Customer Number": f"C{1000 + n % len(PEOPLE)}", "Full Name": name, "First Name": first, "Last Name": last,
        "City": city, "State": "NJ", "Zip": "07102", "Cell Phone": phone, "Email 1": email,
        "Individual/Business Flag": "I",
    }  # fmt: skip


def _date(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year}"
