"""After the storm: the carrier's ledger, the answers that were given, and the database, laid side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from dealership import clock, verify
from dealership.appointments.models import Appointment, Slot
from dealership.dms.models import FeedFile, StagedRecord
from dealership.events.models import EventRecord
from dealership.messaging.models import CarrierCall, CarrierCheck, Message
from dealership.stores.models import Store
from sales.models import Lead
from service.models import RepairOrder
from tasks.models import Promise, Task
from tests.carrier.carrier import STARTS
from tests.chaos.load import Told

State = Message.State
WITH_CARRIER = (State.ACCEPTED, State.SENT, State.DELIVERED, State.UNDELIVERED)
RESTS = (*WITH_CARRIER, State.FAILED, State.SUPPRESSED, State.QUEUED)
WHY = "a run looks at the rows of all stores"
#: Seconds that a STOP may take.
GRACE = 1.0


def is_quiet(since: datetime) -> bool:
    """Nothing is under way any more: no call to settle, no text in doubt or about to leave, no file or fact half done; and
    the carrier's list of what came in was read since then."""
    looked = CarrierCheck.objects.across_stores(WHY).filter(
        kind=CarrierCheck.Kind.INBOUND, at__gt=since, trouble=""
    )
    if looked.values("store").distinct().count() < Store.objects.count():
        return False
    busy = (
        CarrierCall.objects.filter(settled_at__isnull=True, next_try_at__isnull=False),
        Message.objects.across_stores(WHY).filter(state__in=[State.SENDING, State.UNKNOWN]),
        Message.objects.across_stores(WHY).filter(state=State.QUEUED, send_after__lte=_soon()),
        FeedFile.objects.across_stores(WHY).filter(
            state__in=[FeedFile.State.RECEIVED, FeedFile.State.STAGED]
        ),
        StagedRecord.objects.across_stores(WHY).filter(state=StagedRecord.State.STAGED),
        EventRecord.objects.across_stores(WHY).filter(applied_at__isnull=True),
        Task.objects.across_stores(WHY).filter(
            state=Task.State.WAITING, kind=Task.Kind.TEXT, run_at__lte=clock.now()
        ),
    )
    return not any(rows.exists() for rows in busy)


def _soon() -> datetime:
    return clock.now() + timedelta(minutes=5)


def judge(told: Told, book: dict[str, Any]) -> dict[str, list[str]]:
    """What is wrong, by kind of wrong; every list empty is what is asked for."""
    ledger = book["entries"]
    broken = list(_invariants())
    return {
        "lost": [*_lost(told, book), *_trouble(told)],
        "doubled": list(_doubled(told, ledger)),
        "not as the ledger": list(_unlike(ledger)),
        "sent after STOP": list(_after_stop(told, ledger)),
        "left undone": list(_undone()),
        "ownerless promises": list(_ownerless()),
        "overbooked": list(_overbooked()),
        "cross-store rows": [said for said in broken if said.startswith("one_store")],
        "other invariants": [said for said in broken if not said.startswith("one_store")],
    }


def _trouble(told: Told) -> list[str]:
    return [f"{one['kind']} {one['nth']}: {one['error']}" for one in told.taken.get("trouble", [])]


def _lost(told: Told, book: dict[str, Any]) -> Iterator[str]:
    """Every answer 2xx has its row and its effect; every text that the carrier took in for us is here."""
    inbound = {text["sid"] for text in book["texts"] if text["direction"] == "inbound"}
    here = set(
        Message.objects.across_stores(WHY).filter(is_inbound=True).values_list("carrier_sid", flat=True)
    )
    yield from (f"inbound text {sid} is no message" for sid in sorted(inbound - here))
    leads = {
        key.rpartition(":")[2]
        for key in Lead.objects.across_stores(WHY).values_list("external_key", flat=True)
    }
    yield from (f"lead {one['key']}" for one in told.taken.get("lead", []) if one["key"].lower() not in leads)
    sent = set(Message.objects.across_stores(WHY).values_list("dedupe_key", flat=True))
    yield from (
        f"text of a person {one['key']}" for one in told.taken.get("send", []) if one["key"] not in sent
    )
    ros = set(RepairOrder.objects.across_stores(WHY).values_list("store__slug", "ro_number"))
    known = {(slug, number.lstrip("0")) for slug, number in ros}
    parked = set(
        StagedRecord.objects.across_stores(WHY)
        .exclude(state__in=[StagedRecord.State.APPLIED, StagedRecord.State.SAME, StagedRecord.State.OLDER])
        .values_list("store__slug", "key")
    )
    parked = {(slug, key.lstrip("0")) for slug, key in parked}
    for one in told.taken.get("file", []):
        for key in one["keys"]:
            if (one["slug"], key.lstrip("0")) not in known | parked:
                yield f"RO {key} of {one['slug']}"
    visits = Counter(
        f"{pk}:{at:%H:%M}"
        for pk, at in Appointment.objects.across_stores(WHY).values_list("customer_id", "starts_at")
    )
    wanted = {str(one["customer"]) for one in told.taken.get("book", [])}
    booked = {key.partition(":")[0] for key in visits}
    yield from (f"visit of customer {pk}" for pk in sorted(wanted - booked))


