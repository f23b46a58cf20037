"""The shelf as the DMS tells it: numbers compared as people mean them, and what lies there. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q

from dealership.dms.models import Feed
from dealership.staff.models import StaffMember
from parts.models import StockPart

MOST_FOUND = 50
SHORTEST = 2
_WORD = re.compile(r"[a-z0-9]+")
_BETWEEN = str.maketrans("", "", " -.\t")


def key_of(number: str) -> str:
    """A part number without what people write between its characters: "04152-yzza1" is "04152YZZA1"."""
    return number.strip().upper().translate(_BETWEEN)[:40]


def of(store_id: int, keys: Iterable[str]) -> dict[str, StockPart]:
    """What the DMS says of these numbers, by key. One query.

    Of a number that several makes use: the one told last, before others one that lies on the shelf.
    """
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    rows = StockPart.objects.of_store(store_id).filter(part_key__in=wanted).order_by("-make")
    return {row.part_key: row for row in sorted(rows, key=lambda row: (row.stamp, row.is_there))}


def search(staff: StaffMember, text: str) -> list[StockPart]:
    """Parts whose number begins so, or whose description has such words; those on the shelf first. One query, capped."""
    key = key_of(text)
    if len(key) < SHORTEST:
        return []
    wanted = Q(part_key__startswith=key)
    if words := _WORD.findall(text.lower()):
        raw = " & ".join(f"{word}:*" for word in words[:6])
        wanted |= Q(words=SearchQuery(raw, search_type="raw", config="simple"))
    rows = StockPart.objects.visible_to(staff).annotate(words=SearchVector("description", config="simple"))
    found = rows.filter(wanted).order_by("part_key", "make")[:MOST_FOUND]
    return sorted(found, key=lambda row: (not row.is_there, row.part_key, row.make))


def heard_at(staff: StaffMember) -> datetime | None:
    """When the DMS told last what lies on the shelf. One query."""
    feed = Feed.objects.visible_to(staff).filter(kind=Feed.Kind.PARTS_STOCK).only("last_file_at").first()
    return feed.last_file_at if feed else None
