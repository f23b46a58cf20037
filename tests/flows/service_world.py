"""Northside's service on a Monday, as its stories live it: the DMS sends files, cars come and go silent, customers answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

import time_machine
from django.db.models import F
from django.test import Client

from dealership.customers.models import Customer
from dealership.dms import jobs as dms_jobs
from dealership.staff.models import StaffMember
from service import jobs as service_jobs
from service import risks
from service.models import DeclinedLine, RepairOrder
from tests.cast import Cast
from tests.dms.dealervault_files import appt_file, sv_file
from tests.flows.sales_world import World, words
from tests.service.feeds import CELL, Dms, name

MARLENE = CELL


class ServiceWorld(World):
    """Minutes are counted from Monday, ten in the morning. The feeds have had their first load long ago."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        super().__init__(cast, clock)
        self.dms = Dms(cast)

    def work(self) -> None:
        """The periodic jobs, once."""
        self.clock.move_to(self.now, tick=False)
        dms_jobs.stage_waiting(now=self.now)
        service_jobs.pull_repair_orders(now=self.now)
        service_jobs.pull_appointments(now=self.now)
        risks.watch(now=self.now)
        super().work()

    def timers(self) -> Iterator[Iterable[datetime | None]]:
        """Cars that are promised are looked at before their time."""
        yield from super().timers()
        promised = RepairOrder.objects.of_store(self.cast.northside.pk).filter(
            promised_at__gt=self.now + risks.LEAD
        )
        yield promised.values_list(F("promised_at") - risks.LEAD, flat=True)

    def dms_sends(self, *rows: Mapping[str, str], kind: str = "SV") -> Any:
        """The DMS posts a file that it made just now."""
        data = sv_file(rows) if kind == "SV" else appt_file(rows)
        address = f"/hooks/dms/{self.cast.northside.slug}-{kind}/?name={name(self.now, kind)}"
        answer = Client().post(address, data, content_type="text/plain")
        assert answer.status_code == 202, answer.content
        self.work()
        return answer.json()

    def writes_first(self, who: StaffMember, body: str) -> None:
        """Somebody texts the customer from their page; the carrier takes it."""
        path = f"/inbox/customers/{self.customer.pk}/write/"
        answer = self.browser(who).post(path, {"body": body, "key": str(uuid4())})
        assert answer.status_code == 302, answer.content
        self.work()

    def does(self, who: StaffMember, path: str, **form: Any) -> None:
        """Somebody presses a button on the page of the newest RO: `path` follows its address."""
        self.presses(who, f"/service/repair-orders/{self.ro.pk}/{path}/", **form)

    def presses(self, who: StaffMember, address: str, **form: Any) -> None:
        """Somebody presses a button on a page of service."""
        answer = self.browser(who).post(address, {"key": str(uuid4()), **form})
        assert answer.status_code == 302, words(answer.content.decode())
        self.work()

    def page(self, who: StaffMember, path: str = "") -> str:
        """What the newest RO's page says."""
        answer = self.browser(who).get(f"/service/repair-orders/{self.ro.pk}/{path}")
        assert answer.status_code == 200
        return words(answer.content.decode())

    def on(self, day: datetime) -> ServiceWorld:
        """It is then, some days later: what was due in between is done day by day, as the jobs would."""
        while self.now < day:
            self.jump(min(day, self.now + (day - self.now) / 4 if (day - self.now).days else day))
        return self

    @property
    def ro(self) -> RepairOrder:
        """The newest RO."""
        return RepairOrder.objects.of_store(self.cast.northside.pk).select_related("customer").latest("pk")

    @property
    def customer(self) -> Customer:
        """Whose RO it is."""
        return Customer.objects.of_store(self.cast.northside.pk).latest("pk")

    def line(self, key: str) -> DeclinedLine:
        """A declined line of the newest RO."""
        return (
            DeclinedLine.objects.of_store(self.cast.northside.pk)
            .select_related("ro")
            .get(ro=self.ro, key=key)
        )
