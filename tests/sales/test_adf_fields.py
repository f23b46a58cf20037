"""Who asked, for what, and when: the fields of a lead in the ways senders write them."""

from datetime import UTC, datetime

import pytest

from sales import adf
from tests.sales.adf_leads import CUSTOMER, contact, only
from tests.sales.adf_leads import adf as one_prospect

RECEIVED = datetime(2026, 3, 4, 15, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "first", "last", "business"),
    [
        ('<name part="full">Nora Quist</name>', "Nora", "Quist", False),
        ("<name>Quist, Nora B</name>", "Nora", "Quist", False),
        ("<name>Dr. Ana María de la Cruz Jr.</name>", "Ana", "de la Cruz", False),
        ('<name>Robert "Buck" Stone, MD</name>', "Robert", "Stone", False),
        ("<name>Ann &amp; Bill Van</name>", "Ann & Bill", "Van", False),
        ("<name>Mr & Mrs Hugh Connell</name>", "Hugh", "Connell", False),
        ("<name>Cher</name>", "Cher", "", False),
        ('<name part="first">Mary Ann</name><name part="surname">Smith</name>', "Mary Ann", "Smith", False),
        ("<firstname>Nora</firstname><lastname>Quist</lastname>", "Nora", "Quist", False),
        ("<name><![CDATA[Quist & Sons Trucking LLC]]></name>", "", "", True),
        ('<name part="full" type="business">Blue Door</name>', "", "", True),
    ],
)
def test_a_name_is_split_for_greeting_and_a_business_is_not(
    written: str, first: str, last: str, business: bool
) -> None:
    customer = only(adf.read(contact(written))).customer
    assert (customer.first, customer.last, customer.business) == (first, last, business)


@pytest.mark.parametrize(
    ("sent", "kind"),
    [("mobile", "cellphone"), ("cell", "cellphone"), ("VOICE", "voice"), ("home", "home"), ("", "")],
)
def test_a_phone_keeps_its_kind_and_mobile_means_cellphone(sent: str, kind: str) -> None:
    phone = only(
        adf.read(contact(f'<phone type="{sent}" time="evening">512-555-0164</phone>'))
    ).customer.phones[0]
    assert (phone.type, phone.e164, phone.raw, phone.time) == (
        kind,
        "+15125550164",
        "512-555-0164",
        "evening",
    )


def test_two_numbers_in_one_field_are_two_phones() -> None:
    phones = only(adf.read(contact("<phone>512-555-0164 or 512-555-0165</phone>"))).customer.phones
    assert [phone.e164 for phone in phones] == ["+15125550164", "+15125550165"]


def test_a_number_that_cannot_be_valid_is_kept_for_a_person_to_try() -> None:
    prospect = only(adf.read(contact("<phone>123-456-7890</phone>")))
    assert [(phone.raw, phone.e164) for phone in prospect.customer.phones] == [("123-456-7890", "")]
    assert prospect.contactable


def test_a_number_is_read_in_the_country_of_the_address() -> None:
    address = "<address><country>Mexico</country></address>"
    assert (
        only(adf.read(contact(f"<phone>33 3461 2234</phone>{address}"))).customer.phones[0].e164
        == "+523334612234"
    )


@pytest.mark.parametrize(
    ("written", "emails"),
    [
        ("mailto:nora@example.com", ("nora@example.com",)),
        ("Nora Quist &lt;nora@example.com&gt;", ("nora@example.com",)),
        (
            "nora@example.com; NORA@example.com, n.q@mail.example.org",
            ("nora@example.com", "n.q@mail.example.org"),
        ),
        ('<a href="mailto:nora@example.com">nora@example.com</a>', ("nora@example.com",)),
        ("emailaddress", ()),
        ("nora@localhost", ()),
        ("nora@@example.com..", ()),
        ("", ()),
    ],
)
def test_only_real_addresses_are_taken_as_e_mail(written: str, emails: tuple[str, ...]) -> None:
    assert only(adf.read(contact(f"<email>{written}</email>"))).customer.emails == emails


