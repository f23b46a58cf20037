"""Leads: received once however often they are sent, handed over, closed, opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging, people, search
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import (
    LeadClosed,
    LeadHandedOver,
    LeadReceived,
    LeadReopened,
    LeadResent,
)
from dealership.language import in_english
from dealership.messaging import consent
from dealership.messaging.models import Purpose
from dealership.messaging.wording import excerpt
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.staff.rota import NobodyWorksHere
from dealership.stores.models import Department
from sales import reading, routing, same_prospect
from sales.adf.lead import AdfProspect
from sales.models import CLOSED, Lead, TradeIn

BY_PERSON = "person"


class AlreadyClosed(Exception):
    """The lead has ended."""


class NotClosed(Exception):
    """The lead has not ended: there is nothing to open again."""


class NoReason(ValueError):
    """A lead ends, or changes hands, with a reason that others can read."""


class CannotOwn(ValueError):
    """This person cannot answer for leads of this store."""


@dataclass(frozen=True)
class Received:
    """The lead that a prospect became, and whether it was not there before."""

    lead: Lead
    is_new: bool


def receive(
    *,
    store_id: int,
    prospect: AdfProspect,
    now: datetime,
    came_by: str,
    backfill: bool = False,
    by: StaffMember | None = None,
) -> Lead:
    """The lead of this prospect: made, routed and told, or brought up to date if the prospect was here before."""
    return take(store_id=store_id, prospect=prospect, now=now, came_by=came_by, backfill=backfill, by=by).lead


@transaction.atomic
def take(
    *,
    store_id: int,
    prospect: AdfProspect,
    now: datetime,
    came_by: str,
    backfill: bool = False,
    by: StaffMember | None = None,
    may_text: bool = True,
    spoken: bool = False,
) -> Received:
    """As `receive`, and says whether the lead is new. `came_by`: post, mail or person (then `by` is who noted it).

    Safe under a race: the same prospect twice at once becomes one lead. `may_text` False: they gave their number, and
    want no texts. `spoken`: `by` is speaking with them as it is noted, so that both clocks stand.
    """
    values = reading.columns(prospect, now=now)
    customer, known, key = same_prospect.find(store_id, prospect, values, now=now)
    if known is not None:
        _bring_up_to_date(known, prospect, values, now=now, backfill=backfill)
        lead = known
    else:
        lead = _make(
            store_id, customer, key, values, prospect, now=now, backfill=backfill, by=by, spoken=spoken
        )
    if may_text and not backfill and not reading.refuses_texts(values["comments"]):
        _note_consent(lead, prospect, came_by=came_by, by=by, now=now)
    _let_be_found(lead, prospect)
    live.bump(store_id, "leads")
    return Received(lead, known is None)


@transaction.atomic
def close(*, lead: Lead, outcome: str, why: str = "", by: StaffMember, now: datetime) -> Lead:
    """The lead ends: sold, lost, or never was one. Lost and junk need a reason. Raises AlreadyClosed, NoReason."""
    outcome = Lead.State(outcome)
    if outcome not in CLOSED:
        raise ValueError(f"{outcome.label} is no way to end a lead.")
    if outcome != Lead.State.SOLD and len(why.strip()) < 3:
        raise NoReason(_("Say why in a few words, so that others can learn from it."))
    row = _locked(lead)
    if row.is_closed:
        raise AlreadyClosed(_("This lead is %(state)s already.") % {"state": row.get_state_display()})
    row.state, row.lost_why, row.closed_at = outcome, reading.fit(why, 120), now
    row.save(update_fields=["state", "lost_why", "closed_at"])
    live.bump(row.store_id, "leads")
    bus.publish(
        LeadClosed(
            **common(row, now, by), lead_id=row.pk, outcome=in_english(outcome.label), why=row.lost_why
        )
    )
    return row


@transaction.atomic
def reopen(*, lead: Lead, by: StaffMember, now: datetime) -> Lead:
    """It goes on. If no person had answered yet, an answer is owed again from now. Raises NotClosed."""
    row = _locked(lead)
    if not row.is_closed:
        raise NotClosed(_("This lead is open."))
    _open(row)
    row.save(update_fields=["state", "lost_why", "closed_at"])
    live.bump(row.store_id, "leads")
    bus.publish(
        LeadReopened(
            **common(row, now, by),
            **told(row),
            was_answered=row.first_human_at is not None,
        )
    )
    return row


@transaction.atomic
def hand_over(*, lead: Lead, to: StaffMember, why: str, by: StaffMember, now: datetime) -> Lead:
    """Somebody else answers from now on; a salesperson becomes the customer's own. Raises CannotOwn, NoReason."""
    if to.store_id != lead.store_id or not to.is_active:
        raise CannotOwn(_("%(name)s does not work at this store now.") % {"name": to.name})
    if not why.strip():
        raise NoReason(_("Say why, so that the next person knows."))
    row = _locked(lead)
    if row.owner_id == to.pk:
        return row
    row.owner = to
    row.owner_why = [f"{to.first_name}: handed over by {by.first_name}, {reading.fit(why, 160)}"]
    row.save(update_fields=["owner", "owner_why"])
    if to.role == Role.SALESPERSON:
        people.set_person(merging.living(row.customer), Department.SALES, to, now=now)
    live.bump(row.store_id, "leads")
    bus.publish(
        LeadHandedOver(
            **common(row, now, by),
            lead_id=row.pk,
            owner_id=to.pk,
            to_name=to.name,
            why=reading.fit(why, 160),
        )
    )
    return row


# --- making and mending ----------------------------------------------------------------------------------------------------


