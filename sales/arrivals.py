"""Leads as they come in: kept raw before anything is made of them, read, and given to a person where no reader can."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from dealership import live, sensitive
from dealership.events import bus
from dealership.events.catalogue.sales import LeadUnreadable, UnreadableLeadSettled
from dealership.messaging.wording import clean, clean_json, excerpt
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from sales import adf, leads
from sales.adf.lead import AdfHints, AdfProspect, AdfReading
from sales.models import Lead, LeadArrival

log = logging.getLogger(__name__)

#: Kept of a lead that is larger than any lead may be.
MOST_KEPT = adf.MAX_BYTES
TOO_LARGE = "It is larger than 1 MB, which no lead is. The first 1 MB is kept here."
NO_PROSPECT = "It is ADF, and holds no prospect."
NOBODY = "It names nobody who could be reached: no phone and no e-mail."
SOME_NOBODY = "{n} of its {all} prospects name nobody who could be reached; the others are leads."
FAILED = "It could not be made a lead: {error}."
#: What failed for a reason of ours is tried again so often.
TRIES = 5
#: So many prospects of one message become leads while its sender waits; the job does the rest.
AT_ONCE = 20
#: A moment in which the request that brought it is still at work.
GRACE = timedelta(seconds=20)
State = LeadArrival.State
_KEEP = """
    INSERT INTO sales_leadarrival (
        store_id, raw, sha256, came_by, received_at, state, n_times, n_taken, attempts, why, repairs, hints
    ) VALUES (%s, %s, %s, %s, %s, %s, 1, 0, 0, '', '[]', '{}')
    ON CONFLICT (store_id, sha256) DO UPDATE SET n_times = sales_leadarrival.n_times + 1
    RETURNING id, n_times
