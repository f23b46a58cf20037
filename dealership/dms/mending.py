"""What a person does about parked records: try again, set aside, take back, say what a code means. Each with who and why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import doorbell, live
from dealership.dms import files, staging
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.dms.said import meanings_of, said
from dealership.staff.models import StaffMember

#: What a status code of each kind of file may mean.
MEANINGS: dict[str, dict[str, str]] = {
    Feed.Kind.REPAIR_ORDERS: {"open": "Open", "closed": "Closed", "voided": "Voided"},
    Feed.Kind.DEALS: {
        "written": "At the desk",
        "agreed": "Agreed",
        "contracted": "Contracted",
        "delivered": "Delivered",
        "lost": "Lost",
        "unwound": "Unwound",
    },
}


class CannotMend(ValueError):
    """That cannot be done to this record now; the message says why."""


@transaction.atomic
def retry(record: StagedRecord, *, by: StaffMember, now: datetime) -> StagedRecord:
    """Reads the row again from its file and lets the department try again. Raises CannotMend, with the reason that still holds."""
    current = _locked(record)
    if current.state != StagedRecord.State.PARKED:
        raise CannotMend(_("It is not parked any more: %(state)s.") % {"state": current.get_state_display()})
    file = FeedFile.objects.of_store(current.store_id).select_related("feed").get(pk=current.file_id)
    row = staging.row_of(file, file.feed, current.line) if file.feed else None
    if row is None:
        raise CannotMend(_("A later line of the same file has replaced this one. Set it aside."))
    staging.fill(current, row)
    if current.state == StagedRecord.State.PARKED:
        raise CannotMend(_("Still: %(why)s") % {"why": said(current.why)})
    _mended(current, "Tried again.", by, now)
    current.attempts = 0
    current.save()
    _start(file, current.kind)
    return current


@transaction.atomic
def drop(record: StagedRecord, *, why: str, by: StaffMember, now: datetime) -> StagedRecord:
    """Sets a parked record aside for good. Its raw row stays. Raises CannotMend without a reason."""
    if not why.strip():
        raise CannotMend(_("Say why it is not needed, so that the next person knows."))
    current = _locked(record)
    if current.state != StagedRecord.State.PARKED:
        raise CannotMend(_("It is not parked any more: %(state)s.") % {"state": current.get_state_display()})
    current.state = StagedRecord.State.DROPPED
    _mended(current, why.strip(), by, now)
    current.save(update_fields=["state", "mended_by", "mended_at", "mended_why"])
    _recount(current)
    return current


@transaction.atomic
def take_back(record: StagedRecord, *, by: StaffMember, now: datetime) -> StagedRecord:
    """Undo of drop: it is parked again, with its reason."""
    current = _locked(record)
    if current.state != StagedRecord.State.DROPPED:
        raise CannotMend(_("It was not set aside."))
    current.state = StagedRecord.State.PARKED
    _mended(current, "Taken back.", by, now)
    current.save(update_fields=["state", "mended_by", "mended_at", "mended_why"])
    _recount(current)
    return current


@transaction.atomic
def let_through(file: FeedFile, *, by: StaffMember, now: datetime) -> FeedFile:
    """A held file is right after all: it is applied. Raises CannotMend where it is not held any more."""
    current = _held(file)
    current.state, current.decided_by = FeedFile.State.STAGED, by
    current.why = f"{by.name} looked at it and let it through. It was h{current.why[1:]}"
    current.save(update_fields=["state", "decided_by", "why"])
    doorbell.ring(staging.BELLS[Feed.Kind(current.feed.kind)])  # type: ignore[union-attr]
    live.bump(current.store_id, "imports")
    return current


@transaction.atomic
def refuse_held(file: FeedFile, *, by: StaffMember, now: datetime) -> FeedFile:
    """A held file is rubbish: nothing of it is applied. Its rows stay. Raises CannotMend where it is not held any more."""
    current = _held(file)
    rows = StagedRecord.objects.of_store(current.store_id).filter(file=current)
    rows.filter(state__in=[StagedRecord.State.STAGED, StagedRecord.State.PARKED]).update(
        state=StagedRecord.State.DROPPED,
        mended_by=by,
        mended_at=now,
        mended_why="The whole file was refused.",
    )
    current.decided_by = by
    current.save(update_fields=["decided_by"])
    files.refuse(current, why=f"{by.name} refused it. It was h{current.why[1:]}", now=now)
    return current


def _held(file: FeedFile) -> FeedFile:
    rows = FeedFile.objects.of_store(file.store_id).select_for_update(of=("self",)).select_related("feed")
    current = rows.defer("data").get(pk=file.pk)
    if current.state != FeedFile.State.HELD:
        raise CannotMend(_("It is not held any more: %(state)s.") % {"state": current.get_state_display()})
    return current


@transaction.atomic
def explain_code(feed: Feed, *, code: str, meaning: str, by: StaffMember, now: datetime) -> int:
    """From now on this status code means that; records parked because of it are tried again. Returns how many."""
    code = " ".join(code.split()).casefold()
    meanings = MEANINGS.get(feed.kind, {})
    if not code or meaning not in meanings:
        words = ", ".join(meanings_of(feed.kind).values()) or _("nothing here")
        raise CannotMend(_("Give the code, and what it means: %(meanings)s.") % {"meanings": words})
    current = Feed.objects.of_store(by.store_id).select_for_update().get(pk=feed.pk)
    current.status_codes = {**current.status_codes, code: meaning}
    current.save(update_fields=["status_codes"])
    waiting = StagedRecord.objects.of_store(by.store_id).filter(
        file__feed=current, state=StagedRecord.State.PARKED, why=unexplained(code, kind=current.kind)
    )
    files = set(waiting.values_list("file_id", flat=True))
    n = waiting.update(
        state=StagedRecord.State.STAGED,
        mended_by=by,
        mended_at=now,
        mended_why=f"“{code}” means {meanings[meaning].lower()}."[:200],
    )
    FeedFile.objects.of_store(by.store_id).filter(pk__in=files, state=FeedFile.State.APPLIED).update(
        state=FeedFile.State.STAGED
    )
    doorbell.ring(staging.BELLS[Feed.Kind(current.kind)])
    live.bump(by.store_id, "imports")
    return n


def unexplained(code: str, *, kind: str = Feed.Kind.REPAIR_ORDERS) -> str:
    """The reason under which a record is parked whose status code nobody has explained."""
    column = "Deal Status" if kind == Feed.Kind.DEALS else "RO Status"
    return f"{column} “{' '.join(code.split()).casefold()[:40]}” is a code of this store: say below what it means."


def _mended(record: StagedRecord, why: str, by: StaffMember, now: datetime) -> None:
    record.mended_by, record.mended_at, record.mended_why = by, now, why[:200]


def _start(file: FeedFile, kind: str) -> None:
    FeedFile.objects.of_store(file.store_id).filter(pk=file.pk, state=FeedFile.State.APPLIED).update(
        state=FeedFile.State.STAGED
    )
    doorbell.ring(staging.BELLS[Feed.Kind(kind)])
    live.bump(file.store_id, "imports")


def _recount(record: StagedRecord) -> None:
    staging.recount(FeedFile.objects.of_store(record.store_id).defer("data").get(pk=record.file_id))
    live.bump(record.store_id, "imports")


def _locked(record: StagedRecord) -> StagedRecord:
    return StagedRecord.objects.of_store(record.store_id).select_for_update(of=("self",)).get(pk=record.pk)
