"""Who works there, who comes, and what was said, set and promised."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import QueryDict

from dealership.appointments import booking
from dealership.audit.models import Action, Alarm, Entry
from dealership.customers import contact_points, giving, household, matching, merging, people
from dealership.customers.listing import CUSTOMERS
from dealership.customers.models import ContactPoint, Customer, PossibleTwin
from dealership.events.models import EventRecord
from dealership.hooks import hooks
from dealership.hooks.models import HookCall
from dealership.lists import asking, saved
from dealership.messaging import calls, inbound, outbox, sending
from dealership.messaging.models import Conversation, Message, Purpose
from dealership.messaging.simulator import texts
from dealership.push.models import Device, Nudge
from dealership.staff import absences, teams
from dealership.staff import people as staff_people
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores import days
from dealership.stores.models import DayException, Department
from dealership.vehicles import garage
from tasks import due as due_times
from tasks import overrides, promises
from tasks.models import Promise
from tests.house.world.marks import COUNTED, Filler
from tests.messaging.carriers import FakeCarrier, clock_at


class Ground(Filler):
    """What every department stands on."""

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

    def _wrote(self, n: int, body: str) -> Conversation:
        payload = {
            "MessageSid": f"MM{next(COUNTED):032x}",
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

    def _by_hand(self, words: str, owner: StaffMember, due: datetime) -> Promise:
        return promises.make_by_hand(
            store_id=self.store.pk,
            customer=self.otto,
            sentence=f"{words} {self.marks.word}",
            due_at=due,
            owner=owner,
            by=self.agent,
            now=self.now - timedelta(seconds=next(COUNTED)),
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
            hour=next(COUNTED),
            n=201,
            noticed_at=self.now,
        )
        self.rows.pk["alarm"] = alarm.pk
        customer = self.rows.pk["customer"]
        Entry.objects.create(
            store=self.store,
            staff_id=self.agent.pk,
            at=self.now,
            agent="page",
            action=Action.SAW,
            kind="customer",
            key=customer,
            customer_id=customer,
        )
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
