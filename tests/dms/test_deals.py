"""Deals as DealerVault files tell them."""

from __future__ import annotations

from datetime import date

import pytest

from dealership.dms.readers.dealervault import file_stamp, kind_of
from tests.dms.dealervault_files import DEAL, deal_of, rows_of, sl_file

TRADE = {
    "Trade 1 VIN": "1FMJU1KT0KEA17775",
    "Trade 1 Year": "2019",
    "Trade 1 Make": "FORD",
    "Trade 1 Model": "expedition",
    "Trade 1 Odometer": "39,170",
    "Trade 1 Actual Cash Value": "5,500.00",
    "Trade 1 Payoff": "0.00",
}
BOOKED, DELIVERED = {"Contract Date": "3/10/2026"}, {"Delivery Date": "3/11/2026"}


def test_a_deal_is_read_with_its_people_its_price_and_the_car_given_in() -> None:
    deal = deal_of(DEAL | TRADE | {"Co-Buyer Full Name": "PRICE,WALT", "Co-Buyer First Name": "WALT", "Co-Buyer Last Name": "PRICE"})  # fmt: skip

    assert (deal.deal_number, deal.deal_type, deal.price_cents) == ("0005001", "finance", 1_450_000)
    assert (deal.salesperson_number, deal.salesperson_name) == ("12", "TULLY, SAM")
    assert (deal.vehicle.stock_number, deal.vehicle.condition) == ("U2001A", "used")
    assert deal.co_buyer_name == "WALT PRICE"
    (trade,) = deal.trades
    assert (trade.vin, trade.year, trade.make, trade.acv_cents) == (
        "1FMJU1KT0KEA17775",
        2019,
        "Ford",
        550_000,
    )


@pytest.mark.parametrize(
    ("cells", "stage"),
    [
        ({}, "written"),
        (BOOKED, "contracted"),
        (BOOKED | DELIVERED, "delivered"),
        ({"Deal Status": "B"}, "contracted"),
        ({"Deal Status": "B"} | DELIVERED, "delivered"),
        ({"Deal Status": "F"}, "delivered"),
        ({"Deal Status": "DEAD"} | BOOKED | DELIVERED, "lost"),
        ({"Deal Status": "Unwound"} | DELIVERED, "unwound"),
        ({"Deal Status": "Q7"}, "unknown"),
    ],
)
def test_how_far_a_deal_is_follows_from_its_status_and_without_one_from_its_dates(
    cells: dict[str, str], stage: str
) -> None:
    assert deal_of(DEAL | cells).stage == stage


def test_a_stores_own_code_means_what_the_store_says() -> None:
    assert deal_of(DEAL | {"Deal Status": "Q7"}, status_codes={"q7": "contracted"}).stage == "contracted"


def test_the_delivery_of_an_earlier_sale_of_the_car_is_not_this_one() -> None:
    (row,) = rows_of(sl_file([DEAL | {"Delivery Date": "6/1/2021"}]), "SL")
    assert row.record is not None
    assert row.record.delivery_date is None  # type: ignore[union-attr]
    assert "another sale" in " ".join(row.notes)


def test_terms_of_credit_and_birth_dates_do_not_enter_the_house() -> None:
    header = [*DEAL, "APR", "Amount Financed", "Co-Buyer Birth Date", "Birth Date"]
    cells = {
        "APR": "6.49",
        "Amount Financed": "13,050.00",
        "Co-Buyer Birth Date": "1/1/1980",
        "Birth Date": "1/2/1980",
    }
    (row,) = rows_of(sl_file([DEAL | cells], header), "SL")
    assert not set(cells) & set(row.raw)


def test_the_kind_of_a_sales_file_is_told_by_its_header_and_by_its_name() -> None:
    assert kind_of("", list(DEAL)) == "SL"
    assert kind_of("DVD00417_20260310_0410_SL.txt", []) == "SL"
    assert file_stamp("DVD00417_20260310_0410_SL.txt") is not None
    assert deal_of(DEAL).entry_date == date(2026, 3, 9)
