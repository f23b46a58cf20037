"""What people take away opens in a spreadsheet, says the same there, and runs nothing."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.test import RequestFactory
from openpyxl import load_workbook

from dealership import spreadsheet
from dealership.spreadsheet import Table

HOSTILE = ["=1+1", "+973", "-2", "@SUM(A1)", "\t=1", "＝1", "bell\x07", "x" * 40_000, "Zoë, “quoted”"]


def taken(asked: str) -> HttpResponse:
    rows = ([word, 7, Decimal("24500.17"), None] for word in HOSTILE)
    table = Table(("Words", "Number", "Amount", "Nothing"), rows)
    return spreadsheet.answer(RequestFactory().get(f"/leads/{asked}"), "leads-2026-11-23", table)


def test_csv_is_what_comes_where_nothing_else_is_asked_for() -> None:
    answer = taken("")
    assert answer["Content-Disposition"] == 'attachment; filename="leads-2026-11-23.csv"'
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Words", "Number", "Amount", "Nothing"]
    assert [row[0] for row in rows[1:]] == [f"'{word}" for word in HOSTILE[:6]] + HOSTILE[6:]
    assert rows[1][1:] == ["7", "24500.17", ""]


def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    answer = taken("?as=xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="leads-2026-11-23.xlsx"'
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    first = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in first} == {"s"}
    assert [cell.value for cell in first[:6]] == HOSTILE[:6]
    assert (first[6].value, len(str(first[7].value)), first[8].value) == ("bell", 32_767, HOSTILE[8])
    assert [cell.value for cell in sheet[2]][1:] == [7, 24500.17, None]
    assert (sheet["A1"].value, sheet["A1"].font.bold, sheet.freeze_panes) == ("Words", True, "A2")
