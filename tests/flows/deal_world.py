"""Northside's desk on a Monday, as the stories of deals live it: deals are written, wait for F&I, and are driven away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.db import transaction
from django.test import Client

from dealership.dms import jobs as dms_jobs
from dealership.events import bus
from dealership.events.catalogue.fni import DealFact
from dealership.staff.models import StaffMember
from sales import deals, jobs, milestones
from sales.models import Deal
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.dms.dealervault_files import sl_file
from tests.flows.sales_world import World
from tests.sales.deal_feeds import DealFeed
from tests.service.feeds import name

NINA = "+19735550177"
VIN = "1HGCM82633A004352"


class DealWorld(World):
    """Minutes are counted from Monday, ten in the morning. The feed of deals has had its first load long ago."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        super().__init__(cast, clock)
        DealFeed(cast)
        self.nina = make_customer(cast.northside, "Nina Park", NINA)

    def work(self) -> None:
        """The periodic jobs, once."""
        self.clock.move_to(self.now, tick=False)
        dms_jobs.stage_waiting(now=self.now)
        jobs.pull_deals(now=self.now)
        milestones.tell(now=self.now)
        super().work()

    def on(self, days: float) -> DealWorld:
        """It is so many days after Monday ten: what was due in between is done half a day later at the most."""
        until = MONDAY_TEN + timedelta(days=days)
        while self.now < until:
            self.jump(self.next_moment(until, least=timedelta(hours=12)))
        return self

    def timers(self) -> Iterator[Iterable[datetime | None]]:
        """Deliveries have their days as well."""
        yield from super().timers()
        yield Deal.objects.of_store(self.cast.northside.pk).values_list("next_milestone_at", flat=True)

    # --- the desk -------------------------------------------------------------------------------------------------------

    def posts(self, who: StaffMember, path: str, **form: Any) -> None:
        """Somebody sends a form of a page."""
        answer = self.browser(who).post(f"/sales/{path}", form)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        self.work()

    def writes_deal(self, by: StaffMember | None = None, **form: Any) -> Deal:
        """Sam writes a deal with Nina."""
        sam = self.cast.sam
        typed = {"vin": VIN, "stock_number": "U2001A", "deal_type": "finance", "salesperson": sam.pk}
        self.posts(by or sam, "deals/new/", **{"customer": self.nina.pk, **typed, **form})
        return self.deal

    def agreed(self) -> Deal:
        """Nina has agreed to the numbers."""
        self.writes_deal()
        self.posts(self.cast.sam, f"deals/{self.deal.pk}/agree/")
        return self.deal

    def delivered(self) -> Deal:
        """She has driven away."""
        self.agreed()
        self.posts(self.cast.sam, f"deals/{self.deal.pk}/deliver/")
        return self.deal

    def fni_says(self, kind: type[DealFact], **said: Any) -> None:
        """F&I tells something about the deal."""
        with transaction.atomic():
            bus.publish(kind(**deals.common(self.deal, at=self.now, by=self.cast.faye), **said))
        self.work()

    def books_service(self, who: StaffMember, day: str = "2026-12-07") -> None:
        """Somebody sets a service visit on the page."""
        form = {"customer": self.nina.pk, "day": day, "time": "10:00", "department": "service"}
        answer = self.browser(who).post("/appointments/book/", form)
        assert answer.status_code == 302, answer.content.decode()[:3000]
        self.work()

    def dms_sends(self, *rows: dict[str, str]) -> None:
        """The DMS posts a file that it made just now."""
        address = f"/hooks/dms/{self.cast.northside.slug}-SL/?name={name(self.now, 'SL')}"
        answer = Client().post(address, sl_file(rows), content_type="text/plain")
        assert answer.status_code == 202, answer.content
        self.work()

    @property
    def deal(self) -> Deal:
        """The newest deal."""
        return (
            Deal.objects.of_store(self.cast.northside.pk).select_related("customer", "vehicle").latest("pk")
        )


def day(n: int, hour: float = 15) -> datetime:
    """So many days after that Monday, at that hour UTC (ten in the morning is 15)."""
    return MONDAY_TEN + timedelta(days=n, hours=hour - 15)
