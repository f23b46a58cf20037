"""Delimited text as it comes from a DMS: bytes in, a header row and lines of cells out. Pure.

Nothing is assumed about the encoding; NULs and control characters are dropped (PostgreSQL text refuses NUL). A line
break inside a text splits a row in two physical lines: they are put together again when the pieces fit exactly.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MAX_BYTES = 256 * 1024 * 1024
MAX_COLUMNS = 5_000
MAX_ROW_CHARACTERS = 1_000_000

_MAX_JOINED_LINES = 50
_SAMPLE_BYTES = 400
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_ARCHIVES = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip archive", b"%PDF": "a PDF"}
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class Unreadable(ValueError):
    """The file as a whole cannot be read; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells. `number` is its first physical line in the file, from 1; `joined` counts lines added to it."""

    number: int
    cells: list[str]
    joined: int = 0


@dataclass(frozen=True)
class Table:
    """A header and what follows it.

    `header` holds the names without outer spaces; `cut_off` is true when the file does not end with a line end, so
    that its last row may be incomplete.
    """

    header: tuple[str, ...]
    header_line: int
    delimiter: str
    quoted: bool
    encoding: str
    cut_off: bool
    physical: list[str]

    def lines(self, starts_row: Callable[[list[str]], bool]) -> Iterator[Line]:
        """Every row after the header, blank lines and repeated headers left out; may be called again.

        A line with too few cells is joined with the next ones while those do not start a row of their own
        (`starts_row`) and the sum has exactly as many cells as the header. Rows of a wrong width come out as they
        are: the caller parks them.
        """
        width = len(self.header)
        pending: list[Line] = []
        for line in self._split():
            if self._repeats_header(line.cells):
                continue
            if pending and len(line.cells) < width and not starts_row(line.cells):
                pending.append(line)
                total = sum(len(piece.cells) - 1 for piece in pending) + 1
                if total == width:
                    yield _join(pending)
                    pending = []
                elif total > width or len(pending) > _MAX_JOINED_LINES:
                    yield from pending
                    pending = []
                continue
            yield from pending
            pending = []
            if len(line.cells) < width:
                pending = [line]
            else:
                yield line
        yield from pending

    def _repeats_header(self, cells: list[str]) -> bool:
        """True for the header again, as it stands in files that were put together from several."""
        return cells[0].strip() == self.header[0] and tuple(cell.strip() for cell in cells) == self.header

    def _split(self) -> Iterator[Line]:
        """The lines after the header, each cut into cells."""
        if not self.quoted:
            for number, text in enumerate(self.physical[self.header_line :], start=self.header_line + 1):
                if text and not text.isspace():
                    yield Line(number, text.split(self.delimiter))
            return
        yield from _quoted_lines(self.physical, self.header_line, self.delimiter)


def table(data: bytes, *, max_bytes: int = MAX_BYTES) -> Table:
    """Decode `data` and find its header row.

    The delimiter is a tab, without quoting, as DealerVault writes it; a header without tabs is read as CSV with
    quotes, which is what is left after somebody saved the file in a spreadsheet. Raises `Unreadable` for a file that is
    empty, too large, or no text.
    """
    if len(data) > max_bytes:
        raise Unreadable(
            f"the file has {len(data):,} bytes; at most {max_bytes:,} are read: split it by date and send the pieces"
        )
    for magic, name in _ARCHIVES.items():
        if data.startswith(magic):
            raise Unreadable(f"the file is {name}, not text: unpack it and send the text file inside")
    physical, encoding = decode(data)
    header_line = next((n for n, text in enumerate(physical, start=1) if text and not text.isspace()), 0)
    if not header_line:
        raise Unreadable("the file is empty")
    first = physical[header_line - 1]
    if len(first) > MAX_ROW_CHARACTERS:
        raise Unreadable(f"the header row has {len(first):,} characters: this is not a table of text")
    delimiter = "\t" if "\t" in first else max(",;|", key=first.count)
    quoted = delimiter != "\t" or _all_quoted(first)
    cells = (_quoted_cells(first, delimiter) if quoted else None) or first.split(delimiter)
    if len(cells) > MAX_COLUMNS:
        raise Unreadable(f"the header row has {len(cells):,} columns; at most {MAX_COLUMNS:,} are read")
    return Table(
        header=tuple(cell.strip() for cell in cells),
        header_line=header_line,
        delimiter=delimiter,
        quoted=quoted,
        encoding=encoding,
        cut_off=bool(physical[-1]),
        physical=physical,
    )


def decode(data: bytes) -> tuple[list[str], str]:
    """The physical lines of `data` and the name of the encoding found. Never raises.

    UTF-8 and UTF-16 with or without byte order mark; a line that is not UTF-8 is read as Windows-1252 by itself, so
    one wrong line spoils no other.
    """
    wide = _wide_encoding(data)
    if wide:
        return _physical_lines(data.decode(wide, errors="replace")), wide.replace("-le", "").replace(
            "-be", ""
        )
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return _physical_lines(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pieces = [_decode_line(piece) for piece in data.split(b"\n")]
        return _physical_lines("\n".join(pieces)), "cp1252"


def _wide_encoding(data: bytes) -> str | None:
    """The two- or four-byte encoding of `data`, by its mark or by where its zero bytes lie."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    sample = data[:_SAMPLE_BYTES]
    if sample.count(0) * 3 < len(sample) or len(sample) < 4:
        return None
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    if odd > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 10 * odd else None


def _decode_line(piece: bytes) -> str:
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return piece.decode("cp1252", errors="replace")


def _physical_lines(text: str) -> list[str]:
    """`text` cut at line ends of any system; only CR and LF end a line (U+2028, form feeds and the like do not).

    A CR alone inside a row is a line break of somebody's text. Inside the header, where no text stands, it ends lines.
    """
    text = text.replace("\r\n", "\n")
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    if text.find("\r", start, len(text) if end < 0 else end) >= 0:
        text = text.replace("\r", "\n")
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    return text.split("\n")


def _all_quoted(first: str) -> bool:
    cells = [cell.strip() for cell in first.split("\t")]
    return all(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells if cell)


def _join(pieces: list[Line]) -> Line:
    cells = list(pieces[0].cells)
    for piece in pieces[1:]:
        cells[-1] += "\n" + piece.cells[0]
        cells.extend(piece.cells[1:])
    return Line(pieces[0].number, cells, joined=len(pieces) - 1)


def _quoted_lines(physical: list[str], start: int, delimiter: str) -> Iterator[Line]:
    """Rows of CSV text; a quote that is never closed spoils its own line only."""
    index = start
    while index < len(physical):
        text, used = physical[index], 1
        last = min(len(physical), index + _MAX_JOINED_LINES)
        while text.count('"') % 2 and index + used < last and len(text) <= MAX_ROW_CHARACTERS:
            text += "\n" + physical[index + used]
            used += 1
        cells = _quoted_cells(text, delimiter)
        if cells is None:
            text, used = physical[index], 1
            cells = text.split(delimiter)
        if text and not text.isspace():
            yield Line(index + 1, cells)
        index += used


def _quoted_cells(text: str, delimiter: str) -> list[str] | None:
    """The cells of one CSV row, or None when its quotes make no sense."""
    if text.count('"') % 2 or len(text) > csv.field_size_limit():
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else ([] if not rows else None)
