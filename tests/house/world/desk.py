"""What is asked for, sold, financed and thought of it afterwards."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from dealership.events import bus
from dealership.events.catalogue.fni import DealRefused
from dealership.events.catalogue.sales import DealAgreed
from dealership.messaging import calls, consent
from dealership.messaging.models import Purpose
from dealership.stores.models import Department
from fni import stipulations
from fni.models import ChecklistItem, DealJacket, JacketAct, KickBack
from marketing import campaigns, reviews, segments, surveys
from marketing.sentiment import Feeling
from sales import arrivals, deals, deliveries, inventory, leads, we_owes
from sales.models import DealTrade, Lead, LeadArrival
from tests.house.world.ground import Ground
from tests.sales.providers import adf


class Desk(Ground):
    """Sales, F&I and marketing."""

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
