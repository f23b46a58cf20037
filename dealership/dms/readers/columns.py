"""The columns of DealerVault files, and the other names under which systems send the same things. Pure.

The order is DealerVault's with a Dealertrack source, as third parties published it; nothing here depends on the
order, since columns are found by name.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


_SOURCE = _names("File Type, DV Dealer ID, Vendor Dealer ID, DMS Type")
_PAY_TYPES = ("Customer", "Warranty", "Internal")
_SALE_KINDS = ("Labor", "Parts", "Misc", "Gas/Oil/Grease", "Sublet")
_VIN_EXPLOSION = tuple(
    f"VIN Explosion {name}"
    for name in _names("Year, Make, Model, Trim, Transmission Type, Fuel Type, Engine Size, GVW Range")
)
_CUSTOMER = _names(
    "Customer Number, Full Name, Salutation, First Name, Middle Name, Last Name, Suffix, Address Line 1, Address Line 2,"
    "City, State, Zip, County, Home Phone, Cell Phone, Work Phone, Work Extension, Email 1, Email 2, Email 3,"
    "Birth Date, Individual/Business Flag, Opt Out, Block Email, Block Phone, Block Mail, Language,"
    "Customer Create Date, Customer Last Activity Date"
) + tuple(
    f"CASS_STD_{name}"
    for name in _names(
        "LINE1, LINE2, CITY, STATE, ZIP, ZIP4, DPBC, CHKDGT, CART, LOT, LOTORD, URB, FIPS, EWS, LACS, ZIPMOV, Z4LOM,"
        "NDIAPT, NDIRR, LACSRT, ERROR_CD"
    )
)

SERVICE = (
    _SOURCE
    + _names(
        "RO Number, Open Date, Close Date, Service Advisor Number, Service Advisor Name, RO Department, RO Store,"
        "Appointment Date, Appointment Flag, Appointment Number, Appointment Department, Accounting Make, Pickup Date,"
        "Pickup Time, Post Time, Promise Date, Promise Time, Payment Method, RO Status, Print Time, Salesman Name,"
        "Salesman Number, Service Contract Name, Service Contract Number, Tag Number, Warranty Expiration Date,"
        "Warranty Expiration Miles, Total Cost, Total Sale"
    )
    + tuple(
        f"{pay} {kind} {side}"
        for pay in _PAY_TYPES
        for kind in ("Total", *_SALE_KINDS)
        for side in ("Cost", "Sale")
    )
    + tuple(f"Total {kind} {side}" for kind in _SALE_KINDS for side in ("Cost", "Sale"))
    + ("Total Misc Code Sale", "Total Tax")
    + tuple(f"{pay} Total Tax" for pay in _PAY_TYPES)
    + _names(
        "Operation Codes, Operation Code Descriptions, Tech Labor Line, Tech Number, Tech Name, Upsell, Labor Cause,"
        "Labor Complaint, Labor Correction, Labor Comments, Recommended Operation Codes, Recommendations,"
        "Operation Line Number, Operation Sale Types, Operation Line Cost, Operation Line Sale"
    )
    + tuple(f"{kind} {side}" for kind in _SALE_KINDS for side in ("Cost", "Sale"))
    + _names(
        "Labor Tech Hours, Labor Bill Hours, Labor Tech Rate, Labor Bill Rate, Parts Labor Line Number,"
        "Parts Line Number, Parts Sale Type, Part Number, Part Description, Part Quantity, Parts Unit Cost,"
        "Parts Unit Sale, VIN, Year, Make, Model, Model Number, RO Mileage, Mileage Out, Description, Exterior Color,"
        "New/Used, Stock Number, Transmission, Engine Configuration, Trim, Engine Number, Chassis Number,"
        "License Plate Number, Delivery Date, Delivery Mileage, In Service Date"
    )
    + _VIN_EXPLOSION
    + _CUSTOMER
)

APPOINTMENTS = (
    _SOURCE
    + _names(
        "Appointment Number, Appointment Date, Appointment Time, Appointment Create Date, RO Number, Last RO Miles,"
        "Last RO Date, Promise Date, Promise Time, Cause, Complaint, Comment, Operation Code,"
        "Operation Code Description, Recommended Operation Code, Recommended Operation Code Description,"
        "Service Advisor Number, Service Advisor Name, Sale Type, Waiting Flag, Loaner Flag, Alternate Transportation,"
        "Estimate Time, Estimate Amount, Tag Number, VIN, Year, Make, Model, Model Number, Appointment Mileage,"
        "Description, Exterior Color, Stock Number, Transmission, Engine Configuration, Trim, Engine Number,"
        "Chassis Number, License Plate Number, Delivery Date, Delivery Mileage, In Service Date"
    )
    + _VIN_EXPLOSION
    + _CUSTOMER
)

PARTS_STOCK = _SOURCE + _names(
    "Part Number, Part Description, Part Cost, Part Price, Quantity On Hand, Quantity On Order, Best Stock Level,"
    "Stocking Status, Minimum Stock Level, Maximum Stock Level, BIN#, Source, Compensation, Retention Code,"
    "Manufacturer Status, Make, Entry Date, Last Sale Date, Last Received Date, Year-To-Date Total,"
    "Previous Year-To-Date Total, Old Part Number, New Part Number, Part Number Change, Part Group"
)


_BUYER = _CUSTOMER[: -len([name for name in _CUSTOMER if name.startswith("CASS_STD_")])]
_CO_BUYER = tuple(
    f"Co Buyer {name}" if name.startswith("Block ") else f"Co-Buyer {name}"
    for name in _BUYER[: _BUYER.index("Language")]
)
_PEOPLE_OF_A_DEAL = (
    *(f"Salesman {n}" for n in (1, 2, 3)), "Closing Manager", "Finance Manager", "Salesman Manager",
)  # fmt: skip

DEALS = (
    _SOURCE
    + _names("Deal Number")
    + _BUYER
    + _CO_BUYER
    + _names(
        "VIN, Year, Make, Model, Model Number, Mileage, Description, Exterior Color, New/Used, Stock Number,"
        "Transmission, Engine Configuration, Trim, Engine Number, Chassis Number, License Plate Number, Delivery Date,"
        "Delivery Mileage, Inventory Date, In Service Date"
    )
    + _VIN_EXPLOSION
    + tuple(
        f"Trade {n} {name}"
        for n in (1, 2)
        for name in _names("VIN, Year, Make, Model, Odometer, Actual Cash Value, Gross, Payoff")
    )
    + tuple(f"{who} {name}" for who in _PEOPLE_OF_A_DEAL for name in ("Number", "Name"))
    + _names(
        "MSRP, List Price, Sales Price, Total Trade Actual Cash Value, Total Trade Gross, We Owe Front, We Owe Back,"
        "Deal Status, Entry Date, Booked Date, Finalized Date, Contract Date, Accounting Date, Status Change Date,"
        "First Pay Date, Deal Type, Sale Type, Bank ID, Bank Name, Bank Address"
    )
)
"""The part of a sales file that is read or shown. Its further columns (grosses, terms, products) are strangers here."""

#: Terms of a credit and what the store earned: no promise needs them.
_MONEY = _names(
    "APR, Sell Rate, Buy Rate, Residual Rate, Amount Financed, Monthly Payment, Payment Total, Finance Charge,"
    "Finance Profit, Finance Reserve, Front Gross, Back Gross, Gross Profit, Total Profit, Gross Payable,"
    "Journal Cost, Adjusted Cost, Pack Amount, Holdback Amount"
)
NEVER_KEPT = frozenset(plain_name.casefold() for plain_name in _MONEY) | frozenset(
    {
        "co buyer birth date", "co buyer birthdate", "co buyer date of birth", "co buyer ssn",
        "co buyer social security number", "co buyer driver license number",
        "birth date", "birthdate", "date of birth", "dob", "customer birth date", "ssn", "social security number",
        "driver license number", "drivers license number", "driver s license number",
    }
)  # fmt: skip
"""Columns (in `plain` form) that are not needed for any promise and therefore do not enter the house."""

_CUSTOMER_NAMES = {
    "Customer Number": "Customer ID, Customer No, Dealer Customer No, Consumer ID, Cust No",
    "Full Name": "Customer Full Name, Customer Name",
    "First Name": "Customer First Name",
    "Middle Name": "Customer Middle Name",
    "Last Name": "Customer Last Name",
    "Suffix": "Customer Suffix",
    "Address Line 1": "Customer Address, Customer Address 1, Customer Address Line 1, Address, Address 1",
    "Address Line 2": "Customer Address 2, Customer Address Line 2, Address 2",
    "City": "Customer City",
    "State": "Customer State",
    "Zip": "Customer Zip, Zip Code, Customer Zip Code, Postal Code, Customer Postal Code",
    "County": "Customer County",
    "Home Phone": "Customer Home Phone, Customer Phone, Phone, Phone Number",
    "Cell Phone": "Customer Cell Phone, Customer Mobile Phone, Mobile Phone, Customer Cell",
    "Work Phone": "Customer Work Phone, Business Phone",
    "Work Extension": "Customer Work Extension",
    "Email 1": "Email, E-Mail, Customer Email, Customer Email 1, Email Address",
    "Email 2": "Customer Email 2",
    "Email 3": "Customer Email 3",
    "Individual/Business Flag": "Customer Type, Business Flag",
    "Opt Out": "Customer Opt Out, Do Not Contact",
    "Block Email": "Customer Block Email, Do Not Email",
    "Block Phone": "Customer Block Phone, Do Not Call",
    "Block Mail": "Customer Block Mail, Do Not Mail",
    "Block Text": "Customer Block Text, Block SMS, Do Not Text",
    "Email Opt In": "Email Optin Flag, Email Opt In Flag",
    "Phone Opt In": "Phone Optin Flag, Phone Opt In Flag",
    "Mail Opt In": "Postal Mail Optin Flag, Mail Opt In Flag",
    "Text Opt In": "SMS Optin Flag, SMS Opt In, Text Opt In Flag",
    "Language": "Customer Language",
}
_VEHICLE_NAMES = {
    "VIN": "Vehicle VIN, Vin No, VIN Number, Vehicle Identification Number",
    "Year": "Vehicle Year, Model Year, Veh Year",
    "Make": "Vehicle Make, Make Name",
    "Model": "Vehicle Model, Model Name",
    "Trim": "Vehicle Trim",
    "Exterior Color": "Color, Vehicle Color, Ext Color",
    "License Plate Number": "License, License Plate, Plate, License Number",
    "Stock Number": "Stock No, Stock, Stock ID",
    "New/Used": "New or Used, Vehicle Type",
}
_VISIT_NAMES = {
    "Service Advisor Number": "Advisor Number, RO Advisor Number, Advisor ID",
    "Service Advisor Name": "Advisor Name, RO Advisor Name, Service Advisor, Service Writer Name",
    "Tag Number": "Tag No, Tag",
    "Promise Date": "Promised Date",
    "Promise Time": "Promised Time",
    "DV Dealer ID": "Dealer ID, Site ID",
}
SERVICE_ALIASES = _VISIT_NAMES | {
    "RO Number": "RO No, RO ID, RO, Repair Order Number, Repair Order No, Repair Order",
    "Open Date": "RO Open Date, Repair Order Open Date, Open RO Date, Opened Date",
    "Close Date": "Closed RO Date, RO Close Date, Repair Order Close Date, Closed Date",
    "RO Status": "Status, Repair Order Status",
    "RO Department": "Department",
    "RO Comments": "RO Comment, Comment, Comments",
    "Appointment Number": "Appointment No",
    "Payment Method": "Pay Method",
    "Total Sale": "RO Total, Total Amount, Total RO Sale",
    "Customer Total Sale": "Consumer Total Amount, Customer Pay Total, Customer Total Amount",
    "Warranty Total Sale": "Warranty Total Amount",
    "Internal Total Sale": "Internal Total Amount",
    "Operation Codes": "Operation Code, OP Code, Op Codes, Labor Op Codes",
    "Operation Code Descriptions": "Operation Code Description, OP Description, OP Code Description, OP Cde Desc",
    "Operation Sale Types": "Operation Sale Type, Txn Pay Type, Sale Type",
    "Operation Line Number": "Operation Line Numbers, Labor Line Number",
    "Recommended Operation Codes": "Recommended Operation Code",
    "Recommendations": "Recommendation, Recommended Operation Code Description, Recommended Services",
    "Labor Complaint": "Complaint, Concern",
    "Labor Cause": "Cause",
    "Labor Correction": "Correction",
    "RO Mileage": "Mileage, Mileage In, Vehicle Mileage, Odometer, RO Miles",
    "Mileage Out": "RO Mileage Out, Odometer Out",
    "Part Number": "Part Numbers, Parts Number",
    "Part Description": "Part Descriptions, Parts Description",
    "Part Quantity": "Part Quantities, Parts Quantity",
} | _CUSTOMER_NAMES | _VEHICLE_NAMES  # fmt: skip
APPOINTMENT_ALIASES = _VISIT_NAMES | {
    "Appointment Number": "Appointment No, Appointment ID, Appt Number, Appt No",
    "Appointment Date": "Appt Date, Scheduled Date",
    "Appointment Time": "Appt Time, Scheduled Time",
    "Appointment Create Date": "Appointment Create TS, Appointment Created Date, Create Date",
    "RO Number": "RO No, Repair Order Number, Repair Order No",
    "Operation Code": "Operation Codes, OP Code",
    "Operation Code Description": "Operation Code Descriptions, OP Description, OP Code Description, Reason Code",
    "Recommended Operation Code": "Recommended Operation Codes",
    "Recommended Operation Code Description": "Recommended Operation Code Descriptions, Recommendations",
    "Comment": "Comments, Appointment Comment",
    "Complaint": "Concern, Labor Complaint",
    "Cause": "Labor Cause",
    "Waiting Flag": "Waiter, Waiter Flag, Waiting",
    "Loaner Flag": "Loaner, Rental Flag",
    "Alternate Transportation": "Transportation, Transportation Type",
    "Appointment Mileage": "Mileage, Vehicle Mileage, Odometer",
} | _CUSTOMER_NAMES | _VEHICLE_NAMES  # fmt: skip
PARTS_STOCK_ALIASES = {
    "DV Dealer ID": "Dealer ID, Site ID",
    "Part Number": "Part No, Part, PartNumber, Part ID",
    "Part Description": "Description, Part Desc",
    "Part Cost": "Cost, Unit Cost",
    "Part Price": "Price, List Price, Retail Price",
    "Quantity On Hand": "On Hand, QOH, Qty On Hand, OnHand Quantity",
    "Quantity On Order": "On Order, QOO, Qty On Order",
    "BIN#": "Bin Location, Bin Number, Bin No, Bin 1",
    "Last Sale Date": "Last Sold Date, Date Last Sold",
    "Last Received Date": "Last Receipt Date, Date Last Received",
    "Old Part Number": "Previous Part Number, Supersedes",
    "New Part Number": "Superseded By, Superseding Part Number, Replacement Part Number",
}

DEAL_ALIASES = {
    "Deal Number": "Deal No, Deal ID, Deal",
    "Deal Status": "Status, Deal State",
    "Entry Date": "Deal Date, Deal Entry Date, Created Date",
    "Delivery Date": "Delivered Date, Date Delivered",
    "Deal Type": "Finance Type",
    "Sales Price": "Selling Price, Cash Price, Sale Price",
    "Salesman 1 Number": "Salesperson Number, Salesman Number, Salesperson 1 Number",
    "Salesman 1 Name": "Salesperson Name, Salesman Name, Salesperson 1 Name",
    "Salesman Manager Number": "Sales Manager Number, Desk Manager Number",
    "Bank Name": "Lender, Lender Name, Finance Company",
    "Mileage": "Vehicle Mileage, Odometer",
    "Co-Buyer Full Name": "Co-Buyer Name, CoBuyer Name",
    "DV Dealer ID": "Dealer ID, Site ID",
} | _CUSTOMER_NAMES | _VEHICLE_NAMES  # fmt: skip

_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def plain(header: str) -> str:
    """A header reduced to what two spellings of it share: lower case words with single spaces."""
    return _plain_short(header) if len(header) <= _SHORT else _plain(header)


def _plain(header: str) -> str:
    return _BETWEEN_WORDS.sub(" ", header.casefold()).strip()


#: Each row of a file has the headers of all others; what is longer is none that a DMS writes, and is not kept.
_SHORT = 60
_plain_short = lru_cache(maxsize=2048)(_plain)


def known_by(columns: tuple[str, ...], aliases: Mapping[str, str]) -> Mapping[str, tuple[str, int]]:
    """`plain` header -> (column, rank): rank 0 is the column's own name, then its other names in order."""
    known = {plain(column): (column, 0) for column in (*columns, *aliases)}
    for column, names in aliases.items():
        for rank, name in enumerate(_names(names), start=1):
            known.setdefault(plain(name), (column, rank))
    return MappingProxyType(known)
