"""Input made to harm the reader, and input damaged by chance."""

import html
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sales import adf
from tests.sales.adf_leads import CUSTOMER, IN_A_PAGE, LEAD, PROSPECT, attached, mail, only
from tests.sales.adf_leads import adf as one_prospect


def bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE adf [<!ENTITY l0 "ha">{levels}]><adf><prospect>{CUSTOMER}<comments>&l9;</comments></prospect></adf>'


@pytest.mark.parametrize(
    "sent",
    [
        bomb(),
        '<!DOCTYPE adf [<!ENTITY x "ha">]><adf><prospect><customer><contact><name>&x;</name></contact></customer></prospect></adf>',
        f'<!DOCTYPE adf SYSTEM "http://198.51.100.7/adf.dtd"><adf>{PROSPECT}</adf>',
        f'<!doctype ADF [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]><adf>{PROSPECT}</adf>',
        f'<adf><!DOCTYPE x [<!ENTITY y "z">]>{PROSPECT}</adf>',
        html.escape(bomb()),
        f"<html><body><pre>{html.escape(bomb())}</pre></body></html>",
        mail(bomb()).decode(),
    ],
)
def test_entities_are_refused_and_not_expanded(sent: str) -> None:
    reading = adf.read(sent.encode())
    assert reading.unreadable is not None
    assert "Nothing in it was expanded or fetched." in reading.unreadable
    assert reading.prospects == ()


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("512-555-0199 top secret")
    for sent in (
        f'<!DOCTYPE adf [<!ENTITY x SYSTEM "{secret.as_uri()}">]><adf><prospect><comments>&x;</comments></prospect></adf>',
        f'<adf xmlns:xi="http://www.w3.org/2001/XInclude"><prospect><comments><xi:include href="{secret.as_uri()}"/></comments>'
        "</prospect></adf>",
    ):
        printed = json.dumps(adf.read(sent.encode()).as_dict())
        assert "top secret" not in printed
        assert "+15125550199" not in printed


def test_a_reference_to_what_is_not_defined_is_left_to_a_person() -> None:
    reading = adf.read(
        b"<adf><prospect><customer><email>n@example.com</email></customer>&mystery;</prospect></adf>"
    )
    assert reading.unreadable is not None
    assert "“&mystery;”" in reading.unreadable
    assert reading.hints.emails == ("n@example.com",)


def test_deep_nesting_and_large_messages_are_refused_in_words() -> None:
    assert "nested" in (adf.read(b"<adf><prospect>" + b"<a>" * 60).unreadable or "")
    assert "larger than 1 MB" in (adf.read(LEAD.encode() + b" " * adf.MAX_BYTES).unreadable or "")
    assert "more than 200 prospects" in (
        adf.read(b"<adf>" + b"<prospect><id>1</id></prospect>" * 201 + b"</adf>").unreadable or ""
    )


# Each of these takes hours if any step of the reader looks at the same stretch again and again.
@pytest.mark.parametrize(
    "stretch",
    [
        "<",
        "<a ",
        '<a b="',
        "<!--",
        "<![CDATA[",
        "<?",
        "<!",
        "&",
        "&a",
        "</a>",
        "<a/>",
        "a=",
        " ",
        "<p>",
        "&lt;adf&gt;",
        "> <adf>\n",
    ],
)
def test_a_long_stretch_of_one_kind_is_read_in_one_pass(stretch: str) -> None:
    begin, end = "<html><adf><prospect><customer><name>", ">"
    sent = begin + stretch * ((adf.MAX_BYTES - len(begin) - 1) // len(stretch)) + end
    assert adf.read(sent.encode()).needs_a_person


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Type: multipart/mixed" + ';";' * 200_000,
        "X: y\r\n" * 50_000,
        "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2000)),
        "Content-Type: message/rfc822\r\n\r\n" * 2000,
    ],
)
def test_a_mail_built_to_exhaust_the_reader_is_left_to_a_person(headers: str) -> None:
    sent = f"From: a@example.com\r\nSubject: x\r\n{headers}\r\n\r\n{'text ' * 1000}"
    assert adf.read(sent.encode()[: adf.MAX_BYTES]).unreadable


SEEDS = [
    LEAD.encode(),
    mail(LEAD),
    attached(LEAD, f"Content-Type: text/xml\r\n\r\n{LEAD}"),
    IN_A_PAGE.encode(),
    bomb().encode(),
]
PIECES = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<adf>",
    b"</prospect>",
    b'"',
    b"\0",
    b"\xff",
    b"=3D",
    b"\r\n\r\n",
    b"&x;",
]


def assert_answers(sent: bytes) -> None:
    reading = adf.read(sent)
    json.dumps(reading.as_dict(), ensure_ascii=False).encode()
    assert not (reading.unreadable and reading.prospects)


@given(st.binary(max_size=600))
@settings(max_examples=150)
def test_random_bytes_are_answered(sent: bytes) -> None:
    assert_answers(sent)
    assert_answers(b"<adf><prospect><customer>" + sent)


@given(st.sampled_from(SEEDS), st.data())
@settings(max_examples=150)
def test_a_lead_cut_anywhere_is_answered(seed: bytes, data: st.DataObject) -> None:
    assert_answers(seed[: data.draw(st.integers(0, len(seed)))])


@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 30), st.sampled_from(PIECES)), max_size=8),
)
@settings(max_examples=200)
def test_a_damaged_lead_is_answered(seed: bytes, damages: list[tuple[int, int, bytes]]) -> None:
    for position, length, piece in damages:
        at = position % len(seed)
        seed = seed[:at] + piece + seed[at + length :]
    assert_answers(seed)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>&"), max_size=80))
def test_any_comment_comes_back_as_it_was_written(said: str) -> None:
    prospect = only(adf.read(one_prospect(f"<vehicle/><comments>said: {said}.</comments>")))
    try:
        expected = said.encode("cp1252").decode("utf-8")
    except UnicodeError:
        expected = said
    assert prospect.comments == f"said: {expected}.".replace("\ufeff", "").replace("\ufffe", "").replace(
        "\uffff", ""
    )
