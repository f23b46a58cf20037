"""One car, from the day it came to the day it was traded in: every department in turn, and one story on its owner's page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import time_machine

from dealership.appointments.models import Appointment
from dealership.messaging import consent
from fni.models import DealJacket
from service.models import DeclinedLine
from tests.cast import MONDAY_TEN, Cast
from tests.flows.beginnings import beginning
from tests.flows.deal_world import NINA, VIN, DealWorld
from tests.flows.marketing_world import MarketingWorld
from tests.flows.parts_world import PartsWorld
from tests.flows.sales_world import words
from tests.flows.service_world import ServiceWorld
from tests.fni import deals as jackets
from tests.sales.deal_feeds import SOLD
from tests.service.feeds import OPEN_RO

HERS = {
    "Full Name": "PARK,NINA", "First Name": "NINA", "Last Name": "PARK", "Customer Number": "N77",
    "Cell Phone": NINA[2:], "Email 1": "", "VIN": VIN, "Year": "2003", "Make": "HONDA", "Model": "ACCORD",
}  # fmt: skip
FOUND = {
    "row1-colour": "red", "row1-description": "Front pads 2mm", "row1-op_code": "BRKF",
    "row2-colour": "yellow", "row2-description": "Cabin filter dirty", "row2-op_code": "CABIN", "n_green": "14",
}  # fmt: skip


class Town(PartsWorld, MarketingWorld, DealWorld):
    """All of Northside at once; Nina Park buys the car whose story this is."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        super().__init__(cast, clock)
        consent.give(
            store_id=cast.northside.pk, number=NINA, how=consent.How.DEAL, words="on the order", now=self.now
        )

    def dms_sends(self, *rows: Any, kind: str = "SV") -> Any:
        """A file of this kind comes from the DMS."""
        sends = DealWorld.dms_sends if kind == "SL" else ServiceWorld.dms_sends
        return sends(self, *rows) if kind == "SL" else sends(self, *rows, kind=kind)

    def day(self, n: int, hour: float = 10) -> Town:
        """So many days after the first Monday, at that hour; what was due in between is done half a day later at the most."""
        until = MONDAY_TEN + timedelta(days=n, hours=hour - 10)
        while self.now < until:
            self.jump(self.next_moment(until, least=timedelta(hours=12)))
        return self

    def fni(self, act: str, **typed: str) -> None:
        """Faye presses it on the jacket's page."""
        jacket = DealJacket.objects.of_store(self.cast.northside.pk).get(deal_number=self.deal.deal_number)
        if act == "take-in":
            jackets.fill(jacket)
        answer = self.browser(self.cast.faye).post(f"/fni/jackets/{jacket.pk}/{act}/", typed)
        assert answer.status_code == 302, words(answer.content.decode())
        self.work()

    def story(self) -> str:
        """What Nina's page tells, all of it."""
        dana, path = self.browser(self.cast.dana), f"/customers/{self.nina.pk}/"
        page: str = dana.get(path).content.decode()
        while "before=" in page.rpartition("</section>")[0] and len(page) < 2_000_000:
            cursor = page.rpartition("before=")[2].partition('"')[0].replace("&amp;", "&")
            more = dana.get(f"{path}story/?before={cursor}", headers={"HX-Request": "true"}).content.decode()
            page += more
            if "before=" not in more:
                break
        return words(page)


@beginning(Town)
def town(town: Town) -> None:
    """Monday at ten, everywhere."""


def us_day(at: datetime) -> str:
    return f"{at.month}/{at.day}/{at.year}"


def sells(town: Town) -> None:
    """Acquired, made ready, agreed, contracted, delivered with its first service visit, funded."""
    sam = town.cast.sam
    form = {
        "stock_number": "U2001A",
        "vin": VIN,
        "how": "bought",
        "condition": "used",
        "acquired_on": "2026-11-20",
    }
    town.posts(sam, "stock/new/", **form)
    town.writes_deal()
    town.posts(sam, f"deals/{town.deal.pk}/agree/")
    town.fni("take-in")
    town.fni("contract", lender="Ally")
    town.posts(sam, f"deals/{town.deal.pk}/plan/", day="2026-11-23", time="16:00")
    town.books_service(sam)
    town.posts(sam, f"deals/{town.deal.pk}/deliver/")
    town.day(1).fni("send")
    town.day(4).fni("fund")