def _doubled(told: Told, ledger: list[dict[str, Any]]) -> Iterator[str]:
    taken = Counter(entry["ours"] for entry in ledger if entry["event"] == "accepted")
    yield from (f"text {ours} reached the carrier {n} times" for ours, n in taken.items() if n > 1)
    for model, field, name in ((Lead, "external_key", "lead"), (Message, "dedupe_key", "message")):
        rows = model.objects.across_stores(WHY).exclude(**{field: ""}).values("store", field)
        for row in rows.annotate(n=Count("pk")).filter(n__gt=1):
            yield f"{name} {row[field]} is there {row['n']} times"
    visits = Appointment.objects.across_stores(WHY).exclude(state=Appointment.State.CANCELLED)
    for row in visits.values("customer", "starts_at", "department").annotate(n=Count("pk")).filter(n__gt=1):
        yield f"customer {row['customer']} has {row['n']} visits at one time"


def _unlike(ledger: list[dict[str, Any]]) -> Iterator[str]:
    """With the carrier by our books if and only if by its own."""
    theirs = {entry["ours"]: entry["sid"] for entry in ledger if entry["event"] == "accepted"}
    ours = {
        str(uuid): (state, sid, code)
        for uuid, state, sid, code in Message.objects.across_stores(WHY)
        .filter(is_inbound=False)
        .values_list("uuid", "state", "carrier_sid", "error_code")
    }
    for uuid, sid in theirs.items():
        state, known, code = ours.get(uuid, ("missing", "", ""))
        with_them = state in WITH_CARRIER or (state == State.FAILED and known)
        if not with_them or known != sid:
            yield f"the carrier has {uuid} as {sid}; here it is {state} {known} {code}"
    for uuid, (state, sid, code) in ours.items():
        if (state in WITH_CARRIER or sid) and uuid not in theirs:
            yield f"{uuid} is {state} {code} here, and the carrier never took it"


def _after_stop(told: Told, ledger: list[dict[str, Any]]) -> Iterator[str]:
    """A STOP counts from the moment at which its webhook was answered with 200; nothing is even asked for a second later."""
    answered: dict[str, float] = {}
    for entry in ledger:
        if entry["event"] == "called" and entry["inbound"] and entry["status"] == 200:
            answered.setdefault(entry["sid"], entry["at"])
    wrote = {entry["sid"]: entry for entry in ledger if entry["event"] == "wrote"}
    stops: dict[str, float] = {}
    for one in told.taken.get("stop", []):
        written = wrote[one["sid"]]["at"]
        at = answered.get(one["sid"])
        if at is not None and not _wants_again(ledger, one["number"], written, at):
            stops[one["number"]] = min(at, stops.get(one["number"], at))
    asked = defaultdict(list)
    for entry in ledger:
        if entry["event"] == "asked":
            asked[entry["to"]].append(entry["at"])
    for number, at in stops.items():
        until = _wants_again(ledger, number, at, float("inf")) or float("inf")
        late = [moment - at for moment in asked[number] if at + GRACE < moment < until]
        yield from (f"{number} was texted {seconds:.1f} s after its STOP" for seconds in late)


def _wants_again(ledger: list[dict[str, Any]], number: str, since: float, until: float) -> float:
    """When this number wrote START, or YES, in between: it wants texts again. 0 for never."""
    times = [
        entry["at"]
        for entry in ledger
        if entry["event"] == "wrote"
        and entry["sender"] == number
        and since <= entry["at"] <= until
        and entry["body"].strip().upper() in STARTS
    ]
    return min(times, default=0.0)


def _undone() -> Iterator[str]:
    for call in CarrierCall.objects.filter(settled_at__isnull=True):
        yield f"call {call.pk} ({call.kind}) was never settled: {call.last_error[:100]}"
    for pk, state in (
        Message.objects.across_stores(WHY)
        .exclude(state__in=[*RESTS, State.RECEIVED])
        .values_list("pk", "state")
    ):
        yield f"message {pk} rests as {state}"
    for fact in EventRecord.objects.across_stores(WHY).filter(applied_at__isnull=True):
        yield f"fact {fact.pk} {fact.kind} was not applied: {fact.last_error[:100]}"
    for file in FeedFile.objects.across_stores(WHY).exclude(state=FeedFile.State.APPLIED):
        yield f"file {file.name} is {file.state}: {file.why[:100]}"


def _ownerless() -> Iterator[str]:
    rows = Promise.objects.across_stores(WHY).filter(state=Promise.State.OPEN)
    for promise in rows.filter(Q(owner__isnull=True) | Q(owner__is_active=False)):
        yield f"promise {promise.pk} ({promise.rule})"


def _overbooked() -> Iterator[str]:
    for slot in Slot.objects.across_stores(WHY).filter(n_booked__gt=F("capacity")):
        yield f"slot {slot.pk} has {slot.n_booked} of {slot.capacity}"
    held = (
        Appointment.objects.across_stores(WHY)
        .filter(slot__isnull=False, is_overbooked=False)
        .exclude(state=Appointment.State.CANCELLED)
        .values("slot", "slot__n_booked")
        .annotate(n=Count("pk"))
    )
    for row in held:
        if row["n"] != row["slot__n_booked"]:
            yield f"slot {row['slot']} counts {row['slot__n_booked']} and holds {row['n']}"


def _invariants() -> Iterator[str]:
    """What `manage.py verify` says, keys across stores among it."""
    for one in verify.verify():
        if not one.holds:
            yield f"{one.name}: {one.violations} of {one.checked}: {one.says} {one.rows[:2]}"
