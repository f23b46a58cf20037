"""Northside's parts on a Monday, as their stories live it: advisors ask, the counter answers, days move, boxes come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import time_machine

from dealership.dms.models import Feed
from dealership.staff.models import StaffMember
from parts import jobs as parts_jobs
from parts.models import PartsRequest
from tests.cast import MONDAY_TEN, Cast
from tests.flows.service_world import ServiceWorld
from tests.service.feeds import OPEN_RO

RO = OPEN_RO["RO Number"]


class PartsWorld(ServiceWorld):
    """Minutes are counted from Monday, ten in the morning; Marlene's Civic is in, on Ana's RO."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        super().__init__(cast, clock)
        Feed.objects.create(
            store=cast.northside,
            kind=Feed.Kind.PARTS_STOCK,
            token="northside-honda-PTINV",
            first_loaded_at=MONDAY_TEN,
        )
        self.dms_sends(OPEN_RO)

    def at(self, minute: float) -> PartsWorld:
        """It is so many minutes after ten; what has become due by then is done at once."""
        self.jump(MONDAY_TEN + timedelta(minutes=minute))
        return self

    def work(self) -> None:
        super().work()
        parts_jobs.pull_stock(now=self.now)

    def asks(self, who: StaffMember, part: str = "Rear caliper", **more: Any) -> PartsRequest:
        """Somebody asks for a part on its page; for Marlene's RO unless they say another."""
        form = {"description": part, "quantity": 1, "ro_number": RO, "key": str(uuid4()), **more}
        answer = self.browser(who).post("/parts/requests/new/", form)
        assert answer.status_code == 302, answer.content
        self.work()
        return self.part

    def does(self, who: StaffMember, act: str, **form: Any) -> None:
        """Somebody acts on the newest request, on its page."""
        answer = self.tries(who, act, **form)
        assert answer.status_code == 302, answer.content
        self.work()

    def tries(self, who: StaffMember, act: str, **form: Any) -> Any:
        """The same, whatever comes of it."""
        return self.browser(who).post(f"/parts/requests/{self.part.pk}/{act}/", form)

    def ordered(self, eta: str = "2026-11-26", **asked: Any) -> PartsRequest:
        """Ana asked, and Pete ordered it for that day."""
        part = self.asks(self.cast.ana, **asked)
        self.does(self.cast.pete, "order", how="daily", eta_date=eta, source="Honda")
        return part

    def moves(self, eta: str, reason: str = "eta", **more: Any) -> None:
        """Pete hears of another day."""
        self.does(self.cast.pete, "change-eta", reason=reason, eta_date=eta, **more)

    def comes(self, **more: Any) -> None:
        """All of it comes, and Pete puts it into a bin."""
        form: Mapping[str, Any] = {"n": 1, "had": 0, "bin": "A3", **more}
        self.does(self.cast.pete, "receive", **form)

    def texts_about_it(self, who: StaffMember, body: str) -> None:
        """Somebody tells by text, from the request's page; the carrier takes it."""
        self.does(who, "text", body=body, key=str(uuid4()))

    @property
    def part(self) -> PartsRequest:
        """The newest request."""
        return (
            PartsRequest.objects.of_store(self.cast.northside.pk).select_related("special_order").latest("pk")
        )
