"""One RO in a batch: the records that came, its life before and after them, and what its row means. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from dealership.appointments.models import Appointment
from dealership.dms import mending
from dealership.dms.models import StagedRecord
from dealership.dms.readers import dealervault
from dealership.dms.readers.records import RepairOrderRecord
from dealership.dms.readers.row import Parked
from dealership.dms.visitors import Visit
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import Calendar, to_utc
from dealership.stores.models import Department
from service import lives
from service.lives import Life, Version
from service.models import RepairOrder

LONGEST_NUMBER = 24
#: Why a record is kept aside, as pages say it: what is kept with it is English.
SAID = (later("This is no repair order."), later("An RO number has at most 24 characters."))

Key = tuple[int, str]


@dataclass
class Told:
    """One staged record, read: its version and what it says."""

    staged: StagedRecord
    record: RepairOrderRecord
    version: Version


@dataclass
class Story:
    """One RO in a batch: as it was, as it is now, and the records that came."""

    key: Key
    told: list[Told]
    ro: RepairOrder
    before: Life
    after: Life
    is_new: bool
    visit: Visit | None = None
    #: The visit that this RO is the arrival of.
    appointment: Appointment | None = None
    #: The customer has a promised time by this batch, and had none before.
    brings_time: bool = False

    @property
    def latest(self) -> Told | None:
        """The record that holds now, if this batch brought it and it says something new."""
        current, known = self.after.current, self.before.current
        if current and known and (current.content_hash, current.status) == (known.content_hash, known.status):
            return None
        return next((item for item in self.told if item.version == current), None)

    @property
    def backfill(self) -> bool:
        """History: every record of it came with a first load."""
        return all(item.staged.file.is_backfill for item in self.told)


@dataclass
class Ground:
    """What a batch looks up once."""

    hours: dict[tuple[int, str], Calendar]
    advisors: dict[tuple[int, str], StaffMember]
    #: When their awaited visits are, and since when they are known; by customer.
    next_visits: defaultdict[int, list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def calendar(self, store_id: int) -> Calendar:
        """Service's own hours."""
        return calendars.calendar_of(self.hours, store_id, Department.SERVICE)


def read(staged: Sequence[StagedRecord]) -> tuple[list[Told], list[tuple[StagedRecord, str]]]:
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
        if not isinstance(record, RepairOrderRecord):
            parked.append((item, "This is no repair order."))
        elif record.status == "unknown":
            parked.append((item, mending.unexplained(record.status_raw)))
        elif len(record.ro_number) > LONGEST_NUMBER:
            parked.append((item, f"An RO number has at most {LONGEST_NUMBER} characters."))
        else:
            version = Version(item.stamp, record.status, item.content_hash, record.close_date)
            told.append(Told(item, record, version))
    return told, parked


def group(told: Sequence[Told]) -> list[Story]:
    by_key: dict[Key, list[Told]] = defaultdict(list)
    for item in told:
        by_key[item.staged.store_id, item.record.ro_number].append(item)
    known = {
        (ro.store_id, ro.ro_number): ro
        for ro in RepairOrder.objects.across_stores("ROs of a batch of several stores")
        .filter(store_id__in={key[0] for key in by_key}, ro_number__in={key[1] for key in by_key})
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    stories = []
    for key, items in by_key.items():
        ro = known.get(key) or RepairOrder(store_id=key[0], ro_number=key[1])
        before = lives.fold(map(Version.from_json, ro.history))
        after = lives.with_versions(before, (item.version for item in items))
        stories.append(Story(key, items, ro, before, after, is_new=key not in known))
    return stories


def customer_pays(record: RepairOrderRecord) -> bool:
    """False for internal tickets alone. A customer under warranty waits for the car as every other does."""
    if record.customer_pay_cents or record.warranty_cents:
        return True
    types = {line.pay_type for line in record.lines}
    if types & {"customer", "warranty"}:
        return True
    return not (record.internal_cents or types == {"internal"})


def opened_at(story: Story, open_date: date | None, calendar: Calendar) -> datetime:
    """The DMS names the day alone: the hour is that of the first file of that day, else the opening of the store."""
    first = story.after.versions[0].stamp
    day = first.astimezone(calendar.zone).date()
    if open_date is None or open_date >= day:
        return first
    spans = calendar.day_spans(open_date)
    return spans[0][0] if spans else _wall(calendar, open_date, time(8))


def closed_at(life: Life, calendar: Calendar, opened: datetime) -> datetime | None:
    """As with the opening: the first file that tells it, if it is of that day, else the end of the day named."""
    since, current = life.closed_since, life.current
    if since is None or current is None:
        return None
    day = since.stamp.astimezone(calendar.zone).date()
    if current.closed_on is None or current.closed_on >= day:
        return since.stamp
    spans = calendar.day_spans(current.closed_on)
    end = spans[-1][1] if spans else _wall(calendar, current.closed_on, time(18))
    return min(max(end, opened), since.stamp)


def _wall(calendar: Calendar, day: date, at: time) -> datetime:
    return to_utc(calendar.zone, datetime.combine(day, at)).astimezone(UTC)