@pytest.mark.parametrize(
    ("inside", "channel"),
    [
        ('<email preferredcontact="1">n@example.com</email>', "email"),
        ('<phone preferredcontact="1" time="evening">5125550164</phone>', "phone"),
        ("<comment>Preferred contact method: SMS</comment>", "sms"),
        ("<comment>Preferred method of contact - E-mail. Thanks</comment>", "email"),
        ("<comment>Best way to reach me is by text</comment>", "sms"),
        ("<email>n@example.com</email><comment>Send me an email about the phone holder.</comment>", ""),
    ],
)
def test_the_wish_how_to_be_contacted_is_heard(inside: str, channel: str) -> None:
    assert only(adf.read(contact(inside))).customer.preferred_contact == channel


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<customer/>",
        "<customer><contact/></customer>",
        "<customer><contact><name>Nora</name><phone>N/A</phone></contact></customer>",
    ],
)
def test_a_prospect_nobody_can_contact_is_read_and_says_so(inside: str) -> None:
    reading = adf.read(one_prospect(f"<vehicle><make>Kia</make></vehicle>{inside}"))
    assert not only(reading).contactable
    assert reading.needs_a_person


def test_a_number_in_the_comments_is_a_hint() -> None:
    reading = adf.read(one_prospect("<customer><comments>Call 512-555-0164</comments></customer>"))
    assert reading.hints.phones == ("+15125550164",)


def test_a_contact_without_its_customer_is_still_the_customer_and_the_vendors_is_not() -> None:
    vendor = "<vendor><contact><name>Sales Desk</name><email>desk@example.com</email></contact></vendor>"
    prospect = only(
        adf.read(
            one_prospect(f"{vendor}<contact><name>Nora Quist</name><email>n@example.com</email></contact>")
        )
    )
    assert prospect.customer.emails == ("n@example.com",)
    assert prospect.vendor == "Sales Desk"


# Vehicles

WANTED = '<vehicle interest="buy"><year>2026</year><make>HONDA</make><model>CRF Africa Twin</model></vehicle>'
ECHO = '<vehicle interest="trade-in"><make>Honda</make><model>Africa  Twin</model><vin/><odometer unit="MILES"/></vehicle>'


def test_a_trade_in_that_repeats_the_vehicle_asked_about_is_set_aside() -> None:
    prospect = only(adf.read(one_prospect(WANTED + ECHO + CUSTOMER)))
    assert [vehicle.interest for vehicle in prospect.vehicles] == ["buy"]
    assert [vehicle.model for vehicle in prospect.echoes] == ["Africa Twin"]


@pytest.mark.parametrize(
    ("trade", "said"),
    [
        (ECHO, "I would trade in my old bike"),
        (ECHO.replace("<make>", "<year>2016</year><make>"), "Is it there?"),
        (ECHO.replace("Africa  Twin", "Rebel 500"), "Is it there?"),
        (ECHO.replace('unit="MILES"/>', 'unit="MILES">9000</odometer>'), "Is it there?"),
    ],
)
def test_a_real_trade_in_stays(trade: str, said: str) -> None:
    prospect = only(
        adf.read(one_prospect(f"{WANTED}{trade}<customer><comments>{said}</comments></customer>"))
    )
    assert [vehicle.interest for vehicle in prospect.vehicles] == ["buy", "trade-in"]


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("Road Glide (Spec", "Road Glide"),
        ("Boulevard (Two-Tone)", "Boulevard (Two-Tone)"),
        ("(Spec", "(Spec"),
        ("A (b) C (d", "A (b) C"),
    ],
)
def test_a_model_cut_inside_a_parenthesis_loses_the_rest_of_it(written: str, model: str) -> None:
    assert (
        only(adf.read(one_prospect(f"<vehicle><model>{written}</model></vehicle>"))).vehicles[0].model
        == model
    )


