"""Two stores that have everything, built through the product's own doors, so that whatever a page can show is there to be shown.

Each store's names, words and numbers carry marks of its own (`Rows.canaries`): a mark of one store in an answer to a person of
the other is a leak, wherever it appears.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.http import QueryDict

from dealership.appointments import booking
from dealership.appointments.models import CapacityPlan
from dealership.audit.models import Alarm
from dealership.customers import contact_points, giving, household, matching, merging, people
from dealership.customers.listing import CUSTOMERS
from dealership.customers.models import ContactPoint, Customer, PossibleTwin
from dealership.dms import files, jobs
from dealership.dms.models import Feed, StagedRecord
from dealership.events import bus
from dealership.events.catalogue.fni import DealRefused
from dealership.events.catalogue.parts import PartOrdered
from dealership.events.catalogue.sales import DealAgreed
from dealership.events.models import EventRecord
from dealership.hooks import hooks
from dealership.hooks.models import HookCall
from dealership.lists import asking, saved
from dealership.messaging import calls, consent, inbound, outbox, photos, sending
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.pictures import Picture
from dealership.messaging.simulator import texts
from dealership.models import PlayedDay
from dealership.push.models import Device, Nudge
from dealership.staff import absences, teams
from dealership.staff import people as staff_people
from dealership.staff.models import StaffMember, Team
from dealership.staff.roles import Role
from dealership.stores import days
from dealership.stores.models import DayException, Department, Store
from dealership.vehicles import garage
from fni import stipulations
from fni.models import ChecklistItem, DealJacket, JacketAct, KickBack
from marketing import campaigns, reviews, segments, surveys
from marketing.sentiment import Feeling
from parts import jobs as parts_jobs
from parts import requests as parts_requests
from parts import special_orders
from parts.models import PartsRequest
from sales import arrivals, deals, deliveries, inventory, leads, we_owes
from sales.models import DealTrade, Lead, LeadArrival
from service import estimates, inspections, promise_times, stages, tellings
from service import jobs as service_jobs
from service.models import DeclinedLine, RepairOrder
from service.spoken import clock
from tasks import due as due_times
from tasks import overrides, promises
from tasks.models import Promise
from tests import cast as the_cast
from tests.cast import MONDAY_TEN, Cast
from tests.dms.dealervault_files import APPOINTMENT, RO, appt_file, stock_file, sv_file
from tests.messaging.carriers import FakeCarrier, clock_at
from tests.sales.providers import adf

#: When people look at what was built.
LOOKED_AT = MONDAY_TEN + timedelta(minutes=20)
_calls = count(1)


@dataclass(frozen=True)
class Marks:
    """What is written into every row of a store, and nowhere else."""

    word: str
    digits: str
    area: str
    vin: str

    def phone(self, n: int) -> str:
        """The store's n-th number, E.164."""
        return f"+1{self.area}55501{n:02d}"

    @property
    def canaries(self) -> tuple[str, ...]:
        """In lower case: the word, the number that its ROs, leads and visits begin with, its phones as pages write them, its VINs."""
        numbers = [self.phone(n) for n in range(40, 50)]
        shown = [f"({number[2:5]}) {number[5:8]}-{number[8:]}" for number in numbers]
        return (self.word.lower(), self.digits, *numbers, *shown, self.vin[-8:].lower())


NORTH = Marks("Kestrelwick", "662810", "973", "1HGFE1F52KL771007")
EAST = Marks("Quillfeather", "771904", "312", "1FTFW1E5XNFA77341")
MORE = Marks("Wrenhollow", "553917", "862", "1HGCV1F32JA771021")


@dataclass
class Rows:
    """One row of each kind, by the name that the table of addresses uses; most are keys, `phone` is a number."""

    store: Store
    marks: Marks
    pk: dict[str, int | str] = field(default_factory=dict)


@dataclass
class World:
    """The cast, and what each store has."""

    cast: Cast
    north: Rows
    east: Rows


