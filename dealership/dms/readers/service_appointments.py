"""One row of an appointment file as a service appointment. Pure."""

from dealership.dms.readers import groups, people
from dealership.dms.readers.records import AppointmentRecord, OperationRecord
from dealership.dms.readers.repair_orders import recommendations
from dealership.dms.readers.row import Parked, Row


def appointment(row: Row, key: str) -> AppointmentRecord:
    """The appointment of a row; raises `Parked` when the row does not say on which day it is."""
    day, starts_at = row.moment("Appointment Date", "Appointment Time")
    if day is None:
        raise Parked("the row has no appointment date")
    if starts_at is None:
        row.notes.append("the appointment has a day and no hour")
    promise_date, promise_at = row.moment("Promise Date", "Promise Time")
    return AppointmentRecord(
        appointment_number=key,
        appointment_date=day,
        starts_at=starts_at,
        created_date=row.day("Appointment Create Date"),
        ro_number=row.words("RO Number"),
        advisor_number=row.text("Service Advisor Number"),
        advisor_name=row.words("Service Advisor Name"),
        complaint=_lines(row.words("Complaint")),
        cause=_lines(row.words("Cause")),
        comment=_lines(row.words("Comment")),
        operations=tuple(
            OperationRecord(op_code, description)
            for _group, _value, (op_code, description) in groups.side_by_side(
                (row.groups("Operation Code"), row.groups("Operation Code Description"))
            )
        ),
        recommendations=recommendations(
            row, "Recommended Operation Code", "Recommended Operation Code Description"
        ),
        sale_type=row.words("Sale Type"),
        waiting=row.flag("Waiting Flag"),
        loaner=row.flag("Loaner Flag"),
        transportation=row.words("Alternate Transportation"),
        estimate_minutes=row.minutes("Estimate Time"),
        estimate_cents=row.cents("Estimate Amount"),
        promise_date=promise_date,
        promise_at=promise_at,
        tag=row.words("Tag Number"),
        last_ro_date=row.day("Last RO Date"),
        customer=people.customer(row),
        vehicle=people.vehicle(row, row.miles("Appointment Mileage")),
    )


def _lines(text: str) -> str:
    """A text with the file's separators turned into line ends, one concern a line."""
    return "\n".join(filter(None, (piece.strip() for piece in text.replace("^", "|").split("|"))))
