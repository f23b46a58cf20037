"""A store's DMS in tests: rows as cells, sent as files with a stamp in their name, read and applied at a given moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from dealership.dms import files, jobs
from dealership.dms.models import Feed, FeedFile
from dealership.stores.models import Store
from service import jobs as service_jobs
from tests.cast import MONDAY_TEN, NEW_YORK, Cast
from tests.dms.dealervault_files import APPOINTMENT, RO, appt_file, sv_file

CELL = "+19735550142"
#: A customer with a New Jersey phone, whose advisor is Ana (DMS number 104).
OPEN_RO: dict[str, str] = RO | {
    "Open Date": "11/23/2026",
    "Service Advisor Number": "0104",
    "Cell Phone": "973-555-0142",
    "VIN": "2HGFC2F59KH500123",
    "Year": "2019",
    "Model": "CIVIC",
    "State": "NJ",
    "Zip": "07102",
}
CLOSED_RO: dict[str, str] = OPEN_RO | {
    "Close Date": "11/23/2026",
    "RO Status": "C",
    "Recommended Operation Codes": "BRKF|CABIN",
    "Recommendations": "FRONT PADS 2MM|CABIN FILTER DIRTY",
}
VISIT: dict[str, str] = APPOINTMENT | {
    key: OPEN_RO[key]
    for key in ("Service Advisor Number", "Cell Phone", "VIN", "Year", "Model", "State", "Zip")
}


class Dms:
    """Northside's DMS: `send(now, row, …)` sends one file of ROs and lets service read it."""

    def __init__(self, cast: Cast, store: Store | None = None, *, loaded: bool = True) -> None:
        self.store = store or cast.northside
        first_loaded_at = MONDAY_TEN - timedelta(days=30) if loaded else None
        self.ros = self._feed(Feed.Kind.REPAIR_ORDERS, first_loaded_at)
        self.visits = self._feed(Feed.Kind.APPOINTMENTS, first_loaded_at)

    def _feed(self, kind: str, first_loaded_at: datetime | None) -> Feed:
        return Feed.objects.create(
            store=self.store, kind=kind, token=f"{self.store.slug}-{kind}", first_loaded_at=first_loaded_at
        )

    def drop(self, stamp: datetime, *rows: Mapping[str, str], now: datetime | None = None) -> FeedFile:
        """A file of ROs comes in; nothing is read yet."""
        return files.take_in(feed=self.ros, name=name(stamp, "SV"), data=sv_file(rows), now=now or stamp)

    def send(self, stamp: datetime, *rows: Mapping[str, str], now: datetime | None = None) -> FeedFile:
        """A file of ROs comes in, is read and applied."""
        file = self.drop(stamp, *rows, now=now)
        self.work(now or stamp)
        return FeedFile.objects.of_store(self.store.pk).defer("data").get(pk=file.pk)

    def send_visits(self, stamp: datetime, *rows: Mapping[str, str], header: Any = None) -> FeedFile:
        """A file of appointments comes in, is read and applied."""
        data = appt_file(rows, header) if header else appt_file(rows)
        file = files.take_in(feed=self.visits, name=name(stamp, "SV_APPT"), data=data, now=stamp)
        self.work(stamp)
        return FeedFile.objects.of_store(self.store.pk).defer("data").get(pk=file.pk)

    def work(self, now: datetime) -> None:
        """The jobs that the ticker wakes."""
        jobs.stage_waiting(now=now)
        service_jobs.pull_repair_orders(now=now)
        service_jobs.pull_appointments(now=now)


def name(stamp: datetime, kind: str) -> str:
    """A file's name as DealerVault writes it, in the store's local time."""
    return f"DVD00417_{stamp.astimezone(NEW_YORK):%Y%m%d_%H%M}_{kind}.txt"


def at(minutes: float) -> datetime:
    """So many minutes after ten on a Monday."""
    return MONDAY_TEN + timedelta(minutes=minutes)
