"""Numbers that must never be kept are masked; the trade's own numbers are not."""

import pytest

from dealership.sensitive import MASK_CARD, MASK_SSN, mask


@pytest.mark.parametrize(
    "written",
    [
        "123-45-6789",
        "123 45 6789",
        "123.45.6789",
        "123–45–6789",
        "my ssn is 123456789",
        "SSN:123456789",
        "social security number 123 456 789",
        "123456789 is my social",
        "mi seguro social es 123-45-6789",
        "ssn 123-456789",
        "ITIN 912-70-1234",
        "１２３-４５-６７８９",
    ],
)
def test_a_social_security_number_is_masked_however_it_is_written(written: str) -> None:
    masked = mask(f"hi, {written} thanks")

    assert MASK_SSN in masked
    assert "6789" not in masked
    assert "1234" not in masked


@pytest.mark.parametrize(
    "written",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "5555 5555 5555 4444",
        "2223003122003222",
        "3782 822463 10005",
        "378282246310005",
        "6011 0009 9013 9424",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "card:4111111111111111 12/27 cvv 123",
        "4111 1111 1111 1111 1227",
    ],
)
def test_a_payment_card_is_masked_however_it_is_written(written: str) -> None:
    masked = mask(written)

    assert MASK_CARD in masked
    assert "1111" not in masked
    assert "4444" not in masked


@pytest.mark.parametrize(
    "harmless",
    [
        "1HGCM82633A004352",
        "RO 123456789",
        "call me at 973-555-0142 or 973-555-0143",
        "401-555-0123 401-555-0199",
        "+1 973 555 0142",
        "$1,240.50 and 4111 miles",
        "2026-11-23 15:00",
        "07102-1234",
        "stock 4471B, RO 48213, part 45022-TLA-A01",
        "4111 1111 1111 1112",
        "000-12-3456",
        "0000000000000000",
        "deal 20261123000123",
    ],
)
def test_what_the_trade_needs_stays_as_it_is(harmless: str) -> None:
    assert mask(harmless) == harmless


def test_a_hundred_thousand_digits_are_read_to_the_end_and_lose_only_the_card() -> None:
    text = "9 " * 40_000 + "and 4111 1111 1111 1111 end"

    assert mask(text).endswith(f"and {MASK_CARD} end")
