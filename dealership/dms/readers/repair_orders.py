"""One row of a service file as a repair order: header, lines, parts, recommendations. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from dealership.dms.readers import groups, people
from dealership.dms.readers.groups import Groups
from dealership.dms.readers.records import (
    PartRecord,
    PayType,
    RecommendationRecord,
    RepairOrderRecord,
    RoLineRecord,
    RoStatus,
    TechRecord,
)
from dealership.dms.readers.row import Row

STATUS_WORDS: Mapping[str, RoStatus] = {
    "o": "open", "open": "open", "opened": "open", "reopen": "open", "reopened": "open", "wip": "open",
    "in process": "open", "in progress": "open", "working": "open",
    "c": "closed", "close": "closed", "closed": "closed", "f": "closed", "final": "closed", "finalized": "closed",
    "invoiced": "closed", "posted": "closed", "cashiered": "closed", "paid": "closed",
    "v": "voided", "void": "voided", "voided": "voided", "cancelled": "voided", "canceled": "voided",
    "deleted": "voided",
}  # fmt: skip
"""Status codes that mean the same in every store; others are a store's own and belong in its mapping."""

_STATUSES: Mapping[str, RoStatus] = {status: status for status in STATUS_WORDS.values()}
_PAY_TYPES: Mapping[str, PayType] = {
    "c": "customer", "cp": "customer", "customer": "customer", "customer pay": "customer",
    "w": "warranty", "wp": "warranty", "warranty": "warranty",
    "i": "internal", "int": "internal", "internal": "internal",
}  # fmt: skip
_LINE_COLUMNS = (
    "Operation Line Number", "Operation Codes", "Operation Code Descriptions", "Upsell", "Labor Cause",
    "Labor Complaint", "Labor Correction", "Labor Comments", "Operation Sale Types", "Operation Line Sale",
    "Labor Sale", "Parts Sale", "Misc Sale", "Gas/Oil/Grease Sale", "Sublet Sale", "Labor Tech Hours",
    "Labor Bill Hours",
)  # fmt: skip
_SALE_COLUMNS = ("Labor Sale", "Parts Sale", "Misc Sale", "Gas/Oil/Grease Sale", "Sublet Sale")
_TECH_COLUMNS = ("Tech Number", "Tech Name")
_PART_COLUMNS = ("Part Number", "Part Description", "Part Quantity", "Parts Sale Type", "Parts Unit Sale")


class _Attached(NamedTuple):
    """Repeated values sorted by the line they belong to; `loose` name a line that is not there."""

    by_line: dict[int, list[tuple[str, ...]]]
    loose: list[tuple[str, tuple[str, ...]]]


def repair_order(row: Row, key: str, status_codes: Mapping[str, str]) -> RepairOrderRecord:
    """The repair order of a row; `status_codes` are the store's own codes in lower case.

    Raises `Parked` when a repeating column is beyond reason.
    """
    columns = {name: row.groups(name) for name in (*_LINE_COLUMNS, *_TECH_COLUMNS, *_PART_COLUMNS)}
    lines, loose = _lines(row, columns)
    open_date, close_date = row.day("Open Date"), row.day("Close Date")
    if open_date and close_date and close_date < open_date:
        row.notes.append(f"closed on {close_date}, before it was opened on {open_date}")
    promise_date, promise_at = row.moment("Promise Date", "Promise Time")
    status_raw = row.text("RO Status")
    mileage_in, mileage_out = row.miles("RO Mileage"), row.miles("Mileage Out")
    return RepairOrderRecord(
        ro_number=key,
        open_date=open_date,
        close_date=close_date,
        status_raw=status_raw,
        status=_status(row, status_raw, close_date is not None, status_codes),
        advisor_number=row.text("Service Advisor Number"),
        advisor_name=row.words("Service Advisor Name"),
        department=row.text("RO Department"),
        promise_date=promise_date,
        promise_at=promise_at,
        tag=row.words("Tag Number"),
        appointment_number=row.words("Appointment Number"),
        had_appointment=row.flag("Appointment Flag"),
        mileage_in=mileage_in,
        mileage_out=mileage_out,
        payment_method=row.words("Payment Method"),
        total_sale_cents=row.cents("Total Sale"),
        customer_pay_cents=row.cents("Customer Total Sale"),
        warranty_cents=row.cents("Warranty Total Sale"),
        internal_cents=row.cents("Internal Total Sale"),
        comments=row.words("RO Comments"),
        lines=lines,
        loose_parts=loose,
        recommendations=recommendations(row, "Recommended Operation Codes", "Recommendations"),
        customer=people.customer(row),
        vehicle=people.vehicle(row, mileage_in, mileage_out),
    )


def recommendations(row: Row, code_column: str, text_column: str) -> tuple[RecommendationRecord, ...]:
    """Recommended work: the first code goes with the first text, and either may be missing."""
    return tuple(
        RecommendationRecord(op_code, description)
        for _group, _value, (op_code, description) in groups.side_by_side(
            (row.groups(code_column), row.groups(text_column))
        )
    )


