"""From the signed contract to the money: contracted, sent complete, kicked back and corrected, funded.

Facts carry no lender and no amount: they are told on pages that everybody may read.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.events import bus
from dealership.events.catalogue.fni import (
    DealContracted,
    DealFunded,
    DealKickedBack,
    JacketResent,
    JacketSent,
)
from dealership.staff.models import StaffMember
from fni import checklists, jackets, notes, stipulations, titles
from fni.checklists import Door
from fni.jackets import NoReason, NotReady, WrongStage
from fni.models import DealJacket, KickBack

Stage = DealJacket.Stage
#: How the lender is named where everybody may read it.
THE_LENDER = "the lender"
#: A payment whose hour nobody knows counts from this hour of its day.
NOON = time(12)


class NotYet(ValueError):
    """A day that has not come."""


@transaction.atomic
def contract(
    jacket: DealJacket,
    *,
    lender: str = "",
    amount_financed_cents: int | None = None,
    by: StaffMember,
    now: datetime,
) -> DealJacket:
    """The papers are signed. Twice is once. Raises WrongStage, and NoReason where a lender must be named."""
    row = jackets.locked(jacket)
    if row.stage == Stage.CONTRACTED and row.contracted_at is not None:
        return row
    jackets.require(row, Stage.IN_BOX, to=_("be contracted"))
    if not row.deal_type:
        raise WrongStage(_("Say first whether it is cash, finance or lease."))
    row.lender = notes.kept(lender, 80) or row.lender
    if row.has_lender and not row.lender:
        raise NoReason(_("Name the lender."))
    row.stage, row.contracted_at = Stage.CONTRACTED, now
    if amount_financed_cents is not None:
        row.amount_financed_cents = amount_financed_cents
    row.save(update_fields=["stage", "contracted_at", "lender", "amount_financed_cents"])
    jackets.note(row, "Contract signed" if row.has_lender else "Papers signed", by=by, now=now)
    bus.publish(DealContracted(**jackets.common(row, now, by)))
    return row


@transaction.atomic
def send(jacket: DealJacket, *, by: StaffMember, now: datetime) -> DealJacket:
    """The jacket goes to the lender, complete. Twice is once. Raises NotReady while something is missing, WrongStage."""
    row = jackets.locked(jacket)
    if row.stage == Stage.SENT:
        return row
    _require_lender(row)
    jackets.require(row, Stage.CONTRACTED, to=_("be sent"))
    if missing := jackets.missing_at(row, Door.BOX, Door.LENDER):
        raise NotReady(_("Not complete: %(papers)s.") % {"papers": checklists.words_of(missing)})
    row.stage, row.sent_at = Stage.SENT, now
    row.save(update_fields=["stage", "sent_at"])
    jackets.note(row, "Jacket sent to the lender", by=by, now=now)
    bus.publish(JacketSent(**jackets.common(row, now, by), lender=THE_LENDER))
    return row


@transaction.atomic
def kick_back(
    jacket: DealJacket, *, why: str, needs_customer: bool, by: StaffMember, now: datetime
) -> KickBack:
    """The lender sent it back. Told again while it lies here, it is the same. Raises NoReason, WrongStage."""
    row = jackets.locked(jacket)
    said = notes.kept(why, 200)
    if not said:
        raise NoReason(_("Say what the lender wants corrected."))
    open_one = KickBack.objects.of_store(row.store_id).filter(jacket=row, corrected_at__isnull=True).first()
    if open_one is not None:
        return open_one
    jackets.require(row, Stage.SENT, to=_("be kicked back"))
    made = KickBack.objects.create(
        store_id=row.store_id,
        jacket=row,
        why=said,
        needs_customer=needs_customer,
        kicked_back_at=now,
        by=by,
    )
    row.stage = Stage.KICKED_BACK
    row.save(update_fields=["stage"])
    signs = "; the customer must sign again" if needs_customer else ""
    jackets.note(row, f"Kicked back: {said}{signs}", by=by, now=now)
    bus.publish(DealKickedBack(**jackets.common(row, now, by), why=said, needs_customer=needs_customer))
    return made


@transaction.atomic
def resend(jacket: DealJacket, *, by: StaffMember, now: datetime) -> DealJacket:
    """Corrected, and with the lender again. Twice is once. Raises WrongStage."""
    row = jackets.locked(jacket)
    if row.stage == Stage.SENT:
        return row
    jackets.require(row, Stage.KICKED_BACK, to=_("be sent again"))
    _correct(row, by, now)
    row.stage, row.sent_at = Stage.SENT, now
    row.save(update_fields=["stage", "sent_at"])
    jackets.note(row, "Corrected and sent again", by=by, now=now)
    bus.publish(JacketResent(**jackets.common(row, now, by)))
    return row


@transaction.atomic
def fund(jacket: DealJacket, *, by: StaffMember, now: datetime, paid_on: date | None = None) -> DealJacket:
    """The lender paid, today or on the day that the statement says: the fact counts from then. Twice is once.

    What was still open toward the lender ends with it. Raises WrongStage, NotYet.
    """
    row = jackets.locked(jacket)
    if row.funded_at is not None:
        return row
    _require_lender(row)
    jackets.require(row, Stage.CONTRACTED, Stage.SENT, Stage.KICKED_BACK, to=_("be funded"))
    at = _paid_at(row, paid_on, now)
    stipulations.drop_all(row, why="the lender paid without it", by=by, now=now)
    _correct(row, by, now)
    row.funded_at = at
    row.stage = Stage.TITLE_SENT if row.title_sent_at else Stage.FUNDED
    owes_title = row.title_sent_at is None
    if owes_title and row.title_due_at is None:
        sold_at = row.delivered_at or row.contracted_at or at
        row.title_due_at = titles.due_at(sold_at=sold_at, state=row.store.state, condition=row.condition)
    row.save(update_fields=["funded_at", "stage", "title_due_at"])
    jackets.note(row, f"Funded{_days_words(row)}", by=by, now=now)
    bus.publish(funded_fact(row, at=at, by=by, with_title=owes_title))
    return row


def funded_fact(row: DealJacket, *, at: datetime, by: StaffMember | None, with_title: bool) -> DealFunded:
    """That the lender has paid. The date of the title is told once, or it would be owed twice."""
    days = _days(row)
    return DealFunded(
        **jackets.common(row, at, by),
        days=days,
        days_words=_days_words(row),
        title_due_at=row.title_due_at if with_title else None,
    )


def _paid_at(row: DealJacket, paid_on: date | None, now: datetime) -> datetime:
    zone = row.store.tz
    if paid_on is None or paid_on == now.astimezone(zone).date():
        return now
    at = datetime.combine(paid_on, NOON, zone)
    if at > now:
        raise NotYet(_("That day has not come."))
    # A contract is in transit from the delivery on: money that came the same morning ends it at once.
    earliest = [moment for moment in (row.contracted_at, row.delivered_at) if moment is not None]
    return max([at, *earliest])


def _correct(row: DealJacket, by: StaffMember, now: datetime) -> None:
    KickBack.objects.of_store(row.store_id).filter(jacket=row, corrected_at__isnull=True).update(
        corrected_at=now, corrected_by=by
    )


def _require_lender(row: DealJacket) -> None:
    if not row.has_lender:
        raise WrongStage(
            _("Deal %(number)s is a cash deal: no contract goes to a lender.") % {"number": row.deal_number}
        )


def _days(row: DealJacket) -> int | None:
    if row.delivered_at is None or row.funded_at is None:
        return None
    return max(row.funded_at - row.delivered_at, timedelta()).days


def _days_words(row: DealJacket) -> str:
    days = _days(row)
    if days is None:
        return ""
    return (
        " on the day of the delivery"
        if not days
        else f" {days} day{'s' if days > 1 else ''} after the delivery"
    )
