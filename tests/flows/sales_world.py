"""Northside on a Monday, as the stories of sales live it: leads are posted, phones answer, people write on pages, time passes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import time_machine
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest
from django.test import Client

from dealership.appointments import booking
from dealership.appointments import jobs as appointment_jobs
from dealership.appointments.models import Appointment
from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import CarrierCall, Conversation, Message
from dealership.messaging.transports import twilio
from dealership.staff.models import StaffMember
from sales.models import Lead
from tasks import steps, sweep
from tasks.models import Promise, Task, Transition
from tests.cast import MONDAY_TEN, Cast, browser_of
from tests.messaging.carriers import FakeCarrier, clock_at
from tests.sales.providers import adf

TOM = "+19735550144"
_sids = count(1)


class World:
    """Minutes are counted from Monday, ten in the morning."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        self.cast, self.clock, self.now = cast, clock, MONDAY_TEN
        self.carrier = FakeCarrier()
        self.browsers: dict[tuple[int, date], Client] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Without what belongs to one telling: its clock and its browsers."""
        return self.__dict__ | {"clock": None, "browsers": {}}

    def wakes(self, clock: time_machine.Coordinates) -> None:
        """It is told on from where it was, by this clock."""
        self.clock = clock
        clock.move_to(self.now, tick=False)

    # --- time -----------------------------------------------------------------------------------------------------------

    def at(self, minute: float) -> World:
        """It is so many minutes later: everything that time does until then is done, at the moment at which it is due."""
        until = MONDAY_TEN + timedelta(minutes=minute)
        while self.now < until:
            self.now = self.next_moment(until)
            self.work()
        self.clock.move_to(self.now, tick=False)
        return self

    def next_moment(self, until: datetime, *, least: timedelta = timedelta()) -> datetime:
        """When a job next finds something to do, `until` at the latest. Before it every round of the jobs would be idle.

        `least`: jobs that come round that seldom find it later. What is due and was left waits for the next minute.
        """
        due = [max(at, self.now + timedelta(minutes=1)) for rows in self.timers() for at in rows if at]
        return min(until, max(self.now + least, min(due, default=until)))

    def timers(self) -> Iterator[Iterable[datetime | None]]:
        """Every column by which a job of this world asks whether it is time, of Northside."""
        store = self.cast.northside.pk
        promises = Promise.objects.of_store(store).filter(state=Promise.State.OPEN, parked_at__isnull=True)
        texts = Task.objects.of_store(store).filter(state=Task.State.WAITING, kind=Task.Kind.TEXT)
        visits = Appointment.objects.of_store(store).filter(state__in=booking.AWAITED)
        calls = CarrierCall.objects.filter(settled_at__isnull=True, parked_at__isnull=True)
        queued = Message.objects.of_store(store).filter(state=Message.State.QUEUED)
        yield promises.values_list("next_step_at", flat=True)
        yield texts.values_list(Greatest("run_at", "next_try_at"), flat=True)
        yield queued.values_list("send_after", flat=True)
        yield visits.filter(starts_at__gt=self.now - booking.GRACE).values_list(
            F("starts_at") + booking.GRACE, flat=True
        )
        yield calls.values_list("next_try_at", flat=True)

    def jump(self, to: datetime) -> World:
        """It is then: what has become due in between is done at once."""
        self.now = to
        self.work()
        return self

    def work(self) -> None:
        """The periodic jobs, once."""
        self.clock.move_to(self.now, tick=False)
        steps.take_due(self.now)
        sending.send_due(transport=self.carrier, clock=clock_at(self.now))
        appointment_jobs.declare(now=self.now)
        carrier_calls.settle_open(clock=clock_at(self.now))
        sweep.run(self.now)

    # --- the world outside ----------------------------------------------------------------------------------------------

    def post_lead(self, data: bytes | None = None) -> Any:
        """A provider posts; without `data` Tom Okafor asks about a Civic."""
        answer = Client().post("/hooks/adf/northside-leads/", data or adf(lead_id="C-71"), "application/xml")
        self.work()
        return answer

    def phone_gets_it(self, status: str = "delivered", *, body: str = "") -> None:
        """The carrier says that the phone got every text that it has taken (with these words in it)."""
        taken = Message.objects.of_store(self.cast.northside.pk).filter(
            is_inbound=False, state=Message.State.ACCEPTED, body__contains=body
        )
        for message in taken:
            path = f"/twilio/status/{message.uuid}/"
            self._signed(path, {"MessageSid": message.carrier_sid, "MessageStatus": status})
        self.work()

    def customer_writes(self, body: str, number: str = TOM) -> None:
        """A text comes in."""
        sid = f"SMb{next(_sids):031x}"  # no number that the fake carrier gives
        self._signed(
            "/twilio/inbound/",
            {
                "MessageSid": sid,
                "From": number,
                "To": self.cast.northside.text_number,
                "Body": body,
                "NumMedia": "0",
            },
        )
        self.work()

    def _signed(self, path: str, fields: dict[str, str]) -> None:
        signature = twilio.sign(settings.PUBLIC_BASE_URL + path, fields)
        answer = Client().post(path, fields, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 200, answer.content

    # --- people ---------------------------------------------------------------------------------------------------------

    def writes(self, who: StaffMember, body: str) -> None:
        """Somebody answers in the newest conversation, on its page; the carrier takes it."""
        talk = Conversation.objects.of_store(self.cast.northside.pk).latest("last_at")
        answer = self.browser(who).post(f"/inbox/{talk.pk}/send/", {"body": body, "key": str(uuid4())})
        assert answer.status_code == 302, answer.content
        self.work()

    def calls(self, who: StaffMember, customer_id: int, outcome: str = "connected") -> None:
        """Somebody calls, and writes down what came of it."""
        answer = self.browser(who).post(
            f"/inbox/customers/{customer_id}/call/", {"outcome": outcome, "note": ""}
        )
        assert answer.status_code == 302, answer.content
        self.work()

    def browser(self, who: StaffMember) -> Client:
        """A browser in which they have signed in today."""
        whose = (who.pk, self.now.date())
        if whose not in self.browsers:
            self.browsers[whose] = browser_of(who.user)
        return self.browsers[whose]

    def my_day(self, who: StaffMember) -> str:
        """What they see first."""
        page: str = self.browser(who).get("/").content.decode()
        return page

    # --- what is true -----------------------------------------------------------------------------------------------------

    @property
    def lead(self) -> Lead:
        """The newest lead."""
        return Lead.objects.of_store(self.cast.northside.pk).latest("pk")

    def promise(self, rule: str) -> Promise:
        """The newest promise of this rule."""
        return (
            Promise.objects.of_store(self.cast.northside.pk)
            .filter(rule=rule)
            .select_related("owner")
            .latest("pk")
        )

    def promises(self, rule: str) -> list[Promise]:
        """All of them."""
        return list(Promise.objects.of_store(self.cast.northside.pk).filter(rule=rule).order_by("pk"))

    def acts(self, promise: Promise) -> list[str]:
        """What has happened to it, in order."""
        rows: Iterable[str] = (
            Transition.objects.of_store(promise.store_id).filter(promise=promise).order_by("at", "pk")
        ).values_list("act", flat=True)
        return list(rows)

    def texts(self) -> list[str]:
        """What the carrier was given, in order."""
        return [parcel.body for parcel in self.carrier.given]


def minute(n: float) -> datetime:
    """So many minutes after Monday, ten."""
    return MONDAY_TEN + timedelta(minutes=n)


def words(page: str) -> str:
    """A page without its tags, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
