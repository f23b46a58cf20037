"""One deal in a batch: the records that came, its life before and after them, and what its row means. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from dealership.appointments.models import Appointment
from dealership.customers import merging
from dealership.dms import mending
from dealership.dms.models import StagedRecord
from dealership.dms.readers import dealervault
from dealership.dms.readers.records import DealRecord
from dealership.dms.readers.row import Parked
from dealership.dms.visitors import Visit
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar, to_utc
from dealership.stores.models import Department
from sales import deal_lives
from sales.deal_lives import Life, Step, Version
from sales.models import OPEN, Deal

LONGEST_NUMBER = 24
#: A delivery so long before its file was made is history: nobody asks how the first day was after a month.
NEWS = timedelta(days=30)

Key = tuple[int, str]


@dataclass
class Told:
    """One staged record, read: its version and what it says."""

    staged: StagedRecord
    record: DealRecord
    version: Version


@dataclass
class Story:
    """One deal in a batch: as it was, as it is now, and the records that came."""

    key: Key
    told: list[Told]
    deal: Deal
    before: Life
    after: Life
    is_new: bool
    visit: Visit | None = None
    #: It stood here before the DMS knew it: what people marked is true already.
    adopted: bool = False
    #: How the row stood before this batch; ended by a person, not by the DMS.
    was_agreed: bool = False
    was_contracted: bool = False
    was_delivered: bool = False
    was_ended: bool = False

    @property
    def latest(self) -> Told | None:
        """The record that holds now, if this batch brought it and it says something new."""
        current, known = self.after.current, self.before.current
        if current and known and (current.content_hash, current.stage) == (known.content_hash, known.stage):
            return None
        return next((item for item in self.told if item.version == current), None)

    @property
    def backfill(self) -> bool:
        """History: every record of it came with a first load."""
        return all(item.staged.file.is_backfill for item in self.told)

    @property
    def new_steps(self) -> list[Step]:
        """What no earlier file has told."""
        known = {step.key for step in self.before.steps}
        return [step for step in self.after.steps if step.key not in known]

    def is_history(self, version: Version) -> bool:
        """Whether what this version tells is news to nobody."""
        if self.backfill:
            return True
        day = version.delivered_on
        return day is not None and day < (version.stamp - NEWS).astimezone(UTC).date()


@dataclass
class Ground:
    """What a batch looks up once."""

    hours: dict[tuple[int, str], Calendar]
    people: dict[tuple[int, str], StaffMember]
    #: The next service visit of each customer.
    visits: dict[int, Appointment] = field(default_factory=dict)

    def calendar(self, store_id: int) -> Calendar:
        """Sales' own hours."""
        return calendars.calendar_of(self.hours, store_id, Department.SALES)


def read(staged: Sequence[StagedRecord]) -> tuple[list[Told], list[tuple[StagedRecord, str]]]:
    """The records that can be applied, and those that cannot with the reason."""
    told: list[Told] = []
    parked: list[tuple[StagedRecord, str]] = []
    for item in staged:
        feed = item.file.feed
        try:
            record = dealervault.from_raw(
                item.raw,
                item.kind,
                aliases=feed.header_aliases if feed else {},
                status_codes=feed.status_codes if feed else {},
            )
        except Parked as reason:
            parked.append((item, f"{str(reason)[:1].upper()}{str(reason)[1:]}."))
            continue
        if not isinstance(record, DealRecord):
            parked.append((item, "This is no deal."))
        elif record.stage == "unknown":
            parked.append((item, mending.unexplained(record.status_raw, kind=item.kind)))
        elif len(record.deal_number) > LONGEST_NUMBER:
            parked.append((item, f"A deal number has at most {LONGEST_NUMBER} characters."))
        else:
            told.append(Told(item, record, _version(item, record)))
    return told, parked


def _version(item: StagedRecord, record: DealRecord) -> Version:
    return Version(item.stamp, record.stage, item.content_hash, record.contract_date, record.delivery_date)


def group(told: Sequence[Told]) -> list[Story]:
    """The deals that these records speak of, by the DMS's number, locked. One query."""
    by_key: dict[Key, list[Told]] = defaultdict(list)
    for item in told:
        by_key[item.staged.store_id, item.record.deal_number].append(item)
    known = {
        (deal.store_id, deal.dms_number): deal
        for deal in Deal.objects.across_stores("deals of a batch of several stores")
        .filter(store_id__in={key[0] for key in by_key}, dms_number__in={key[1] for key in by_key})
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into", "vehicle")
        .order_by("pk")
    }
    stories = []
    for key, items in by_key.items():
        deal = known.get(key) or Deal(store_id=key[0], deal_number=key[1], dms_number=key[1])
        before = deal_lives.fold(map(Version.from_json, deal.history))
        after = deal_lives.with_versions(before, (item.version for item in items))
        stories.append(_stood(Story(key, items, deal, before, after, is_new=key not in known)))
    return stories


def adopt(stories: Sequence[Story]) -> None:
    """Deals that were written here before the DMS knew them are the same deals: same customer, and same car. Two queries."""
    fresh = [story for story in stories if story.is_new and story.visit is not None and story.visit.customer]
    family = merging.winners(
        {(story.key[0], story.visit.customer.pk) for story in fresh if story.visit and story.visit.customer}
    )
    if not family:
        return
    own: dict[tuple[int, int], list[Deal]] = defaultdict(list)
    rows = (
        Deal.objects.across_stores("deals of a batch of several stores")
        .filter(customer_id__in=family, dms_number="", stage__in=[*OPEN, Deal.Stage.DELIVERED])
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into", "vehicle")
        .order_by("pk")
    )
    for deal in rows:
        own[deal.store_id, family[deal.customer_id]].append(deal)
    for story in fresh:
        customer = story.visit.customer if story.visit else None
        mine = own[story.key[0], customer.pk] if customer else []
        same = next((deal for deal in mine if _same_car(deal, story)), None)
        if same is not None:
            mine.remove(same)
            same.dms_number = story.key[1]
            story.deal, story.is_new, story.adopted = same, False, True
            _stood(story)


def _same_car(deal: Deal, story: Story) -> bool:
    visit = story.visit
    if visit is None:
        return False
    if visit.vehicle is not None and deal.vehicle_id is not None:
        return deal.vehicle_id == visit.vehicle.pk
    stock = visit.vehicle_record.stock_number.casefold()
    return bool(stock) and deal.stock_number.casefold() == stock


def _stood(story: Story) -> Story:
    story.was_agreed = story.deal.agreed_at is not None
    story.was_contracted = story.deal.contracted_at is not None
    story.was_delivered = story.deal.stage == Deal.Stage.DELIVERED
    story.was_ended = story.deal.is_ended and not story.deal.stage_by_dms
    return story


def moment_of(day: date | None, version: Version, calendar: Calendar) -> datetime:
    """The DMS names the day alone: the hour is that of the first file of that day, else the end of that day's hours."""
    told_on = version.stamp.astimezone(calendar.zone).date()
    if day is None or day >= told_on:
        return version.stamp
    spans = calendar.day_spans(day)
    return spans[-1][1] if spans else to_utc(calendar.zone, datetime.combine(day, time(18))).astimezone(UTC)
