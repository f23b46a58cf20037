import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealership.dms.readers.delimited import Unreadable, decode, table


def cells(data: bytes) -> list[list[str]]:
    """Every row after the header, where a row starts with a digit."""
    return [line.cells for line in table(data).lines(lambda row: row[0][:1].isdigit())]


def test_lines_are_cut_at_tabs_and_empty_cells_are_kept() -> None:
    assert cells(b"No\tName\tCity\r\n1\t\tDayton\r\n") == [["1", "", "Dayton"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_usual_encoding_is_read(encoding: str) -> None:
    text = "No\tName\n" + "".join(f"{n}\tJosé Núñez\n" for n in range(1, 40))
    assert cells(text.encode(encoding))[0] == ["1", "José Núñez"]


def test_one_line_in_an_old_encoding_spoils_no_other() -> None:
    data = "No\tName\n1\tJosé\n".encode() + "2\tNúñez\n".encode("cp1252")
    assert cells(data) == [["1", "José"], ["2", "Núñez"]]


def test_zero_bytes_and_control_characters_disappear() -> None:
    assert cells(b"No\tNa\0me\n1\tA\0b\x1b[31mc\x7f\n") == [["1", "Ab[31mc"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_system(end: str) -> None:
    assert cells(end.join(["No\tName", "1\tAna", "2\tPete", ""]).encode()) == [["1", "Ana"], ["2", "Pete"]]


def test_no_other_character_ends_a_line() -> None:
    assert cells("No\tName\n1\tA\u2028b\x85c\n".encode()) == [["1", "A\u2028b\x85c"]]


def test_quotes_mean_nothing_between_tabs() -> None:
    assert cells(b'No\tName\n1\t"wait\n2\t5" rim\n') == [["1", '"wait'], ["2", '5" rim']]


def test_a_file_saved_by_a_spreadsheet_is_read_with_its_quotes() -> None:
    assert cells(b'No,Name\n1,"Ruiz, Ana"\n2,"two\nlines"\n') == [["1", "Ruiz, Ana"], ["2", "two\nlines"]]


def test_a_quote_that_is_never_closed_spoils_its_own_line_only() -> None:
    rows = cells(b'No,Name\n1,"never closed\n2,Pete\n3,Ana\n')
    assert [row[0] for row in rows] == ["1", "2", "3"]


def test_a_line_break_inside_a_text_is_put_together_again() -> None:
    data = b"No\tText\tCity\n1\tfirst\nsecond\tDayton\n2\tx\tTroy\n"
    assert cells(data) == [["1", "first\nsecond", "Dayton"], ["2", "x", "Troy"]]


def test_two_short_rows_are_not_taken_for_one() -> None:
    data = b"No\tText\tCity\n1\tfirst\n2\tsecond\n"
    assert cells(data) == [["1", "first"], ["2", "second"]]


def test_pieces_that_do_not_fit_come_out_as_they_are() -> None:
    assert cells(b"No\tText\tCity\n1\tfirst\na\tb\tc\td\n") == [["1", "first"], ["a", "b", "c", "d"]]


def test_a_header_in_the_middle_of_a_file_is_no_row() -> None:
    assert cells(b"No\tName\n1\tAna\nNo\tName\n2\tPete\n") == [["1", "Ana"], ["2", "Pete"]]


def test_line_numbers_are_those_an_editor_shows() -> None:
    found = table(b"\nNo\tName\n\n1\tAna\n")
    assert [line.number for line in found.lines(lambda _cells: True)] == [4]


def test_a_file_without_a_last_line_end_is_known_to_be_cut_off() -> None:
    assert table(b"No\tName\n1\tAn").cut_off
    assert not table(b"No\tName\n1\tAna\n").cut_off


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b" + zlib.compress(b"x"), "gzip"),
        (b"a\t" * 6_000, "columns"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        table(data)


def test_a_file_over_the_limit_is_refused_with_what_to_do() -> None:
    with pytest.raises(Unreadable, match="split it by date"):
        table(b"No\tName\n" + b"1\tAna\n" * 10, max_bytes=50)


@given(st.binary(max_size=400))
def test_any_bytes_decode(data: bytes) -> None:
    lines, _encoding = decode(data)
    assert lines
    assert "\0" not in "".join(lines)


@given(st.text(alphabet="ab\t\n\r\",'|1", max_size=200))
def test_no_cell_is_lost_between_the_lines(text: str) -> None:
    data = b"No\tName\n" + text.encode()
    rows = [line.cells for line in table(data).lines(lambda row: row[0][:1].isdigit())]
    said = "".join(character for character in text if character in "ab1,'|\"")
    read = "".join(character for row in rows for cell in row for character in cell if character in "ab1,'|\"")
    assert read == said


def test_a_header_that_ends_as_no_other_line_swallows_no_row() -> None:
    assert cells(b"No\tName\r1\tAna\r\n2\tPete\r\n") == [["1", "Ana"], ["2", "Pete"]]
    assert cells(b"\n \nNo\tName\r1\tAna\r2\tPete\r") == [["1", "Ana"], ["2", "Pete"]]
