"""The customer in a row: restrictions win, fillers are no addresses."""

import pytest

from dealership.dms.readers.columns import SERVICE
from dealership.dms.readers.records import RepairOrderRecord
from tests.dms.dealervault_files import RO, ro_of, row_of, rows_of, sv_file


@pytest.mark.parametrize(
    ("mark", "restricts"), [("Y", True), ("1", True), ("N", False), ("", None), ("opted", True)]
)
def test_a_restriction_that_cannot_be_read_restricts(mark: str, restricts: bool | None) -> None:
    customer = ro_of(RO | {"Opt Out": mark, "Block Phone": mark}).customer
    assert (customer.opt_out, customer.block_phone) == (restricts, restricts)


def test_the_stricter_of_two_marks_counts() -> None:
    header = (*SERVICE, "SMS Optin Flag", "Phone Optin Flag")
    row = RO | {"Block Phone": "N", "Phone Optin Flag": "N", "SMS Optin Flag": "Y"}
    (read_row,) = rows_of(sv_file([row], header))
    assert isinstance(read_row.record, RepairOrderRecord)
    customer = read_row.record.customer
    assert (customer.block_phone, customer.block_text) == (True, False)


@pytest.mark.parametrize(
    "email", ["NONE", "noemail@example.com", "declined@", "a b@example.com", "x@y", "na@na.com"]
)
def test_a_filler_makes_no_e_mail_address(email: str) -> None:
    row = row_of(RO | {"Email 1": email, "Email 2": "M@Example.com", "Email 3": "m@example.com"})
    assert isinstance(row.record, RepairOrderRecord)
    assert row.record.customer.emails == ("m@example.com",)


@pytest.mark.parametrize("phone", ["0000000000", "999-999-9999", "N/A", "555"])
def test_a_filler_makes_no_phone_number(phone: str) -> None:
    customer = ro_of(
        RO | {"Cell Phone": phone, "Work Phone": "937-555-0199", "Work Extension": "12"}
    ).customer
    assert [(found.kind, found.raw, found.extension) for found in customer.phones] == [
        ("work", "937-555-0199", "12")
    ]


def test_a_full_name_alone_is_taken_apart_at_its_comma() -> None:
    row = RO | {"First Name": "", "Last Name": "", "Full Name": "O'Hara, Ben"}
    customer = ro_of(row).customer
    assert (customer.first_name, customer.last_name) == ("Ben", "O'Hara")
    firm = ro_of(row | {"Full Name": "Acme Towing, Inc", "Individual/Business Flag": "B"}).customer
    assert (firm.first_name, firm.last_name, firm.is_business) == ("", "", True)
