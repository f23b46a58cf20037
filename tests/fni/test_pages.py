"""F&I's pages: the board with its figures, a jacket worked from start to end, who sees what, and panels for others."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from dealership.events.catalogue.sales import DealLost, VehicleDelivered
from dealership.staff.models import StaffMember
from fni import funding, jackets, stipulations
from fni.models import DealJacket, Stipulation
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words as plain
from tests.fni.deals import agreed, fill, item, jacket, tell, tina

SignIn = Callable[[StaffMember], Client]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Coordinates]:
    """Monday, ten in the morning."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield clock


def words(client: Client, path: str, now: datetime = MONDAY_TEN) -> str:
    with time_machine.travel(now, tick=False):
        answer = client.get(path)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def in_transit(cast: Cast, days: int = 0, number: str = "4711") -> DealJacket:
    """Signed, sent and delivered so many days ago."""
    customer = tina(cast)
    row = fill(agreed(cast, customer, deal_number=number))
    jackets.take_in(row, by=cast.faye, now=MONDAY_TEN)
    funding.contract(
        row, lender="Zebra Credit", amount_financed_cents=2_450_017, by=cast.faye, now=MONDAY_TEN
    )
    funding.send(row, by=cast.faye, now=MONDAY_TEN)
    at = MONDAY_TEN - days * DAY
    tell(VehicleDelivered, cast, customer, deal_number=number, at=at, delivery_at=at)
    return jacket(cast, number)


# --- the board ------------------------------------------------------------------------------------------------------------


def test_an_empty_board_says_where_jackets_come_from(cast: Cast, signed_in: SignIn) -> None:
    assert "No deal is under way" in words(signed_in(cast.faye), "/fni/")
    assert "All is paid" in words(signed_in(cast.faye), "/fni/in-transit/")
    assert "No lender wants anything" in words(signed_in(cast.faye), "/fni/stips/")


def test_the_board_shows_who_waits_and_for_how_long_in_open_time(cast: Cast, signed_in: SignIn) -> None:
    agreed(cast, tina(cast))
    client = signed_in(cast.faye)
    assert "12 min of 30 min" in words(client, "/fni/", MONDAY_TEN + timedelta(minutes=12))
    assert "47 min, promised 30 min" in words(client, "/fni/", MONDAY_TEN + timedelta(minutes=47))
    # The store closes at six: the night is nobody's wait. Whoever looks then has signed in anew.
    night = MONDAY_TEN + timedelta(hours=14)
    with time_machine.travel(night, tick=False):
        client = signed_in(cast.faye)
    assert "8 h 00, promised 30 min" in words(client, "/fni/", night)


