"""DealerVault files: repair orders (SV), service appointments (SV_APPT), parts stock (PTINV), deals (SL), by header name. Pure.

A file is refused only when it is no table, is of another kind, or lacks the column of its key. A row is parked, with
its reason, when it has no key, an impossible date of its own, or does not fit the header; everything else about it
that cannot be read becomes a note, and the next row goes on.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from dealership.dms.readers import columns, values
from dealership.dms.readers.delimited import MAX_BYTES, MAX_ROW_CHARACTERS, Line, Table, Unreadable, table
from dealership.dms.readers.layouts import LAYOUTS, Layout
from dealership.dms.readers.records import Record
from dealership.dms.readers.row import Parked, Row
from dealership.dms.readers.values import NotReadable

_DEALER = "DV Dealer ID"
_LONGEST_KEY = 40
_KEY = re.compile(r"[^\s|^](?:[^|^\n]*[^\s|^])?")
_FILE_NAME = re.compile(
    r"DVD[0-9]+_([0-9]{8})_([0-9]{4})(?:[0-9]{2})?_(SV_APPT|SV|SL|PTINV|INV)(?![A-Z_])", re.IGNORECASE
)


@dataclass(frozen=True)
class FeedRow:
    """One row: either `record` or `parked`, never both and never neither.

    `raw` holds every cell that says something, by the header as the file spells it, also those this house does not
    know, without birth dates and the like. `notes` name what could not be read in a row that was.
    """

    line: int
    key: str
    dealer_id: str
    raw: dict[str, str]
    record: Record | None
    parked: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Superseded:
    """A row left out because a later line of the same file has the same key."""

    line: int
    key: str
    by_line: int


@dataclass(frozen=True)
class FeedReading:
    """What a file says. `rows` may be walked more than once and reads as it goes.

    `refused` is the reason why nothing is read at all, or None. `problems` are sentences about the file as a whole;
    `unknown_headers` are kept in `raw`; `missing` are columns that this kind usually has and this file has not.
    """

    kind: str
    rows: "Rows"
    refused: str | None = None
    problems: tuple[str, ...] = ()
    unknown_headers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    encoding: str = ""


@dataclass(frozen=True)
class _Header:
    """Where each column is, and under which name each cell is kept."""

    index: Mapping[str, int]
    raw_names: tuple[str, ...]
    kept: tuple[bool, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]


@dataclass(frozen=True)
class Rows:
    """The rows of a reading, read while they are walked."""

    table: Table | None = None
    layout: Layout | None = None
    header: _Header | None = None
    status_codes: Mapping[str, str] = field(default_factory=dict)
    superseded_lines: frozenset[int] = frozenset()

    def __iter__(self) -> Iterator[FeedRow]:
        if self.table is None or self.layout is None or self.header is None:
            return
        for line, last in _lines(self.table, self.layout, self.header):
            if line.number not in self.superseded_lines:
                yield self._row(line, self.layout, self.header, cut_off=last and self.table.cut_off)

    def _row(self, line: Line, layout: Layout, header: _Header, *, cut_off: bool) -> FeedRow:
        row = Row(header.index, line.cells)
        key, record, parked = row.text(layout.key), None, _why_parked(line, layout, header, cut_off=cut_off)
        if parked is None:
            if line.joined:
                row.notes.append(f"put together from {line.joined + 1} lines: a line break inside a text")
            if len(line.cells) < len(header.raw_names):
                row.notes.append(f"ends after {len(line.cells)} of {len(header.raw_names)} values")
            try:
                record = layout.build(row, key, self.status_codes)
            except Parked as reason:
                parked = str(reason)
        return FeedRow(
            line=line.number,
            key=key if len(key) <= _LONGEST_KEY else "",
            dealer_id=row.text(_DEALER),
            raw=_raw(line, header),
            record=record,
            parked=parked,
            notes=tuple(dict.fromkeys(row.notes)) if record else (),
        )


def read(
    data: bytes,
    kind: str,
    filename: str = "",
    *,
    aliases: Mapping[str, str] | None = None,
    status_codes: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
) -> FeedReading:
    """Read a file of one of the kinds of LAYOUTS; never raises for what is in it.

    `aliases` are a store's own header names, `{its name: DealerVault's name}`; `status_codes` what its status codes
    mean. Of several rows with one key the last that can be read counts, the others are reported as superseded; not so
    where a kind is no story.
    """
    layout = LAYOUTS.get(kind)
    if layout is None:
        return _refuse(
            kind, f"there is no reader for files of the kind {kind!r}; known are {', '.join(LAYOUTS)}"
        )
    try:
        found = table(data, max_bytes=max_bytes)
    except Unreadable as reason:
        return _refuse(kind, str(reason))
    header = _header(found.header, layout, aliases or {})
    wrong_file = _why_another_file(kind, layout, found, header)
    if wrong_file:
        return _refuse(kind, wrong_file)
    superseded = _superseded(found, layout, header)
    return FeedReading(
        kind=kind,
        rows=Rows(
            found,
            layout,
            header,
            {code.casefold(): status for code, status in (status_codes or {}).items()},
            frozenset(row.line for row in superseded),
        ),
        problems=tuple(_problems(kind, filename, found, header, superseded)),
        unknown_headers=header.unknown,
        missing=tuple(name for name in layout.expected if name not in header.index),
        superseded=tuple(superseded),
        encoding=found.encoding,
    )


def from_raw(
    raw: Mapping[str, str],
    kind: str,
    *,
    aliases: Mapping[str, str] | None = None,
    status_codes: Mapping[str, str] | None = None,
) -> Record:
    """The record of a row that was read before, from what was kept of it. Raises `Parked` where it no longer is one."""
    layout = LAYOUTS[kind]
    index = _index_of_kept(kind, tuple(raw), tuple((aliases or {}).items()))
    row = Row(index, tuple(raw.values()))
    key = row.text(layout.key)
    trouble = "" if _is_key(key) else f"the row has no {layout.key}"
    if trouble := trouble or _date_trouble(row.text(layout.date)) or "":
        raise Parked(trouble)
    codes = {code.casefold(): status for code, status in (status_codes or {}).items()}
    return layout.build(row, key, codes)


# The rows of a file have one header. A few are kept: what hostile ones say may be long.
@lru_cache(maxsize=128)
def _index_of_kept(
    kind: str, names: tuple[str, ...], aliases: tuple[tuple[str, str], ...]
) -> Mapping[str, int]:
    return _header(names, LAYOUTS[kind], dict(aliases)).index


def kind_of(filename: str, header: Sequence[str]) -> str | None:
    """The kind of a file by its header where that is telling, else by its name; None when neither says."""
    for kind, layout in LAYOUTS.items():
        present = {
            layout.known[columns.plain(name)][0] for name in header if columns.plain(name) in layout.known
        }
        others = [other for other in LAYOUTS.values() if other is not layout]
        own = {columns.plain(name) for name in header}
        if (
            layout.key in present
            and present & layout.telltale
            and not any(
                columns.plain(column) in own
                for other in others
                for column in other.telltale - layout.telltale
            )
        ):
            return kind
    found = _FILE_NAME.search(filename)
    return found[3].upper() if found else None


def file_stamp(filename: str) -> datetime | None:
    """When the file was made, naive local time, from `DVD<digits>_YYYYMMDD_HHMM_<TYPE>.txt`."""
    found = _FILE_NAME.search(filename)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M")  # noqa: DTZ007 - the name has no zone
    except ValueError:
        return None


def content_hash(row: FeedRow) -> str:
    """The same for every row that says the same, whatever the order of columns and the spaces around values."""
    said = sorted((columns.plain(header), value) for header, value in row.raw.items())
    canonical = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse(kind: str, reason: str) -> FeedReading:
    return FeedReading(kind=kind, rows=Rows(), refused=reason, problems=(reason,))


def _why_another_file(kind: str, layout: Layout, found: Table, header: _Header) -> str | None:
    """Why a table is not a file of this kind."""
    if layout.key not in header.index:
        return f"the header has no column {layout.key!r}, the key of a {kind} file"
    looks_like = kind_of("", found.header)
    if looks_like in {None, kind} or layout.telltale & header.index.keys():
        return None
    return f"the header is that of a {looks_like} file, not of {kind}: read it as {looks_like}"


def _header(names: Sequence[str], layout: Layout, aliases: Mapping[str, str]) -> _Header:
    own = {columns.plain(name): column for name, column in aliases.items()}
    best: dict[str, tuple[int, int]] = {}
    raw_names: list[str] = []
    unknown: list[str] = []
    seen: Counter[str] = Counter()
    for position, name in enumerate(names):
        plain = columns.plain(name)
        seen[plain] += 1
        shown = name or f"(column {position + 1})"
        raw_names.append(shown if seen[plain] == 1 or not plain else f"{shown} ({seen[plain]})")
        column, rank = (own[plain], -1) if plain in own else layout.known.get(plain, ("", 0))
        if not column:
            unknown.append(shown)
        elif column not in best or rank < best[column][0]:
            best[column] = (rank, position)
    return _Header(
        index={column: position for column, (_rank, position) in best.items()},
        raw_names=tuple(raw_names),
        kept=tuple(columns.plain(name) not in columns.NEVER_KEPT for name in names),
        unknown=tuple(unknown),
        repeated=tuple(name for name, times in seen.items() if times > 1 and name),
    )


def _lines(found: Table, layout: Layout, header: _Header) -> Iterator[tuple[Line, bool]]:
    """Every line, and whether it is the last one."""
    key_at, date_at = header.index[layout.key], header.index.get(layout.date)

    def starts_row(cells: list[str]) -> bool:
        if len(cells) <= key_at or not _is_key(cells[key_at].strip()):
            return False
        return date_at is None or (len(cells) > date_at and _is_date(cells[date_at].strip()))

    before: Line | None = None
    for line in found.lines(starts_row):
        if before is not None:
            yield before, False
        before = line
    if before is not None:
        yield before, True


def _is_key(text: str) -> bool:
    return len(text) <= _LONGEST_KEY and _KEY.fullmatch(text) is not None


def _is_date(text: str) -> bool:
    return _date_trouble(text) is None and text != ""


def _date_trouble(text: str) -> str | None:
    if not text or values.is_no_date(text):
        return None
    try:
        values.date_of(text[:64])
    except NotReadable as wrong:
        return str(wrong)
    return None


def _why_parked(line: Line, layout: Layout, header: _Header, *, cut_off: bool) -> str | None:
    """Why the row cannot be read at all, as far as its shape, key and date tell."""
    width, n_cells = len(header.raw_names), len(line.cells)
    if n_cells > width and any(cell.strip() for cell in line.cells[width:]):
        return f"the row has {n_cells} values for {width} columns: a tab inside a text has shifted the rest"
    if sum(map(len, line.cells)) > MAX_ROW_CHARACTERS:
        return f"the row has more than {MAX_ROW_CHARACTERS:,} characters"
    row = Row(header.index, line.cells)
    key = row.text(layout.key)
    stops_early = n_cells < width and (
        cut_off or any(header.index[name] >= n_cells for name in layout.vital if name in header.index)
    )
    if stops_early:
        return f"the row stops after {n_cells} of {width} values: it was cut off, or a line break splits it"
    if not key:
        return f"the row has no {layout.key}"
    if not _is_key(key):
        return f"the {layout.key} cannot be a number that people use: “{key[:_LONGEST_KEY]}”"
    date_text = row.text(layout.date)
    trouble = _date_trouble(date_text)
    if trouble:
        return f"{layout.date} “{date_text[:_LONGEST_KEY]}”: {trouble}"
    if layout.date_required and (not date_text or values.is_no_date(date_text)):
        return f"the row has no {layout.date}"
    return None


def _raw(line: Line, header: _Header) -> dict[str, str]:
    width = len(header.raw_names)
    raw = {
        name: text
        for name, kept, cell in zip(header.raw_names, header.kept, line.cells, strict=False)
        if kept and (text := cell.strip())
    }
    for position, cell in enumerate(line.cells[width:], start=width + 1):
        if cell.strip():
            raw[f"(column {position})"] = cell.strip()
    return raw


def _superseded(found: Table, layout: Layout, header: _Header) -> list[Superseded]:
    """The rows to which a later, readable row with the same key of the same dealer is preferred."""
    if not layout.is_story:
        return []
    current: dict[tuple[str, str], int] = {}
    superseded: list[tuple[int, tuple[str, str]]] = []
    for line, last in _lines(found, layout, header):
        if _why_parked(line, layout, header, cut_off=last and found.cut_off) is not None:
            continue
        row = Row(header.index, line.cells)
        key = (row.text(_DEALER), row.text(layout.key))
        if key in current:
            superseded.append((current[key], key))
        current[key] = line.number
    return [Superseded(number, key[1], current[key]) for number, key in superseded]


def _problems(
    kind: str, filename: str, found: Table, header: _Header, superseded: Sequence[Superseded]
) -> Iterator[str]:
    named = _FILE_NAME.search(filename)
    if named and named[3].upper() != kind:
        yield f"the name {filename} says {named[3].upper()}, and the file is read as {kind}"
    if found.encoding == "cp1252":
        yield "the file is not UTF-8 throughout; the lines that are not were read as Windows-1252"
    for name in header.repeated:
        yield f"the header has the column “{name}” more than once: the first is read, all are kept"
    if superseded:
        yield f"{len(superseded)} rows were left out because a later line has the same number"
