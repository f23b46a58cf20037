"""From files to records: each row is kept raw by its header's names, to be applied by the department that owns the kind."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice, takewhile

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef

from dealership import doorbell, line, live
from dealership.dms import files, guard
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.dms.readers import dealervault
from dealership.dms.readers.dealervault import FeedReading, FeedRow
from dealership.events import bus
from dealership.events.catalogue.dms import FeedFileApplied
from dealership.messaging.wording import clean, clean_json
from dealership.scope import ScopedQuerySet

BATCH = 1000
#: The order of the DMS.
ORDER = ("stamp", "line", "pk")
BELLS = {
    Feed.Kind.REPAIR_ORDERS: "repair_orders",
    Feed.Kind.APPOINTMENTS: "service_appointments",
    Feed.Kind.DEALS: "deals",
    Feed.Kind.PARTS_STOCK: "parts_stock",
}


def stage(file: FeedFile, *, now: datetime, seconds: float = 20.0) -> bool:
    """Reads the file into staged records, in batches that are committed one by one; True when it is done.

    After about `seconds` it stops between two batches, and goes on there when called again. A file that cannot be
    read at all is refused with its reason.
    """
    feed = file.feed
    if feed is None:
        raise ValueError(f"{file.name} belongs to no feed: only files of a feed are read.")
    reading = read(file, feed)
    if reading.refused:
        files.refuse(file, why=_sentence(reading.refused), now=now)
        return True
    until = time.monotonic() + seconds
    staged = set(
        StagedRecord.objects.of_store(file.store_id).filter(file=file).values_list("line", flat=True)
    )
    rows = iter(replace(reading.rows, superseded_lines=reading.rows.superseded_lines | staged))
    while batch := list(islice(rows, BATCH)):
        StagedRecord.objects.bulk_create([_record(file, feed, row) for row in batch], ignore_conflicts=True)
        if time.monotonic() > until:
            return False
    _staged(file, feed, reading, now)
    return True


def read(file: FeedFile, feed: Feed) -> FeedReading:
    """What the file says, in this store's own words for columns and codes."""
    return dealervault.read(
        bytes(file.data),
        feed.kind,
        filename=file.name,
        aliases=feed.header_aliases,
        status_codes=feed.status_codes,
    )


def row_of(file: FeedFile, feed: Feed, line: int) -> FeedRow | None:
    """One line of the file, read anew."""
    return next((row for row in read(file, feed).rows if row.line == line), None)


def fill(record: StagedRecord, row: FeedRow) -> None:
    """Writes what a row says into its staged record (unsaved)."""
    raw: dict[str, str] = clean_json(row.raw)
    record.key, record.raw = clean(row.key), raw
    record.content_hash = dealervault.content_hash(row)
    record.state = StagedRecord.State.STAGED if row.parked is None else StagedRecord.State.PARKED
    record.why = clean(_sentence(row.parked) if row.parked else "; ".join(row.notes))


@transaction.atomic
def park(records: Iterable[tuple[StagedRecord, str]], *, now: datetime) -> None:
    """Sets records aside for a person, each with its reason."""
    parked = []
    for record, why in records:
        record.state, record.why, record.applied_at = StagedRecord.State.PARKED, clean(why)[:2000], now
        parked.append(record)
    StagedRecord.objects.bulk_update(parked, ["state", "why", "applied_at"], batch_size=500)
    for store_id in {record.store_id for record in parked}:
        live.bump(store_id, "imports")


def waits(kind: str) -> bool:
    """Whether any record of this kind waits to be applied. One query, no lock."""
    return _waiting(kind).exists()


@transaction.atomic
def count_try(kind: str, *, limit: int, now: datetime) -> list[int]:
    """The keys of the next records of a kind in the order of the DMS, each counted as tried.

    One that was tried before and not settled took its worker down, or stood beside one that did: it comes alone, and is
    parked when it does not come back again and again.
    """
    waiting = _waiting(kind)
    following = list(waiting.order_by(*ORDER).values_list("pk", "attempts")[:limit])
    fresh = [pk for pk, attempts in takewhile(lambda row: not row[1], following)]
    keys = fresh or [pk for pk, _ in following[:1]]
    worn = following[0] if following and following[0][1] >= line.MOST_TRIES else None
    if worn is not None:
        record = waiting.select_for_update(of=("self",)).get(pk=worn[0])
        park([(record, f"{line.KILLED} Mend it in the DMS, or set it aside.")], now=now)
    waiting.filter(pk__in=keys).update(attempts=F("attempts") + 1)
    return keys


