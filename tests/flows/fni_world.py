"""Northside's F&I on a Monday, as its stories live it: deals are agreed, papers are ticked, lenders want more, money comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine

from dealership.events.catalogue.sales import DealFact
from dealership.messaging import consent
from fni import funding, jackets, stipulations, titles
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
        """It is so many minutes later: what was due in between is done, half a day at a time."""
        until = MONDAY_TEN + timedelta(minutes=minute)
        while self.now < until:
            self.jump(min(until, self.now + timedelta(hours=11)))
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

    def contracted(self, deal_type: str = "finance") -> DealJacket:
        """The deal was agreed, everything is here, and the papers are signed."""
        row = deals.fill(deals.agreed(self.cast, self.customer, at=self.now, deal_type=deal_type))
        jackets.take_in(row, by=self.cast.faye, now=self.now)
        return funding.contract(row, lender="Ally", by=self.cast.faye, now=self.now)

    def sends(self) -> None:
        """Faye sends the jacket."""
        funding.send(self.deal, by=self.cast.faye, now=self.now)

    def kicked_back(self, why: str = "Page 3 is not signed", *, needs_customer: bool = False) -> None:
        """The lender does not like it."""
        funding.kick_back(self.deal, why=why, needs_customer=needs_customer, by=self.cast.faye, now=self.now)

    def resends(self) -> None:
        """Corrected."""
        funding.resend(self.deal, by=self.cast.faye, now=self.now)

    def funded(self) -> None:
        """The lender paid."""
        funding.fund(self.deal, by=self.cast.faye, now=self.now)

    def title_sent(self) -> None:
        """Tia has sent it."""
        titles.send(self.deal, proof="1Z 999", by=self.cast.tia, now=self.now)

    def stip(self, what: str = "Proof of income") -> Stipulation:
        """The lender wants one more paper."""
        return stipulations.issue(self.deal, what=what, by=self.cast.faye, now=self.now)
