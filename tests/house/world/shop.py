"""Cars in the shop, and what they wait for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from dealership.dms import files, jobs
from dealership.dms.models import Feed, StagedRecord
from dealership.events import bus
from dealership.events.catalogue.parts import PartOrdered
from dealership.messaging import photos
from dealership.messaging.pictures import Picture
from parts import jobs as parts_jobs
from parts import requests as parts_requests
from parts import special_orders
from parts.models import PartsRequest
from service import estimates, inspections, promise_times, stages, tellings
from service import jobs as service_jobs
from service.models import DeclinedLine, RepairOrder
from service.spoken import clock
from tests.dms.dealervault_files import APPOINTMENT, RO, appt_file, stock_file, sv_file
from tests.house.world.ground import Ground


class Shop(Ground):
    """Service and parts."""

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
