"""An appointment row."""

from datetime import date, datetime

import pytest

from tests.dms.dealervault_files import (
    APPOINTMENT,
    appointment_of,
    appt_file,
    rows_of,
)


def test_an_appointment_is_read_with_what_it_is_for() -> None:
    found = appointment_of(
        APPOINTMENT
        | {
            "Operation Code": "LOF|RECALL",
            "Operation Code Description": "LUBE OIL FILTER|23S12",
            "Recommended Operation Code": "BRKF",
            "Recommended Operation Code Description": "FRONT PADS",
            "Alternate Transportation": "SHUTTLE",
            "RO Number": "048213",
        }
    )
    assert found.starts_at == datetime.fromisoformat("2026-03-12T07:30")
    assert [item.op_code for item in found.operations] == ["LOF", "RECALL"]
    assert [item.description for item in found.recommendations] == ["FRONT PADS"]
    assert (found.waiting, found.loaner, found.transportation) == (True, False, "SHUTTLE")
    assert (found.estimate_cents, found.ro_number, found.created_date) == (
        108_995,
        "048213",
        date(2026, 3, 2),
    )


@pytest.mark.parametrize("day", ["", "0/0/0000", "2/31/2026"])
def test_an_appointment_without_a_day_waits_for_a_person(day: str) -> None:
    (row,) = rows_of(appt_file([APPOINTMENT | {"Appointment Date": day}]), "SV_APPT")
    assert row.record is None
    assert "Appointment Date" in (row.parked or "")
