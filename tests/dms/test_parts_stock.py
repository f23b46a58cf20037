"""A row of a parts file."""

from datetime import date
from decimal import Decimal

import pytest

from dealership.dms.readers.dealervault import kind_of, read
from dealership.dms.readers.records import PartStockRecord
from tests.dms.dealervault_files import rows_of, stock_file

ROW = {
    "File Type": "PTINV", "DV Dealer ID": "DVD00417", "Part Number": "04152-yzza1", "Part Description": 'FILTER, OIL 26"',
    "Part Cost": "1,105.00", "Part Price": ".89", "Quantity On Hand": "-2", "Quantity On Order": "3.5", "BIN#": "B 04",
    "Entry Date": "1/5/2018", "Last Sale Date": "12/30/1899", "Last Received Date": "5/22/2026",
    "Old Part Number": "90915-YZZF1",
}  # fmt: skip


def part_of(row: dict[str, str]) -> PartStockRecord:
    (only,) = rows_of(stock_file([row]), "PTINV")
    assert isinstance(only.record, PartStockRecord)
    return only.record


def test_a_part_is_read_as_the_dms_writes_it() -> None:
    part = part_of(ROW)
    assert (part.part_number, part.description) == ("04152-yzza1", 'FILTER, OIL 26"')
    assert (part.cost_cents, part.price_cents) == (110_500, 89)
    assert (part.on_hand, part.on_order) == (Decimal(-2), Decimal("3.5"))
    assert (part.bin, part.old_part_number, part.new_part_number) == ("B 04", "90915-YZZF1", "")


def test_day_zero_of_a_spreadsheet_is_no_day() -> None:
    part = part_of(ROW)
    assert (part.entry_date, part.last_sale_date, part.last_received_date) == (
        date(2018, 1, 5), None, date(2026, 5, 22),
    )  # fmt: skip
    (row,) = rows_of(stock_file([ROW]), "PTINV")
    assert row.notes == ()


@pytest.mark.parametrize("amount", ["many", "1/2"])
def test_a_figure_that_cannot_be_read_is_noted_and_the_part_is_kept(amount: str) -> None:
    (row,) = rows_of(stock_file([ROW | {"Quantity On Hand": amount}]), "PTINV")
    assert isinstance(row.record, PartStockRecord)
    assert row.record.on_hand is None
    assert row.notes[0].startswith(f"Quantity On Hand “{amount}”")


def test_other_names_of_columns_are_known_and_a_parts_file_is_told_by_its_header() -> None:
    header = ["Part No", "Description", "QOH", "Bin", "Superseded By"]
    data = ("\t".join(header) + "\nFL820S\tFILTER\t12\tA1\tFL820T\n").encode()
    (row,) = read(data, "PTINV").rows
    assert isinstance(row.record, PartStockRecord)
    assert (row.record.on_hand, row.record.bin, row.record.new_part_number) == (12, "A1", "FL820T")
    assert kind_of("", header) == "PTINV"


def test_a_service_file_is_no_parts_file() -> None:
    assert read(b"RO Number\tOpen Date\tClose Date\tPart Number\n1\t1/1/2026\t\tX\n", "PTINV").refused
