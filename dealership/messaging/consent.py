"""Who may be texted about what: a ledger that is only added to, and what it says today.

Consent belongs to the number, not to the person: two people who share a phone share its consent. What holds is the fold
of the number's events, and where two disagree the more restrictive wins:

- taken back for everything: nothing is sent until the number itself writes START;
- taken back for one purpose: until START, or until that purpose is allowed again in writing;
- given without a purpose (they gave the number for their visit, their inquiry, or wrote first): one-to-one information,
  never marketing. Marketing must be given by name, and in writing (47 CFR 64.1200(f)(9)).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from dealership.messaging import steps
from dealership.messaging.gate import Consent
from dealership.messaging.models import ConsentEvent, Message, Purpose
from dealership.staff.models import StaffMember
from dealership.stores.models import Store

EVERYTHING = ""
_TAKING_BACK = 7301
INFORMING = (Purpose.CONVERSATIONAL, Purpose.SERVICE, Purpose.SALES)


class How(StrEnum):
    """By what way consent came or went. The values stand in the ledger and in the reasons that people read."""

    TEXT = "text"
    WROTE_FIRST = "they wrote first"
    LEAD = "lead form"
    REPAIR_ORDER = "RO"
    DEAL = "deal"
    TOLD = "told a person"
    SIGNED = "signed form"
    CALL = "call"
    DMS = "DMS"
    CARRIER = "carrier"


WRITTEN = frozenset({How.SIGNED})


class NoEvidence(ValueError):
    """Consent was given without the words that prove it."""


@dataclass(frozen=True)
class Event:
    """One line of the ledger, as plain values."""

    act: str
    purpose: str
    how: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """What one number allows now. `purposes` holds what is known of each; a purpose that is absent was never spoken of."""

    opted_out: bool = False
    opted_out_at: datetime | None = None
    opted_out_words: str = ""
    purposes: dict[str, Consent] = field(default_factory=dict)

    def of(self, purpose: str) -> Consent | None:
        """The consent for a purpose. An answer in a conversation stands on any one-to-one consent."""
        if purpose != Purpose.CONVERSATIONAL:
            return self.purposes.get(purpose)
        known = [self.purposes[name] for name in INFORMING if name in self.purposes]
        return next((consent for consent in known if consent.granted), known[0] if known else None)

    def forbids(self, purpose: str) -> bool:
        """Whether it was taken back for this purpose, or for all. What was never spoken of is not forbidden."""
        known = self.of(purpose)
        return self.opted_out or (known is not None and not known.granted)


def fold(events: Iterable[Event], zone: ZoneInfo) -> Standing:
    """The ledger of one number, folded. Any order in; at one moment the more restrictive event counts as the later."""
    standing = Standing()
    for event in sorted(events, key=lambda event: (event.at, event.act == ConsentEvent.Act.REVOKED)):
        revoked = event.act == ConsentEvent.Act.REVOKED
        standing = _taken_back(standing, event, zone) if revoked else _given(standing, event, zone)
    return standing


def _taken_back(standing: Standing, event: Event, zone: ZoneInfo) -> Standing:
    since = event.at.astimezone(zone).date()
    names = [event.purpose] if event.purpose else list(Purpose.values)
    purposes = standing.purposes | {
        name: Consent(granted=False, since=since, words=_said(event)) for name in names
    }
    if event.purpose or standing.opted_out:
        return Standing(standing.opted_out, standing.opted_out_at, standing.opted_out_words, purposes)
    return Standing(True, event.at, f"{_said(event)} on {since.day} {since:%b %Y}", purposes)


def _given(standing: Standing, event: Event, zone: ZoneInfo) -> Standing:
    restarts = event.how == How.TEXT
    if standing.opted_out and not restarts:
        return standing
    since = event.at.astimezone(zone).date()
    written = event.how in WRITTEN
    purposes = dict(standing.purposes)
    for name in [event.purpose] if event.purpose else INFORMING:
        before = purposes.get(name)
        if before is not None and before.granted and (before.written or not written):
            continue  # it stands already, since earlier
        if before is not None and not before.granted and not (restarts or written):
            continue
        purposes[name] = Consent(granted=True, written=written, since=since, words=event.how)
    return Standing(purposes=purposes)


def _said(event: Event) -> str:
    words = " ".join(event.words.split())[:40]
    return f"“{words}” by {event.how}" if words else event.how


def state(store_id: int, number: str) -> Standing:
    """What one number allows this store now."""
    return states([(store_id, number)])[store_id, number]


def states(keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Standing]:
    """What many numbers allow, by (store, number), in one query and one for the stores' zones."""
    wanted = set(keys)
    rows = (
        ConsentEvent.objects.across_stores("a batch of messages of several stores")
        .filter(store_id__in={store for store, _ in wanted}, number__in={number for _, number in wanted})
        .order_by("at", "pk")
        .values_list("store_id", "number", "act", "purpose", "how", "words", "at", "store__zone")
    )
    ledgers: dict[tuple[int, str], list[Event]] = defaultdict(list)
    zones: dict[int, ZoneInfo] = {}
    for store_id, number, act, purpose, how, words, at, zone in rows:
        ledgers[store_id, number].append(Event(act, purpose, how, words, at))
        zones.setdefault(store_id, ZoneInfo(zone))
    return {key: fold(ledgers[key], zones[key[0]]) if key in ledgers else Standing() for key in wanted}