def test_each_figure_opens_the_list_behind_it(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast, days=8)
    stipulations.issue(row, what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    client = signed_in(cast.faye)
    page = words(client, "/fni/")
    assert "Contracts in transit 1 oldest 8 days, deal 4711" in page
    assert "Seven days or older 1" in page
    assert "Stips open 1 1 not asked for yet" in page
    assert "4711 Tina Wells" in words(client, "/fni/in-transit/?over=7")
    assert "None is so old" in words(client, "/fni/in-transit/?over=10")
    assert "Proof of income 4711" in words(client, "/fni/stips/?show=unasked")
    assert "Nobody waits for the box" in words(client, "/fni/jackets/?show=waiting")
    assert "No contract was funded" in words(client, "/fni/jackets/?show=funded")


def test_the_share_that_passed_at_the_first_try_counts_what_no_lender_sent_back(
    cast: Cast, signed_in: SignIn
) -> None:
    for number in ("4711", "4712"):
        DealJacket.objects.create(
            store=cast.northside, deal_number=number, deal_type="finance", stage="funded", funded_at=MONDAY_TEN - DAY
        )  # fmt: skip
    kicked = jacket(cast, "4712")
    for why in ("Page 3", "Page 4"):
        kicked.kick_backs.create(
            store=cast.northside, why=why, kicked_back_at=MONDAY_TEN, corrected_at=MONDAY_TEN
        )
    client = signed_in(cast.faye)
    assert "Funded at the first try 50% 1 of 2 in 90 days" in words(client, "/fni/")
    page = words(client, "/fni/jackets/?show=funded")
    assert page.index("4712") < page.index("4711")


def test_a_deal_that_ended_is_in_no_figure(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast, days=8)
    stipulations.issue(row, what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    tell(DealLost, cast, row.customer, why="Unwound", was_delivered=True)
    page = words(signed_in(cast.faye), "/fni/")
    assert "Contracts in transit 0 all is paid" in page
    assert "Stips open 0" in page
    assert "All is paid" in words(signed_in(cast.faye), "/fni/in-transit/")


# --- a jacket -------------------------------------------------------------------------------------------------------------


def test_a_jacket_is_ticked_taken_in_signed_sent_paid_titled_and_put_away_on_its_page(
    cast: Cast, signed_in: SignIn
) -> None:
    customer = tina(cast)
    row = agreed(cast, customer)
    faye = signed_in(cast.faye)
    path = f"/fni/jackets/{row.pk}/"
    refused = faye.post(f"{path}take-in/")
    assert refused.status_code == 422
    assert "Not ready for the box: signed buyer’s order" in refused.content.decode()
    for key in ("buyers_order", "id_every_party", "insurance"):
        assert faye.post(f"/fni/items/{item(row, key).pk}/", {"state": "here"}).status_code == 302
    why = {"state": "not_needed", "why": "Sent by phone"}
    assert faye.post(f"/fni/items/{item(row, 'credit_application').pk}/", why).status_code == 302
    assert faye.post(f"{path}take-in/").status_code == 302
    assert faye.post(f"{path}contract/", {"lender": ""}).status_code == 422
    typed = {"lender": "Zebra Credit", "amount": "24500.17"}
    assert faye.post(f"{path}contract/", typed).status_code == 302
    assert faye.post(f"{path}send/").status_code == 422
    fill(row)
    assert faye.post(f"{path}send/").status_code == 302
    tell(VehicleDelivered, cast, customer, delivery_at=MONDAY_TEN)
    assert faye.post(f"{path}kick-back/", {"why": "Page 3", "needs_customer": "on"}).status_code == 302
    assert faye.post(f"{path}resend/").status_code == 302
    assert faye.post(f"{path}fund/", {"paid_on": "2026-12-24"}).status_code == 422
    assert faye.post(f"{path}fund/", {"paid_on": ""}).status_code == 302
    tia = signed_in(cast.tia)
    assert tia.post(f"{path}title/", {"proof": "1Z 999"}).status_code == 302
    assert tia.post(f"{path}put-away/").status_code == 302
    assert (jacket(cast).stage, jacket(cast).amount_financed_cents) == ("closed", 2_450_017)
    page = words(faye, path)
    for said in (
        "Taken into the box Faye",
        "Kicked back: Page 3; the customer must sign again",
        "Put away Tia",
    ):
        assert said in page


def test_a_deal_is_handed_back_with_what_is_missing_already_ticked(cast: Cast, signed_in: SignIn) -> None:
    row = agreed(cast, tina(cast))
    jackets.mark(item(row, "insurance"), state="here", by=cast.faye, now=MONDAY_TEN)
    faye, path = signed_in(cast.faye), f"/fni/jackets/{row.pk}/"
    form = faye.get(path).content.decode()
    assert 'value="buyers_order" id="refuseform-missing_0" checked' in form
    assert 'value="insurance" id="refuseform-missing_2" checked' not in form
    empty = faye.post(f"{path}refuse/", {"words": ""})
    assert empty.status_code == 422
    assert "Say what is missing" in empty.content.decode()
    assert (
        faye.post(f"{path}refuse/", {"missing": ["buyers_order"], "words": "and the fob"}).status_code == 302
    )
    assert "signed buyer’s order; and the fob" in words(signed_in(cast.sam), path)


def test_what_is_typed_into_a_form_that_failed_is_kept(cast: Cast, signed_in: SignIn) -> None:
    row = fill(agreed(cast, tina(cast)))
    jackets.take_in(row, by=cast.faye, now=MONDAY_TEN)
    answer = signed_in(cast.faye).post(
        f"/fni/jackets/{row.pk}/contract/", {"lender": "", "amount": "24500"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<html" not in page
    assert 'value="24500"' in page
    assert "Name the lender" in page


def test_a_contract_that_is_signed_keeps_its_type(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast)
    answer = signed_in(cast.faye).post(f"/fni/jackets/{row.pk}/describe/", {"deal_type": "cash"})
    assert answer.status_code == 422
    assert jacket(cast).deal_type == "finance"


def test_stips_are_noted_asked_verified_and_dropped_on_the_jackets_page(
    cast: Cast, signed_in: SignIn
) -> None:
    row = in_transit(cast)
    faye, sam, path = signed_in(cast.faye), signed_in(cast.sam), f"/fni/jackets/{row.pk}/"
    assert faye.post(f"{path}stips/", {"what": " "}).status_code == 422
    for what in ("Proof of income", "References"):
        assert faye.post(f"{path}stips/", {"what": what}).status_code == 302
    income, references = Stipulation.objects.of_store(row.store_id).order_by("pk")
    page = sam.get(path).content.decode()
    assert "the lender still needs: proof of income" in page
    assert sam.post(f"/fni/stips/{income.pk}/text/", {"body": ""}).status_code == 422
    assert sam.post(f"/fni/stips/{income.pk}/text/", {"body": "Please bring it"}).status_code == 302
    again = sam.post(f"/fni/stips/{income.pk}/text/", {"body": "Please bring it"})
    assert "once is enough" in again.content.decode()
    assert sam.post(f"/fni/stips/{references.pk}/asked/", {"how": "carrier pigeon"}).status_code == 422
    assert sam.post(f"/fni/stips/{references.pk}/asked/", {"how": "in person"}).status_code == 302
    assert sam.post(f"/fni/stips/{references.pk}/collect/").status_code == 403
    assert faye.post(f"/fni/stips/{references.pk}/collect/").status_code == 302
    assert faye.post(f"/fni/stips/{income.pk}/drop/", {"why": "Approved without"}).status_code == 302
    late = faye.post(f"/fni/stips/{income.pk}/collect/")
    assert late.status_code == 422
    assert "Approved without" in late.content.decode()


# --- who sees what --------------------------------------------------------------------------------------------------------


def test_lender_and_amount_are_for_fni_and_managers_alone(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast)
    for path in (f"/fni/jackets/{row.pk}/", "/fni/in-transit/"):
        for who, sees in ((cast.faye, True), (cast.mo, True), (cast.sam, False)):
            page = signed_in(who).get(path).content.decode()
            assert ("Zebra Credit" in page, "24,500.17" in page) == (sees, sees), (who, path)
    assert signed_in(cast.mo).get("/fni/in-transit.csv").status_code == 403
    assert "Zebra" not in words(signed_in(cast.sam), f"/customers/{row.customer_id}/")


def test_salespeople_see_what_is_missing_and_change_nothing(cast: Cast, signed_in: SignIn) -> None:
    row = agreed(cast, tina(cast))
    page = signed_in(cast.sam).get(f"/fni/jackets/{row.pk}/").content.decode()
    assert "Signed buyer’s order" in page
    assert "Take into the box" not in page
    assert "/fni/items/" not in page
    assert signed_in(cast.sam).post(f"/fni/jackets/{row.pk}/take-in/").status_code == 403


def test_the_file_of_contracts_in_transit_runs_nothing_in_a_spreadsheet(
    cast: Cast, signed_in: SignIn
) -> None:
    row = in_transit(cast, days=8)
    row.customer.full_name = "=HYPERLINK(1)"
    row.customer.save(update_fields=["full_name"])
    answer = signed_in(cast.faye).get("/fni/in-transit.csv")
    assert "no-store" in answer["Cache-Control"]
    heads, line = csv.reader(answer.content.decode("utf-8-sig").splitlines())
    told = dict(zip(heads, line, strict=True))
    assert (told["Deal"], told["Customer"], told["Days"]) == ("4711", "'=HYPERLINK(1)", "8")
    assert (told["Lender"], told["Financed"]) == ("Zebra Credit", "24500.17")


def test_the_panels_tell_other_pages_how_it_stands(cast: Cast, signed_in: SignIn) -> None:
    row = in_transit(cast)
    stipulations.issue(row, what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    sam = signed_in(cast.sam)
    assert "Deal 4711 2026 Accord Sport sent to the lender" in words(
        sam, f"/fni/customers/{row.customer_id}/"
    )
    panel = words(sam, "/fni/deals/4711/")
    assert "All 15 papers are here Stip: Proof of income not asked yet" in panel
    assert "F&amp;I does not have this deal yet" in words(sam, "/fni/deals/9999/")
    assert (
        f'hx-get="/fni/customers/{row.customer_id}/"'
        in sam.get(f"/customers/{row.customer_id}/").content.decode()
    )