def _make(
    store_id: int,
    customer: Customer,
    key: str,
    values: dict[str, Any],
    prospect: AdfProspect,
    *,
    now: datetime,
    backfill: bool,
    by: StaffMember | None,
    spoken: bool,
) -> Lead:
    received_at = (values["requested_at"] or now) if backfill else now
    owner_id, why = _owner(store_id, customer, received_at, by)
    heard = {"first_human_at": now, "first_human_minutes": 0, "first_human_open_minutes": 0} if spoken else {}
    lead = Lead.objects.create(
        store_id=store_id,
        customer=customer,
        owner_id=owner_id,
        owner_why=why,
        external_key=key,
        received_at=received_at,
        state=Lead.State.TALKING if spoken else Lead.State.FRESH,
        **heard,
        **values,
    )
    TradeIn.objects.bulk_create(
        TradeIn(store_id=store_id, lead=lead, **row) for row in reading.trade_ins(prospect)
    )
    bus.publish(
        LeadReceived(
            **common(lead, received_at, by),
            **told(lead),
            question=excerpt(lead.comments),
            spoken=spoken,
            backfill=backfill,
        )
    )
    return lead


def _owner(
    store_id: int, customer: Customer, received_at: datetime, by: StaffMember | None
) -> tuple[int | None, list[str]]:
    try:
        choice = routing.choose_owner(store_id=store_id, customer=customer, received_at=received_at, by=by)
    except NobodyWorksHere as nobody:
        return None, [str(nobody)]
    return choice.staff_id, list(choice.why)


def _bring_up_to_date(
    lead: Lead, prospect: AdfProspect, values: dict[str, Any], *, now: datetime, backfill: bool
) -> None:
    """What is told anew is taken over, what is no longer said stays. A question that is new is to be answered."""
    fresh_words = values.pop("comments")
    asks_more = bool(fresh_words) and " ".join(fresh_words.split()) not in " ".join(lead.comments.split())
    changed = {"n_resent"}
    lead.n_resent += 1
    # Another car is taken over whole: a trim of the first would be a car that nobody asked for.
    other_car = any(values[name] for name in same_prospect.CAR) and not reading.same_car(
        same_prospect.car_of(lead), values
    )
    for name, value in values.items():
        keeps_first = name in ("requested_at", "source") and getattr(lead, name)
        is_said = value or (other_car and name in same_prospect.CAR)
        if is_said and not keeps_first and value != getattr(lead, name):
            setattr(lead, name, value)
            changed.add(name)
    values["comments"] = fresh_words
    if asks_more:
        lead.comments = reading.prose(f"{lead.comments}\n\n{fresh_words}")
        changed.add("comments")
        if lead.is_closed and lead.state != Lead.State.SOLD:
            _open(lead)
            changed |= {"state", "lost_why", "closed_at"}
    lead.save(update_fields=sorted(changed))
    _add_trade_ins(lead, prospect)
    bus.publish(
        LeadResent(
            **common(lead, now, None),
            **told(lead),
            question=excerpt(fresh_words),
            asks_more=asks_more and not lead.is_closed,
            backfill=backfill,
        )
    )


def _add_trade_ins(lead: Lead, prospect: AdfProspect) -> None:
    rows = reading.trade_ins(prospect)
    if not rows:
        return
    known = {
        (row.vin or (row.year, row.make, row.model))
        for row in TradeIn.objects.of_store(lead.store_id).filter(lead=lead)
    }
    TradeIn.objects.bulk_create(
        TradeIn(store_id=lead.store_id, lead=lead, **row)
        for row in rows
        if (row["vin"] or (row["year"], row["make"], row["model"])) not in known
    )


def _open(lead: Lead) -> None:
    lead.state = Lead.State.TALKING if lead.first_human_at else Lead.State.FRESH
    lead.lost_why, lead.closed_at = "", None


def _note_consent(
    lead: Lead, prospect: AdfProspect, *, came_by: str, by: StaffMember | None, now: datetime
) -> None:
    """Who gives a number with an inquiry may be texted about that inquiry; not about offers (47 CFR 64.1200(a)(1))."""
    how = consent.How.TOLD if came_by == BY_PERSON else consent.How.LEAD
    where = lead.source or "a form"
    words = f"Gave this number with an inquiry ({where}) on {now:%Y-%m-%d}."
    consent.give_many(
        [
            consent.Gift(lead.store_id, phone.e164, Purpose.SALES, how, words, now)
            for phone in prospect.customer.phones
            if phone.e164 and phone.type not in ("fax", "pager")
        ],
        by=by,
    )


def _let_be_found(lead: Lead, prospect: AdfProspect) -> None:
    customer = merging.living(lead.customer)
    search.write(
        [
            *search.entries(customer, "lead", *[each.value for each in prospect.ids if each.value][:5]),
            *search.entries(customer, "stock", lead.stock_number),
            *search.entries(customer, "vin", *([lead.vin] if len(lead.vin) >= 11 else [])),
        ]
    )


def _locked(lead: Lead) -> Lead:
    return (
        Lead.objects.of_store(lead.store_id)
        .select_for_update(of=("self",), no_key=True)
        .select_related("customer__merged_into__merged_into")
        .get(pk=lead.pk)
    )


def common(lead: Lead, at: datetime, by: StaffMember | None) -> dict[str, Any]:
    """What every fact of a lead says."""
    return {
        "store_id": lead.store_id,
        "at": at,
        "subject": lead.subject,
        "customer_id": merging.living(lead.customer).pk,
        "by": by.pk if by else None,
    }


def told(lead: Lead) -> dict[str, Any]:
    """What facts of a lead say of it."""
    return {
        "lead_id": lead.pk,
        "source": lead.source or "source unknown",
        "vehicle": lead.vehicle_label or "a car",
        "who": lead.customer.full_name,
        "owner_id": lead.owner_id,
    }
