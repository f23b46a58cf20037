"""Telephone numbers in the forms that people and senders use."""

import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from dealership.customers import phones

AUSTIN = "+15125550164"


@pytest.mark.parametrize(
    "written",
    [
        "5125550164",
        "512-555-0164",
        "(512) 555-0164",
        "512.555.0164",
        "512 555 0164",
        "1-512-555-0164",
        "+1 (512) 555-0164",
        "+1 5125550164",
        "(+1)512-555-0164",
        "tel:+1-512-555-0164",
        "011 1 512 555 0164",
        "５１２－５５５－０１６４",
        "\u202a+1 (512) 555-0164\u202c",
        "512\u00ad555\u00ad0164",
    ],
)
def test_the_usual_ways_of_writing_a_number_are_one_number(written: str) -> None:
    assert phones.read(written) == phones.Phone(raw=written, valid=True, e164=AUSTIN, extension="")


@pytest.mark.parametrize(
    "written",
    [
        "+1+15125550164",
        "+1 1 512 555 0164",
        "1-1-512-555-0164",
        "+115125550164",
        "++1 512 555 0164",
        "001 512 555 0164",
    ],
)
def test_a_country_code_written_twice_counts_once(written: str) -> None:
    assert phones.read(written).e164 == AUSTIN


@pytest.mark.parametrize(
    "written",
    ["Cell: 512-555-0164", "512-555-0164 (mobile)", "(512) 555-0164 home", "512-555-0164 after 5:30"],
)
def test_words_around_a_number_do_not_hide_it(written: str) -> None:
    assert phones.read(written).e164 == AUSTIN


@pytest.mark.parametrize(
    ("written", "extension"),
    [
        ("512-555-0164 x12", "12"),
        ("512.555.0164 ext. 7", "7"),
        ("512-555-0164, extension 301", "301"),
        ("512 555 0164 #44", "44"),
    ],
)
def test_an_extension_is_kept_apart_from_the_number(written: str, extension: str) -> None:
    phone = phones.read(written)
    assert (phone.e164, phone.extension) == (AUSTIN, extension)


@pytest.mark.parametrize(
    ("written", "region", "e164"),
    [
        ("+61 400 123 456", "US", "+61400123456"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("0044 20 7946 0958", "US", "+442079460958"),
        ("33 3461 2234", "MX", "+523334612234"),
    ],
)
def test_a_foreign_number_keeps_its_country(written: str, region: str, e164: str) -> None:
    assert phones.read(written, region).e164 == e164


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "N/A",
        "none",
        "call me tomorrow",
        "0000000000",
        "555-0164",
        "3/10/1984",
        "1/12/2011",
        "2014-04-12 04:04 PM",
        "1HGCM82633A004352",
        "+1-ABCDEFGHIJ",
        "12345678901234567",
        "\x00",
        "\ud800",
        "1" * 1000,
    ],
)
def test_what_is_no_number_has_none(written: str) -> None:
    assert phones.read(written) == phones.Phone(raw=written, valid=False, e164="", extension="")


def test_an_unknown_region_leaves_only_numbers_with_a_country_code() -> None:
    assert not phones.read("5125550164", region="??").valid
    assert phones.read("+15125550164", region="??").e164 == AUSTIN


def test_numbers_are_found_in_running_text_once_each() -> None:
    text = "My cell is 512-555-0164 (or (512) 555-0164), work 214.555.0199 x3. Since 3/10/1984, at 10:30, for $12,500."
    found = phones.find_in(text)
    assert [(phone.e164, phone.extension) for phone in found] == [(AUSTIN, ""), ("+12145550199", "3")]


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    phone = phones.read(text)
    assert phone.valid == bool(phone.e164)
    assert all(found.valid for found in phones.find_in(text))


def test_the_command_prints_a_line_per_text(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("read_phone", "512-555-0164 x12", "(512) 555-0164")
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"raw": "512-555-0164 x12", "valid": True, "e164": AUSTIN, "extension": "12"},
        {"raw": "(512) 555-0164", "valid": True, "e164": AUSTIN, "extension": None},
    ]


def test_the_command_says_which_text_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="“tomorrow” is no telephone number"):
        call_command("read_phone", "tomorrow", "512-555-0164")
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert answers[0] == {"raw": "tomorrow", "valid": False, "e164": None, "extension": None}
    assert answers[1]["valid"]
