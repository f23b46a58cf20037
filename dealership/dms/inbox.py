"""The inbox folder: <DMS_INBOX>/<store slug>/ is looked through for files that are complete. Nothing is ever deleted.

What was taken in moves to `done/`, what no feed sends to `refused/`, after the commit: a crash in between finds the same
bytes again, which are one file.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from dealership import disk
from dealership.dms import files
from dealership.dms.readers import dealervault
from dealership.stores.models import Store

log = logging.getLogger(__name__)

#: A file that nobody has touched for so long is complete.
QUIET_SECONDS = 2.0
#: Names that programs give to what they are still writing.
UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~")
ASIDE = ("done", "refused")


def collect(folder: Path, *, now: datetime, own: datetime | None = None) -> dict[str, object]:
    """Takes in what lies complete in the stores' folders. One file's trouble stops no other.

    `own`: the time by the clock of the machine that has the files, where it is not the same. On a full disk they stay
    where they are.
    """
    if disk.is_full(folder):
        return {"taken": 0, "refused": 0, "trouble": ["the disk is full: files stay in the inbox"]}
    own = own or now
    taken = refused = 0
    trouble: list[str] = []
    stores = dict(Store.objects.values_list("slug", "pk"))
    for place in sorted(path for path in _entries(folder) if path.is_dir() and not path.is_symlink()):
        if place.name not in stores:
            if any(_complete(place, own)):
                trouble.append(f"no store is called {files.tidy_name(place.name)}")
            continue
        for path in _complete(place, own):
            try:
                if _take(path, stores[place.name], now):
                    taken += 1
                else:
                    refused += 1
            except OSError as error:
                log.warning("A file in the inbox of %s cannot be taken: %s", place.name, error.strerror)
                trouble.append(f"{place.name}/{files.tidy_name(path.name)}: {error.strerror}")
    return {"taken": taken, "refused": refused, "trouble": trouble[:20]}


def _take(path: Path, store_id: int, now: datetime) -> bool:
    size = path.stat().st_size
    if size > files.MOST_BYTES:
        with path.open("rb") as handle:
            start = handle.read(64 * 1024)
        why = f"The file has {size:,} bytes; at most {files.MOST_BYTES:,} are taken in. Split it by date."
        files.turn_away(store_id=store_id, name=path.name, data=start, why=why, now=now)
        _put_aside(path, "refused")
        return False
    data = path.read_bytes()
    feed, why = files.feed_for(store_id, path.name, data)
    if feed is None:
        why = f"{why[:1].upper()}{why[1:]}."
        files.turn_away(store_id=store_id, name=path.name, data=data, why=why, now=now)
        _put_aside(path, "refused")
        return False
    files.take_in(feed=feed, name=path.name, data=data, now=now)
    _put_aside(path, "done")
    return True


def _complete(place: Path, now: datetime) -> list[Path]:
    """Plain files that are whole, those that the DMS made first before the others."""
    found = []
    for path in _entries(place):
        try:
            about = path.lstat()
        except OSError:
            continue
        # Both times: a copy may keep the old time of change, but never the time at which it was written here.
        quiet_for = now.timestamp() - max(about.st_mtime, about.st_ctime)
        hidden = path.name.startswith(".") or path.name.lower().endswith(UNFINISHED)
        if stat.S_ISREG(about.st_mode) and not hidden and quiet_for >= QUIET_SECONDS:
            made = dealervault.file_stamp(path.name)
            found.append((made or datetime.max, about.st_mtime, path))  # noqa: DTZ901 - only sorted by
    return [path for _, _, path in sorted(found)]


def _entries(folder: Path) -> Iterator[Path]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    yield from (folder / name for name in names if name not in ASIDE)


def _put_aside(path: Path, where: str) -> None:
    """Moves the file, under a name that nothing has there yet."""
    target = path.parent / where
    target.mkdir(exist_ok=True)
    n, name = 1, path.name
    while (target / name).exists():
        n += 1
        name = f"{path.stem} ({n}){path.suffix}"
    path.rename(target / name)