"""


class NotWaiting(Exception):
    """The arrival does not wait for a person: it was read, or somebody has settled it."""


class NoReason(ValueError):
    """It is said to be no lead without a reason."""


@dataclass
class Outcome:
    """What became of an arrival: its leads, which of them are new, and whether it has come before."""

    arrival: LeadArrival
    leads: list[Lead] = field(default_factory=list)
    n_new: int = 0
    is_repeat: bool = False


def take_in(*, store_id: int, data: bytes, came_by: str, now: datetime) -> LeadArrival:
    """Keeps what came, then makes of it what can be made. Nothing is lost, whatever happens after the first step."""
    return receive(store_id=store_id, data=data, came_by=came_by, now=now).arrival


def receive(*, store_id: int, data: bytes, came_by: str, now: datetime, is_cut: bool = False) -> Outcome:
    """As `take_in`, with what became of it. `is_cut`: there was more than `MOST_KEPT`; a person looks at what is here."""
    arrival, is_repeat = keep(store_id=store_id, data=data, came_by=came_by, now=now)
    if is_cut or len(data) > MOST_KEPT:
        if not is_repeat:
            _set_aside(arrival, TOO_LARGE, hints=adf.read(bytes(arrival.raw)).hints, now=now)
        return Outcome(arrival, is_repeat=is_repeat)
    outcome = read(arrival, now=now)
    outcome.is_repeat = is_repeat
    return outcome


def keep(*, store_id: int, data: bytes, came_by: str, now: datetime) -> tuple[LeadArrival, bool]:
    """Stores the bytes in a transaction of their own; the same bytes again are counted. Says whether they came before."""
    # Numbers that are never kept are gone before the first write; the rest is what came, byte by byte.
    raw = sensitive.mask_bytes(data[:MOST_KEPT])[:MOST_KEPT]
    digest = hashlib.sha256(raw).hexdigest()
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [store_id, raw, digest, came_by, now, State.NEW])
            pk, n_times = cursor.fetchone()
        if n_times == 1:
            fresh = LeadArrival(
                pk=pk,
                store_id=store_id,
                raw=raw,
                sha256=digest,
                came_by=came_by,
                received_at=now,
                state=State.NEW,
            )
            fresh._state.adding, fresh._state.db = False, DEFAULT_DB_ALIAS
            return fresh, False
        arrival = LeadArrival.objects.of_store(store_id).get(pk=pk)
        if arrival.state == State.READ:
            # It is read once more: the provider sent the prospect again, and the rule for that decides.
            arrival.state, arrival.n_taken, arrival.attempts = State.NEW, 0, 0
            arrival.save(update_fields=["state", "n_taken", "attempts"])
    return arrival, True


def read(arrival: LeadArrival, *, now: datetime, most: int = AT_ONCE) -> Outcome:
    """Reads one that was kept, and makes its leads: each in a transaction of its own, so that one stops no other.

    May be called again after a crash, and by several at once: it goes on with the first prospect that is no lead yet.
    After `most` leads the rest is left to the job.
    """
    outcome = Outcome(arrival)
    if arrival.state != State.NEW:
        return _with_its_leads(outcome)
    store = Store.objects.only("zone").get(pk=arrival.store_id)
    reading = adf.read(bytes(arrival.raw), received_at=now, zone=store.tz)
    try:
        try:
            _take_all(outcome, reading, now, most)
        except OperationalError:
            # Two at once stood in each other's way (a deadlock, a lock that took too long): a second look finds it free.
            _take_all(outcome, reading, now, most)
    except Exception as error:  # whatever went wrong, what came is kept, and a person gets it in the end
        _try_later(arrival, error, reading, now)
        arrival.refresh_from_db()
    else:
        if arrival.state == State.NEW:
            arrival.refresh_from_db()
    # Empty where another request, with the same bytes at the same moment, made the leads.
    return outcome if outcome.leads else _with_its_leads(outcome)


@transaction.atomic
def settle(
    *, arrival: LeadArrival, prospect: AdfProspect, by: StaffMember, now: datetime, may_text: bool = True
) -> Lead:
    """A person read it, and it is this lead. Raises NotWaiting."""
    row = _waiting(arrival)
    received = leads.take(
        store_id=row.store_id, prospect=prospect, now=now, came_by=leads.BY_PERSON, by=by, may_text=may_text
    )
    row.leads.add(received.lead)
    _close(row, State.SETTLED, by, now)
    bus.publish(_settled(row, "made a lead", by, now))
    return received.lead


@transaction.atomic
def dismiss(*, arrival: LeadArrival, by: StaffMember, why: str, now: datetime) -> LeadArrival:
    """A person read it, and it is no lead. Raises NotWaiting, NoReason."""
    if len(why.strip()) < 3:
        raise NoReason(_("Say in a few words what it is, for whoever wonders later."))
    row = _waiting(arrival)
    _close(row, State.NO_LEAD, by, now, why=f"{row.why} No lead: {clean(why).strip()[:200]}")
    bus.publish(_settled(row, "no lead", by, now))
    return row


@transaction.atomic
def bring_back(*, arrival: LeadArrival, by: StaffMember, now: datetime) -> LeadArrival:
    """It may be a lead after all: it waits for a person again. Raises NotWaiting unless it was said to be none."""
    row = _locked(arrival)
    if row.state != State.NO_LEAD:
        raise NotWaiting(_("Only what was said to be no lead can be brought back."))
    row.state, row.settled_by, row.settled_at = State.UNREADABLE, None, None
    row.why = row.why.partition(" No lead: ")[0]
    row.save(update_fields=["state", "settled_by", "settled_at", "why"])
    live.bump(row.store_id, "leads")
    bus.publish(_unreadable(row, by, now))
    return row


def _take_all(outcome: Outcome, reading: AdfReading, now: datetime, most: int) -> None:
    while len(outcome.leads) < most and _take_next(outcome, reading, now):
        pass


@transaction.atomic
def _take_next(outcome: Outcome, reading: AdfReading, now: datetime) -> bool:
    """Makes the next prospect a lead; at the end says what the arrival is. False when there is nothing more to do."""
    row = _locked(outcome.arrival)
    if row.state != State.NEW:
        return False
    reachable = [prospect for prospect in reading.prospects if prospect.contactable]
    if row.n_taken < len(reachable):
        received = leads.take(
            store_id=row.store_id, prospect=reachable[row.n_taken], now=now, came_by=row.came_by
        )
        row.leads.add(received.lead)
        row.n_taken += 1
        outcome.leads.append(received.lead)
        outcome.n_new += received.is_new
        if row.n_taken < len(reachable) or _reason(reading, len(reachable)):
            row.save(update_fields=["n_taken"])
            return True
        _close_as_read(row, outcome, reading)
        return False
    reason = _reason(reading, len(reachable))
    if reason:
        row.repairs = clean_json(list(reading.repairs))
        _put_aside(row, reason, reading.hints, now)
    else:
        _close_as_read(row, outcome, reading)
    return False


def _close_as_read(row: LeadArrival, outcome: Outcome, reading: AdfReading) -> None:
    row.state, row.repairs = State.READ, clean_json(list(reading.repairs))
    row.save(update_fields=["n_taken", "state", "repairs"])
    told = outcome.arrival
    told.n_taken, told.state, told.repairs = row.n_taken, row.state, row.repairs


def _reason(reading: AdfReading, n_reachable: int) -> str:
    n_all = len(reading.prospects)
    if reading.unreadable is not None:
        return reading.unreadable
    if not n_all:
        return NO_PROSPECT
    if not n_reachable:
        return NOBODY
    return SOME_NOBODY.format(n=n_all - n_reachable, all=n_all) if n_reachable < n_all else ""


@transaction.atomic
def _set_aside(arrival: LeadArrival, reason: str, *, hints: AdfHints, now: datetime) -> None:
    row = _locked(arrival)
    if row.state == State.NEW:
        _put_aside(row, reason, hints, now)
    arrival.refresh_from_db()


def _put_aside(row: LeadArrival, reason: str, hints: AdfHints, now: datetime) -> None:
    """It waits for a person, with the reason and whatever in it looks like a name, a number or an address."""
    row.state, row.why = State.UNREADABLE, clean(reason)
    row.hints = clean_json(
        {
            "names": list(hints.names),
            "emails": list(hints.emails),
            "phones": list(hints.phones),
            "sender": hints.sender,
        }
    )
    row.save(update_fields=["state", "why", "repairs", "hints"])
    live.bump(row.store_id, "leads")
    bus.publish(_unreadable(row, None, now))


def _try_later(arrival: LeadArrival, error: Exception, reading: AdfReading, now: datetime) -> None:
    """The database was busy, or we erred. The job reads it again; after `TRIES` a person gets it, with the reason."""
    log.warning("Arrival %s could not be made a lead.", arrival.pk, exc_info=error)
    arrival.attempts += 1
    LeadArrival.objects.of_store(arrival.store_id).filter(pk=arrival.pk).update(attempts=F("attempts") + 1)
    if arrival.attempts >= TRIES:
        _set_aside(arrival, FAILED.format(error=type(error).__name__), hints=_named_in(reading), now=now)


def _named_in(reading: AdfReading) -> AdfHints:
    """Who asked, of a message that could be read and yet became no lead."""
    customers = [prospect.customer for prospect in reading.prospects[:3]]
    return AdfHints(
        names=tuple(customer.full for customer in customers if customer.full),
        emails=tuple(email for customer in customers for email in customer.emails),
        phones=tuple(phone.e164 or phone.raw for customer in customers for phone in customer.phones),
    )


def unread(*, before: datetime, limit: int = 50) -> list[LeadArrival]:
    """What was kept and not read by then, oldest first: a crash came between, or the database was busy."""
    return list(
        LeadArrival.objects.across_stores("the job serves all stores")
        .filter(state=State.NEW, received_at__lt=before)
        .order_by("received_at")[:limit]
    )


def _with_its_leads(outcome: Outcome) -> Outcome:
    outcome.leads = list(outcome.arrival.leads.all())
    return outcome


def _locked(arrival: LeadArrival) -> LeadArrival:
    return LeadArrival.objects.of_store(arrival.store_id).select_for_update().defer("raw").get(pk=arrival.pk)


def _waiting(arrival: LeadArrival) -> LeadArrival:
    row = _locked(arrival)
    if row.state != State.UNREADABLE:
        raise NotWaiting(_("Somebody was faster: it is %(state)s.") % {"state": row.get_state_display()})
    return row


def _close(row: LeadArrival, state: str, by: StaffMember, now: datetime, *, why: str = "") -> None:
    row.state, row.settled_by, row.settled_at, row.why = state, by, now, why or row.why
    row.save(update_fields=["state", "settled_by", "settled_at", "why"])
    live.bump(row.store_id, "leads")


def _unreadable(row: LeadArrival, by: StaffMember | None, now: datetime) -> LeadUnreadable:
    hints = row.hints
    found = [*hints.get("names", []), *hints.get("phones", []), *hints.get("emails", [])]
    return LeadUnreadable(
        store_id=row.store_id,
        at=now,
        subject=row.subject,
        by=by.pk if by else None,
        arrival_id=row.pk,
        why=excerpt(row.why),
        hint=found[0] if found else "",
    )


def _settled(row: LeadArrival, outcome: str, by: StaffMember, now: datetime) -> UnreadableLeadSettled:
    return UnreadableLeadSettled(
        store_id=row.store_id, at=now, subject=row.subject, by=by.pk, arrival_id=row.pk, outcome=outcome
    )
