"""The DMS's parts stock (PTINV): one upsert a batch. A number of a make stands as its newest version tells it, in whatever order they come.

A stock file is a count, not a story: where it has one number of one make on two lines (two bins), the line that was sold from
last counts, not the one that stands further down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from dealership import live
from dealership.dms import staging
from dealership.dms.models import StagedRecord
from dealership.dms.readers import dealervault
from dealership.dms.readers.records import PartStockRecord
from dealership.dms.readers.row import Parked
from dealership.language import later
from parts import stock
from parts.models import StockPart

State = StagedRecord.State
#: Store, number, make.
Key = tuple[int, str, str]

FIELDS = [
    "part_number", "description", "on_hand", "on_order", "bin", "source", "price_cents", "cost_cents", "last_sale_date",
    "superseded_by", "stamp", "line", "content_hash",
]  # fmt: skip
#: Why a record is kept aside, as pages say it: what is kept with it is English.
SAID = (later("This is no part number: mend it in the DMS, or set it aside."),)
MOST_PIECES = Decimal(1_000_000)


def apply(staged: Sequence[StagedRecord], *, now: datetime) -> None:
    """Applies records of the shelf. Call in a transaction that holds them; what cannot be read is parked."""
    told, parked = _read(staged)
    staging.park(parked, now=now)
    if not told:
        return
    known = _known(told)
    ended: dict[State, list[int]] = defaultdict(list)
    changed: list[StockPart] = []
    named = _newest_of_named_makes(told, known)
    for key, versions in told.items():
        versions.sort(key=lambda version: _order(version[1]))
        row, newest = known.get(key), versions[-1]
        ended[State.OLDER] += [record.pk for record, _ in versions[:-1]]
        passed = not key[2] and named.get(key[:2], newest[1].stamp) > newest[1].stamp
        if passed or (row is not None and _order(row) > _order(newest[1])):
            ended[State.OLDER].append(newest[0].pk)
            continue
        same = row is not None and row.content_hash == newest[1].content_hash
        ended[State.SAME if same else State.APPLIED].append(newest[0].pk)
        changed.append(newest[1])
    StockPart.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["store", "part_key", "make"], update_fields=FIELDS
    )
    _drop_nameless(known, named)
    for state, keys in ended.items():
        rows = StagedRecord.objects.across_stores("records of a batch").filter(pk__in=keys)
        rows.update(state=state, applied_at=now)
    for store_id in {row.store_id for row in changed}:
        live.bump(store_id, "parts")


def _read(
    staged: Sequence[StagedRecord],
) -> tuple[dict[Key, list[tuple[StagedRecord, StockPart]]], list[tuple[StagedRecord, str]]]:
    told: dict[Key, list[tuple[StagedRecord, StockPart]]] = defaultdict(list)
    parked: list[tuple[StagedRecord, str]] = []
    for record in staged:
        feed = record.file.feed
        try:
            read = dealervault.from_raw(record.raw, record.kind, aliases=feed.header_aliases if feed else {})
        except Parked as reason:
            parked.append((record, f"{str(reason)[:1].upper()}{str(reason)[1:]}."))
            continue
        if not isinstance(read, PartStockRecord) or not stock.key_of(read.part_number):
            parked.append((record, "This is no part number: mend it in the DMS, or set it aside."))
            continue
        row = _row(record, read)
        told[row.store_id, row.part_key, row.make].append((record, row))
    return told, parked


def _row(record: StagedRecord, read: PartStockRecord) -> StockPart:
    return StockPart(
        store_id=record.store_id,
        part_key=stock.key_of(read.part_number),
        part_number=read.part_number[:40],
        make=read.make.upper()[:24],
        description=read.description[:120],
        on_hand=_pieces(read.on_hand),
        on_order=_pieces(read.on_order),
        bin=read.bin[:24],
        source=read.source[:24],
        price_cents=read.price_cents,
        cost_cents=read.cost_cents,
        last_sale_date=read.last_sale_date,
        superseded_by=read.new_part_number[:40],
        stamp=record.stamp,
        line=record.line,
        content_hash=record.content_hash,
    )


def _pieces(n: Decimal | None) -> Decimal | None:
    return n if n is not None and abs(n) < MOST_PIECES else None


def _order(row: StockPart) -> tuple[datetime, date, Decimal, str]:
    """Versions of one number of one make: by their files, and within a file by what they say."""
    on_hand = Decimal(-MOST_PIECES) if row.on_hand is None else row.on_hand
    return (row.stamp, row.last_sale_date or date.min, on_hand, row.content_hash)


def _newest_of_named_makes(
    told: dict[Key, list[tuple[StagedRecord, StockPart]]], known: dict[Key, StockPart]
) -> dict[tuple[int, str], datetime]:
    """When each number was told last with its make: what was told before without one is passed."""
    newest: dict[tuple[int, str], datetime] = {}
    rows = [*known.values(), *(row for versions in told.values() for _, row in versions)]
    for row in rows:
        if row.make:
            place = (row.store_id, row.part_key)
            newest[place] = max(row.stamp, newest.get(place, row.stamp))
    return newest


def _drop_nameless(known: dict[Key, StockPart], named: dict[tuple[int, str], datetime]) -> None:
    """A number that stood without a make, and is told with one since, stands no longer twice."""
    passed = [
        row.pk
        for (store_id, key, make), row in known.items()
        if not make and named.get((store_id, key), row.stamp) > row.stamp
    ]
    if passed:
        StockPart.objects.across_stores("a batch of several stores").filter(pk__in=passed).delete()


def _known(told: dict[Key, list[tuple[StagedRecord, StockPart]]]) -> dict[Key, StockPart]:
    rows = StockPart.objects.across_stores("a batch of several stores").filter(
        store_id__in={store_id for store_id, *_ in told}, part_key__in={key for _, key, _ in told}
    )
    return {(row.store_id, row.part_key, row.make): row for row in rows}