def serves(town: Town) -> None:
    """The first service: found, decided by text, a part ordered and told and fitted, one line declined, closed."""
    cast, ro = town.cast, OPEN_RO | HERS | {"RO Number": "51001", "Open Date": us_day(town.now)}
    town.dms_sends(ro)
    ServiceWorld.does(town, cast.tess, "inspection", **FOUND)
    lines = list(town.ro.recommendations.order_by("pk"))
    prices = {"Front pads 2mm": "312.50", "Cabin filter dirty": "48"}
    typed = {f"take_{line.pk}": "on" for line in lines} | {
        f"price_{line.pk}": prices[line.description] for line in lines
    }
    ServiceWorld.does(town, cast.ana, "estimate", how="text", body="Hi Nina, we recommend:", **typed)
    town.phone_gets_it()
    town.customer_writes("do 1, not 2", NINA)
    assert [line.state for line in town.ro.recommendations.order_by("pk")] == ["approved", "declined"]
    part = {"description": "Front pads", "quantity": 1, "ro_number": "51001", "key": str(uuid4())}
    assert town.browser(cast.ana).post("/parts/requests/new/", part).status_code == 302
    eta = (town.now + timedelta(days=1)).date().isoformat()
    PartsWorld.does(town, cast.pete, "order", how="daily", eta_date=eta, source="Honda")
    town.texts_about_it(cast.ana, "Your pads come tomorrow.")
    town.phone_gets_it()
    town.jump(town.now + timedelta(hours=23))
    town.comes()
    PartsWorld.does(town, cast.pete, "fitted")
    town.dms_sends(ro | {"RO Status": "C", "Close Date": us_day(town.now)})


def test_one_car_is_one_story(town: Town) -> None:
    sells(town)
    town.day(14)
    serves(town)
    town.jump(town.now + timedelta(minutes=61))
    town.phone_gets_it()
    town.customer_writes("5 stars", NINA)

    # What was declined is booked again, and sold on the next RO.
    line = DeclinedLine.objects.of_store(town.cast.northside.pk).get(description__icontains="cabin filter")
    day = (town.now + timedelta(days=9)).date().isoformat()
    town.presses(town.cast.ana, f"/service/declined/{line.pk}/book/", day=day, time="10:00")
    assert Appointment.objects.of_store(town.cast.northside.pk).filter(concern__icontains="cabin").exists()
    town.day(25)
    sold = {"Operation Codes": "CABIN", "Operation Code Descriptions": "CABIN FILTER DIRTY"}
    again = OPEN_RO | HERS | sold | {"RO Number": "51020", "Open Date": us_day(town.now)}
    town.dms_sends(again)
    town.day(25, 15).dms_sends(again | {"RO Status": "C", "Close Date": us_day(town.now)})

    # A year of other things later she trades it in for another.
    town.day(60)
    day = us_day(town.now)
    other = {"Deal Number": "0006001", "VIN": "1HGFE1F52KL000007", "Stock Number": "N3001", "New/Used": "N"}
    dates = {"Entry Date": day, "Contract Date": day, "Delivery Date": day}
    trade = {"Trade 1 VIN": VIN, "Trade 1 Year": "2003", "Trade 1 Make": "HONDA", "Trade 1 Model": "ACCORD"}
    town.dms_sends(SOLD | HERS | other | dates | trade, kind="SL")

    told = town.story()
    chapters = [
        "Acquired", "Agreed on", "In F&amp;I", "Contract signed", "Took delivery of", "Visit booked", "funded",
        "RO 51001 opened", "inspected", "Estimate sent", "Approved", "Declined for now", "Part asked for", "ordered",
        "arrived", "installed", "RO 51001 closed", "Answered how it was", "Declined work booked",
        "Declined work recovered", "Traded in",
    ]  # fmt: skip
    missing = [words for words in chapters if words not in told]
    assert missing == []
    page = town.browser(town.cast.gus).get(f"/customers/{town.nina.pk}/").content.decode()
    assert VIN in page.partition("Had before")[2], "the car is one that she had"
