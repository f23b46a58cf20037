"""The carrier's webhooks: kept raw before anything is made of them, settled afterwards, and parked where that fails.

What was answered with 200 is in the table. The same call again changes nothing: the unique index decides, not a lock.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from dealership import doorbell, line, sensitive
from dealership.clock import Clock
from dealership.clock import now as now_here
from dealership.messaging import fates, inbound
from dealership.messaging.models import CarrierCall
from dealership.messaging.wording import clean_json
from dealership.stores.models import Store

log = logging.getLogger(__name__)

BATCH = 50
MOST_TRIES = line.MOST_TRIES
#: What is longer than this is no text: the rest is cut off, and says so.
MOST_CHARACTERS = 100_000
#: Numbers that are meant: whose text it is, and to whom.
NUMBERS = ("From", "To")


def keep_inbound(fields: Mapping[str, str], *, clock: Clock, written_at: datetime | None = None) -> bool:
    """Keeps a text that came in, and honours a STOP at once; False if it was here already. In the caller's transaction.

    `written_at`: when the carrier got it, for a text that was found in its list later. A call that names no message is kept
    under the digest of its fields, to be parked: nothing that the carrier signed is turned away.
    """
    now = clock()
    sid = (fields.get("MessageSid") or fields.get("SmsSid") or "").strip()
    payload = _masked(fields)
    key = _short(sid) if sid else f"no id: {_digest(fields)}"
    if not _keep(CarrierCall.Kind.INBOUND, key, payload, now, min(written_at or now, now)):
        return False
    inbound.honour_stop(payload, clock=clock)
    return True


def keep_status(uuid: object, fields: Mapping[str, str], *, now: datetime) -> bool:
    """Keeps the carrier's word about one of our texts; False if it was here already."""
    sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
    status = fields.get("MessageStatus") or fields.get("SmsStatus") or ""
    key = f"{uuid}:{sid}:{status}:{fields.get('ErrorCode', '')}"
    return _keep(CarrierCall.Kind.STATUS, _short(key), {**_masked(fields), "uuid": str(uuid)}, now)


def _keep(
    kind: str, external_id: str, payload: dict[str, Any], now: datetime, received_at: datetime | None = None
) -> bool:
    if CarrierCall.objects.filter(kind=kind, external_id=external_id).exists():
        return False
    try:
        with transaction.atomic():
            CarrierCall.objects.create(
                kind=kind,
                external_id=external_id,
                payload=payload,
                received_at=received_at or now,
                next_try_at=now,
            )
    except IntegrityError:
        return False  # the carrier called twice at once, and the other one is kept
    doorbell.ring("carrier_calls")
    return True


def _masked(fields: Mapping[str, str]) -> dict[str, Any]:
    payload = {key: clean_json(str(value))[:MOST_CHARACTERS] for key, value in fields.items()}
    payload = {key: value if key in NUMBERS else sensitive.mask(value) for key, value in payload.items()}
    return clean_json(payload)  # type: ignore[no-any-return]


def _short(key: str) -> str:
    cleaned = "".join(mark for mark in key if mark.isprintable())
    return cleaned if len(cleaned) <= 120 else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _digest(fields: Mapping[str, str]) -> str:
    said = "\0".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def settle_open(*, clock: Clock = now_here, limit: int = BATCH) -> dict[str, int]:
    """Settles what has not been settled, oldest first, each by itself: one that fails stops nobody. Returns small figures."""
    tally = {"settled": 0, "failed": 0}
    for pk in line.peek(_due(clock()), limit=limit, fair=False):
        done = settle(pk, now=clock())
        if done is not None:
            tally["settled" if done else "failed"] += 1
    return tally


def settle(pk: int, *, now: datetime) -> bool | None:
    """Settles one call that is due. True: done; False: it failed and waits or is parked; None: somebody else has it."""
    claim = line.take(_due(now), pk, now=now)
    if claim is None:
        return None
    try:
        with transaction.atomic():
            call = (
                line.held(CarrierCall.objects.filter(settled_at__isnull=True), claim)
                .select_for_update()
                .first()
            )
            if call is None:
                return None
            call.last_error = _make(call, now)
            call.settled_at, call.next_try_at = now, None
            call.save(update_fields=["settled_at", "next_try_at", "last_error"])
    except Exception as error:  # whatever is wrong with this one, it is kept, shown, and stops nobody
        log.exception("A call of the carrier could not be settled.")
        line.failed(CarrierCall.objects.all(), claim, f"{type(error).__name__}: {error}", now=now)
        return False
    return True


def _due(now: datetime) -> QuerySet[CarrierCall]:
    return CarrierCall.objects.filter(settled_at__isnull=True, parked_at__isnull=True, next_try_at__lte=now)


def again(pk: int, store_id: int, now: datetime) -> bool:
    """What is parked waits in line again; False where no such call names this store's number."""
    numbers = list(Store.objects.filter(pk=store_id).values_list("text_number", flat=True))
    rows = CarrierCall.objects.filter(
        pk=pk, settled_at__isnull=True, parked_at__isnull=False, payload__To__in=numbers
    )
    doorbell.ring("carrier_calls")
    return bool(line.again(rows, now=now))


def _make(call: CarrierCall, now: datetime) -> str:
    """Makes of it what it means; returns a remark, "" for none."""
    payload = call.payload
    if call.kind == CarrierCall.Kind.INBOUND:
        inbound.receive(payload, received_at=call.received_at, now=now)
        return ""
    return fates.told(
        uuid=payload["uuid"],
        status=payload.get("MessageStatus") or payload.get("SmsStatus") or "",
        code=payload.get("ErrorCode", ""),
        sid=payload.get("MessageSid") or payload.get("SmsSid") or "",
        at=call.received_at,
        now=now,
    )


def parked(numbers: list[str]) -> QuerySet[CarrierCall]:
    """Texts to these numbers of ours that could not be settled, newest first: a person must see them."""
    return CarrierCall.objects.filter(
        kind=CarrierCall.Kind.INBOUND,
        settled_at__isnull=True,
        attempts__gte=1,
        payload__To__in=numbers,
    ).order_by("-received_at")
