"""Northside on a Monday, as the stories of sales live it: leads are posted, phones answer, people write on pages, time passes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from math import ceil
from typing import Any
from uuid import uuid4

import time_machine
from django.conf import settings
from django.test import Client

from dealership.appointments import booking
from dealership.appointments import jobs as appointment_jobs
from dealership.appointments.models import Appointment
from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import Conversation, Message
from dealership.messaging.transports import twilio
from dealership.staff.models import StaffMember
from sales.models import Lead
from tasks import steps, sweep
from tasks.models import Promise, Task, Transition
from tests.cast import MONDAY_TEN, Cast
from tests.messaging.carriers import FakeCarrier, clock_at
from tests.sales.providers import adf

TOM = "+19735550144"
_sids = count(1)


class World:
    """Minutes are counted from Monday, ten in the morning."""

    def __init__(self, cast: Cast, clock: time_machine.Coordinates) -> None:
        self.cast, self.clock, self.now = cast, clock, MONDAY_TEN
        self.carrier = FakeCarrier()

    # --- time -----------------------------------------------------------------------------------------------------------

    def at(self, minute: float) -> World:
        """It is so many minutes later: everything that time does until then is done, minute by minute where something is due."""
        until = MONDAY_TEN + timedelta(minutes=minute)
        while self.now < until:
            self.now = min(until, self.now + self._until_due())
            self.work()
        self.clock.move_to(self.now, tick=False)
        return self

    def _until_due(self) -> timedelta:
        """Whole minutes until something is due; five where nothing is before that."""
        store = self.cast.northside.pk
        moments = [
            *Promise.objects.of_store(store).filter(state="open").values_list("next_step_at", flat=True),
            *Task.objects.of_store(store).filter(state="waiting").values_list("run_at", flat=True),
            *Message.objects.of_store(store).filter(state="queued").values_list("send_after", flat=True),
        ]
        visits = Appointment.objects.of_store(store).filter(state__in=booking.AWAITED)
        missed = [at + timedelta(hours=1) for at in visits.values_list("starts_at", flat=True)]
        due = min((at for at in [*moments, *missed] if at), default=self.now + timedelta(minutes=5))
        return timedelta(minutes=min(5, max(1, ceil((due - self.now) / timedelta(minutes=1)))))

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
        """A browser in which they have signed in."""
        client = Client()
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

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
