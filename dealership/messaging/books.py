"""The carrier's books beside ours: finds the texts that nobody called us for, and the fates that nobody told us.

A webhook may be lost in more ways than anybody can list: we were down for longer than the carrier tries, its filter against
loops held it back, a certificate ran out. So every few minutes its list of what came in is read, and what is missing is kept
as if it had been called for; and every hour what went out is laid beside our own rows, both ways. What was found is written
down with counts (`CarrierCheck`), also when it was nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from dealership.clock import Clock
from dealership.clock import now as now_here
from dealership.messaging import carrier_calls, fates
from dealership.messaging.models import CarrierCall, CarrierCheck, Message
from dealership.messaging.transports.carrier import Books, CannotLook, Listed
from dealership.stores.models import Store

#: How far back is looked, and how often: the carrier keeps its lists for longer than anybody is down.
INBOUND_BACK, FATES_BACK = timedelta(hours=48), timedelta(hours=26)
INBOUND_EVERY, FATES_EVERY = timedelta(minutes=5), timedelta(hours=1)
#: Newer than this the webhook itself may be under way; older than this our own row must be in the carrier's list.
YOUNG = timedelta(minutes=2)
KEPT_DAYS = timedelta(days=30)
MOST_NAMED = 20
State = Message.State


@dataclass
class Found:
    """What one look at one number's list came to."""

    n_listed: int = 0
    n_found: int = 0
    strange: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def look(*, books: Books, clock: Clock = now_here, at_once: bool = False) -> dict[str, int]:
    """Looks at every store's lists whose turn it is. A list that cannot be read is written down as that, and tried again.

    `at_once`: what came in is looked for now, whenever it was looked for last.
    """
    tally = {"looked": 0, "inbound_found": 0, "fates_found": 0, "unread": 0}
    kinds = (
        (CarrierCheck.Kind.INBOUND, INBOUND_EVERY, INBOUND_BACK, _inbound, "inbound_found"),
        (CarrierCheck.Kind.FATES, FATES_EVERY, FATES_BACK, _fates, "fates_found"),
    )
    for store in Store.objects.order_by("pk"):
        for kind, every, back, read, word in kinds:
            now = clock()
            if not (at_once and kind == CarrierCheck.Kind.INBOUND) and not _is_due(
                store.pk, kind, now, every
            ):
                continue
            tally["looked"] += 1
            try:
                found = read(books, store, now - back, clock)
            except CannotLook as error:
                _write(store.pk, kind, now, now - back, Found(), str(error))
                tally["unread"] += 1
                continue
            _write(store.pk, kind, now, now - back, found, "")
            tally[word] += found.n_found
    return tally


def _is_due(store_id: int, kind: str, now: datetime, every: timedelta) -> bool:
    last = CarrierCheck.objects.of_store(store_id).filter(kind=kind).order_by("-at").first()
    # A clock that was set back must not stop the looking.
    return last is None or not timedelta(0) <= now - last.at < every


def _inbound(books: Books, store: Store, since: datetime, clock: Clock) -> Found:
    """What came in and is not here is kept now; a STOP among it counts from this moment."""
    listed = [item for item in books.received_by(store.text_number, since=since) if item.sid]
    known = set(
        CarrierCall.objects.filter(
            kind=CarrierCall.Kind.INBOUND, external_id__in=[item.sid for item in listed]
        ).values_list("external_id", flat=True)
    )
    found = Found(n_listed=len(listed))
    # Oldest first, as they would have come.
    for item in sorted((item for item in listed if item.sid not in known), key=_when):
        with transaction.atomic():
            kept = carrier_calls.keep_inbound(_as_called(item), clock=clock, written_at=item.created_at)
            found.n_found += kept
    return found


def _as_called(item: Listed) -> dict[str, str]:
    """The fields that the carrier would have called us with."""
    fields = {"MessageSid": item.sid, "From": item.from_number, "To": item.to_number, "Body": item.body}
    fields |= {"SmsStatus": "received", "NumMedia": str(len(item.media)), "FoundBy": "the carrier's list"}
    for index, (url, kind) in enumerate(item.media):
        fields |= {f"MediaUrl{index}": url, f"MediaContentType{index}": kind}
    return fields


def _when(item: Listed) -> float:
    return item.created_at.timestamp() if item.created_at else 0.0


def _fates(books: Books, store: Store, since: datetime, clock: Clock) -> Found:
    """What the carrier knows further than we do is told; what only one of the two knows of is named."""
    now = clock()
    listed = {item.sid: item for item in books.sent_from(store.text_number, since=since) if item.sid}
    found = Found(n_listed=len(listed))
    ours = {
        row.carrier_sid: row
        for row in Message.objects.of_store(store.pk)
        .filter(is_inbound=False, carrier_sid__in=listed)
        .only("uuid", "state", "carrier_sid", "store_id")
    }
    doubtful = set(
        Message.objects.of_store(store.pk)
        .filter(state__in=[State.SENDING, State.UNKNOWN])
        .values_list("conversation__their_number", flat=True)
    )
    for sid, item in listed.items():
        row = ours.get(sid)
        if row is not None:
            found.n_found += _told(row, item, now)
        elif item.to_number not in doubtful and (item.created_at or now) < now - YOUNG:
            found.strange.append(sid)
    found.absent = _absent(store.pk, set(listed), since + timedelta(hours=2), now)
    return found


def _told(row: Message, item: Listed, now: datetime) -> bool:
    meant = fates.MEANT.get(item.status)
    if meant is None or fates.RANK[meant] <= fates.RANK[State(row.state)]:
        return False
    said = fates.told(
        uuid=row.uuid,
        status=item.status,
        code=item.error_code,
        sid=item.sid,
        at=item.changed_at or now,
        now=now,
    )
    return not said


def _absent(store_id: int, listed: set[str], since: datetime, now: datetime) -> list[str]:
    """Ours that the carrier should have listed and did not."""
    rows = Message.objects.of_store(store_id).filter(
        is_inbound=False, called_at__gte=since, called_at__lt=now - YOUNG
    )
    sids = rows.exclude(carrier_sid="").values_list("carrier_sid", flat=True)
    return sorted(set(sids) - listed)


@transaction.atomic
def _write(store_id: int, kind: str, now: datetime, since: datetime, found: Found, trouble: str) -> None:
    CarrierCheck.objects.create(
        store_id=store_id,
        kind=kind,
        at=now,
        since=since,
        n_listed=found.n_listed,
        n_found=found.n_found,
        n_strange=len(found.strange),
        n_absent=len(found.absent),
        named=[*_named("only the carrier has", found.strange), *_named("only we have", found.absent)],
        trouble=trouble[:300],
    )
    CarrierCheck.objects.of_store(store_id).filter(at__lt=now - KEPT_DAYS).delete()


def _named(words: str, sids: Sequence[str]) -> list[str]:
    return [f"{words} {sid}" for sid in sids[:MOST_NAMED]]
