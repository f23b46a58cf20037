"""DealerVault files: whatever stands in a row, it becomes a record or is parked with a reason."""

from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealership.dms.readers.columns import APPOINTMENTS, SERVICE
from dealership.dms.readers.dealervault import FeedRow, content_hash, file_stamp, kind_of, read
from dealership.dms.readers.records import RepairOrderRecord
from tests.dms.dealervault_files import (
    APPOINTMENT,
    CLOSED_RO,
    RO,
    appt_file,
    appt_name,
    ro_of,
    row_of,
    rows_of,
    sv_file,
    sv_name,
)


def test_columns_are_found_by_name_in_any_order_and_case() -> None:
    expected = ro_of(CLOSED_RO)
    shuffled = [*sorted(SERVICE, reverse=True)]
    data = sv_file([CLOSED_RO], shuffled)
    head, rest = data.split(b"\r\n", 1)
    (row,) = rows_of(head.lower().replace(b" ", b"_") + b"\r\n" + rest)
    assert row.record == expected


def test_another_system_s_names_are_understood() -> None:
    header = [
        "DV Dealer ID", "RO Number", "Open Date", "Closed RO Date", "Customer First Name", "Customer Home Phone",
        "Customer Email", "Color", "License", "VIN", "Customer Tire Sale",
    ]  # fmt: skip
    row = {
        "RO Number": "77", "Open Date": "3/9/2026", "Closed RO Date": "3/10/2026", "Customer First Name": "Ana",
        "Customer Home Phone": "937-555-0101", "Customer Email": "ana@example.com", "Color": "Red", "License": "HFX 12",
        "Customer Tire Sale": "10.00",
    }  # fmt: skip
    reading = read(sv_file([row], header), "SV")
    (found,) = reading.rows
    assert isinstance(found.record, RepairOrderRecord)
    assert (found.record.status, found.record.close_date) == ("closed", date(2026, 3, 10))
    assert (found.record.customer.first_name, found.record.vehicle.license_plate) == ("Ana", "HFX 12")
    assert reading.unknown_headers == ("Customer Tire Sale",)
    assert found.raw["Customer Tire Sale"] == "10.00"
    assert "RO Status" in reading.missing


def test_a_store_names_its_own_columns() -> None:
    data = sv_file([{"Ticket": "0099", "In": "3/9/2026"}], ["Ticket", "In"])
    (row,) = rows_of(data, aliases={"Ticket": "RO Number", "In": "Open Date"})
    assert (row.key, row.parked) == ("0099", None)


def test_a_file_without_its_key_column_is_refused() -> None:
    reading = read(sv_file([], [name for name in SERVICE if name != "RO Number"]), "SV")
    assert "no column 'RO Number'" in (reading.refused or "")
    assert list(reading.rows) == []


def test_an_appointment_file_is_not_read_as_repair_orders() -> None:
    assert "SV_APPT" in (read(appt_file([APPOINTMENT]), "SV").refused or "")
    assert "read it as SV" in (read(sv_file([RO]), "SV_APPT").refused or "")


def test_a_kind_without_a_reader_is_refused() -> None:
    assert "no reader" in (read(b"Stock Number\n", "INV").refused or "")


def test_a_header_that_comes_twice_loses_nothing() -> None:
    reading = read(b"RO Number\tVIN\tVIN\n7\t1HGCM82633A004352\tother\n", "SV")
    (row,) = reading.rows
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.vehicle.vin == "1HGCM82633A004352"
    assert row.raw["VIN (2)"] == "other"
    assert "more than once" in "".join(reading.problems)


def test_a_broken_row_is_parked_and_the_rest_go_on() -> None:
    broken = [RO | {"RO Number": ""}, RO | {"Open Date": "2/31/2026"}, RO | {"RO Number": "1|2"}]
    rows = rows_of(sv_file([RO, *broken, RO | {"RO Number": "048214"}]))
    assert [(row.line, row.parked is None) for row in rows] == [
        (2, True), (3, False), (4, False), (5, False), (6, True),
    ]  # fmt: skip
    assert "no RO Number" in (rows[1].parked or "")


def test_a_tab_inside_a_text_parks_the_row() -> None:
    (row,) = rows_of(sv_file([RO | {"Labor Complaint": "noise\tat speed", "CASS_STD_ERROR_CD": "x"}]))
    assert "a tab inside a text" in (row.parked or "")


def test_a_line_break_inside_a_text_is_put_together() -> None:
    row = row_of(RO | {"Labor Complaint": "OIL CHANGE|GRINDS\r\nWHEN COLD"})
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.lines[1].complaint == "GRINDS\nWHEN COLD"
    assert row.record.customer.number == "0070411"


def test_the_last_row_of_a_file_that_was_cut_off_is_parked() -> None:
    whole = sv_file([RO, RO | {"RO Number": "048214"}])
    first, last = rows_of(whole[:-120])
    assert first.parked is None
    assert "cut off" in (last.parked or "")


def test_a_row_without_its_empty_end_is_read() -> None:
    lines = sv_file([RO, RO | {"RO Number": "048214"}]).decode().splitlines()
    rows = rows_of(("\r\n".join([lines[0], *(line.rstrip("\t") for line in lines[1:])]) + "\r\n").encode())
    assert [row.parked for row in rows] == [None, None]
    assert "ends after" in rows[0].notes[0]


