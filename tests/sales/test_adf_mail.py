"""Leads in whole mails, and mail that is no lead."""

import base64

import pytest

from sales import adf
from tests.sales.adf_leads import (
    IN_A_PAGE,
    LEAD,
    PRINTABLE,
    QUOTED,
    assert_is_noras_lead,
    attached,
    mail,
    only,
)


def test_a_lead_in_the_body_of_a_mail_is_read_with_the_mails_time() -> None:
    reading = adf.read(mail(LEAD.replace("<requestdate>2026-03-04T09:15:00-06:00</requestdate>", "")))
    assert_is_noras_lead(reading)
    requested_at = only(reading).requested_at
    assert requested_at is not None
    assert requested_at.isoformat() == "2026-03-04T09:16:00-06:00"


@pytest.mark.parametrize(
    "sent",
    [
        mail(PRINTABLE, "text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable"),
        mail(base64.encodebytes(LEAD.encode()).decode(), "text/plain", "Content-Transfer-Encoding: base64"),
        mail(
            base64.encodebytes(LEAD.encode()).decode(),
            'application/pdf; name="lead.pdf"',
            "Content-Transfer-Encoding: base64",
        ),
        mail(IN_A_PAGE, "text/html"),
        mail(LEAD, "text/html"),
        mail(QUOTED),
        mail("begin\n" + LEAD, "multipart/mixed"),
        mail(LEAD, "text/plain; charset=no-such-charset"),
    ],
)
def test_a_lead_is_found_in_a_mail_of_any_making(sent: bytes) -> None:
    assert_is_noras_lead(adf.read(sent))


def test_an_attachment_of_the_wrong_type_is_read() -> None:
    part = (
        'Content-Type: application/octet-stream; name="a.dat"\r\nContent-Disposition: attachment\r\n\r\n'
        + LEAD
    )
    assert_is_noras_lead(adf.read(attached("See attachment.", part)))


def test_a_lead_attached_and_pasted_is_one_lead() -> None:
    part = f"Content-Type: text/xml\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(LEAD.encode()).decode()}"
    assert_is_noras_lead(adf.read(attached(LEAD, part)))


def test_a_mail_with_the_lead_as_text_and_as_a_page_is_one_lead() -> None:
    assert_is_noras_lead(
        adf.read(attached(LEAD, f"Content-Type: text/html\r\n\r\n{IN_A_PAGE}", kind="alternative"))
    )


def test_two_leads_in_one_mail_are_two_leads() -> None:
    other = LEAD.replace("EC-7001", "EC-7002").replace("Nora", "Omar")
    reading = adf.read(attached(LEAD, f"Content-Type: text/xml\r\n\r\n{other}"))
    assert {prospect.customer.first for prospect in reading.prospects} == {"Nora", "Omar"}


def test_a_forwarded_mail_as_attachment_is_opened() -> None:
    part = "Content-Type: message/rfc822\r\n\r\n" + mail(LEAD).decode()
    assert_is_noras_lead(adf.read(attached("FYI", part)))


def test_an_ordinary_mail_is_no_lead_and_gives_hints() -> None:
    reading = adf.read(
        mail("Hello, this is Kim. Call me at 512-555-0164 or write to kim@example.com about the truck.")
    )
    assert reading.unreadable == "There is no ADF in it."
    assert reading.prospects == ()
    assert reading.hints.phones == ("+15125550164",)
    assert reading.hints.emails == ("kim@example.com",)
    assert reading.hints.sender == "Example Cars <leads@cars.example>"


def test_labelled_lines_are_a_lead_where_the_caller_vouches_for_them() -> None:
    lines = "New web lead\nName: Kim Lund\nPhone: (512) 555-0164\nYear: 2020\nMake: Kia\nModel: Soul\nQuestion:\nStill there?\nThanks"
    reading = adf.read(lines.encode())
    prospect = only(reading)
    assert (prospect.customer.first, prospect.customer.last) == ("Kim", "Lund")
    assert [phone.e164 for phone in prospect.customer.phones] == ["+15125550164"]
    assert [vehicle.title for vehicle in prospect.vehicles] == ["2020 Kia Soul"]
    assert prospect.comments == "Still there?\nThanks"
    assert reading.repairs == ("It is no ADF: its labelled lines were read as a lead.",)


def test_labelled_lines_in_a_mail_from_anybody_are_left_to_a_person() -> None:
    reading = adf.read(mail("Name: Kim Lund\nPhone: (512) 555-0164"))
    assert reading.unreadable
    assert reading.hints.names == ("Kim Lund",)


@pytest.mark.parametrize(
    "text",
    [
        "Your verification code is 123456.",
        "I am Kim Lund, and this is your daily report.",
        "Name: Kim Lund",
        "<?xml version='1.0'?><order><prospect>yes</prospect></order>",
        "<html><body>Hello</body></html>",
        "",
        "  \r\n ",
        "\0\0\0",
    ],
)
def test_what_is_no_lead_says_why_it_was_not_read(text: str) -> None:
    reading = adf.read(text.encode())
    assert reading.unreadable
    assert reading.prospects == ()
    assert reading.needs_a_person