def test_a_blank_vehicle_is_filled_from_the_labelled_lines_of_the_comments() -> None:
    said = "<![CDATA[Event: Sell my car <br />\nYear: 2017 <br />\nMake: Ford <br />\nModel: Edge <br />\nMileage: 88,000 <br />]]>"
    lead = f'<vehicle interest="sell"><make></make><model/></vehicle><customer><comments>{said}</comments></customer>'
    prospect = only(adf.read(one_prospect(lead)))
    assert [(vehicle.title, vehicle.odometer) for vehicle in prospect.vehicles] == [
        ("2017 Ford Edge", "88000")
    ]
    assert prospect.wanted is None


def test_nested_odometer_and_other_spellings_of_fields_are_read() -> None:
    inside = "<odometer><value>61,200</value><units>miles</units></odometer><stocknumber>K1</stocknumber><color>Granite</color>"
    vehicle = only(adf.read(one_prospect(f'<vehicle interest="Trade In">{inside}</vehicle>'))).vehicles[0]
    assert (vehicle.interest, vehicle.odometer, vehicle.odometer_units) == ("trade-in", "61200", "mi")
    assert (vehicle.stock, vehicle.exterior_color) == ("K1", "Granite")


# Dates


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-04T09:15:00-06:00", "2026-03-04T09:15:00-06:00"),
        ("2026-03-04T09:15:00.1234567Z", "2026-03-04T09:15:00+00:00"),
        ("2005-07-15T12:00:00-08:0", "2005-07-15T12:00:00-08:00"),
        ("2026-03-04T09:15:00+5:30", "2026-03-04T09:15:00+05:30"),
        ("2026-03-04 09:15:00 EST", "2026-03-04T09:15:00-05:00"),
        ("20260304T091500Z", "2026-03-04T09:15:00+00:00"),
        ("03-04-2026", "2026-03-04T00:00:00+00:00"),
        ("31/12/2025", "2025-12-31T00:00:00+00:00"),
        ("3/4/26 9:15 PM", "2026-03-04T21:15:00+00:00"),
        ("March 4th, 2026 12:05 am", "2026-03-04T00:05:00+00:00"),
        ("Wed, 04 Mar 2026 09:15:00 -0600", "2026-03-04T09:15:00-06:00"),
        ("Wed Mar 04 2026 09:15:00 GMT-0600 (Central Standard Time)", "2026-03-04T09:15:00-06:00"),
        ("Wed Mar 04 09:15:00 CST 2026", "2026-03-04T09:15:00-06:00"),
        ("1772637300", "2026-03-04T15:15:00+00:00"),
    ],
)
def test_a_request_date_is_read_in_the_ways_senders_write_it(written: str, at: str) -> None:
    requested_at = only(adf.read(one_prospect(f"<requestdate>{written}</requestdate>"))).requested_at
    assert requested_at is not None
    assert requested_at.isoformat() == at


@pytest.mark.parametrize(
    "written", ["yesterday", "2026-02-30", "2026-03-04T25:00:00", "0001-01-01", "9999-12-31", "12", "1" * 500]
)
def test_what_is_no_date_falls_back_to_the_time_of_receipt_and_is_kept_as_written(written: str) -> None:
    sent = one_prospect(f"<requestdate>{written}</requestdate>")
    assert only(adf.read(sent)).requested_at is None
    prospect = only(adf.read(sent, received_at=RECEIVED))
    assert prospect.requested_at == RECEIVED
    assert prospect.requested_at_raw == written[:255]


def test_a_request_from_the_future_is_pointed_out() -> None:
    reading = adf.read(one_prospect("<requestdate>2027-01-01T00:00:00Z</requestdate>"), received_at=RECEIVED)
    assert "The request date lies after the day on which the message came." in reading.repairs
