"""Service appointments as the DMS tells them: set, moved and cancelled by its number; it decides, even beyond capacity."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dealership.appointments import booking
from dealership.appointments.models import Appointment
from dealership.dms import visitors
from dealership.dms.models import StagedRecord
from dealership.dms.readers import columns, dealervault
from dealership.dms.readers.records import AppointmentRecord
from dealership.dms.readers.row import Parked
from dealership.dms.visitors import Visit
from dealership.language import later
from dealership.stores.hours import to_utc
from dealership.stores.models import Department, Store
from service import arrivals, declined_work, offered_again

State = StagedRecord.State

#: A visit whose day had passed so long before the file was made is not kept: whoever came has an RO.
PAST = timedelta(days=1)
#: Why a record is kept aside, as pages say it: what is kept with it is English.
SAID = (
    later("It has a day and no hour: give it one in the DMS, or set it aside."),
    later("It names no customer: complete it in the DMS, or set it aside."),
    later("It names no customer."),
    later("This is no appointment."),
    later("Its day had passed when the file was made."),
    later("Cancelled before it was known here."),
    later("They came all the same."),
)
SHORTEST, LONGEST, USUAL = 10, 600, 60

_STATUS_HEADERS = frozenset({"appointment status", "appt status", "status", "appointment state"})
_FLAG_HEADERS = frozenset(
    {"cancelled", "canceled", "cancel flag", "cancelled flag", "canceled flag", "deleted"}
)
_CANCELLED_WORDS = ("cancel", "void", "delete")
_YES = frozenset({"y", "yes", "true", "t", "1"})


class CannotApply(ValueError):
    """The record is parked for a person; the message says why."""


def apply(staged: StagedRecord, *, now: datetime) -> None:
    """Applies one record; call in a transaction of its own. Raises CannotApply with the reason to park it."""
    record = _record(staged)
    newest, before = _known(staged)
    if newest is not None and (newest.stamp, newest.line) > (staged.stamp, staged.line):
        _mark(staged, State.OLDER, now)
        return
    existing = (
        Appointment.objects.of_store(staged.store_id).filter(dms_number=record.appointment_number).first()
    )
    if newest is not None and newest.content_hash == staged.content_hash and existing is not None:
        _mark(staged, State.SAME, now)
        return
    if is_cancelled(staged.raw):
        _cancel(existing, staged, now)
        return
    if record.starts_at is None:
        raise CannotApply("It has a day and no hour: give it one in the DMS, or set it aside.")
    store = Store.objects.get(pk=staged.store_id)
    starts_at = _moment(record.starts_at, store.tz)
    if existing is None and starts_at < staged.stamp - PAST:
        _mark(staged, State.OLDER, now, why="Its day had passed when the file was made.")
        return
    visit = _meet(staged, record, starts_at, now)
    if visit.customer is None:
        raise CannotApply("It names no customer: complete it in the DMS, or set it aside.")
    appointment = (
        _book(staged, record, visit, starts_at, now)
        if existing is None
        else _move(existing, staged, before, starts_at, store.tz, now)
    )
    _complete(appointment, record, visit)
    _settle(appointment, staged, record, store.tz, now)
    _mark(staged, State.APPLIED, now)


def is_cancelled(raw: Mapping[str, str]) -> bool:
    """Whether a row says that the visit will not take place; DMSes name the column as they like."""
    for header, value in raw.items():
        name, said = columns.plain(header), value.strip().casefold()
        if name in _STATUS_HEADERS and (said == "x" or said.startswith(_CANCELLED_WORDS)):
            return True
        if name in _FLAG_HEADERS and said in _YES:
            return True
    return False


def _record(staged: StagedRecord) -> AppointmentRecord:
    feed = staged.file.feed
    try:
        record = dealervault.from_raw(staged.raw, staged.kind, aliases=feed.header_aliases if feed else {})
    except Parked as reason:
        raise CannotApply(f"{str(reason)[:1].upper()}{str(reason)[1:]}.") from None
    if not isinstance(record, AppointmentRecord):
        raise CannotApply("This is no appointment.")
    return record


def _known(staged: StagedRecord) -> tuple[StagedRecord | None, StagedRecord | None]:
    """The newest record of this number that was heard before, and the newest that changed something."""
    rows = list(
        StagedRecord.objects.of_store(staged.store_id)
        .filter(kind=staged.kind, key=staged.key, state__in=[State.APPLIED, State.SAME, State.OLDER])
        .exclude(pk=staged.pk)
        .order_by("-stamp", "-line")[:20]
    )
    return (rows[0] if rows else None), next((row for row in rows if row.state == State.APPLIED), None)


def _meet(staged: StagedRecord, record: AppointmentRecord, starts_at: datetime, now: datetime) -> Visit:
    advisors = visitors.people_by_number([staged.store_id])
    visit = Visit(
        store_id=staged.store_id,
        customer_record=record.customer,
        vehicle_record=record.vehicle,
        at=min(staged.stamp, now),
        day=record.created_date or min(staged.stamp, starts_at).date(),
        stamp=staged.stamp,
        said=f"appointment {record.appointment_number}",
        person=visitors.person_of(advisors, staged.store_id, record.advisor_number),
    )
    visitors.find_all([visit], now=now)
    return visit


def _book(
    staged: StagedRecord, record: AppointmentRecord, visit: Visit, starts_at: datetime, now: datetime
) -> Appointment:
    customer = visit.customer
    if customer is None:
        raise CannotApply("It names no customer.")
    # What a person set here comes back with the DMS's number: one visit, not two.
    own = (
        Appointment.objects.of_store(staged.store_id)
        .filter(
            customer=customer,
            department=Department.SERVICE,
            starts_at=starts_at,
            state__in=booking.AWAITED,
            dms_number="",
        )
        .first()
    )
    if own is not None:
        own.dms_number = record.appointment_number
        own.save(update_fields=["dms_number"])
        return own
    return booking.book(
        store_id=staged.store_id,
        department=Department.SERVICE,
        customer=customer,
        vehicle=visit.vehicle,
        person=visit.person,
        starts_at=starts_at,
        minutes=_minutes(record),
        concern=concern(record),
        transport=_transport(record),
        source="dms",
        dms_number=record.appointment_number,
        by=None,
        now=now,
        force=True,
        backfill=staged.file.is_backfill,
    )


def _move(
    existing: Appointment,
    staged: StagedRecord,
    before: StagedRecord | None,
    starts_at: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> Appointment:
    """Moves it where the DMS has moved it; a time that a person here has changed since stands."""
    said_before = _starts_at(before, zone) if before is not None else existing.starts_at
    revived = (
        existing.state == Appointment.State.CANCELLED and before is not None and is_cancelled(before.raw)
    )
    if starts_at == said_before and not revived:
        return existing
    try:
        return booking.move(
            existing, starts_at=starts_at, by=None, now=now, force=True, backfill=staged.file.is_backfill
        )
    except booking.Over:
        return existing


def _cancel(existing: Appointment | None, staged: StagedRecord, now: datetime) -> None:
    if existing is None:
        _mark(staged, State.OLDER, now, why="Cancelled before it was known here.")
        return
    try:
        booking.cancel(existing, why="in the DMS", by=None, now=now, backfill=staged.file.is_backfill)
    except booking.Over:
        _mark(staged, State.OLDER, now, why="They came all the same.")
        return
    _mark(staged, State.APPLIED, now)


def _complete(appointment: Appointment, record: AppointmentRecord, visit: Visit) -> None:
    """What the DMS knows better: the car, who expects them, what for, and how they get home."""
    told = {
        "vehicle_id": visit.vehicle.pk if visit.vehicle else None,
        "person_id": visit.person.pk if visit.person else None,
        "concern": concern(record),
        "transport": _transport(record),
    }
    changed = {name: value for name, value in told.items() if value and getattr(appointment, name) != value}
    for name, value in changed.items():
        setattr(appointment, name, value)
    if changed:
        appointment.save(update_fields=sorted(name.removesuffix("_id") for name in changed))


def _settle(
    appointment: Appointment, staged: StagedRecord, record: AppointmentRecord, zone: ZoneInfo, now: datetime
) -> None:
    """What follows: the RO that came before it is its arrival; work that was declined and is booked now."""
    if appointment.state in arrivals.AWAITED:
        ro = arrivals.of_visit(appointment, zone)
        if ro is not None:
            arrivals.check_in(appointment, ro, backfill=staged.file.is_backfill, now=now)
            return
        said = [(operation.op_code, operation.description) for operation in record.operations]
        lines = offered_again.named_in(appointment, [*said, ("", record.complaint)])
        declined_work.mark_booked(lines, appointment, by=None, now=now, backfill=staged.file.is_backfill)


def concern(record: AppointmentRecord) -> str:
    """What they come for, in the DMS's words."""
    words = record.complaint or "\n".join(op.description or op.op_code for op in record.operations)
    return (words or record.comment)[:2000]


def _transport(record: AppointmentRecord) -> str:
    said = record.transportation.casefold()
    if record.waiting or "wait" in said:
        return Appointment.Transport.WAITER
    if record.loaner or "loan" in said or "rental" in said:
        return Appointment.Transport.LOANER
    if "shuttle" in said:
        return Appointment.Transport.SHUTTLE
    return Appointment.Transport.DROP if "drop" in said else ""


def _minutes(record: AppointmentRecord) -> int:
    return min(max(record.estimate_minutes or USUAL, SHORTEST), LONGEST)


def _moment(wall: datetime, zone: ZoneInfo) -> datetime:
    return to_utc(zone, wall).astimezone(UTC)


def _starts_at(staged: StagedRecord, zone: ZoneInfo) -> datetime | None:
    try:
        record = _record(staged)
    except CannotApply:
        return None
    return _moment(record.starts_at, zone) if record.starts_at else None


def _mark(staged: StagedRecord, state: State, now: datetime, *, why: str = "") -> None:
    staged.state, staged.applied_at, staged.why = state, now, why or staged.why
    staged.save(update_fields=["state", "applied_at", "why"])
