"""What was promised with a sale and comes later: written with a day and a person, moved in time, delivered or dropped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.events import bus
from dealership.events.catalogue.sales import WeOweDelivered, WeOweDropped, WeOweMoved, WeOweWritten
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.hours import spoken_date, to_utc
from dealership.stores.models import Department
from sales import deals
from sales.models import Deal, WeOwe

State = WeOwe.State


class NothingOwed(ValueError):
    """A we-owe names a thing."""


class InThePast(ValueError):
    """The day has passed."""


class CannotOwe(ValueError):
    """This person does not work at the store."""


class Settled(ValueError):
    """It was delivered or dropped."""


class NoReason(ValueError):
    """What is dropped is dropped with a reason; what is delivered, to somebody by name."""


@transaction.atomic
def write(deal: Deal, *, item: str, on: date, owner: StaffMember, by: StaffMember, now: datetime) -> WeOwe:
    """The customer is owed this by that day, from this person. The same again is the one that stands.

    Raises NothingOwed, InThePast, CannotOwe, deals.DealEnded.
    """
    item = clean(item).strip()[:160]
    if len(item) < 2:
        raise NothingOwed(_("Say what the customer is owed: the second key, floor mats."))
    if owner.store_id != deal.store_id or not owner.is_active:
        raise CannotOwe(_("%(name)s does not work at this store now.") % {"name": owner.name})
    row = deals.locked(deal)
    if row.is_ended:
        raise deals.DealEnded(
            _("Deal %(number)s is %(stage)s: nothing is owed with it.")
            % {"number": row.deal_number, "stage": row.get_stage_display()}
        )
    promised_at = _end_of(row, on, now)
    standing = WeOwe.objects.of_store(row.store_id).filter(deal=row, item=item, state=State.OPEN).first()
    if standing is not None:
        return standing
    owed = WeOwe.objects.create(
        store_id=row.store_id,
        deal=row,
        item=item,
        owner=owner,
        promised_date=on,
        promised_at=promised_at,
        written_by=by,
        written_at=now,
    )
    live.bump(row.store_id, "deals")
    bus.publish(
        WeOweWritten(
            **deals.common(row, at=now, by=by),
            about=owed.about,
            item=item,
            promised_at=promised_at,
            owner_id=owner.pk,
            when_words=spoken_date(on),
        )
    )
    return owed


@transaction.atomic
def move(owed: WeOwe, *, on: date, by: StaffMember, now: datetime) -> WeOwe:
    """The customer was told another day. Told too late, the promise stays broken. Raises Settled, InThePast."""
    row = _require_open(owed)
    promised_at = _end_of(row.deal, on, now)
    if promised_at == row.promised_at:
        return row
    row.promised_date, row.promised_at, row.n_moved = on, promised_at, row.n_moved + 1
    row.save(update_fields=["promised_date", "promised_at", "n_moved"])
    live.bump(row.store_id, "deals")
    bus.publish(
        WeOweMoved(
            **deals.common(row.deal, at=now, by=by),
            about=row.about,
            item=row.item,
            promised_at=promised_at,
            when_words=spoken_date(on),
        )
    )
    return row


@transaction.atomic
def deliver(owed: WeOwe, *, signed_by: str, by: StaffMember, now: datetime) -> WeOwe:
    """It was handed over, and somebody signed for it. Twice is once. Raises Settled where it was dropped, NoReason."""
    row = _locked(owed)
    if row.state == State.DELIVERED:
        return row
    _require(row)
    if len(signed_by.strip()) < 2:
        raise NoReason(_("Say who took it over, by name."))
    row.state, row.signed_by = State.DELIVERED, clean(signed_by).strip()[:80]
    row.settled_by, row.settled_at = by, now
    row.save(update_fields=["state", "signed_by", "settled_by", "settled_at"])
    live.bump(row.store_id, "deals")
    bus.publish(WeOweDelivered(**deals.common(row.deal, at=now, by=by), about=row.about, item=row.item))
    return row


@transaction.atomic
def drop(owed: WeOwe, *, why: str, by: StaffMember, now: datetime) -> WeOwe:
    """It is no longer owed, with a reason. Twice is once. Raises Settled where it was delivered, NoReason."""
    row = _locked(owed)
    if row.state == State.DROPPED:
        return row
    _require(row)
    if len(why.strip()) < 3:
        raise NoReason(_("Say why it is not owed any more."))
    row.state, row.dropped_why = State.DROPPED, clean(why).strip()[:160]
    row.settled_by, row.settled_at = by, now
    row.save(update_fields=["state", "dropped_why", "settled_by", "settled_at"])
    live.bump(row.store_id, "deals")
    bus.publish(
        WeOweDropped(
            **deals.common(row.deal, at=now, by=by), about=row.about, item=row.item, why=row.dropped_why
        )
    )
    return row


def _end_of(deal: Deal, on: date, now: datetime) -> datetime:
    """The end of that day's hours; of a closed day six in the evening."""
    calendar = calendars.of(deal.store_id, Department.SALES)
    if on < now.astimezone(calendar.zone).date():
        raise InThePast(_("That day has passed: name one to come."))
    spans = calendar.day_spans(on)
    end = spans[-1][1] if spans else to_utc(calendar.zone, datetime.combine(on, time(18)))
    return max(end.astimezone(UTC), now + timedelta(minutes=1))


def _locked(owed: WeOwe) -> WeOwe:
    return (
        WeOwe.objects.of_store(owed.store_id)
        .select_for_update(of=("self",))
        .select_related("deal__customer__merged_into__merged_into", "deal__vehicle", "owner")
        .get(pk=owed.pk)
    )


def _require(row: WeOwe) -> WeOwe:
    if row.state != State.OPEN:
        raise Settled(
            _("“%(item)s” is %(state)s already.") % {"item": row.item, "state": row.get_state_display()}
        )
    return row


def _require_open(owed: WeOwe) -> WeOwe:
    return _require(_locked(owed))
