"""Files of the DMS as they come in: kept whole before anything is made of them, the same bytes once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Coalesce, Greatest

from dealership import doorbell, live, sensitive
from dealership.dms.models import Feed, FeedFile
from dealership.dms.readers import dealervault, delimited
from dealership.messaging.wording import clean
from dealership.stores.hours import to_utc
from dealership.stores.models import Store

#: The largest file that is taken in: about 100,000 rows of repair orders.
MOST_BYTES = 200 * 1024 * 1024
#: A stamp further ahead than this is no time at which the file was made.
FUTURE = timedelta(days=1)

EMPTY = "the file is empty"
NOT_TAKEN = (
    "It has a column for what is never kept ({columns}): only its headings are here. Take the column out of the export, and send "
    "the file again."
)


class TooLarge(ValueError):
    """The file has more bytes than are taken in."""


@transaction.atomic
def take_in(*, feed: Feed, name: str, data: bytes, now: datetime) -> FeedFile:
    """The file, kept whole, to be read soon. The same bytes again are the file that was kept the first time.

    Only a later stamp in the name makes them news: an RO that is opened anew may read as it did before. Everything that
    comes before a feed's first load is done is history. Raises TooLarge.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(_too_large(len(data)))
    if named := [title for title in _header(data) if sensitive.names_one(title)]:
        return turn_away(
            store_id=feed.store_id,
            name=name,
            data="\t".join(_header(data)).encode("utf-8", "replace"),
            why=NOT_TAKEN.format(columns=", ".join(named)[:200]),
            now=now,
        )
    data = sensitive.mask_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    name = tidy_name(name) or f"{feed.kind} without a name"
    # The feed's row is the turnstile: the same file twice at once comes through one after the other.
    current = Feed.objects.of_store(feed.store_id).select_for_update(of=("self",)).get(pk=feed.pk)
    zone = ZoneInfo(Store.objects.only("zone").get(pk=feed.store_id).zone)
    stamp, why = _stamp(name, zone, now)
    same = FeedFile.objects.of_store(feed.store_id).defer("data").filter(feed=current, sha256=sha256)
    known = (same.filter(stamp=stamp) if stamp is not None else same).order_by("-stamp").first()
    if known is not None:
        if stamp is None and known.state in (FeedFile.State.STAGED, FeedFile.State.APPLIED):
            heard_from(current, at=now)
        return known
    file = FeedFile.objects.create(
        store_id=feed.store_id,
        feed=current,
        name=name,
        sha256=sha256,
        data=data,
        stamp=stamp or now,
        received_at=now,
        why=why,
        is_backfill=current.first_loaded_at is None,
    )
    doorbell.ring("feed_files")
    live.bump(feed.store_id, "imports")
    return file


@transaction.atomic
def turn_away(*, store_id: int, name: str, data: bytes, why: str, now: datetime) -> FeedFile:
    """A file that no feed of this store sends: kept whole and shown as refused, with the reason."""
    data = sensitive.mask_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    FeedFile.objects.bulk_create(
        [
            FeedFile(
                store_id=store_id,
                name=tidy_name(name) or "without a name",
                sha256=sha256,
                data=data,
                stamp=now,
                received_at=now,
                state=FeedFile.State.REFUSED,
                why=why,
                settled_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    live.bump(store_id, "imports")
    return FeedFile.objects.of_store(store_id).defer("data").get(feed__isnull=True, sha256=sha256)


@transaction.atomic
def refuse(file: FeedFile, *, why: str, now: datetime) -> None:
    """Nothing can be read from this file; it stays, with the reason."""
    file.state, file.why, file.settled_at = FeedFile.State.REFUSED, why, now
    file.save(update_fields=["state", "why", "settled_at"])
    live.bump(file.store_id, "imports")


def heard_from(feed: Feed, *, at: datetime) -> None:
    """A readable file came at that moment: the feed is as fresh as the newest of them."""
    Feed.objects.of_store(feed.store_id).filter(pk=feed.pk).update(
        last_file_at=Greatest(Coalesce("last_file_at", at), at)
    )


def feed_for(store_id: int, name: str, data: bytes) -> tuple[Feed | None, str]:
    """The feed of this store that sends such a file, by its header and then its name; or None, and why."""
    kind = dealervault.kind_of(name, _header(data))
    feeds = {feed.kind: feed for feed in Feed.objects.of_store(store_id)}
    if kind is None and not data.strip():
        return None, EMPTY
    if kind is None:
        return None, "neither its header nor its name says what it is: send it as the DMS made it"
    if kind in feeds:
        return feeds[kind], ""
    known = ", ".join(sorted(feeds)) or "none yet"
    return None, f"it is a file of the kind {kind}, and this store has no such feed (it has {known})"


def tidy_name(name: str) -> str:
    """The last part of a path, without what a database or a page cannot show."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    tidy = "".join(mark if mark.isprintable() else "?" for mark in clean(last))
    return sensitive.mask(tidy).strip()[:200]


def _header(data: bytes) -> list[str]:
    try:
        return list(delimited.table(data[: 256 * 1024]).header)
    except delimited.Unreadable:
        return []


def _stamp(name: str, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, str]:
    """When the DMS made the file, by its name; None where the name says nothing, or nothing that can be right."""
    named = dealervault.file_stamp(name)
    if named is None:
        return None, ""
    try:
        stamp = to_utc(zone, named).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, ""
    if stamp > now + FUTURE:
        return (
            None,
            f"Its name says {named:%Y-%m-%d %H:%M}, which lies ahead; it counts as made when it came.",
        )
    return stamp, ""


def _too_large(n_bytes: int) -> str:
    return (
        f"The file has {n_bytes:,} bytes; at most {MOST_BYTES:,} are taken in. "
        "Split it by date and send the pieces."
    )
