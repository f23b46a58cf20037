"""What would be strange in a file of repair orders: a fifth of the open ones voided, given another car, or gone.

Cars are closed by the dozen every evening, so a close is nothing strange. That an open RO is absent says something only of a
DMS that repeats all open ones in each file, as the file before shows.
"""

from __future__ import annotations

from dealership.dms import guard
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.dms.readers.records import RepairOrderRecord
from service import stories
from service.models import RepairOrder

MOST_IN_100 = 20
#: With fewer open ROs than this a share says nothing.
LEAST_OPEN = 20
#: The file before named so many in 100 of the open ROs: the DMS repeats them all.
REPEATS = 90


@guard.looks_at(Feed.Kind.REPAIR_ORDERS)
def why_strange(file: FeedFile) -> str:
    """The sentence for a person, or "". Four queries."""
    open_ones = dict(
        RepairOrder.objects.of_store(file.store_id)
        .filter(state=RepairOrder.State.OPEN)
        .values_list("ro_number", "vehicle__vin")
    )
    if len(open_ones) < LEAST_OPEN:
        return ""
    named = _named(file)
    known = {number: record for number, record in named.items() if number in open_ones}
    voided = {number for number, record in known.items() if record.status == "voided"}
    other_car = {
        number for number, record in known.items()
        if open_ones[number] and record.vehicle.vin and record.vehicle.vin != open_ones[number]
    }  # fmt: skip
    gone = set(open_ones) - set(named) if _repeats(file, set(open_ones)) else set()
    strange = voided | other_car | gone
    if len(strange) * 100 <= len(open_ones) * MOST_IN_100:
        return ""
    return (
        f"Held: {len(strange)} of {len(open_ones)} open repair orders would change as they hardly ever do "
        f"({len(voided)} voided, {len(other_car)} with another car, {len(gone)} gone). Look at it, then apply or refuse it."
    )


def _repeats(file: FeedFile, open_ones: set[str]) -> bool:
    before = (
        FeedFile.objects.of_store(file.store_id)
        .filter(feed=file.feed, stamp__lt=file.stamp, state=FeedFile.State.APPLIED)
        .defer("data")
        .order_by("-stamp")
        .first()
    )
    if before is None:
        return False
    return len(open_ones & set(_named(before))) * 100 >= len(open_ones) * REPEATS


def _named(file: FeedFile) -> dict[str, RepairOrderRecord]:
    """The ROs of a file by their numbers."""
    records = StagedRecord.objects.of_store(file.store_id).select_related("file__feed").defer("file__data")
    told, _ = stories.read(list(records.filter(file=file)))
    return {item.record.ro_number: item.record for item in told}
