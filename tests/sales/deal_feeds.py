"""A store's DMS in tests of deals: rows as cells, sent as files with a stamp in their name, read and applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from dealership.dms import files, jobs
from dealership.dms.models import Feed, FeedFile
from dealership.staff.models import StaffMember
from sales import jobs as sales_jobs
from tests.cast import MONDAY_TEN, Cast
from tests.dms.dealervault_files import DEAL, sl_file
from tests.service.feeds import name

#: Marlene Price buys a used Accord from Sam (DMS number 12), on a Monday.
AT_DESK: dict[str, str] = DEAL | {
    "Entry Date": "11/23/2026",
    "Cell Phone": "973-555-0142",
    "State": "NJ",
    "Zip": "07102",
}
SIGNED = AT_DESK | {"Deal Status": "B", "Contract Date": "11/23/2026"}
SOLD = SIGNED | {"Delivery Date": "11/23/2026"}
DEAD = SOLD | {"Deal Status": "DEAD"}
TRADE = {
    "Trade 1 VIN": "2HGFC2F59KH500123",
    "Trade 1 Year": "2019",
    "Trade 1 Make": "HONDA",
    "Trade 1 Model": "CIVIC",
    "Trade 1 Actual Cash Value": "5,500.00",
}


class DealFeed:
    """Northside's DMS sends deals."""

    def __init__(self, cast: Cast, *, loaded: bool = True) -> None:
        self.store = cast.northside
        StaffMember.objects.of_store(self.store.pk).filter(pk=cast.sam.pk).update(dms_number="12")
        self.feed = Feed.objects.create(
            store=self.store,
            kind=Feed.Kind.DEALS,
            token=f"{self.store.slug}-SL",
            first_loaded_at=MONDAY_TEN - timedelta(days=30) if loaded else None,
        )

    def send(self, stamp: datetime, *rows: Mapping[str, str], now: datetime | None = None) -> FeedFile:
        """A file comes in, is read and applied."""
        file = files.take_in(feed=self.feed, name=name(stamp, "SL"), data=sl_file(rows), now=now or stamp)
        jobs.stage_waiting(now=now or stamp)
        sales_jobs.pull_deals(now=now or stamp)
        return FeedFile.objects.of_store(self.store.pk).defer("data").get(pk=file.pk)
