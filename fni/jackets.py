"""Deal jackets: taken into the box when they are ready, else handed back with what is missing; described, and put away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.fni import DealRefused, DealTakenIn
from dealership.language import in_english
from dealership.staff.models import StaffMember
from fni import checklists, notes
from fni.checklists import Deal, Door
from fni.models import ChecklistItem, DealJacket, JacketAct

Stage = DealJacket.Stage
State = ChecklistItem.State


class NotReady(Exception):
    """Something is missing that must be here first; the message names it."""


class WrongStage(Exception):
    """The jacket is at a point where this cannot be done; the message says at which."""


class NoReason(ValueError):
    """Others must be able to read why."""


@dataclass(frozen=True)
class Described:
    """What a person knows of a deal that no fact told."""

    deal_type: str
    condition: str
    has_trade: bool
    is_large_cash: bool
    lender: str
    amount_financed_cents: int | None


@transaction.atomic
def take_in(jacket: DealJacket, *, by: StaffMember, now: datetime) -> DealJacket:
    """The customer is in the box. Twice is once. Raises NotReady while something is missing, WrongStage."""
    row = locked(jacket)
    if row.stage == Stage.IN_BOX:
        return row
    require(row, Stage.WAITING, Stage.REFUSED, to=_("be taken in"))
    if missing := missing_at(row, Door.BOX):
        raise NotReady(_("Not ready for the box: %(papers)s.") % {"papers": checklists.words_of(missing)})
    row.stage, row.taken_in_at, row.missing = Stage.IN_BOX, now, ""
    row.save(update_fields=["stage", "taken_in_at", "missing"])
    note(row, "Taken into the box", by=by, now=now)
    bus.publish(DealTakenIn(**common(row, now, by)))
    return row


@transaction.atomic
def refuse(
    jacket: DealJacket, *, missing: Sequence[str], words: str = "", by: StaffMember, now: datetime
) -> DealJacket:
    """Handed back to sales with what is missing: keys of the checklist, and words. Raises NoReason, WrongStage."""
    row = locked(jacket)
    with translation.override("en"):
        listed = checklists.words_of(list(missing))
    said = notes.kept("; ".join(part for part in (listed, words) if part), 400)
    if not said:
        raise NoReason(_("Say what is missing, so that sales can bring it."))
    if row.stage == Stage.REFUSED and row.missing == said:
        return row
    require(row, Stage.WAITING, Stage.IN_BOX, Stage.REFUSED, to=_("be handed back"))
    row.stage, row.refused_at, row.missing = Stage.REFUSED, now, said
    row.save(update_fields=["stage", "refused_at", "missing"])
    ChecklistItem.objects.of_store(row.store_id).filter(jacket=row, key__in=missing).update(
        state=State.MISSING, by=by, marked_at=now, why=""
    )
    note(row, f"Handed back to sales: {said}", by=by, now=now)
    bus.publish(DealRefused(**common(row, now, by), missing=said))
    return row


@transaction.atomic
def mark(item: ChecklistItem, *, state: str, why: str = "", by: StaffMember, now: datetime) -> ChecklistItem:
    """Somebody saw that it is here, or that it is not, or says why it is not needed. Raises NoReason, WrongStage."""
    row = locked(item.jacket)
    if row.stage in (Stage.CLOSED, Stage.UNWOUND):
        raise WrongStage(
            _("Deal %(number)s is over (%(stage)s).")
            % {"number": row.deal_number, "stage": row.get_stage_display()}
        )
    state, why = State(state), notes.kept(why, 120)
    if state == State.NOT_NEEDED and not why:
        raise NoReason(_("Say why it is not needed, so that the next person need not ask."))
    thing = checklists.ALL[item.key]
    item.state, item.by, item.marked_at, item.why = state, by, now, why if state == State.NOT_NEEDED else ""
    item.save(update_fields=["state", "by", "marked_at", "why"])
    seen = f"{in_english(thing.words)}: {in_english(state.label)}"
    note(row, f"{seen}, {why}" if item.why else seen, by=by, now=now)
    return item


@transaction.atomic
def describe(jacket: DealJacket, *, told: Described, by: StaffMember, now: datetime) -> DealJacket:
    """Sets what decides the checklist, and what only F&I knows: lender and amount. Raises WrongStage."""
    row = locked(jacket)
    if row.stage in (Stage.CLOSED, Stage.UNWOUND):
        raise WrongStage(
            _("Deal %(number)s is over (%(stage)s).")
            % {"number": row.deal_number, "stage": row.get_stage_display()}
        )
    if row.contracted_at is not None and told.deal_type != row.deal_type:
        raise WrongStage(
            _("The contract is signed as %(type)s: that stands.") % {"type": row.get_deal_type_display()}
        )
    row.deal_type, row.condition = told.deal_type, told.condition
    row.has_trade, row.is_large_cash = told.has_trade, told.is_large_cash
    row.lender, row.amount_financed_cents = notes.kept(told.lender, 80), told.amount_financed_cents
    row.save(
        update_fields=[
            "deal_type", "condition", "has_trade", "is_large_cash", "lender", "amount_financed_cents",
        ]
    )  # fmt: skip
    lay_out([row])
    note(row, "Deal described anew", by=by, now=now)
    return row


@transaction.atomic
def put_away(jacket: DealJacket, *, by: StaffMember, now: datetime) -> DealJacket:
    """Paid, titled, done. Twice is once. Raises WrongStage."""
    row = locked(jacket)
    if row.stage == Stage.CLOSED:
        return row
    require(row, Stage.TITLE_SENT, to=_("be put away"))
    row.stage, row.ended_at = Stage.CLOSED, now
    row.save(update_fields=["stage", "ended_at"])
    note(row, "Put away", by=by, now=now)
    return row


# --- what the other modules of F&I share ----------------------------------------------------------------------------------


def lay_out(jackets: Iterable[DealJacket]) -> None:
    """Brings the checklists to what each deal needs now. What nobody has touched yet comes and goes; marks stay."""
    rows = list(jackets)
    for row in rows:
        keys = [item.key for item in checklists.needed(_deal(row))]
        ChecklistItem.objects.of_store(row.store_id).filter(jacket=row, state=State.MISSING).exclude(
            key__in=keys
        ).delete()
        ChecklistItem.objects.bulk_create(
            [ChecklistItem(store_id=row.store_id, jacket=row, key=key) for key in keys],
            ignore_conflicts=True,
        )


def missing_at(jacket: DealJacket, *doors: Door) -> list[str]:
    """The keys of what is missing at these doors, in the order of the checklist."""
    lacking = set(
        ChecklistItem.objects.of_store(jacket.store_id)
        .filter(jacket=jacket, state=State.MISSING)
        .values_list("key", flat=True)
    )
    return [
        item.key for item in checklists.needed(_deal(jacket)) if item.door in doors and item.key in lacking
    ]


def locked(jacket: DealJacket) -> DealJacket:
    """The row as it is now, held until the commit: two people do not do the same twice."""
    return (
        DealJacket.objects.of_store(jacket.store_id)
        .select_for_update(of=("self",))
        .select_related("vehicle", "store", "customer__merged_into__merged_into")
        .get(pk=jacket.pk)
    )


def require(row: DealJacket, *stages: str, to: str) -> None:
    """Raises WrongStage unless the jacket is at one of these points."""
    if row.stage not in stages:
        raise WrongStage(
            _("Deal %(number)s is %(stage)s: it cannot %(be)s now.")
            % {"number": row.deal_number, "stage": row.get_stage_display(), "be": to}
        )


def common(row: DealJacket, at: datetime, by: StaffMember | None) -> dict[str, Any]:
    """What every fact of this deal carries."""
    return {
        "store_id": row.store_id,
        "at": at,
        "subject": row.subject,
        "customer_id": merging.living(row.customer).pk if row.customer else None,
        "vehicle_id": row.vehicle_id,
        "by": by.pk if by else None,
        "deal_number": row.deal_number,
        "vehicle": label(row),
        "stock_number": row.stock_number,
        "salesperson_id": row.salesperson_id,
        "deal_type": row.deal_type,
    }


def label(row: DealJacket) -> str:
    """The car as people say it."""
    return (row.vehicle.label if row.vehicle else "") or row.vehicle_words


def note(row: DealJacket, words: str, *, by: StaffMember | None, now: datetime) -> None:
    """Adds to the jacket's story. Lender and amounts do not belong here: salespeople read it."""
    JacketAct.objects.create(store_id=row.store_id, jacket=row, at=now, by=by, words=words[:300])
    live.bump(row.store_id, "fni")


def _deal(row: DealJacket) -> Deal:
    return Deal(row.deal_type, row.condition, row.has_trade, row.is_large_cash)
