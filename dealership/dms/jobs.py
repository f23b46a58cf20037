"""Work that no person starts: files are collected from the inbox and read into records."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import OperationalError

from dealership import clock
from dealership.dms import files, inbox, staging
from dealership.dms.models import FeedFile
from dealership.periodic import periodic

log = logging.getLogger(__name__)


@periodic()
def collect_inbox() -> dict[str, Any]:
    """Takes in the files that lie complete in the stores' inbox folders."""
    return inbox.collect(settings.DMS_INBOX, now=clock.now(), own=clock.own())


@periodic()
def stage_files() -> dict[str, Any]:
    """Reads the files that wait, those that the DMS made first before the others; goes on with a large one next time."""
    return stage_waiting(now=clock.now())


def stage_waiting(*, now: datetime) -> dict[str, Any]:
    """As stage_files, at a moment that is given."""
    waiting = (
        FeedFile.objects.across_stores("files of all stores")
        .filter(state=FeedFile.State.RECEIVED, feed__isnull=False)
        .order_by("stamp", "pk")
        .values_list("pk", flat=True)
    )
    done = 0
    for pk in list(waiting[:20]):
        file = FeedFile.objects.across_stores("one file by its key").select_related("feed").get(pk=pk)
        try:
            if not staging.stage(file, now=now):
                break
        except (OperationalError, SoftTimeLimitExceeded):
            raise  # the database's or the clock's trouble, not the file's: it goes on next time
        except Exception:
            # Hostile input is refused by the reader; whatever comes here is our fault, and must not stop the rest.
            log.exception("File %s could not be read.", pk)
            files.refuse(
                file,
                why="The reader failed on this file. Whoever runs Kept finds the reason in the log.",
                now=now,
            )
        done += 1
    settled = staging.settle_files(now)
    return {"staged": done, "settled": settled}
