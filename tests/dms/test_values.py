"""Dates, times, money and lengths of time as systems write them."""

from datetime import date, datetime

import pytest

from dealership.dms.readers.records import AppointmentRecord, RepairOrderRecord
from tests.dms.dealervault_files import (
    APPOINTMENT,
    RO,
    appointment_of,
    appt_file,
    ro_of,
    row_of,
    rows_of,
)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1,240.00", 124_000), ("$89.95", 8_995), ("(12.50)", -1_250), ("-3", -300), ("3.00-", -300),
        ("-0", 0), ("0.005", 1), (".5", 50), ("$-4.10", -410), ("", None),
        ("1e309", None), ("NaN", None), ("1.240,00", None), ("12,40", None), ("9" * 20, None), ("٣", None), ("-", None),
    ],
)  # fmt: skip
def test_money_is_cents_or_a_note(text: str, cents: int | None) -> None:
    row = row_of(RO | {"Total Sale": text})
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.total_sale_cents == cents
    assert bool(row.notes) == (cents is None and text != "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/9/2026", date(2026, 3, 9)), ("03/09/26", date(2026, 3, 9)), ("2026-03-09", date(2026, 3, 9)),
        ("20260309", date(2026, 3, 9)), ("9-Mar-2026", date(2026, 3, 9)), ("3/9/2026 12:00:00 AM", date(2026, 3, 9)),
        ("2026-03-09T00:00:00", date(2026, 3, 9)), ("2/29/2024", date(2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_usual_form(text: str, day: date) -> None:
    assert ro_of(RO | {"Open Date": text}).open_date == day


@pytest.mark.parametrize(
    "text", ["2/31/2026", "2/29/2026", "1/1/0001", "13/1/2026", "soon", "3/9", "9999-99-99", "٣/٩/٢٠٢٦"]
)
def test_an_ro_with_an_impossible_open_date_waits_for_a_person(text: str) -> None:
    row = row_of(RO | {"Open Date": text})
    assert row.record is None
    assert "Open Date" in (row.parked or "")
    assert text in (row.parked or "")


@pytest.mark.parametrize("text", ["", "0/0/0000", "00/00/00", "0"])
def test_no_date_at_all_parks_nothing(text: str) -> None:
    assert ro_of(RO | {"Close Date": text, "Open Date": text}).close_date is None


def test_an_impossible_date_that_nothing_depends_on_is_only_noted() -> None:
    row = row_of(RO | {"Promise Date": "2/31/2026", "Promise Time": "4:00 PM"})
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.promise_at is None
    assert row.raw["Promise Date"] == "2/31/2026"
    assert "Promise Date “2/31/2026”" in "".join(row.notes)


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("7:30", 7, 30), ("07:30 AM", 7, 30), ("3:15 PM", 15, 15), ("3:15p", 15, 15), ("1330", 13, 30),
        ("730", 7, 30), ("0730AM", 7, 30), ("12:15 PM", 12, 15), ("5 pm", 17, 0), ("13:30:00", 13, 30),
        ("13:30 PM", 13, 30), ("1/1/1900 7:30:00 AM", 7, 30), ("5:00 P.M.", 17, 0),
    ],
)  # fmt: skip
def test_a_time_of_day_is_read_in_every_usual_form(text: str, hour: int, minute: int) -> None:
    assert appointment_of(APPOINTMENT | {"Appointment Time": text}).starts_at == datetime.fromisoformat(
        f"2026-03-12T{hour:02}:{minute:02}"
    )


@pytest.mark.parametrize("text", ["", "25:00", "7:61", "noonish", "00:00", "0", "13:30 AM", "9" * 5_000])
def test_an_appointment_without_a_usable_hour_keeps_its_day(text: str) -> None:
    (row,) = rows_of(appt_file([APPOINTMENT | {"Appointment Time": text}]), "SV_APPT")
    assert isinstance(row.record, AppointmentRecord)
    assert (row.record.appointment_date, row.record.starts_at) == (date(2026, 3, 12), None)
    assert "the appointment has a day and no hour" in row.notes


def test_date_and_time_may_stand_in_one_cell() -> None:
    both = appointment_of(APPOINTMENT | {"Appointment Date": "3/12/2026 7:45 AM", "Appointment Time": ""})
    assert both.starts_at == datetime.fromisoformat("2026-03-12T07:45")


def test_a_promise_has_a_day_even_when_the_hour_is_missing() -> None:
    ro = ro_of(RO | {"Promise Date": "3/9/2026"})
    assert (ro.promise_date, ro.promise_at) == (date(2026, 3, 9), None)
    ro = ro_of(RO | {"Promise Date": "3/9/2026", "Promise Time": "1700"})
    assert ro.promise_at == datetime.fromisoformat("2026-03-09T17:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1:30", 90), ("1.5", 90), ("45", 45), ("2", 120), ("", None), ("-1", None), ("long", None)],
)
def test_an_estimate_is_a_length_of_time(text: str, minutes: int | None) -> None:
    assert appointment_of(APPOINTMENT | {"Estimate Time": text}).estimate_minutes == minutes