def build() -> World:
    """Both stores, with the same in each. Takes about a second; to be built once for many questions."""
    cast = the_cast.build()
    PlayedDay.objects.create()
    StaffMember.objects.of_store(cast.eastside.pk).update(name=Concat(F("name"), Value(f" {EAST.word}")))
    for name in ("eve", "earl", "edie"):
        cast.people[name].refresh_from_db()
    cast.edie.dms_number = "201"
    cast.edie.save(update_fields=["dms_number"])
    Team.objects.create(store=cast.eastside, name=EAST.word, department=Department.SALES, lead=cast.eve)
    north = Builder(Rows(cast.northside, NORTH), boss=cast.gus, agent=cast.dana, advisor=cast.ana).fill()
    east = Builder(Rows(cast.eastside, EAST), boss=cast.eve, agent=cast.earl, advisor=cast.edie).fill()
    return World(cast, north, east)


def fill_again(world: World) -> None:
    """Northside has everything twice."""
    cast = world.cast
    Builder(Rows(cast.northside, MORE), boss=cast.gus, agent=cast.dana, advisor=cast.ana).fill()


class Builder:
    """Fills one store."""

    def __init__(self, rows: Rows, *, boss: StaffMember, agent: StaffMember, advisor: StaffMember) -> None:
        self.rows, self.marks, self.store = rows, rows.marks, rows.store
        self.boss, self.agent, self.advisor = boss, agent, advisor
        self.now = MONDAY_TEN

    def fill(self) -> Rows:
        """Everything, in an order in which it could have happened."""
        CapacityPlan.objects.of_store(self.store.pk).get_or_create(
            store=self.store,
            department=Department.SERVICE,
            defaults={"slot_minutes": 30, "per_slot": 3},
        )
        self._people()
        self._told()
        self._customers()
        self._leads()
        self._repair_orders()
        self._said()
        self._parts()
        self._offered()
        self._texts()
        self._visits()
        self._deals()
        self._promises()
        self._jackets()
        self._trouble()
        return self.rows

    # --- the store ------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        store_id, word, pk = self.store.pk, self.marks.word, self.rows.pk
        team = teams.save(
            store_id=store_id, team=None, name=f"{word} lane", department="service", lead=self.advisor
        )
        here, gone = (
            staff_people.add(
                store_id=store_id,
                details=staff_people.Details(name=f"{first} {word}", role=Role.TECHNICIAN, team=team),
                by=self.boss,
                now=self.now,
            )
            for first in ("Tia", "Toby")
        )
        staff_people.deactivate(gone, by=self.boss, now=self.now)
        absence = absences.plan(
            here,
            starts_at=self.now + timedelta(days=9),
            until=None,
            reason=word,
            by=self.boss,
            now=self.now,
        )
        device = Device.objects.create(
            store=self.store, staff=self.agent, endpoint=f"https://fcm.googleapis.com/{word}", browser=word, since=self.now
        )  # fmt: skip
        Nudge.objects.create(
            store=self.store, staff=self.agent, key=f"offer:{word}", words=f"Offered: {word}", path="/", at=self.now, sent_at=self.now
        )  # fmt: skip
        pk["device"] = device.pk
        pk |= {"person": here.pk, "who_left": gone.pk, "colleague": self.agent.pk, "team": team.pk}
        first = date(2027, 2, 1) + timedelta(days=int(self.marks.digits[:2]))
        for number, name in enumerate(("day", "other_day")):
            change = days.add(
                store_id=store_id,
                department="",
                day=first + timedelta(days=number),
                name=f"{word} day",
                hours=None,
                by=self.boss,
                now=self.now,
            )
            pk[name] = DayException.objects.of_store(store_id).latest("pk").pk
            if name == "day":
                pk["change"] = change.pk
        pk["absence"] = absence.pk

    def _told(self) -> None:
        """Another system that is told of closed leads; one such call is parked."""
        word, pk = self.marks.word, self.rows.pk
        hook, _ = hooks.make(
            store_id=self.store.pk,
            name=f"{word} warehouse",
            address=f"https://{word.lower()}.net/kept",
            kinds=["LeadClosed", "AppointmentCancelled"],
            by=self.boss,
            now=self.now,
        )
        hooks.replace_secret(hook, by=self.boss, now=self.now)
        pk["hook"] = hook.pk

    # --- who ------------------------------------------------------------------------------------------------------------

    def _customer(self, first: str, n: int) -> Customer:
        customer, _ = matching.find_or_create(
            store_id=self.store.pk,
            first=first,
            last=self.marks.word,
            phones=[("cell", self.marks.phone(n))],
            emails=[f"{first.lower()}@{self.marks.word.lower()}.example"],
            street=f"{n} {self.marks.word} Street",
            city=self.marks.word,
            state=self.store.state,
            now=self.now,
        )
        return customer

    def _customers(self) -> None:
        otto, twin, lost = (
            self._customer("Otto", 40),
            self._customer("Ottoline", 41),
            self._customer("Oz", 42),
        )
        self.otto, pk = otto, self.rows.pk
        one, other = sorted([otto, twin], key=lambda row: row.pk)
        PossibleTwin.objects.create(
            store=self.store, customer=one, other=other, why=f"Both {self.marks.word}", noticed_at=self.now
        )
        household.join(customer=otto, other=twin, by=self.agent, now=self.now)
        pk["merge"] = merging.merge(winner=otto, loser=lost, by=self.boss, now=self.now).pk
        point = contact_points.add(
            customer=otto,
            kind=ContactPoint.Kind.EMAIL,
            text=f"other@{self.marks.word}.example",
            by=self.agent,
            now=self.now,
        )
        gone = contact_points.add(
            customer=otto,
            kind=ContactPoint.Kind.EMAIL,
            text=f"gone@{self.marks.word}.example",
            by=self.agent,
            now=self.now,
        )
        contact_points.give_up(point=gone, why=self.marks.word, by=self.agent)
        people.set_person(otto, Department.SALES, self.agent, now=self.now)
        car = garage.find_or_create(
            store_id=self.store.pk,
            vin=self.marks.vin,
            year=2019,
            make="Honda",
            model=f"Civic {self.marks.word}",
            plate=self.marks.digits,
            seen_at=self.now,
            now=self.now,
        )
        assert car is not None
        garage.record_owner(car, otto, since=self.now.date() - timedelta(days=400), how="told")
        self.car = car
        pk |= {"customer": otto.pk, "twin": twin.pk, "point": point.pk, "gone_point": gone.pk}
        asked = asking.read(CUSTOMERS, QueryDict("language=es"))
        view = saved.keep(asked=asked, name=self.marks.word, for_all=True, by=self.boss, now=self.now)
        given = giving.give(
            keys=[twin.pk], department=Department.MARKETING, to=self.agent, by=self.boss, now=self.now
        )
        pk |= {"list_view": view.pk, "given": given.pk}

    # --- what came in ---------------------------------------------------------------------------------------------------

    def _leads(self) -> None:
        pk, word = self.rows.pk, self.marks.word
        for n in (40, 43):
            data = adf(
                f"Otto {word}" if n == 40 else f"Cleo {word}",
                phone=self.marks.phone(n)[2:],
                lead_id=f"{self.marks.digits}{n}",
                vehicle=f"<year>2026</year><make>Honda</make><model>{word}</model><stock>{self.marks.digits}S</stock>",
                question=f"Is the {word} there?",
                source=f"{word.lower()}.example",
                trade=f"<year>2014</year><make>Mazda</make><model>{word}</model>",
            )
            arrivals.take_in(store_id=self.store.pk, data=data, came_by="post", now=self.now)
        made = list(Lead.objects.of_store(self.store.pk).order_by("-pk"))[1::-1]
        leads.close(lead=made[1], outcome="lost", why=f"bought a {word}", by=self.agent, now=self.now)
        pk |= {"lead": made[0].pk, "subject": made[0].subject, "closed_lead": made[1].pk}
        for n, name in ((44, "arrival"), (45, "put_away")):
            text = f"{word} saw a car, call {self.marks.phone(n)[2:]} {name}".encode()
            arrivals.take_in(store_id=self.store.pk, data=text, came_by="mail", now=self.now)
            arrival = LeadArrival.objects.of_store(self.store.pk).latest("pk")
            assert arrival.state == LeadArrival.State.UNREADABLE
            pk[name] = arrival.pk
            if name == "put_away":
                arrivals.dismiss(arrival=arrival, by=self.agent, why=f"no {word}", now=self.now)

    def _owner(self) -> dict[str, str]:
        word, phone = self.marks.word, self.marks.phone(40)
        return {
            "VIN": self.marks.vin,
            "Customer Number": f"{self.marks.digits}9",
            "Full Name": f"{word},OTTO",
            "First Name": "OTTO",
            "Last Name": word.upper(),
            "City": word,
            "Cell Phone": phone[2:],
            "Email 1": f"otto@{word}.example",
            "Service Advisor Number": self.advisor.dms_number,
            "Service Advisor Name": self.advisor.name,
        }

    def _repair_orders(self) -> None:
        word, digits, pk = self.marks.word, self.marks.digits, self.rows.pk
        feeds = {
            kind: Feed.objects.of_store(self.store.pk).get_or_create(
                store=self.store,
                kind=kind,
                defaults={"token": f"{word}-{kind}", "first_loaded_at": self.now},
            )[0]
            for kind in Feed.Kind
        }
        ro = (
            RO
            | self._owner()
            | {"Open Date": "11/23/2026", "Labor Complaint": f"{word} NOISE|{word} GRINDING"}
        )
        rows = [
            ro | {"RO Number": f"{digits}501"},
            ro
            | {
                "RO Number": f"{digits}502",
                "RO Status": "C",
                "Close Date": "11/23/2026",
                "Recommended Operation Codes": "BRKF|CABIN",
                "Recommendations": f"{word} PADS 2MM|{word} FILTER DIRTY",
            },
            ro | {"RO Number": f"{digits}505"},
            ro | {"RO Number": f"{digits}503", "RO Status": f"Z{word}"},
            ro | {"RO Number": f"{digits}504", "RO Status": f"Y{word}"},
        ]
        visit = (
            APPOINTMENT
            | self._owner()
            | {
                "Appointment Number": f"{digits}601",
                "Appointment Date": "11/24/2026",
                "Complaint": f"{word} OIL",
            }
        )
        name = f"DVD{digits}_20261123_0910_{{}}.txt"
        sv = files.take_in(
            feed=feeds[Feed.Kind.REPAIR_ORDERS], name=name.format("SV"), data=sv_file(rows), now=self.now
        )
        files.take_in(
            feed=feeds[Feed.Kind.APPOINTMENTS],
            name=name.format("SV_APPT"),
            data=appt_file([visit]),
            now=self.now,
        )
        jobs.stage_waiting(now=self.now)
        service_jobs.pull_repair_orders(now=self.now)
        service_jobs.pull_appointments(now=self.now)
        parked = StagedRecord.objects.of_store(self.store.pk).filter(file=sv, state=StagedRecord.State.PARKED)
        first, second = parked.order_by("line")
        StagedRecord.objects.of_store(self.store.pk).filter(pk=second.pk).update(
            state=StagedRecord.State.DROPPED, mended_by=self.boss, mended_at=self.now, mended_why=word
        )
        ros = {row.ro_number: row for row in RepairOrder.objects.of_store(self.store.pk)}
        pk |= {
            "file": sv.pk,
            "feed": sv.feed_id or 0,
            "parked": first.pk,
            "dropped": second.pk,
            "ro": ros[f"{digits}501"].pk,
            "closed_ro": ros[f"{digits}502"].pk,
            "declined": DeclinedLine.objects.of_store(self.store.pk).latest("pk").pk,
            "comeback_ro": ros[f"{digits}501"].pk,
            "promised_ro": ros[f"{digits}505"].pk,
        }
        self._shop(ros[f"{digits}505"])

    def _shop(self, ro: RepairOrder) -> None:
        """A car in the shop: promised, moved, inspected, estimated; it waits for a part."""
        word, by, now = self.marks.word, self.advisor, self.now
        promise_times.set_time(ro, promised_at=now + timedelta(hours=6), by=by, now=now)
        stages.reach(ro, "waiting_parts", by=by, now=now)
        found = [inspections.Found("red", f"{word} belts"), inspections.Found("yellow", f"{word} hoses")]
        inspections.record(ro, found=found, n_green=9, note=word, by=by, now=now)
        first, last = ro.recommendations.order_by("pk")
        estimates.send(ro, prices={first.pk: 9000}, hello=f"Hi {word}", key=word, by=by, now=now)
        tellings.say_new_time(
            ro,
            promised_at=now + timedelta(hours=7),
            why=word,
            body=f"{word}: {clock(now + timedelta(hours=7), self.store.tz)}",
            key=word,
            by=by,
            now=now,
        )
        with transaction.atomic():
            bus.publish(
                PartOrdered(
                    store_id=self.store.pk, at=now, subject="part:1", request_id=int(self.marks.digits),
                    part=f"{word} pump", ro_number=ro.ro_number,
                )
            )  # fmt: skip
        shot = photos.keep(
            store_id=self.store.pk, subject=f"ro:{ro.ro_number}", about=f"recommendation:{first.pk}",
            drawn=Picture(b"drawn", b"small", 64, 40), by=by, now=now,
        )  # fmt: skip
        self.rows.pk |= {"finding": first.pk, "open_finding": last.pk, "photo": shot.pk}

    # --- how it was ----------------------------------------------------------------------------------------------------

    def _said(self) -> None:
        """They were unhappy two hours ago, and somebody has called them since."""
        pk, word, earlier = self.rows.pk, self.marks.word, self.now - timedelta(hours=2)
        survey = surveys.find(self.store.pk, f"ro:{self.marks.digits}502")
        assert survey is not None
        with transaction.atomic():
            bus.publish(*surveys.asked(survey, at=earlier - timedelta(hours=1)))
            feeling = Feeling(2, "2 of 5", is_unhappy=True)
            bus.publish(*surveys.answered(survey, feeling, words=f"{word} was late", at=earlier))
        calls.log(
            customer=self.otto,
            by=self.boss,
            outcome="connected",
            note=f"{word} was late indeed",
            now=self.now - timedelta(hours=1),
        )
        pk["survey"] = survey.pk

    def _parts(self) -> None:
        word, digits, pk = self.marks.word, self.marks.digits, self.rows.pk
        feed = Feed.objects.of_store(self.store.pk).get(kind=Feed.Kind.PARTS_STOCK)
        shelf = [
            {"Part Number": f"{digits}-{n}", "Part Description": f"{word} PADS", "Quantity On Hand": "2"}
            for n in "AB"
        ]
        name = f"DVD{digits}_20261123_0910_PTINV.txt"
        files.take_in(feed=feed, name=name, data=stock_file(shelf), now=self.now)
        jobs.stage_waiting(now=self.now)
        parts_jobs.pull_stock(now=self.now)
        for number, ro_number in enumerate((f"{digits}501", f"{digits}501", f"{digits}501", f"{digits}502")):
            part = self._part(f"{word} part {number}", f"{digits}-{'AB'[number % 2]}", ro_number)
            pk[("part_asked", "part_quoted", "part_ordered", "part_here")[number]] = part.pk
            if number:
                parts_requests.quote(part, price_cents=8450, in_stock=False, by=self.boss, now=self.now)
            if number > 1:
                day = self.now.date() + timedelta(days=3)
                special_orders.order(part, source=word, eta_date=day, by=self.boss, now=self.now)
            if number > 2:
                special_orders.receive(part, n=1, had=0, bin=word, by=self.boss, now=self.now)
        pk["ro_number"] = f"{digits}501"

    def _part(self, description: str, part_number: str, ro_number: str) -> PartsRequest:
        return parts_requests.ask(
            store_id=self.store.pk,
            key=uuid4(),
            description=description,
            part_number=part_number,
            ro_number=ro_number,
            note=self.marks.word,
            by=self.advisor,
            now=self.now,
        )

    def _offered(self) -> None:
        """A review, a segment, a draft for it, and a campaign that has begun to leave."""
        pk, word, store_id = self.rows.pk, self.marks.word, self.store.pk
        review = reviews.post(
            store_id=store_id,
            site=f"{word} stars",
            stars=2,
            words=f"{word} never called back",
            who=f"Otto {word}",
            customer=None,
            department=Department.SERVICE,
            by=self.boss,
            now=self.now,
        )
        reviews.set_site(
            store=self.store, name=word, url=f"https://{word}.example/", by=self.boss, now=self.now
        )
        for n in (40, 41):  # Otto, and Ottoline, whom nobody has texted today
            consent.give(
                store_id=store_id,
                number=self.marks.phone(n),
                purpose=Purpose.MARKETING,
                how=consent.How.SIGNED,
                words=f"signed {word}",
                now=self.now - timedelta(days=30),
            )
        segment = segments.save(
            store_id=store_id,
            segment=None,
            name=f"{word} owners",
            match="any",
            conditions=[
                {"what": "owns", "model": f"Civic {word}"},
                {"what": "state", "state": self.store.state},
            ],
            by=self.boss,
            now=self.now,
        )
        draft, sent = (
            campaigns.write(
                store_id=store_id,
                campaign=None,
                name=f"{word} {name}",
                segment=segment,
                department=Department.SERVICE,
                words=f"{word} of {{store}}. Reply STOP to opt out.",
                words_es="",
                by=self.agent,
                now=self.now,
            )
            for name in ("draft", "tires")
        )
        campaigns.approve(sent, by=self.boss, now=self.now)
        pk |= {"review": review.pk, "segment": segment.pk, "draft": draft.pk, "campaign": sent.pk}

    # --- what was said --------------------------------------------------------------------------------------------------

    def _wrote(self, n: int, body: str) -> Conversation:
        payload = {
            "MessageSid": f"MM{next(_calls):032x}",
            "From": self.marks.phone(n),
            "To": self.store.text_number,
            "Body": body,
            "NumMedia": "0",
        }
        return inbound.receive(payload, received_at=self.now, now=self.now).conversation

    def _texts(self) -> None:
        word, pk = self.marks.word, self.rows.pk
        talk = self._wrote(40, f"How much is the {word}?")
        self._wrote(46, f"{word} is late")
        for body in (f"The {word} is ready.", f"Draft of {word}"):
            outbox.send(
                store_id=self.store.pk,
                customer=self.otto,
                body=body,
                author=self.agent,
                purpose=Purpose.CONVERSATIONAL,
                dedupe_key=body,
                now=self.now,
            )
            if body.startswith("The"):
                sending.send_due(transport=FakeCarrier(), clock=clock_at(self.now))
        texts.write_as_customer(
            store=self.store, number=self.marks.phone(47), body=f"{word} on the phone", now=self.now
        )
        calls.log(
            customer=self.otto,
            by=self.agent,
            outcome="voicemail",
            note=f"{word} does not pick up",
            now=self.now,
        )
        said = Message.objects.of_store(self.store.pk).filter(conversation=talk).first()
        pk |= {"conversation": talk.pk, "text": said.pk, "phone": self.marks.phone(47)}

    def _visits(self) -> None:
        pk = self.rows.pk
        for hours, name in ((26, "visit"), (27, "cancelled_visit"), (28, "sales_visit")):
            visit = booking.book(
                store_id=self.store.pk,
                department=Department.SALES if name == "sales_visit" else Department.SERVICE,
                customer=self.otto,
                starts_at=self.now + timedelta(hours=hours),
                vehicle=self.car,
                person=self.advisor,
                concern=f"{self.marks.word} noise",
                by=self.agent,
                now=self.now,
            )
            pk[name] = visit.pk
            if name == "cancelled_visit":
                booking.cancel(visit, why=self.marks.word, by=self.agent, now=self.now)

    def _deals(self) -> None:
        word, digits, pk = self.marks.word, self.marks.digits, self.rows.pk
        della = self._customer("Della", 48)
        unit = inventory.acquire(
            store_id=self.store.pk, stock_number=f"{digits}U", vin="", car=f"2024 {word}", how="bought",
            acquired_at=self.now - timedelta(days=9), by=self.boss, now=self.now,
        )  # fmt: skip
        written, refused, sold = (
            deals.write(
                customer=della, car=f"202{n} {word}", stock_number=f"{digits}{n}", salesperson=self.agent,
                co_buyer_name=f"Dell {word}", by=self.boss, now=self.now,
            )
            for n in range(3)
        )  # fmt: skip
        # A desk counts from one in each store; this one's number is its store's alone.
        sold.deal_number = pk["sold_number"] = f"{digits}K"
        sold.save(update_fields=["deal_number"])
        for deal in (refused, sold):
            deals.agree(deal, by=self.boss, now=self.now)
        with transaction.atomic():
            told = deals.common(refused, at=self.now, by=self.boss)
            bus.publish(DealRefused(**told, missing=f"{word} insurance"))
        DealTrade.objects.create(store=self.store, deal=sold, car=f"2012 {word}", acv_cents=100_00)
        deliveries.deliver(sold, by=self.boss, now=self.now)
        owed = we_owes.write(
            sold, item=f"{word} key", on=date(2026, 11, 27), owner=self.agent, by=self.boss, now=self.now
        )
        pk |= {"written_deal": written.pk, "refused_deal": refused.pk, "deal": sold.pk}
        pk |= {"we_owe": owed.pk, "unit": unit.pk}

    def _by_hand(self, words: str, owner: StaffMember, due: datetime) -> Promise:
        return promises.make_by_hand(
            store_id=self.store.pk,
            customer=self.otto,
            sentence=f"{words} {self.marks.word}",
            due_at=due,
            owner=owner,
            by=self.agent,
            now=self.now - timedelta(seconds=next(_calls)),
        )

    def _promises(self) -> None:
        pk, word, soon = self.rows.pk, self.marks.word, self.now + timedelta(minutes=40)
        mine = self._by_hand("Call", self.agent, soon)
        waived = self._by_hand("Forget", self.agent, soon)
        promises.waive(waived, by=self.agent, why=f"no {word}", now=self.now)
        handed = self._by_hand("Hand over", self.agent, soon)
        promises.hand_off(handed, to=self.boss, by=self.agent, why=f"{word} asks for you", now=self.now)
        done = self._by_hand("Finish", self.boss, soon)
        promises.finish_by_hand(done, by=self.boss, why=f"{word} was told", now=self.now)
        overrides.lay_over(
            "answer_lead",
            is_on=True,
            due=due_times.open_minutes(len(word)),
            owner_role="",
            why=word,
            by=self.boss,
            now=self.now,
        )
        pk |= {"promise": mine.pk, "waived": waived.pk, "handed": handed.pk, "kept": done.pk}

    # --- F&I ------------------------------------------------------------------------------------------------------------

    def _jackets(self) -> None:
        """A jacket at each point of its way, all papers there; the one that is with the lender lacks a stip and a signature."""
        pk, word, now, boss = self.rows.pk, self.marks.word, self.now, self.boss
        stages = ("waiting", "in_box", "contracted", "sent", "kicked_back", "funded", "title_sent")
        names = (
            "jacket",
            "boxed",
            "contracted",
            "sent_jacket",
            "kicked_jacket",
            "funded_jacket",
            "titled_jacket",
        )
        numbers = [f"{self.marks.digits}70{n}" for n in range(len(stages))]
        with transaction.atomic():
            bus.publish(*(self._deal(number) for number in numbers))
        rows = {row.deal_number: row for row in DealJacket.objects.of_store(self.store.pk)}
        jackets = [rows[number] for number in numbers]
        ChecklistItem.objects.of_store(self.store.pk).filter(jacket__in=jackets).update(
            state="here", by=boss, marked_at=now
        )
        pk |= {name: row.pk for name, row in zip(names, jackets, strict=True)}
        pk |= {"deal_number": numbers[0], "checklist_item": jackets[0].items.latest("pk").pk}
        past = {"contracted_at": now, "delivered_at": now, "sent_at": now, "lender": f"{word} Bank"}
        for row, stage in zip(jackets[2:], stages[2:], strict=True):
            DealJacket.objects.of_store(self.store.pk).filter(pk=row.pk).update(stage=stage, **past)
        DealJacket.objects.of_store(self.store.pk).filter(pk=jackets[1].pk).update(
            stage="in_box", taken_in_at=now
        )
        DealJacket.objects.of_store(self.store.pk).filter(pk__in=[row.pk for row in jackets[5:]]).update(
            funded_at=now, title_due_at=now + timedelta(days=9)
        )
        DealJacket.objects.of_store(self.store.pk).filter(pk=jackets[6].pk).update(title_sent_at=now)
        pk["stip"] = stipulations.issue(jackets[3], what=f"{word} paystub", by=boss, now=now).pk
        KickBack.objects.create(
            store=self.store, jacket=jackets[4], why=f"{word} unsigned", kicked_back_at=now, by=boss
        )
        JacketAct.objects.create(
            store=self.store, jacket=jackets[0], at=now, by=boss, words=f"{word} was here"
        )

    def _deal(self, number: str) -> DealAgreed:
        return DealAgreed(
            store_id=self.store.pk,
            at=self.now,
            subject=f"deal:{number}",
            deal_number=number,
            customer_id=self.otto.pk,
            vehicle_id=self.car.pk,
            vehicle=f"2026 {self.marks.word}",
            stock_number=f"{self.marks.digits}S",
            salesperson_id=self.agent.pk,
            deal_type="finance",
        )

    def _trouble(self) -> None:
        """A fact of which no rule could be made, and something worth a look."""
        fact = EventRecord.objects.of_store(self.store.pk).filter(kind="CallAttempted").latest("pk")
        EventRecord.objects.of_store(self.store.pk).filter(pk=fact.pk).update(
            applied_at=None,
            attempts=6,
            last_error=f"ValueError: {self.marks.word}",
            next_try_at=self.now + timedelta(days=1),
        )
        self.rows.pk["fact"] = fact.pk
        alarm = Alarm.objects.create(
            store=self.store,
            what=Alarm.What.MANY,
            staff_id=self.agent.pk,
            hour=next(_calls),
            n=201,
            noticed_at=self.now,
        )
        self.rows.pk["alarm"] = alarm.pk
        rest = EventRecord.objects.of_store(self.store.pk).filter(kind="LeadReceived")
        parked = rest.latest("pk")
        EventRecord.objects.of_store(self.store.pk).filter(pk=parked.pk).update(
            applied_at=None, attempts=8, last_error=f"KeyError: {self.marks.word}", parked_at=self.now
        )
        self.rows.pk["parked_fact"] = parked.pk
        untold = HookCall.objects.of_store(self.store.pk).filter(kind="LeadClosed").latest("pk")
        HookCall.objects.of_store(self.store.pk).filter(pk=untold.pk).update(
            attempts=8, last_error=f"It answered 500 {self.marks.word}.", parked_at=self.now, next_try_at=None
        )
        self.rows.pk["parked_call"] = untold.pk
        HookCall.objects.of_store(self.store.pk).exclude(pk=untold.pk).update(
            attempts=1,
            last_error=f"It answered 503 {self.marks.word}.",
            next_try_at=self.now + timedelta(hours=1),
        )