def _waiting(kind: str) -> ScopedQuerySet[StagedRecord]:
    rows = StagedRecord.objects.across_stores("a department applies the records of all its stores")
    # A file is applied when all of it was read and nothing in it is strange.
    read = [FeedFile.State.STAGED, FeedFile.State.APPLIED]
    return rows.filter(kind=kind, state=StagedRecord.State.STAGED, file__state__in=read)


def claim(kind: str, keys: Sequence[int]) -> list[StagedRecord]:
    """Those of these records that still wait, in the order of the DMS, locked for the caller's transaction."""
    return list(
        _waiting(kind)
        .filter(pk__in=keys)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("file__feed", "store")
        .defer("file__data")
        .order_by(*ORDER)
    )


def settle_files(now: datetime) -> int:
    """Closes the books of files of which no record waits any more. The first that brought something ends the first load."""
    waiting = StagedRecord.objects.across_stores("files of all stores").filter(
        file=OuterRef("pk"), state=StagedRecord.State.STAGED
    )
    done = (
        FeedFile.objects.across_stores("files of all stores")
        .filter(~Exists(waiting), state=FeedFile.State.STAGED)
        .order_by("received_at")
        .values_list("pk", flat=True)
    )
    return sum(_settle(pk, now) for pk in list(done[:100]))


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    file = (
        FeedFile.objects.across_stores("one file by its key")
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("feed")
        .defer("data")
        .filter(pk=pk, state=FeedFile.State.STAGED)
        .first()
    )
    if file is None or file.feed is None:
        return False
    is_first_time = file.settled_at is None
    recount(file)
    file.state, file.settled_at = FeedFile.State.APPLIED, file.settled_at or now
    file.save(update_fields=["state", "settled_at"])
    if file.feed.first_loaded_at is None and (file.n_applied or file.n_older):
        Feed.objects.of_store(file.store_id).filter(pk=file.feed.pk).update(first_loaded_at=now)
    if is_first_time:
        bus.publish(
            FeedFileApplied(
                store_id=file.store_id,
                at=now,
                subject=f"file:{file.pk}",
                file_id=file.pk,
                kind_of_feed=file.feed.kind,
                n_applied=file.n_applied,
                n_parked=file.n_parked,
                backfill=file.is_backfill,
            )
        )
    live.bump(file.store_id, "imports")
    return True


def recount(file: FeedFile) -> None:
    """Writes how many of the file's records ended how. One count, one update."""
    records = StagedRecord.objects.of_store(file.store_id).filter(file=file)
    by_state = {state: n for state, n in records.values_list("state").annotate(n=Count("pk"))}  # noqa: C416
    file.n_applied = by_state.get(StagedRecord.State.APPLIED, 0)
    file.n_same = by_state.get(StagedRecord.State.SAME, 0)
    file.n_older = by_state.get(StagedRecord.State.OLDER, 0)
    file.n_parked = by_state.get(StagedRecord.State.PARKED, 0)
    file.save(update_fields=["n_applied", "n_same", "n_older", "n_parked"])


@transaction.atomic
def _staged(file: FeedFile, feed: Feed, reading: FeedReading, now: datetime) -> None:
    held = guard.why_held(file, feed.kind)
    file.state = FeedFile.State.HELD if held else FeedFile.State.STAGED
    file.n_records = StagedRecord.objects.of_store(file.store_id).filter(file=file).count()
    said = [held, file.why, *map(_sentence, _oddities(reading))]
    file.why = clean(" ".join(filter(None, said)))
    file.save(update_fields=["state", "n_records", "why"])
    files.heard_from(feed, at=file.received_at)
    doorbell.ring(BELLS[Feed.Kind(feed.kind)])
    live.bump(file.store_id, "imports")


def _oddities(reading: FeedReading) -> Iterator[str]:
    yield from reading.problems
    if reading.missing:
        yield f"the file lacks columns that it usually has: {', '.join(reading.missing)}"


def _record(file: FeedFile, feed: Feed, row: FeedRow) -> StagedRecord:
    record = StagedRecord(store_id=file.store_id, file=file, kind=feed.kind, line=row.line, stamp=file.stamp)
    fill(record, row)
    return record


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""