@dataclass(frozen=True)
class Gift:
    """Consent that was given for a number. `words` are the proof.

    A purpose of EVERYTHING means one-to-one information: giving a number for a visit or an inquiry.
    """

    store_id: int
    number: str
    purpose: str
    how: How
    words: str
    at: datetime


def give(
    *,
    store_id: int,
    number: str,
    purpose: str = EVERYTHING,
    how: How,
    words: str,
    by: StaffMember | None = None,
    now: datetime,
) -> bool:
    """Writes that consent was given; False where it changes nothing. Raises NoEvidence without words."""
    return bool(give_many([Gift(store_id, number, purpose, how, words, now)], by=by))


def give_many(gifts: Sequence[Gift], *, by: StaffMember | None = None) -> int:
    """Writes those that change anything, and says how many. Raises NoEvidence. One query and one write for any number."""
    if not all(gift.words.strip() for gift in gifts):
        raise NoEvidence("Consent needs the words that were said or signed.")
    standings = states([(gift.store_id, gift.number) for gift in gifts]) if gifts else {}
    rows = []
    for gift in gifts:
        key = (gift.store_id, gift.number)
        event = Event(ConsentEvent.Act.GIVEN, gift.purpose, gift.how, gift.words, gift.at)
        after = _given(standings[key], event, ZoneInfo("UTC"))
        if after != standings[key]:
            standings[key] = after
            rows.append(_row(gift.store_id, gift.number, event, by))
    ConsentEvent.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


@transaction.atomic
def revoke(
    *,
    store_id: int,
    number: str,
    purpose: str = EVERYTHING,
    how: How,
    words: str,
    by: StaffMember | None = None,
    now: datetime,
    whole_group: bool = True,
) -> bool:
    """Writes that consent was taken back and stops what is queued, in this transaction; False where it was so already.

    An opt-out from everything holds for every store of the group (`whole_group`): the carrier blocks them all as well.
    """
    announce(number)
    changed = False
    for store in _stores(store_id, whole_group and not purpose):
        if state(store, number).forbids(purpose):
            continue
        _row(store, number, Event(ConsentEvent.Act.REVOKED, purpose, how, words, now), by).save()
        changed = changed or store == store_id
        withdraw_queued(store, number, purpose, f"Not sent: they opted out (“{words.strip()[:60]}”).", now)
    return changed


def announce(number: str) -> None:
    """From here on until this transaction ends, whoever is about to call the carrier sees that consent is being taken back.

    A time that is read afterwards is later than every call that did not see it, however long the commit takes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [_TAKING_BACK, number])


def being_taken_back(number: str) -> bool:
    """Whether some store is writing at this moment that this number took consent back. Waits for nobody, and holds nobody up."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN pg_try_advisory_lock(%(of)s, hashtext(%(number)s))"
            " THEN NOT pg_advisory_unlock(%(of)s, hashtext(%(number)s)) ELSE true END",
            {"of": _TAKING_BACK, "number": number},
        )
        row = cursor.fetchone()
    return bool(row[0])


def withdraw_queued(store_id: int, number: str, purpose: str, why: str, now: datetime) -> int:
    """Takes what waits for this number out of the queue. What is already with the carrier is gone.

    What a worker holds at this moment is passed over: a stop waits for nobody, and that worker reads consent once more
    before it calls the carrier.
    """
    waiting = Q(state=Message.State.QUEUED) | Q(state=Message.State.SENDING, called_at__isnull=True)
    rows = Message.objects.of_store(store_id).filter(
        waiting, is_inbound=False, conversation__their_number=number
    )
    if purpose:
        rows = rows.filter(purpose=purpose)
    keys = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    return (
        Message.objects.of_store(store_id)
        .filter(pk__in=keys)
        .update(state=Message.State.SUPPRESSED, reasons=[why], steps=steps.noted(now, why))
    )


def _stores(store_id: int, whole_group: bool) -> list[int]:
    if not whole_group:
        return [store_id]
    stores = Store.objects.filter(group__stores=store_id).values_list("pk", flat=True)
    return sorted(stores)


def _row(store_id: int, number: str, event: Event, by: StaffMember | None) -> ConsentEvent:
    return ConsentEvent(
        store_id=store_id,
        number=number,
        act=event.act,
        purpose=event.purpose,
        how=event.how,
        words=event.words[:2000],
        by=by,
        at=event.at,
    )
