"""What a DMS row says, typed. Pure.

Money is in cents, hours are decimal hours, `datetime` values are naive local time of the store. None means that the
file does not say; an empty string or tuple means the same for text. Keys and codes keep their leading zeros and their
case. Birth dates are never read.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

RoStatus: TypeAlias = Literal["open", "closed", "voided", "unknown"]
DealStage: TypeAlias = Literal["written", "agreed", "contracted", "delivered", "lost", "unwound", "unknown"]
DealType: TypeAlias = Literal["cash", "finance", "lease"]
PayType: TypeAlias = Literal["customer", "warranty", "internal"]
PhoneKind: TypeAlias = Literal["home", "cell", "work"]


@dataclass(frozen=True, slots=True)
class PhoneRecord:
    """A number as it was typed."""

    kind: PhoneKind
    raw: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class AddressRecord:
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip_code: str = ""
    county: str = ""


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer of the DMS.

    `emails` are lower case, fillers such as NONE left out. `opt_out` and `block_*` are True where the file restricts
    contact, and also where the mark cannot be read: in doubt the customer is left alone. `language` is "en", "es" or "".
    """

    number: str
    full_name: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    is_business: bool | None
    phones: tuple[PhoneRecord, ...]
    emails: tuple[str, ...]
    address: AddressRecord
    language: str
    opt_out: bool | None
    block_email: bool | None
    block_phone: bool | None
    block_mail: bool | None
    block_text: bool | None


@dataclass(frozen=True, slots=True)
class VehicleRecord:
    """A car of the DMS. `vin` is the cleaned number, or "" when `vin_raw` does not identify a car; `vin_problem` says
    why the number is not valid, also where it is still used (a wrong check digit)."""

    vin: str
    vin_raw: str
    vin_problem: str | None
    year: int | None
    make: str
    model: str
    trim: str
    description: str
    color: str
    condition: Literal["new", "used"] | None
    mileage: int | None
    license_plate: str
    stock_number: str


@dataclass(frozen=True, slots=True)
class PartRecord:
    number: str
    description: str
    quantity: Decimal | None
    sale_type: str
    unit_sale_cents: int | None
    labor_line: str


@dataclass(frozen=True, slots=True)
class TechRecord:
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class RoLineRecord:
    """One operation on an RO. `number` is the DMS's line number, or the position where it gives none.

    `sold_hours` were billed, `tech_hours` were flagged. `sale_cents` is the line's sale, or the sum of its labor,
    parts, misc, gas/oil/grease and sublet where the line's own figure is absent. `pay_type` is None for a sale type
    that is the store's own code.
    """

    number: str
    op_code: str
    description: str
    complaint: str
    cause: str
    correction: str
    comments: str
    sale_type: str
    pay_type: PayType | None
    techs: tuple[TechRecord, ...]
    sale_cents: int | None
    labor_cents: int | None
    parts_cents: int | None
    sold_hours: Decimal | None
    tech_hours: Decimal | None
    upsell: bool | None
    parts: tuple[PartRecord, ...]

    @property
    def tech_number(self) -> str:
        """Of the first technician."""
        return self.techs[0].number if self.techs else ""

    @property
    def tech_name(self) -> str:
        """Of the first technician."""
        return self.techs[0].name if self.techs else ""


@dataclass(frozen=True, slots=True)
class RecommendationRecord:
    """Work that was recommended and is not on the RO: declined, or not yet decided."""

    op_code: str
    description: str


@dataclass(frozen=True, slots=True)
class RepairOrderRecord:
    """A repair order as one row tells it.

    `status` is what the row says now: a status code that is not one of the usual words is "unknown" and stands in
    `status_raw`. `promise_date` is set also where the hour is missing and `promise_at` is None. `loose_parts` name a
    labor line that the RO does not have.
    """

    ro_number: str
    open_date: date | None
    close_date: date | None
    status_raw: str
    status: RoStatus
    advisor_number: str
    advisor_name: str
    department: str
    promise_date: date | None
    promise_at: datetime | None
    tag: str
    appointment_number: str
    had_appointment: bool | None
    mileage_in: int | None
    mileage_out: int | None
    payment_method: str
    total_sale_cents: int | None
    customer_pay_cents: int | None
    warranty_cents: int | None
    internal_cents: int | None
    comments: str
    lines: tuple[RoLineRecord, ...]
    loose_parts: tuple[PartRecord, ...]
    recommendations: tuple[RecommendationRecord, ...]
    customer: CustomerRecord
    vehicle: VehicleRecord


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """Work that an appointment was made for."""

    op_code: str
    description: str


@dataclass(frozen=True, slots=True)
class AppointmentRecord:
    """A service appointment as one row tells it. `starts_at` is None where the row gives the day without the hour."""

    appointment_number: str
    appointment_date: date
    starts_at: datetime | None
    created_date: date | None
    ro_number: str
    advisor_number: str
    advisor_name: str
    complaint: str
    cause: str
    comment: str
    operations: tuple[OperationRecord, ...]
    recommendations: tuple[RecommendationRecord, ...]
    sale_type: str
    waiting: bool | None
    loaner: bool | None
    transportation: str
    estimate_minutes: int | None
    estimate_cents: int | None
    promise_date: date | None
    promise_at: datetime | None
    tag: str
    last_ro_date: date | None
    customer: CustomerRecord
    vehicle: VehicleRecord


@dataclass(frozen=True, slots=True)
class PartStockRecord:
    """One part number as the DMS holds it. Quantities may be broken, and below zero where more was sold than counted."""

    part_number: str
    description: str
    cost_cents: int | None
    price_cents: int | None
    on_hand: Decimal | None
    on_order: Decimal | None
    best_level: Decimal | None
    least_level: Decimal | None
    most_level: Decimal | None
    stocking_status: str
    bin: str
    source: str
    make: str
    group: str
    entry_date: date | None
    last_sale_date: date | None
    last_received_date: date | None
    old_part_number: str
    new_part_number: str


@dataclass(frozen=True, slots=True)
class TradeRecord:
    """A car that was given in. `vin` is "" where the row gives none that identifies a car."""

    vin: str
    year: int | None
    make: str
    model: str
    mileage: int | None
    acv_cents: int | None
    payoff_cents: int | None


@dataclass(frozen=True, slots=True)
class DealRecord:
    """A deal as one row tells it.

    `stage` is what the row says now: a status code that is not one of the usual words is "unknown" and stands in
    `status_raw`. `contract_date` is the day it was signed, else booked.
    """

    deal_number: str
    status_raw: str
    stage: DealStage
    deal_type: DealType | None
    entry_date: date | None
    contract_date: date | None
    delivery_date: date | None
    inventory_date: date | None
    salesperson_number: str
    salesperson_name: str
    manager_number: str
    lender: str
    price_cents: int | None
    co_buyer_name: str
    trades: tuple[TradeRecord, ...]
    customer: CustomerRecord
    vehicle: VehicleRecord


Record: TypeAlias = RepairOrderRecord | AppointmentRecord | PartStockRecord | DealRecord
