"""Leads as they arrive: what is read of them, and what is put right on the way."""

import html
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sales import adf
from sales.adf.lead import AdfId
from tests.sales.adf_leads import (
    AS_A_FORM,
    IN_A_PAGE,
    LEAD,
    PRINTABLE,
    PROLOG,
    PROSPECT,
    QUOTED,
    assert_is_noras_lead,
    contact,
    mail,
    only,
)
from tests.sales.adf_leads import adf as one_prospect


def test_a_clean_lead_is_read_whole_and_without_repairs() -> None:
    reading = adf.read(LEAD.encode())
    assert_is_noras_lead(reading)
    assert reading.repairs == ()
    prospect = only(reading)
    assert prospect.requested_at is not None
    assert prospect.requested_at.isoformat() == "2026-03-04T09:15:00-06:00"
    assert (prospect.vendor, prospect.provider, prospect.provider_service) == (
        "Northside Subaru",
        "Example Cars",
        "Used Car Listings",
    )
    assert prospect.vendor_ids == (AdfId(source="dealer", value="0042"),)
    wanted = prospect.wanted
    assert wanted is not None
    assert (wanted.vin, wanted.stock, wanted.odometer, wanted.odometer_units) == (
        "4S4BTANC5M3100001",
        "P2201",
        "31450",
        "mi",
    )
    assert (wanted.exterior_color, wanted.interior_color, wanted.options) == (
        "Autumn Green",
        "Black",
        ("Moonroof",),
    )
    assert [(price.amount, price.type, price.currency) for price in wanted.prices] == [
        ("27495.00", "asking", "USD")
    ]
    assert [(amount.amount, amount.type, amount.limit) for amount in wanted.finance] == [
        ("420", "monthly", "maximum")
    ]


@pytest.mark.parametrize(
    "sent",
    [
        LEAD.replace(PROLOG, ""),
        LEAD.replace(PROLOG, '<?ADF VERSION "1.0"?>\n<?XML VERSION "1.0"?>\n'),
        LEAD.replace(PROLOG, '<?adf version="1.0"?><?xml version="1.0"?>'),
        "---- Forwarded message ----\nFrom: somebody\n\n" + LEAD,
        LEAD + "\nTo stop these mails click https://example.com/u?a=1&b=2",
        LEAD + "</td></tr></table>" + "<p>" * 100,
        LEAD.replace("<adf>", "").replace("</adf>", ""),
        LEAD.replace("</adf>", ""),
        LEAD.replace("</prospect>", "").replace("</adf>", ""),
        LEAD.replace('<prospect status="new">', "").replace("</prospect>", ""),
        LEAD.replace("<adf>", '<x:adf xmlns:x="urn:example">').replace("</adf>", "</x:adf>"),
        LEAD.replace("<adf>", "<!DOCTYPE adf>\n<adf>"),
        LEAD.replace("<adf>", '<!DOCTYPE adf PUBLIC "-//ADF//DTD ADF 1.0//EN" "adf.dtd">\n<adf>'),
        LEAD.replace("\n", "\n\n"),
        LEAD.replace("</make>", "").replace("</year>", ""),
        LEAD.replace("</trim>", "</trim> (TRIM, IF KNOWN)"),
        LEAD.replace("<stock>", "<lead-score level='hot'>97</lead-score><stock>"),
        LEAD.replace("<adf>", "<adf><!-- from <b>us</b> & you -->"),
        LEAD.replace('"', "'"),
        LEAD.replace('status="new"', "status=“new”"),
        QUOTED,
        html.escape(LEAD),
        IN_A_PAGE,
        html.escape(html.escape(LEAD)),
        AS_A_FORM,
        PRINTABLE,
        json.dumps({"adf": LEAD}),
    ],
)
def test_a_lead_is_read_through_what_surrounds_and_damages_it(sent: str) -> None:
    assert_is_noras_lead(adf.read(sent.encode()))


@pytest.mark.parametrize("tag", ["adf", "prospect", "customer", "contact", "vehicle", "phone", "name"])
def test_capitals_in_tags_make_no_difference(tag: str) -> None:
    assert_is_noras_lead(
        adf.read(
            LEAD.replace(f"<{tag}", f"<{tag.upper()}").replace(f"</{tag}>", f"</{tag.upper()}>").encode()
        )
    )


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "utf-32"]
)
def test_the_encoding_is_found_whatever_the_message_says(codec: str) -> None:
    lead = LEAD.replace("Quist", "Muñoz").replace('encoding="UTF-8"', 'encoding="utf-8"')
    assert only(adf.read(lead.encode(codec))).customer.last == "Muñoz"


def test_a_declared_encoding_counts_where_the_text_is_not_utf_8() -> None:
    lead = LEAD.replace("Quist", "Ковалёв").replace("UTF-8", "windows-1251").encode("cp1251")
    assert only(adf.read(lead)).customer.last == "Ковалёв"


