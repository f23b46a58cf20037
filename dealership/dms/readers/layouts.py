"""What makes each kind of DealerVault file: its columns by name, its key, and how a row of it becomes a record. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dealership.dms.readers import columns
from dealership.dms.readers.deals import deal
from dealership.dms.readers.parts_stock import part
from dealership.dms.readers.records import Record
from dealership.dms.readers.repair_orders import repair_order
from dealership.dms.readers.row import Row
from dealership.dms.readers.service_appointments import appointment

_Build: TypeAlias = Callable[[Row, str, Mapping[str, str]], Record]


@dataclass(frozen=True)
class Layout:
    """What makes one kind of file: its key, the date that a row must make sense of ("" for none), and how a row becomes a record.

    `telltale` columns occur in no other kind. A row that stops before one of `vital` is taken for cut off. `is_story`:
    the lines stand in the order in which things became true, so that of two with one key the later one counts; else all
    are read, and whoever applies them decides.
    """

    key: str
    date: str
    date_required: bool
    telltale: frozenset[str]
    vital: tuple[str, ...]
    known: Mapping[str, tuple[str, int]]
    expected: tuple[str, ...]
    build: _Build
    is_story: bool = True


LAYOUTS: Mapping[str, Layout] = {
    "SV": Layout(
        key="RO Number",
        date="Open Date",
        date_required=False,
        telltale=frozenset({"Open Date", "Close Date", "RO Status", "Operation Line Number"}),
        vital=("RO Number", "Open Date", "Operation Codes", "VIN", "Customer Number"),
        known=columns.known_by(columns.SERVICE, columns.SERVICE_ALIASES),
        expected=("Open Date", "Close Date", "RO Status", "Operation Codes", "VIN", "Customer Number"),
        build=repair_order,
    ),
    "SV_APPT": Layout(
        key="Appointment Number",
        date="Appointment Date",
        date_required=True,
        telltale=frozenset({"Appointment Time", "Appointment Create Date", "Waiting Flag"}),
        vital=("Appointment Number", "Appointment Date", "VIN", "Customer Number"),
        known=columns.known_by(columns.APPOINTMENTS, columns.APPOINTMENT_ALIASES),
        expected=("Appointment Date", "Appointment Time", "VIN", "Customer Number"),
        build=lambda row, key, _codes: appointment(row, key),
    ),
    "PTINV": Layout(
        key="Part Number",
        date="",
        date_required=False,
        telltale=frozenset({"Quantity On Hand", "Quantity On Order", "BIN#", "Best Stock Level"}),
        vital=("Part Number", "Quantity On Hand"),
        known=columns.known_by(columns.PARTS_STOCK, columns.PARTS_STOCK_ALIASES),
        expected=("Part Description", "Part Price", "Quantity On Hand", "BIN#"),
        build=lambda row, key, _codes: part(row, key),
        is_story=False,
    ),
    "SL": Layout(
        key="Deal Number",
        date="Entry Date",
        date_required=False,
        telltale=frozenset({"Deal Status", "Salesman 1 Number", "Sales Price"}),
        vital=("Deal Number", "VIN", "Customer Number", "Deal Status"),
        known=columns.known_by(columns.DEALS, columns.DEAL_ALIASES),
        expected=("Entry Date", "Deal Status", "Delivery Date", "VIN", "Customer Number"),
        build=deal,
    ),
}
"""The kinds that are read; a further kind is one more entry."""
