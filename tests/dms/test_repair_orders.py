"""A service row as a repair order: status, lines, parts, technicians, recommendations."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealership.dms.readers import groups
from dealership.dms.readers.records import RepairOrderRecord
from tests.dms.dealervault_files import CLOSED_RO, RO, ro_of, row_of, rows_of, sv_file


def test_a_closed_ro_is_read_with_its_lines_and_what_was_recommended() -> None:
    ro = ro_of(CLOSED_RO)
    assert (ro.ro_number, ro.status, ro.open_date, ro.close_date) == (
        "048213", "closed", date(2026, 3, 9), date(2026, 3, 10),
    )  # fmt: skip
    assert [(line.number, line.op_code, line.complaint) for line in ro.lines] == [
        ("1", "LOF", "CUSTOMER REQUESTS OIL CHANGE"),
        ("2", "BRKI", "GRINDING WHEN BRAKING"),
    ]
    assert [(item.op_code, item.description) for item in ro.recommendations] == [
        ("BRKF", "FRONT PADS 2MM"),
        ("CABIN", "CABIN FILTER DIRTY"),
    ]
    assert ro.customer_pay_cents == 8995


def test_leading_zeros_belong_to_the_number() -> None:
    ro = ro_of(RO | {"RO Number": " 002205 "})
    assert (ro.ro_number, ro.advisor_number, ro.customer.number) == ("002205", "00212", "0070411")


def test_the_customer_comes_with_numbers_as_typed_and_without_a_birth_date() -> None:
    row = row_of(RO | {"Birth Date": "4/1/1961", "Home Phone": "(937) 555-0143"})
    assert isinstance(row.record, RepairOrderRecord)
    customer = row.record.customer
    assert [(phone.kind, phone.raw) for phone in customer.phones] == [
        ("cell", "937-555-0142"),
        ("home", "(937) 555-0143"),
    ]
    assert customer.emails == ("marlene.price@example.com",)
    assert (customer.language, customer.is_business, customer.opt_out) == ("en", False, False)
    assert "1961" not in repr(row)


def test_the_vin_is_cleaned_and_the_cut_make_written_out() -> None:
    vehicle = ro_of(
        RO | {"VIN": " 1hgcm82633a004352", "Make": "HOND", "Year": "03", "RO Mileage": "0061204"}
    ).vehicle
    assert (vehicle.vin, vehicle.make, vehicle.year, vehicle.mileage) == (
        "1HGCM82633A004352",
        "Honda",
        2003,
        61_204,
    )


def test_a_number_that_is_no_vin_stays_readable_and_identifies_no_car() -> None:
    row = row_of(RO | {"VIN": "124379N512"})
    assert isinstance(row.record, RepairOrderRecord)
    assert (row.record.vehicle.vin, row.record.vehicle.vin_raw) == ("", "124379N512")
    assert "before 1981" in "".join(row.notes)


@pytest.mark.parametrize(
    ("code", "close_date", "status"),
    [
        ("O", "", "open"), ("Open", "", "open"), ("C", "3/10/2026", "closed"), ("CLOSED", "", "closed"),
        ("V", "3/10/2026", "voided"), ("void", "", "voided"), ("", "", "open"), ("", "3/10/2026", "closed"),
        ("97", "3/10/2026", "unknown"),
    ],
)  # fmt: skip
def test_the_status_is_what_the_row_says(code: str, close_date: str, status: str) -> None:
    ro = ro_of(RO | {"RO Status": code, "Close Date": close_date})
    assert (ro.status, ro.status_raw) == (status, code)


def test_a_store_explains_its_own_status_codes() -> None:
    (row,) = rows_of(sv_file([RO | {"RO Status": "C97"}]), status_codes={"c97": "open"})
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.status == "open"


def test_a_code_nobody_explained_is_noted() -> None:
    assert "has not explained" in "".join(row_of(RO | {"RO Status": "C97"}).notes)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A", [["A"]]),
        ("|", [[""], [""]]),
        ("A|^B|", [["A"], ["", "B"], [""]]),
        ("^^|C", [["", "", ""], ["C"]]),
    ],
)
def test_empty_positions_are_kept(text: str, expected: list[list[str]]) -> None:
    assert groups.split(text) == expected


@given(
    st.lists(st.lists(st.text(alphabet="ab1", max_size=3), min_size=1, max_size=4), min_size=2, max_size=6)
)
def test_splitting_undoes_joining(parts: list[list[str]]) -> None:
    assert groups.split("|".join("^".join(group) for group in parts)) == parts


def test_a_blank_between_operations_shifts_nothing() -> None:
    ro = ro_of(
        RO
        | {
            "Operation Codes": "LOF|*|ALIGN",
            "Operation Line Number": "1|2|3",
            "Operation Code Descriptions": "OIL||ALIGNMENT|",
            "Labor Complaint": "",
            "Operation Sale Types": "C|W|I",
            "Tech Number": "T1^T2||T3",
            "Labor Correction": "DONE||SET TOE",
        }
    )
    assert [(line.op_code, line.description, line.correction) for line in ro.lines] == [
        ("LOF", "OIL", "DONE"),
        ("*", "", ""),
        ("ALIGN", "ALIGNMENT", "SET TOE"),
    ]
    assert [[tech.number for tech in line.techs] for line in ro.lines] == [["T1", "T2"], [], ["T3"]]
    assert [line.pay_type for line in ro.lines] == ["customer", "warranty", "internal"]


def test_parts_go_to_the_line_they_name() -> None:
    ro = ro_of(
        RO
        | {
            "Operation Line Number": "01|02",
            "Parts Labor Line Number": "2^1|2",
            "Part Number": "15400-PLM^90430|45022-S9A",
            "Part Description": "FILTER^GASKET|PADS",
            "Part Quantity": "1^2|-1",
        }
    )
    assert [[(part.number, part.quantity) for part in line.parts] for line in ro.lines] == [
        [("90430", Decimal(2))],
        [("15400-PLM", Decimal(1)), ("45022-S9A", Decimal(-1))],
    ]


def test_parts_without_a_line_number_go_by_position() -> None:
    ro = ro_of(RO | {"Part Number": "|P1^^P3", "Part Quantity": "|1^^2"})
    assert [[(part.number, part.quantity) for part in line.parts] for line in ro.lines] == [
        [],
        [("P1", Decimal(1)), ("P3", Decimal(2))],
    ]


def test_a_part_of_a_line_that_is_not_there_is_not_lost() -> None:
    row = row_of(RO | {"Parts Labor Line Number": "7", "Part Number": "15400-PLM"})
    assert isinstance(row.record, RepairOrderRecord)
    assert [(part.number, part.labor_line) for part in row.record.loose_parts] == [("15400-PLM", "7")]
    assert "names line 7" in "".join(row.notes)


def test_technicians_go_to_the_line_they_name() -> None:
    ro = ro_of(RO | {"Tech Labor Line": "2|1", "Tech Number": "T9|T4", "Tech Name": "WU|DIAZ"})
    assert [(line.tech_number, line.tech_name) for line in ro.lines] == [("T4", "DIAZ"), ("T9", "WU")]


def test_a_line_s_sale_is_its_own_figure_or_the_sum_of_its_kinds() -> None:
    ro = ro_of(
        RO | {"Operation Line Sale": "100.00|", "Labor Sale": "80.00|1,240.50", "Parts Sale": "10.00|9.50"}
    )
    assert [line.sale_cents for line in ro.lines] == [10_000, 125_000]


def test_hours_of_several_technicians_add_up() -> None:
    ro = ro_of(RO | {"Labor Bill Hours": "0.5^1.2|.3", "Labor Tech Hours": "|2"})
    assert [(line.sold_hours, line.tech_hours) for line in ro.lines] == [
        (Decimal("1.70"), None),
        (Decimal("0.30"), Decimal("2.00")),
    ]


def test_recommendations_pair_by_position_and_either_half_may_be_missing() -> None:
    ro = ro_of(RO | {"Recommended Operation Codes": "BRKF||COOL", "Recommendations": "PADS 2MM|WIPERS"})
    assert [(item.op_code, item.description) for item in ro.recommendations] == [
        ("BRKF", "PADS 2MM"), ("", "WIPERS"), ("COOL", ""),
    ]  # fmt: skip
