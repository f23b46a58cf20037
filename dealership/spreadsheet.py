"""Tables that people take away, as CSV or as an Excel workbook; a spreadsheet opens them without running anything in them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

#: A cell that starts like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Excel's own limit for the text of one cell.
_MOST_CHARACTERS = 32_767
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """What is taken away. Cells are texts and numbers; times are texts already, in the store's zone (`time`)."""

    heads: Sequence[str]
    rows: Iterable[Iterable[object]]


class _Line:
    """A file of one line: what `csv` writes is handed on."""

    def write(self, text: str) -> str:
        return text


def answer(request: HttpRequest, name: str, table: Table) -> HttpResponse:
    """The file, called `name` with its ending: a workbook where `?as=xlsx` asks for one, else CSV."""
    if request.GET.get("as") == "xlsx":
        response, ending = HttpResponse(workbook(table), content_type=_WORKBOOK), "xlsx"
    else:
        response, ending = HttpResponse("".join(lines(table)), content_type="text/csv; charset=utf-8"), "csv"
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


def lines(table: Table) -> Iterator[str]:
    """The table as CSV, a line at a time. Starts with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow([str(head) for head in table.heads])
    for row in table.rows:
        yield writer.writerow([safe(value) for value in row])


def safe(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that starts like one gets an apostrophe before it."""
    if not isinstance(value, str):
        return str(value) if isinstance(value, Promise) else value
    starts = value.lstrip(" \u00a0\u200b\ufeff")
    return f"'{value}" if starts.startswith(_FORMULA) else value


def workbook(table: Table) -> bytes:
    """The table as a workbook of one sheet, its heads bold and standing still; text is text, whatever it starts with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kept")
    sheet.freeze_panes = "A2"

    def cell(value: object) -> object:
        if isinstance(value, Promise):
            value = str(value)
        if not isinstance(value, str):
            return value
        written = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:_MOST_CHARACTERS])
        written.data_type = "s"
        return written

    heads = [WriteOnlyCell(sheet, str(head)) for head in table.heads]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    for row in table.rows:
        sheet.append([cell(value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def time(at: datetime | None, zone: ZoneInfo) -> str:
    """A time as it sorts, in the store's zone; empty where there is none."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""
