import io
import json
import string

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from dealership.vehicles import makes, vin

PERMITTED = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    ("number", "digit"),
    [("1M8GDM9AXKP042788", "X"), ("1G4AH59H45G118341", "4"), ("LJCPCBLCX11000237", "X"), ("1" * 17, "1")],
)
def test_the_check_digit_is_that_of_the_regulation(number: str, digit: str) -> None:
    assert vin.check_digit(number) == digit
    assert vin.read(number).valid


@pytest.mark.parametrize(
    "text",
    [
        "1hgcm82633a004352",
        " 1HGCM826 33A-004352 ",
        "VIN: 1HGCM82633A004352",
        "vin # 1HGCM826-33A-004352.",
        "*1HGCM82633A004352*",
        "“1HGCM82633A004352”",
        "my Accord, 1HGCM82633A004352, silver",
        "１ＨＧＣＭ８２６３３Ａ００４３５２",
        "1HGCM82633\u200bA004352",
    ],
)
def test_a_vin_is_found_however_it_was_typed(text: str) -> None:
    reading = vin.read(text)
    assert (reading.vin, reading.valid, reading.why) == ("1HGCM82633A004352", True, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no letter or digit"),
        ("---", "no letter or digit"),
        ("1HGCM82633A00435", "length 16"),
        ("1HGCM82633A0043522", "length 18"),
        ("124379N512", "before 1981"),
        ("1HGCM82633AO04352", "forbidden character 'O'"),
        ("1HGCM82633Q004352", "forbidden character 'Q'"),
        ("1HGCM82633A00:352", "forbidden character ':'"),
        ("0" * 17, "only zeros"),
        ("1HGCM82643A004352", "check digit is 4, computed"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    reading = vin.read(text)
    assert not reading.valid
    assert words in (reading.why or "")


def test_an_o_typed_for_a_zero_is_answered_with_the_number_meant() -> None:
    assert "1HGCM82633A004352 would be valid" in (vin.read("1HGCM82633AO04352").why or "")


def test_a_wrong_check_digit_still_identifies_the_car() -> None:
    reading = vin.read("1HGCM82643A004352")
    assert (reading.valid, reading.usable, reading.check_digit_ok) == (False, True, False)
    assert (reading.model_year, reading.maker) == (2003, "Honda")


def test_a_european_car_is_told_apart_from_a_typing_error() -> None:
    reading = vin.read("WVWZZZ1JZXW000001")
    assert not reading.valid
    assert reading.usable
    assert "outside North America" in (reading.why or "")


def test_a_number_of_the_wrong_length_identifies_no_car() -> None:
    assert not vin.read("124379N512").usable


@pytest.mark.parametrize(
    ("number", "year"),
    [
        ("1G4AH59H45G118341", 2005),  # position 7 a digit: the first cycle
        ("1FTCF15Y6EPA00017", 1984),
        ("1G1FB1RS6H0100042", 2017),  # position 7 a letter: the second
        ("1GCSKSEA3AZ100042", 2010),
    ],
)
def test_position_seven_tells_the_cycle_of_the_model_year(number: str, year: int) -> None:
    assert vin.read(number, this_year=2026).model_year == year


def test_no_car_is_from_further_ahead_than_next_year() -> None:
    assert vin.read("LJCPCBLCX11000237").model_year == 2031
    assert vin.read("LJCPCBLCX11000237", this_year=2026).model_year == 2001


def test_a_maker_is_called_by_its_usual_name() -> None:
    assert vin.read("2GNAXKEV6L6100042").maker == "Chevrolet"
    assert vin.read("WDDWK4JB1JF600042").maker == "Mercedes-Benz"


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    reading = vin.read(text)
    assert reading.valid == (reading.why is None)
    assert reading.usable or not reading.valid


@given(st.text(alphabet=PERMITTED, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(PERMITTED))
def test_one_wrong_character_is_noticed_unless_it_weighs_the_same(number: str, at: int, other: str) -> None:
    number = number[:8] + vin.check_digit(number) + number[9:]
    changed = number[:at] + other + number[at + 1 :]
    same_weight = vin.check_digit(changed) == changed[8]
    assert vin.read(changed).valid == (same_weight and changed != "0" * 17)


@given(st.text(alphabet=string.ascii_letters + string.digits + " -", max_size=40))
def test_reading_twice_says_the_same(text: str) -> None:
    once = vin.read(text)
    assert vin.read(once.vin).valid == once.valid


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("DODG", "Dodge"),
        ("nissan", "Nissan"),
        ("CHEV", "Chevrolet"),
        ("VW", "Volkswagen"),
        ("Gmc", "GMC"),
        ("ZAP", "ZAP"),
    ],
)
def test_a_cut_make_is_written_out(written: str, meant: str) -> None:
    assert makes.full_name(written) == meant


def test_the_vin_decides_between_makes_that_begin_alike() -> None:
    assert makes.full_name("MERC") == "MERC"
    assert makes.full_name("MERC", maker="Mercedes-Benz") == "Mercedes-Benz"


def test_the_command_answers_each_number_with_a_line() -> None:
    out = io.StringIO()
    call_command("check_vin", "1HGCM82633A004352", "1HGCM82633AO04352", stdout=out)
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first == {
        "vin": "1HGCM82633A004352",
        "valid": True,
        "why": None,
        "model_year": 2003,
        "maker": "Honda",
    }
    assert second["valid"] is False


def test_the_command_fails_when_there_is_nothing_to_read() -> None:
    with pytest.raises(CommandError, match="nothing could be read"):
        call_command("check_vin", "--", "--", stdout=io.StringIO())
