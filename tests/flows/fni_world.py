"""Northside's F&I on a Monday, as its stories live it: deals are agreed, papers are ticked, lenders want more, money comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine

from dealership.events.catalogue.sales import DealFact
from dealership.messaging import consent
from dealership.staff.models import StaffMember
from fni.models import DealJacket, Stipulation
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import World
from tests.fni import deals

DAY = 24 * 60


class FniWorld(World):
    """Minutes are counted from Monday, ten in the morning. Tina Wells buys an Accord; Sam sells it, Faye finances it."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        super().__init__(cast, clock)
        self.customer = deals.tina(cast)
        consent.give(
            store_id=cast.northside.pk,
            number=deals.TINA,
            how=consent.How.LEAD,
            words="May text me",
            now=self.now,
        )

    def at(self, minute: float) -> FniWorld:
        """It is so many minutes later: what was due in between is done, half a day later at the most."""
        until = MONDAY_TEN + timedelta(minutes=minute)
        while self.now < until:
            self.jump(self.next_moment(until, least=timedelta(hours=11)))
        self.work()
        return self

    # --- what sales tells ---------------------------------------------------------------------------------------------------

    def tells(self, kind: type[DealFact], *, at: datetime | None = None, **values: Any) -> None:
        """Sales publishes this about the deal, now or as of then."""
        deals.tell(kind, self.cast, self.customer, at=at or self.now, **values)
        self.work()

    # --- what F&I does -------------------------------------------------------------------------------------------------------

    @property
    def deal(self) -> DealJacket:
        """The jacket, as it is now."""
        return deals.jacket(self.cast)

    def posts(self, who: StaffMember, path: str, **typed: str) -> None:
        """Somebody presses a button of F&I's pages."""
        answer = self.browser(who).post(f"/fni/{path}/", typed)
        assert answer.status_code == 302, answer.content
        self.work()

    def presses(self, act: str, who: StaffMember | None = None, **typed: str) -> None:
        """Faye (or somebody else) presses it on the page of the jacket."""
        self.posts(who or self.cast.faye, f"jackets/{self.deal.pk}/{act}", **typed)

    def contracted(self, deal_type: str = "finance") -> None:
        """The deal was agreed, everything is here, and the papers are signed."""
        deals.fill(deals.agreed(self.cast, self.customer, at=self.now, deal_type=deal_type))
        self.presses("take-in")
        self.presses("contract", lender="Ally")

    def kicked_back(self, why: str = "Page 3 is not signed", **typed: str) -> None:
        """The lender does not like it."""
        self.presses("kick-back", why=why, **typed)

    def title_sent(self) -> None:
        """Tia has sent it."""
        self.presses("title", self.cast.tia, proof="1Z 999")

    def stip(self, what: str = "Proof of income") -> Stipulation:
        """The lender wants one more paper."""
        self.presses("stips", what=what)
        return Stipulation.objects.of_store(self.deal.store_id).latest("pk")
