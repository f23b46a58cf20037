"""DealerVault files made for tests: the full real header, the cells a test names, and a plain row to start from."""

from collections.abc import Mapping, Sequence
from typing import Any

from dealership.dms.readers.columns import APPOINTMENTS, DEALS, PARTS_STOCK, SERVICE
from dealership.dms.readers.dealervault import FeedRow, read
from dealership.dms.readers.records import AppointmentRecord, DealRecord, RepairOrderRecord

CAR_AND_OWNER = {
    "File Type": "SV",
    "DV Dealer ID": "DVD00417",
    "Vendor Dealer ID": "DVD00417",
    "DMS Type": "DealerTrack",
    "Service Advisor Number": "00212",
    "Service Advisor Name": "ANA RUIZ",
    "VIN": "1HGCM82633A004352",
    "Year": "2003",
    "Make": "HONDA",
    "Model": "ACCORD",
    "Exterior Color": "SILVER",
    "Customer Number": "0070411",
    "Full Name": "PRICE,MARLENE",
    "First Name": "MARLENE",
    "Last Name": "PRICE",
    "Address Line 1": "12 Elm St",
    "City": "Dayton",
    "State": "OH",
    "Zip": "45402",
    "Cell Phone": "937-555-0142",
    "Email 1": "Marlene.Price@example.com",
    "Individual/Business Flag": "I",
    "Opt Out": "N",
    "Block Email": "N",
    "Block Phone": "N",
    "Block Mail": "N",
    "Language": "EN",
}
"""One customer and her car."""

RO = CAR_AND_OWNER | {
    "RO Number": "048213",
    "Open Date": "3/9/2026",
    "RO Status": "O",
    "RO Mileage": "61,204",
    "Operation Codes": "LOF|BRKI",
    "Operation Code Descriptions": "LUBE OIL FILTER|BRAKE INSPECTION",
    "Labor Complaint": "CUSTOMER REQUESTS OIL CHANGE|GRINDING WHEN BRAKING",
    "Operation Line Number": "1|2",
    "Operation Sale Types": "C|C",
    "Total Sale": "89.95",
    "Customer Total Sale": "89.95",
}
"""An open repair order with two lines."""

CLOSED_RO = RO | {
    "Close Date": "3/10/2026",
    "RO Status": "C",
    "Recommended Operation Codes": "BRKF|CABIN",
    "Recommendations": "FRONT PADS 2MM|CABIN FILTER DIRTY",
}
"""The same, closed with two recommendations left."""

APPOINTMENT = CAR_AND_OWNER | {
    "File Type": "SV_APPT",
    "Appointment Number": "90017",
    "Appointment Date": "3/12/2026",
    "Appointment Time": "7:30 AM",
    "Appointment Create Date": "3/2/2026",
    "Complaint": "OIL CHANGE",
    "Operation Code": "LOF",
    "Operation Code Description": "LUBE OIL FILTER",
    "Waiting Flag": "Y",
    "Loaner Flag": "N",
    "Estimate Amount": "1,089.95",
}
"""A waiter's oil change."""


DEAL = {name: value for name, value in CAR_AND_OWNER.items() if not name.startswith("Service Advisor")} | {
    "File Type": "SL",
    "Deal Number": "0005001",
    "Entry Date": "3/9/2026",
    "Deal Type": "FINANCE",
    "New/Used": "U",
    "Stock Number": "U2001A",
    "Mileage": "61,204",
    "Sales Price": "14,500.00",
    "Salesman 1 Number": "12",
    "Salesman 1 Name": "TULLY, SAM",
    "Bank Name": "ALLY",
}
"""A deal at the desk."""


def sl_file(rows: Sequence[Mapping[str, str]], header: Sequence[str] = DEALS) -> bytes:
    """A sales file, as `sv_file`."""
    return _file(rows, header)


def deal_of(row: Mapping[str, str], **options: Any) -> DealRecord:
    """The deal of a row that must be readable."""
    (only,) = rows_of(sl_file([row]), "SL", **options)
    assert isinstance(only.record, DealRecord)
    return only.record


def sv_file(rows: Sequence[Mapping[str, str]], header: Sequence[str] = SERVICE) -> bytes:
    """A service file with one line per row; columns that a row does not name are empty.

    A column that the header does not have is a mistake of the test and raises KeyError.
    """
    return _file(rows, header)


def appt_file(rows: Sequence[Mapping[str, str]], header: Sequence[str] = APPOINTMENTS) -> bytes:
    """An appointment file, as `sv_file`."""
    return _file(rows, header)


def stock_file(rows: Sequence[Mapping[str, str]], header: Sequence[str] = PARTS_STOCK) -> bytes:
    """A parts file, as `sv_file`."""
    return _file(rows, header)


def sv_name(stamp: str = "20260310_0410") -> str:
    return f"DVD00417_{stamp}_SV.txt"


def appt_name(stamp: str = "20260310_0410") -> str:
    return f"DVD00417_{stamp}_SV_APPT.txt"


def _file(rows: Sequence[Mapping[str, str]], header: Sequence[str]) -> bytes:
    lines = ["\t".join(header)]
    for row in rows:
        strangers = set(row) - set(header)
        if strangers:
            raise KeyError(f"the file has no column {sorted(strangers)}")
        lines.append("\t".join(row.get(column, "") for column in header))
    return ("\r\n".join(lines) + "\r\n").encode()


def rows_of(data: bytes, kind: str = "SV", **options: Any) -> list[FeedRow]:
    """The rows of a file that must not be refused."""
    reading = read(data, kind, **options)
    assert reading.refused is None
    return list(reading.rows)


def row_of(row: Mapping[str, str]) -> FeedRow:
    """The row of a service file that has only this one."""
    (only,) = rows_of(sv_file([row]))
    return only


def ro_of(row: Mapping[str, str]) -> RepairOrderRecord:
    """The repair order of a row that must be readable."""
    record = row_of(row).record
    assert isinstance(record, RepairOrderRecord)
    return record


def appointment_of(row: Mapping[str, str]) -> AppointmentRecord:
    """The appointment of a row that must be readable."""
    (only,) = rows_of(appt_file([row]), "SV_APPT")
    assert isinstance(only.record, AppointmentRecord)
    return only.record
