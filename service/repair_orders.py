"""Repair orders as the DMS tells them: applied in batches, by version, each effect once; and what a person tells about one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction

from dealership import live
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import names
from dealership.customers.models import SearchEntry
from dealership.dms import staging, visitors
from dealership.dms.models import StagedRecord
from dealership.dms.readers.records import RepairOrderRecord, RoLineRecord
from dealership.dms.visitors import Visit
from dealership.events import bus
from dealership.events.catalogue.service import StatusTold
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import to_utc
from dealership.stores.models import Department
from service import arrivals, facts, news, promise_times, stories
from service.models import RepairLine, RepairOrder
from service.stories import Ground, Story

SALE_TYPES = {"customer": "C", "warranty": "W", "internal": "I"}
FIELDS = [
    "customer", "vehicle", "advisor", "advisor_number", "advisor_name", "state", "status_raw", "opened_at", "closed_at",
    "cycle", "tag", "appointment_number", "mileage", "is_waiter", "total_cents", "customer_pay_cents",
    "warranty_cents", "internal_cents", "customer_pays", "comments", "history", "content_hash", "stamp", "updated_at",
    "dms_promised_at", "promised_set_at", "stage", "stage_at", "ready_told_at", "handed_over_at",
    "risk_at", "risk_for", "risk_why", "promised_at",
]  # fmt: skip


def apply(staged: Sequence[StagedRecord], *, now: datetime) -> None:
    """Applies records of repair orders. Call in a transaction that holds them; what cannot be applied is parked."""
    told, parked = stories.read(staged)
    staging.park(parked, now=now)
    if not told:
        return
    stores = {item.staged.store_id for item in told}
    ground = Ground(calendars.of_stores(stores), visitors.people_by_number(stores))
    known = stories.group(told)
    changed = [story for story in known if story.after != story.before]
    _meet(changed, ground, now)
    _write(changed, ground, now)
    news_of_batch = news.facts_of(changed, ground, now)
    _mark(known, now)
    bus.publish(*sorted(news_of_batch, key=lambda fact: fact.at))
    for story in changed:
        if story.appointment is not None:
            arrivals.check_in(story.appointment, story.ro, backfill=story.backfill, now=now)
    for store_id in {story.ro.store_id for story in changed}:
        live.bump(store_id, "service")


@transaction.atomic
def tell_status(ro: RepairOrder, *, by: StaffMember, now: datetime) -> RepairOrder:
    """A person told the customer, face to face or otherwise, how their car stands. Raises facts.NotOpen."""
    current = facts.lock_open(ro)
    bus.publish(StatusTold(**facts.of_now(current, now), by=by.pk))
    live.bump(current.store_id, "service")
    return RepairOrder.objects.of_store(ro.store_id).get(pk=ro.pk)


def _meet(batch: Sequence[Story], ground: Ground, now: datetime) -> None:
    """Finds the customers and cars of the ROs that this batch brings news of."""
    visits: list[Visit] = []
    for story in batch:
        latest = story.latest
        if latest is None:
            continue
        record, store_id = latest.record, story.ro.store_id
        calendar = ground.calendar(store_id)
        opened_at = stories.opened_at(story, record.open_date, calendar)
        story.visit = Visit(
            store_id=store_id,
            customer_record=record.customer,
            vehicle_record=record.vehicle,
            at=min(opened_at, now),
            day=opened_at.astimezone(calendar.zone).date(),
            stamp=latest.version.stamp,
            said=f"RO {record.ro_number}",
            owns=stories.customer_pays(record) and record.status != "voided",
            person=visitors.person_of(ground.advisors, store_id, record.advisor_number),
        )
        visits.append(story.visit)
    visitors.find_all(visits, now=now)
    customers = {visit.customer.pk for visit in visits if visit.customer}
    awaited = Appointment.objects.across_stores("visits of a batch's customers").filter(
        customer_id__in=customers, department=Department.SERVICE, state__in=booking.AWAITED
    )
    for customer_id, starts_at, created_at in awaited.values_list("customer_id", "starts_at", "created_at"):
        ground.next_visits[customer_id].append((starts_at, created_at))


def _write(batch: Sequence[Story], ground: Ground, now: datetime) -> None:
    for story in batch:
        _fill(story, ground, now)
    _expect(batch, ground)
    RepairOrder.objects.bulk_create([story.ro for story in batch if story.is_new])
    # One upsert by key: a bulk update would be a CASE per row and field.
    RepairOrder.objects.bulk_create(
        [story.ro for story in batch if not story.is_new],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FIELDS,
    )
    renewed = [story for story in batch if story.latest is not None]
    old = [story.ro.pk for story in renewed if not story.is_new]
    if old:
        RepairLine.objects.across_stores("lines of a batch's ROs").filter(ro_id__in=old).delete()
    RepairLine.objects.bulk_create(
        [line for story in renewed if story.latest for line in _lines(story.ro, story.latest.record)],
        batch_size=1000,
    )
    SearchEntry.objects.bulk_create(
        [entry for story in renewed for entry in _entries(story)], ignore_conflicts=True, batch_size=1000
    )


def _fill(story: Story, ground: Ground, now: datetime) -> None:
    ro, life = story.ro, story.after
    calendar = ground.calendar(ro.store_id)
    latest = story.latest
    if latest is not None and life.cycle > ro.cycle:
        _begin_anew(ro, life.cycle)
    if latest is not None:
        _name_advisor(ro, latest.record.advisor_number, story.visit.person if story.visit else None)
        _copy(ro, latest.record)
        said = latest.record.promise_at
        story.brings_time = promise_times.from_dms(
            ro,
            to_utc(calendar.zone, said).astimezone(UTC) if said else None,
            at=min(latest.version.stamp, now),
        )
        ro.customer = story.visit.customer if story.visit else None
        ro.vehicle = story.visit.vehicle if story.visit else None
    open_date = latest.record.open_date if latest else ro.opened_at.astimezone(calendar.zone).date()
    ro.opened_at = stories.opened_at(story, open_date, calendar)
    ro.closed_at = stories.closed_at(life, calendar, ro.opened_at)
    ro.state, ro.cycle = RepairOrder.State(life.state), life.cycle
    current = life.versions[-1]
    ro.stamp, ro.content_hash, ro.updated_at = current.stamp, current.content_hash, now
    ro.history = [version.to_json() for version in life.versions]
    if story.is_new:
        ro.is_history = story.backfill


def _expect(batch: Sequence[Story], ground: Ground) -> None:
    """Finds the visits that new ROs are the arrival of; who waits in the store is known from there."""
    fresh = [story for story in batch if story.is_new and story.ro.state != RepairOrder.State.VOIDED]
    found = arrivals.expected([story.ro for story in fresh], ground.hours)
    for story in fresh:
        story.appointment = found.get((story.ro.store_id, story.ro.ro_number))
        if story.appointment is not None:
            story.ro.is_waiter = story.appointment.transport == Appointment.Transport.WAITER


def _begin_anew(ro: RepairOrder, cycle: int) -> None:
    """The car is in once more: what the shop had said and done of it the time before is over."""
    ro.cycle = cycle
    ro.stage, ro.stage_at, ro.ready_told_at = RepairOrder.Stage.CHECKED_IN, None, None
    ro.promised_at = ro.promised_set_at = ro.dms_promised_at = None
    ro.risk_at, ro.risk_for, ro.risk_why = None, None, ""


def _name_advisor(ro: RepairOrder, number: str, person: StaffMember | None) -> None:
    """Whom the DMS names; unless they left, and it has not heard who has the car now."""
    if ro.handed_over_at is not None and number[:24] == ro.advisor_number:
        return
    ro.advisor, ro.handed_over_at = person, None


def _copy(ro: RepairOrder, record: RepairOrderRecord) -> None:
    ro.status_raw, ro.tag = record.status_raw[:40], record.tag[:16]
    ro.advisor_number, ro.advisor_name = record.advisor_number[:24], record.advisor_name[:80]
    ro.appointment_number, ro.mileage = record.appointment_number[:40], record.vehicle.mileage
    ro.total_cents, ro.customer_pay_cents = record.total_sale_cents, record.customer_pay_cents
    ro.warranty_cents, ro.internal_cents = record.warranty_cents, record.internal_cents
    ro.customer_pays, ro.comments = stories.customer_pays(record), record.comments


def _lines(ro: RepairOrder, record: RepairOrderRecord) -> Iterable[RepairLine]:
    taken: set[str] = set()
    for position, line in enumerate(record.lines, start=1):
        number = line.number[:8] or str(position)
        while number in taken:
            number = f"{line.number[:3] or position}.{len(taken)}"[:8]
        taken.add(number)
        yield RepairLine(
            store_id=ro.store_id,
            ro=ro,
            number=number,
            op_code=line.op_code[:24],
            description=line.description,
            complaint=line.complaint,
            cause=line.cause,
            correction=line.correction,
            sale_type=SALE_TYPES.get(line.pay_type or "", line.sale_type[:4]),
            sale_cents=line.sale_cents,
            sold_hours=_hours(line),
            tech_number=line.tech_number[:24],
        )


def _hours(line: RoLineRecord) -> Decimal | None:
    hours = line.sold_hours
    return hours.quantize(Decimal("0.01")) if hours is not None and abs(hours) < 10_000 else None


def _entries(story: Story) -> Iterable[SearchEntry]:
    visit = story.visit
    if visit is None or visit.customer is None:
        return
    terms = {"ro": story.ro.ro_number, "stock": visit.vehicle_record.stock_number if visit.owns else ""}
    for kind, text in terms.items():
        term = names.squeezed(text)[:80]
        if term:
            yield SearchEntry(store_id=story.ro.store_id, customer=visit.customer, kind=kind, term=term)


def _mark(batch: Sequence[Story], now: datetime) -> None:
    """Writes how each record ended: applied, nothing new, or older than what is known."""
    ended: dict[str, list[int]] = defaultdict(list)
    for story in batch:
        known = story.before.current
        for item in story.told:
            older = known is not None and item.version.order < known.order
            before = max(
                (v for v in story.after.versions if v.order < item.version.order),
                key=lambda v: v.order,
                default=None,
            )
            same = item.version in story.before.versions or (
                before is not None and before.content_hash == item.version.content_hash
            )
            state = StagedRecord.State.APPLIED
            if same:
                state = StagedRecord.State.SAME
            elif older:
                state = StagedRecord.State.OLDER
            ended[state].append(item.staged.pk)
    for how, keys in ended.items():
        rows = StagedRecord.objects.across_stores("records of a batch").filter(pk__in=keys)
        rows.update(state=how, applied_at=now)
