"""Reads for the Imports page: feeds with their age, files with their counts, parked rows. Ten queries at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from dealership.dms import freshness
from dealership.dms.freshness import Freshness
from dealership.dms.models import Feed, FeedFile, StagedRecord
from dealership.rail import Count, counter
from dealership.staff.models import StaffMember
from dealership.stores import calendars
from dealership.stores.models import Department

MOST_FILES = 40
MOST_PARKED = 30
PER_PAGE = 50


@dataclass(frozen=True)
class Board:
    """All that the page shows. `n_held_back`: visits of which nothing is said while the RO feed is stale."""

    feeds: list[Freshness]
    files: list[FeedFile]
    parked: list[StagedRecord]
    n_parked: int
    n_held_back: int
    stale: list[Freshness]
    is_busy: bool
    held: list[FeedFile]


def board(staff: StaffMember, now: datetime) -> Board:
    """The page for this person's store."""
    hours = calendars.of_stores([staff.store_id])
    calendar = calendars.calendar_of(hours, staff.store_id, Department.SERVICE)
    feeds = [freshness.of(feed, now, calendar) for feed in Feed.objects.visible_to(staff).order_by("kind")]
    stale = [feed for feed in feeds if feed.is_stale]
    files = list(
        FeedFile.objects.visible_to(staff)
        .defer("data")
        .select_related("feed")
        .order_by("-received_at", "-pk")[:MOST_FILES]
    )
    found = list(parked(staff)[: MOST_PARKED + 1])
    n_parked = len(found) if len(found) <= MOST_PARKED else parked(staff).order_by().count()
    holds_back = any(feed.feed.kind == Feed.Kind.REPAIR_ORDERS for feed in stale)
    return Board(
        feeds=feeds,
        files=files,
        parked=found[:MOST_PARKED],
        n_parked=n_parked,
        n_held_back=freshness.held_back(staff.store_id, now) if holds_back else 0,
        stale=stale,
        is_busy=any(file.state in (FeedFile.State.RECEIVED, FeedFile.State.STAGED) for file in files),
        held=[file for file in files if file.state == FeedFile.State.HELD],
    )


def parked(staff: StaffMember) -> QuerySet[StagedRecord]:
    """What waits for a person, newest first."""
    return (
        StagedRecord.objects.visible_to(staff)
        .filter(state=StagedRecord.State.PARKED)
        .select_related("file__feed", "mended_by")
        .defer("file__data")
        .annotate(status_code=KeyTextTransform("RO Status", "raw"))
        .order_by("-stamp", F("line").asc())
    )


@counter("dms:imports")
def waiting(staff: StaffMember, now: datetime) -> Count:
    """Parked rows, at most 99."""
    rows = StagedRecord.objects.visible_to(staff).filter(state=StagedRecord.State.PARKED)
    return Count(len(rows.values_list("pk", flat=True)[:99]))
