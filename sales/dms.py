"""Deals as the DMS tells them: applied in batches, by version, each effect once; a deal that was written here stays one deal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from dealership import live
from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.customers import merging, search
from dealership.dms import staging, visitors
from dealership.dms.models import StagedRecord
from dealership.dms.readers.records import DealRecord
from dealership.dms.visitors import Visit
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.fni import DealContracted
from dealership.events.catalogue.sales import DealAgreed, DealLost, DealWritten
from dealership.stores import calendars
from dealership.stores.models import Department
from dealership.vehicles import garage
from dealership.vehicles.models import Vehicle
from sales import deal_lives, deal_stories, deal_trades, deals, deliveries, inventory
from sales.deal_lives import RANK, Step
from sales.deal_stories import Ground, Story
from sales.models import Deal

Stage = Deal.Stage
FIELDS = [
    "dms_number", "customer", "co_buyer_name", "vehicle", "car", "stock_number", "condition", "deal_type", "salesperson",
    "salesperson_number", "salesperson_name", "desk_manager", "stage", "stage_by_dms", "status_raw", "price_cents",
    "lender", "written_at", "agreed_at", "refused_at", "missing", "contracted_at", "delivered_at", "ended_at",
    "ended_why", "first_service_at", "first_service_number", "n_milestones", "next_milestone_at", "history",
    "content_hash", "stamp", "updated_at",
]  # fmt: skip
#: The stages of the DMS by ours, and how far F&I's own lie between them.
_RANK = {**RANK, Stage.IN_FNI.value: RANK["agreed"]}
SAID_BY_DMS = "the DMS says so"


def apply(staged: Sequence[StagedRecord], *, now: datetime) -> None:
    """Applies records of deals. Call in a transaction that holds them; what cannot be applied is parked."""
    told, parked = deal_stories.read(staged)
    staging.park(parked, now=now)
    if not told:
        return
    stores = {item.staged.store_id for item in told}
    ground = Ground(calendars.of_stores(stores), visitors.people_by_number(stores))
    known = deal_stories.group(told)
    _meet([story for story in known if story.after != story.before], ground, now)
    nameless = [
        story for story in known if story.is_new and (story.visit is None or not story.visit.customer)
    ]
    _park_nameless(nameless, now)
    known = [story for story in known if story not in nameless]
    changed = [story for story in known if story.after != story.before]
    deal_stories.adopt(changed)
    _write(changed, ground, now)
    facts = [fact for story in changed for fact in _facts(story, now)]
    inventory.sell([story.deal for story in changed if story.deal.stage == Stage.DELIVERED])
    _mark(known, now)
    bus.publish(*sorted(facts, key=lambda fact: fact.at))
    for store_id in {story.deal.store_id for story in changed}:
        live.bump(store_id, "deals")


def _park_nameless(stories: Sequence[Story], now: datetime) -> None:
    why = "It names no customer: complete it in the DMS, or set it aside."
    staging.park([(item.staged, why) for story in stories for item in story.told], now=now)


def _meet(batch: Sequence[Story], ground: Ground, now: datetime) -> None:
    """Finds the customers and cars of the deals that this batch brings news of."""
    visits: list[Visit] = []
    for story in batch:
        latest = story.latest
        if latest is None:
            continue
        record, store_id = latest.record, story.deal.store_id
        calendar = ground.calendar(store_id)
        is_sold = record.stage == "delivered"
        day = record.delivery_date if is_sold else record.entry_date
        at = deal_stories.moment_of(day, latest.version, calendar)
        story.visit = Visit(
            store_id=store_id,
            customer_record=record.customer,
            vehicle_record=record.vehicle,
            at=min(at, now),
            day=at.astimezone(calendar.zone).date(),
            stamp=latest.version.stamp,
            said=f"deal {record.deal_number}",
            owns=is_sold,
            person=visitors.person_of(ground.people, store_id, record.salesperson_number),
        )
        visits.append(story.visit)
    visitors.find_all(visits, now=now, kind=visitors.DEAL)
    customers = {visit.customer.pk for visit in visits if visit.customer}
    for visit in (
        Appointment.objects.across_stores("visits of a batch's customers")
        .filter(customer_id__in=customers, department=Department.SERVICE, state__in=booking.AWAITED)
        .filter(starts_at__gt=now)
        .order_by("-starts_at")
    ):
        ground.visits[visit.customer_id] = visit


def _write(batch: Sequence[Story], ground: Ground, now: datetime) -> None:
    for story in batch:
        _fill(story, ground, now)
    Deal.objects.bulk_create([story.deal for story in batch if story.is_new])
    # One upsert by key: a bulk update would be a CASE per row and field.
    Deal.objects.bulk_create(
        [story.deal for story in batch if not story.is_new],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FIELDS,
    )
    deal_trades.write([story for story in batch if story.latest is not None], now=now)
    search.write([entry for story in batch if story.latest is not None for entry in _entries(story.deal)])


def _entries(deal: Deal) -> Iterable[search.Entry]:
    customer = merging.living(deal.customer)
    yield from search.entries(customer, "deal", *{deal.deal_number, deal.dms_number})
    if deal.stock_number:
        yield from search.entries(customer, "stock", deal.stock_number)


def _fill(story: Story, ground: Ground, now: datetime) -> None:
    deal, life, latest = story.deal, story.after, story.latest
    calendar = ground.calendar(deal.store_id)
    first = life.versions[0]
    if latest is not None and story.visit is not None:
        _copy(story, latest.record, ground)
    if not story.adopted and deal.desk_number is None:
        entered = latest.record.entry_date if latest else deal.written_at.astimezone(calendar.zone).date()
        opened = deal_stories.moment_of(entered, first, calendar)
        deal.written_at = opened if deal.written_at is None else min(opened, deal.written_at)
    _set_stage(story, ground, now)
    current = life.versions[-1]
    deal.stamp, deal.content_hash, deal.updated_at = current.stamp, current.content_hash, now
    deal.history = [version.to_json() for version in life.versions]
    if story.is_new:
        deal.is_history = story.backfill


def _copy(story: Story, record: DealRecord, ground: Ground) -> None:
    deal, visit = story.deal, story.visit
    if visit is None:
        return
    was_car, was_buyer = deal.vehicle, deal.customer if deal.customer_id else None
    if visit.customer is not None:
        deal.customer = visit.customer
    if visit.vehicle is not None or record.vehicle.vin_raw:
        deal.vehicle = visit.vehicle
    if (
        was_car is not None
        and story.was_delivered
        and deal.vehicle_id != was_car.pk
        and was_buyer is not None
    ):
        _disown(was_car, was_buyer.pk, visit)
    _copy_words(deal, record)
    deal.salesperson = visit.person or deal.salesperson
    deal.desk_manager = (
        visitors.person_of(ground.people, deal.store_id, record.manager_number) or deal.desk_manager
    )


def _copy_words(deal: Deal, record: DealRecord) -> None:
    car = record.vehicle
    said = " ".join(str(part) for part in (car.year, car.model or car.make, car.trim) if part)
    deal.car = said[:120] or deal.car
    deal.stock_number = car.stock_number[:24] or deal.stock_number
    deal.condition = car.condition or deal.condition
    deal.deal_type = record.deal_type or deal.deal_type
    deal.co_buyer_name = record.co_buyer_name[:160] or deal.co_buyer_name
    deal.salesperson_number = record.salesperson_number[:24]
    deal.salesperson_name = record.salesperson_name[:80]
    deal.status_raw, deal.price_cents = record.status_raw[:40], record.price_cents
    deal.lender = record.lender[:80] or deal.lender


def _disown(car: Vehicle, buyer_id: int, visit: Visit) -> None:
    """The DMS had named another car by mistake."""
    owner = garage.owner_of(car)
    if owner is not None and owner.pk == buyer_id:
        garage.end_ownership(car, until=visit.day)


def _set_stage(story: Story, ground: Ground, now: datetime) -> None:
    """What the DMS says, unless people here have seen the deal further than it knows."""
    deal, life = story.deal, story.after
    calendar = ground.calendar(deal.store_id)
    if life.stage in deal_lives.OVER:
        _end(story, ground, now)
        return
    if not deal.stage_by_dms and not story.is_new and not _outruns(story):
        return
    if story.was_delivered and life.stage != "delivered":
        inventory.take_back(deal, now=now)
        deal.delivered_at, deal.next_milestone_at = None, None
    deal.stage_by_dms, deal.stage = True, Stage(life.stage)
    deal.ended_at, deal.ended_why = None, ""
    if life.stage != "written" and deal.agreed_at is None:
        first = life.first(deal_lives.AGREED)
        deal.agreed_at = first.stamp if first else None
    signed = life.first(deal_lives.CONTRACTED)
    if signed is not None:
        deal.contracted_at = deal.contracted_at or deal_stories.moment_of(
            signed.contracted_on, signed, calendar
        )
        deal.refused_at, deal.missing = None, ""
    if life.stage == "delivered":
        _deliver(story, ground)


def _outruns(story: Story) -> bool:
    """Whether the DMS says more than people here have marked; of a deal that they ended, only a delivery since then."""
    deal, life = story.deal, story.after
    if deal.is_ended:
        first = life.first(deal_lives.DELIVERED)
        return (
            life.stage == "delivered"
            and first is not None
            and deal.ended_at is not None
            and first.stamp > deal.ended_at
        )
    return _RANK[life.stage] > _RANK[deal.stage]


def _deliver(story: Story, ground: Ground) -> None:
    deal = story.deal
    first = story.after.first(deal_lives.DELIVERED)
    current = story.after.current
    if first is None or current is None:
        return
    calendar = ground.calendar(deal.store_id)
    at = deal_stories.moment_of(current.delivered_on or first.delivered_on, first, calendar)
    if deal.delivered_at is not None and story.was_delivered:
        deal.delivered_at = at
        return
    if deal.customer_id in ground.visits:
        deals.remember_visit(deal, ground.visits[deal.customer_id])
    deliveries.hand_over(deal, at=at, told_at=first.stamp, calendar=calendar)
    if story.is_history(first):
        deal.n_milestones, deal.next_milestone_at = len(deliveries.MILESTONES), None


def _end(story: Story, ground: Ground, now: datetime) -> None:
    deal, life = story.deal, story.after
    if deal.is_ended and not deal.stage_by_dms:
        return
    if story.was_delivered:
        inventory.take_back(deal, now=now)
    delivered = life.first(deal_lives.DELIVERED)
    if delivered is not None and deal.delivered_at is None:
        deal.delivered_at = deal_stories.moment_of(
            delivered.delivered_on, delivered, ground.calendar(deal.store_id)
        )
    was_delivered = story.was_delivered or delivered is not None
    ended = life.first(deal_lives.ENDED)
    deal.stage = Stage.UNWOUND if was_delivered else Stage.LOST
    deal.stage_by_dms, deal.next_milestone_at = True, None
    deal.ended_at = min(ended.stamp, now) if ended else now
    deal.ended_why = SAID_BY_DMS


# --- what is told --------------------------------------------------------------------------------------------------------------


def _facts(story: Story, now: datetime) -> list[Fact]:
    facts: list[Fact] = []
    known = {step.key for step in story.before.steps}
    for step in story.new_steps:
        facts += _told(story, step, now)
        ended = (deal_lives.ENDED, step.cycle)
        if step.what == deal_lives.DELIVERED and ended in known:
            # It was told as lost before anybody knew of its delivery: it was unwound.
            again = next(other for other in story.after.steps if other.key == ended)
            facts += _told(story, again, now)
    return facts


def _told(story: Story, step: Step, now: datetime) -> list[Fact]:
    deal, is_history = story.deal, story.is_history(step.version)
    if step.cycle == 0 and _was_known(story, step.what):
        return []
    at = min(step.version.stamp, now)
    if is_history and deal.delivered_at is not None and step.what == deal_lives.DELIVERED:
        at = min(at, deal.delivered_at)
    told = {**deals.common(deal, at=at, by=None), "backfill": is_history}
    if step.what == deal_lives.WRITTEN:
        return [DealWritten(**told)]
    if step.what == deal_lives.AGREED:
        return [DealAgreed(**told, has_trade=deal.trades.exists(), condition=deal.condition)]
    if step.what == deal_lives.CONTRACTED:
        words = f", {deal.lender}" if deal.lender else ""
        return [DealContracted(**told, lender=deal.lender, lender_words=words)]
    if step.what == deal_lives.DELIVERED:
        return _delivered(story, at=at, backfill=is_history)
    was_delivered = (step.cycle == 0 and story.was_delivered) or any(
        other.key == (deal_lives.DELIVERED, step.cycle) for other in story.after.steps
    )
    return [DealLost(**told, why=SAID_BY_DMS, was_delivered=was_delivered)]


def _was_known(story: Story, what: str) -> bool:
    """What people here, or F&I, had marked before the DMS said it was told then."""
    return {
        deal_lives.WRITTEN: story.deal.desk_number is not None,
        deal_lives.AGREED: story.was_agreed or story.was_contracted,
        deal_lives.CONTRACTED: story.was_contracted,
        deal_lives.DELIVERED: story.was_delivered,
        deal_lives.ENDED: story.was_ended,
    }[what]


def _delivered(story: Story, *, at: datetime, backfill: bool) -> list[Fact]:
    deal = story.deal
    trades = list(deal.trades.select_related("vehicle")) if deal.stage == Stage.DELIVERED else []
    day = story.visit.day if story.visit else at.date()
    return [
        *deliveries.take_trades(trades, deal, day=day, at=at, by=None, backfill=backfill),
        *deliveries.facts_of(
            deal, at=at, by=None, planned_at=deal.delivery_at, from_feed=True, backfill=backfill
        ),
    ]


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