def _status(row: Row, raw: str, has_close_date: bool, status_codes: Mapping[str, str]) -> RoStatus:
    """What the row says the RO is; without a status, a close date decides."""
    word = " ".join(raw.casefold().split())
    if not word:
        return "closed" if has_close_date else "open"
    status = _STATUSES.get(status_codes.get(word, "")) or STATUS_WORDS.get(word)
    if status is None:
        row.note("RO Status", raw, "a code this store has not explained yet")
        return "unknown"
    if status == "open" and has_close_date:
        row.notes.append(f"status {raw} says open, but there is a close date")
    return status


def _lines(row: Row, columns: dict[str, Groups]) -> tuple[tuple[RoLineRecord, ...], tuple[PartRecord, ...]]:
    part_refs, tech_refs = row.groups("Parts Labor Line Number"), row.groups("Tech Labor Line")
    positional = [columns[name] for name in _LINE_COLUMNS]
    positional += [] if part_refs else [columns["Part Number"], columns["Part Description"]]
    n_lines = max(map(groups.extent, positional))
    numbers = _line_numbers(columns["Operation Line Number"], n_lines)
    techs = _attach(tech_refs, [columns[name] for name in _TECH_COLUMNS], numbers)
    parts = _attach(part_refs, [columns[name] for name in _PART_COLUMNS], numbers)
    lines = tuple(
        _line(
            row, columns, position, number, techs.by_line.get(position, []), parts.by_line.get(position, [])
        )
        for position, number in enumerate(numbers)
    )
    loose = _parts(row, parts.loose)
    for part in loose:
        where = (
            f"names line {part.labor_line}, which is not there"
            if part.labor_line
            else "has no operation line"
        )
        row.notes.append(f"part {part.number or part.description} {where}")
    return tuple(line for line in lines if not _is_blank(line)), loose


def _line_numbers(given: Groups, n_lines: int) -> list[str]:
    """The number of each line; its position where the DMS gives none."""
    taken = {groups.same_line(groups.joined(given, position)) for position in range(len(given))}
    numbers = []
    for position in range(n_lines):
        number = groups.at(given, position, 0)
        spare = str(position + 1)
        numbers.append(number or ("" if spare in taken else spare))
    return numbers


def _attach(refs: Groups, columns: list[Groups], numbers: list[str]) -> _Attached:
    """Sort values by line: by the line number that goes with them, by their position where none does."""
    by_number = {
        groups.same_line(number): position for position, number in reversed(list(enumerate(numbers)))
    }
    attached = _Attached({}, [])
    for group, value, texts in groups.side_by_side(columns):
        ref = groups.reference(refs, group, value)
        position = by_number.get(groups.same_line(ref)) if ref else group
        if position is None or position >= len(numbers):
            attached.loose.append((ref, texts))
        else:
            attached.by_line.setdefault(position, []).append(texts)
    return attached


def _line(
    row: Row,
    columns: dict[str, Groups],
    position: int,
    number: str,
    techs: list[tuple[str, ...]],
    parts: list[tuple[str, ...]],
) -> RoLineRecord:
    def text(name: str, separator: str = "\n") -> str:
        return groups.joined(columns[name], position, separator)

    def texts(name: str) -> list[str]:
        return columns[name][position] if position < len(columns[name]) else []

    cents = {name: row.cents_in(name, texts(name)) for name in ("Operation Line Sale", *_SALE_COLUMNS)}
    known = [cents[name] or 0 for name in _SALE_COLUMNS if cents[name] is not None]
    own = cents["Operation Line Sale"]
    sale_type = text("Operation Sale Types", " ")
    return RoLineRecord(
        number=number,
        op_code=text("Operation Codes", " "),
        description=text("Operation Code Descriptions"),
        complaint=text("Labor Complaint"),
        cause=text("Labor Cause"),
        correction=text("Labor Correction"),
        comments=text("Labor Comments"),
        sale_type=sale_type,
        pay_type=_PAY_TYPES.get(sale_type.casefold()),
        techs=tuple(TechRecord(*values) for values in techs),
        sale_cents=own if own is not None else (sum(known) if known else None),
        labor_cents=cents["Labor Sale"],
        parts_cents=cents["Parts Sale"],
        sold_hours=row.hours_in("Labor Bill Hours", texts("Labor Bill Hours")),
        tech_hours=row.hours_in("Labor Tech Hours", texts("Labor Tech Hours")),
        upsell=row.flag_in("Upsell", groups.at(columns["Upsell"], position, 0)),
        parts=_parts(row, [(number, values) for values in parts]),
    )


def _parts(row: Row, found: list[tuple[str, tuple[str, ...]]]) -> tuple[PartRecord, ...]:
    """Parts that have a number or a name; a quantity alone is no part."""
    return tuple(
        PartRecord(
            number=number,
            description=description,
            quantity=row.quantity_in("Part Quantity", quantity),
            sale_type=sale_type,
            unit_sale_cents=row.cents_in("Parts Unit Sale", [unit_sale]),
            labor_line=labor_line,
        )
        for labor_line, (number, description, quantity, sale_type, unit_sale) in found
        if number or description
    )


def _is_blank(line: RoLineRecord) -> bool:
    """True for a position at which only its number, or nothing, is said."""
    return not (
        line.op_code or line.description or line.complaint or line.cause or line.correction or line.comments
        or line.parts or line.techs or line.sale_cents or line.sold_hours or line.tech_hours
    )  # fmt: skip