@pytest.mark.parametrize("name", ["utf-16", "unicode_escape", "rot13", "zip", "idna", "no-such-thing"])
def test_an_absurd_declared_encoding_harms_nothing(name: str) -> None:
    lead = LEAD.replace("Quist", "Muñoz").replace("UTF-8", name).encode("cp1252")
    assert only(adf.read(lead)).customer.last == "Muñoz"


def test_letters_encoded_twice_are_put_right() -> None:
    twice = LEAD.replace("Quist", "Muñoz").encode().decode("cp1252").encode()
    reading = adf.read(twice)
    assert only(reading).customer.last == "Muñoz"
    assert "Letters were encoded twice." in reading.repairs


def test_zero_bytes_are_dropped() -> None:
    assert only(adf.read(LEAD.replace("Nora", "No\0ra").encode())).customer.first == "Nora"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Tom & Jerry", "Tom & Jerry"),
        ("AT&T;", "AT&T;"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("under &lt;20k&gt; &#8211; ok&nbsp;?", "under <20k> – ok\xa0?"),
        ("price < 20k & miles > 5", "price < 20k & miles > 5"),
        ("<b>now</b><br>please", "<b>now</b><br>please"),
        ("<![CDATA[<b>now</b> & here]]>", "<b>now</b> & here"),
        ("<![CDATA[<!DOCTYPE x [<!ENTITY y 'z'>]>]]>", "<!DOCTYPE x [<!ENTITY y 'z'>]>"),
        ("first line\nsecond line", "first line\nsecond line"),
    ],
)
def test_what_the_customer_wrote_is_kept_as_written(written: str, read_as: str) -> None:
    prospect = only(adf.read(one_prospect(f"<customer><comments>{written}</comments></customer>")))
    assert prospect.comments == read_as


def test_several_prospects_are_read_in_order_with_their_status() -> None:
    second = PROSPECT.replace('status="new"', 'status="resend"', 1).replace("Nora", "Omar")
    reading = adf.read(f"<adf>{PROSPECT}{second}</adf>".encode())
    assert [(each.status, each.customer.first) for each in reading.prospects] == [
        ("new", "Nora"),
        ("resend", "Omar"),
    ]


@pytest.mark.parametrize(
    "sent", ["<adf><prospect>", "<adf>", "<?xml version='1.0'?><adf><prospect><vehicle><year"]
)
def test_a_message_that_breaks_off_before_it_says_anything_is_not_read(sent: str) -> None:
    assert adf.read(sent.encode()).unreadable == "It breaks off before it says who asked for what."


def test_half_a_number_is_not_called() -> None:
    reading = adf.read(
        b"<adf><prospect><customer><contact><name>Nora</name><email>n@example.com</email><phone>512-555-016"
    )
    customer = only(reading).customer
    assert customer.phones == ()
    assert customer.emails == ("n@example.com",)
    assert "The <phone> is incomplete and was left out: “512-555-016”." in reading.repairs


def test_an_adf_without_prospects_is_readable_and_needs_a_person() -> None:
    reading = adf.read(b"<adf/>junk")
    assert reading.unreadable is None
    assert reading.needs_a_person


def test_a_value_too_long_for_a_line_is_cut_and_noted() -> None:
    reading = adf.read(contact(f"<name>{'x' * 5000}</name><email>n@example.com</email>"))
    assert len(only(reading).customer.full) == 255
    assert any("was cut" in repair for repair in reading.repairs)


def test_the_command_prints_a_line_per_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lead, letter = tmp_path / "lead.xml", tmp_path / "lead.eml"
    lead.write_text(LEAD)
    letter.write_bytes(mail(LEAD))
    call_command("read_adf", str(lead), str(letter))
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["file"] == str(lead)
    assert first["unreadable"] is None
    assert first["prospects"] == second["prospects"]
    prospect = first["prospects"][0]
    assert prospect["ids"] == [{"source": "Example Cars", "value": "EC-7001"}]
    assert prospect["requested_at"] == "2026-03-04T09:15:00-06:00"
    assert prospect["customer"]["phones"][0]["e164"] == "+15125550164"
    assert prospect["vehicles"][0]["price"] == "27495.00"


def test_the_command_prints_every_line_and_then_fails_with_the_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lead, other = tmp_path / "lead.xml", tmp_path / "note.txt"
    lead.write_text(LEAD)
    other.write_text("hello")
    with pytest.raises(CommandError, match=r"note\.txt: There is no ADF in it") as failed:
        call_command("read_adf", str(other), str(tmp_path / "absent"), str(lead))
    assert "absent: It cannot be opened" in str(failed.value)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [bool(line["unreadable"]) for line in lines] == [True, True, False]