def test_of_two_rows_with_one_number_the_later_counts() -> None:
    reading = read(sv_file([RO, RO | {"RO Number": "1"}, CLOSED_RO]), "SV")
    kept = {row.key: row for row in reading.rows}
    assert isinstance(kept["048213"].record, RepairOrderRecord)
    assert kept["048213"].record.status == "closed"
    assert [(row.line, row.by_line) for row in reading.superseded] == [(2, 4)]
    assert "later line" in "".join(reading.problems)


def test_a_later_row_that_cannot_be_read_replaces_nothing() -> None:
    reading = read(sv_file([RO, RO | {"Open Date": "2/31/2026"}]), "SV")
    assert [row.parked is None for row in reading.rows] == [True, False]
    assert reading.superseded == ()


def test_the_same_number_at_two_dealers_is_two_repair_orders() -> None:
    assert len(rows_of(sv_file([RO, RO | {"DV Dealer ID": "DVD00999"}]))) == 2


def test_a_row_with_countless_operations_is_parked() -> None:
    assert "more than any repair order has" in (row_of(RO | {"Operation Codes": "|" * 50_000}).parked or "")


def test_a_reading_may_be_walked_twice() -> None:
    reading = read(sv_file([RO, CLOSED_RO | {"RO Number": "2"}]), "SV")
    assert list(reading.rows) == list(reading.rows) != []


def test_a_file_with_a_header_only_is_an_empty_feed() -> None:
    reading = read(sv_file([]), "SV")
    assert (reading.refused, list(reading.rows)) == (None, [])


def test_a_name_that_says_another_kind_is_mentioned() -> None:
    assert "SV_APPT" in "".join(read(sv_file([RO]), "SV", appt_name()).problems)
    assert read(sv_file([RO]), "SV", sv_name()).problems == ()


def test_the_hash_is_of_what_the_row_says() -> None:
    plain = row_of(RO)
    shuffled, spaced, changed = (
        rows_of(sv_file([RO], sorted(SERVICE)))[0],
        row_of(RO | {"Make": " HONDA "}),
        row_of(RO | {"Make": "ACURA"}),
    )
    assert content_hash(plain) == content_hash(shuffled) == content_hash(spaced)
    assert content_hash(plain) != content_hash(changed)


def test_the_kind_is_known_by_the_header_before_the_name() -> None:
    assert kind_of(sv_name(), SERVICE) == "SV"
    assert kind_of(sv_name(), APPOINTMENTS) == "SV_APPT"
    assert kind_of(appt_name(), ["Something"]) == "SV_APPT"
    assert kind_of("DVD00417_20260310_0410_PTINV.txt", []) == "PTINV"
    assert kind_of("report.txt", ["Something"]) is None


def test_the_name_tells_when_the_file_was_made() -> None:
    assert file_stamp("inbox/DVD00417_20260310_0410_SV_APPT.txt") == datetime.fromisoformat(
        "2026-03-10T04:10"
    )
    assert file_stamp("DVD00417_20261310_0410_SV.txt") is None
    assert file_stamp("service.txt") is None


HOSTILE = st.sampled_from(
    ["1e309", "-0", "NaN", "2/31/2026", "0001-01-01", "|" * 30, "^" * 30, "|^|", "\0", "\u202e", "=1+1", "'", '"',
     "9" * 400, "-", "", " ", "Infinity", "1/1/2026 " * 200, "\ud7ff", "x@" * 100, "0x10", "1,,2", "()"]
) | st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\t\r\n"), max_size=30)  # fmt: skip


def every_row_is_record_or_parked(rows: list[FeedRow]) -> bool:
    return all((row.record is None) != (row.parked is None) for row in rows)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(SERVICE), HOSTILE, max_size=12))
def test_no_value_in_a_service_row_breaks_the_reader(cells: dict[str, str]) -> None:
    data = sv_file([RO | cells, RO | {"RO Number": "048999"}])
    rows = rows_of(data)
    assert every_row_is_record_or_parked(rows)
    assert "048999" in {row.key for row in rows if row.record}


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(APPOINTMENTS), HOSTILE, max_size=12))
def test_no_value_in_an_appointment_row_breaks_the_reader(cells: dict[str, str]) -> None:
    data = appt_file([APPOINTMENT | cells, APPOINTMENT | {"Appointment Number": "90999"}])
    rows = rows_of(data, "SV_APPT")
    assert every_row_is_record_or_parked(rows)
    assert "90999" in {row.key for row in rows if row.record}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 8_000), st.binary(max_size=12), st.integers(0, 40))
def test_damaged_bytes_lose_no_later_row_silently(at: int, damage: bytes, removed: int) -> None:
    whole = sv_file([RO, CLOSED_RO | {"RO Number": "048214"}])
    at = min(at, len(whole))
    reading = read(whole[:at] + damage + whole[at + removed :], "SV")
    rows = list(reading.rows)
    assert every_row_is_record_or_parked(rows)
    assert reading.refused or reading.superseded or len(rows) >= 1


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from(["SV", "SV_APPT"]))
def test_no_bytes_break_the_reader(data: bytes, kind: str) -> None:
    reading = read(data, kind)
    assert every_row_is_record_or_parked(list(reading.rows))
    assert reading.refused or b"Number" in data
