"""The feeds of a store, as the store sets them: which there are, how long they may be silent, and their secret addresses."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from dealership.dms.models import Feed
from dealership.language import in_english
from dealership.staff.models import StaffMember
from dealership.stores import changes
from dealership.stores.doors import TOKEN_BYTES, hinted
from dealership.stores.models import Store


@transaction.atomic
def begin(*, store_id: int, kind: Feed.Kind, by: StaffMember | None, now: datetime) -> Feed:
    """The feed of this kind, with an address of its own; the one that is there if it is."""
    Store.objects.select_for_update().get(pk=store_id)
    feed = Feed.objects.of_store(store_id).filter(kind=kind).first()
    if feed is None:
        feed = Feed.objects.create(store_id=store_id, kind=kind, token=secrets.token_urlsafe(TOKEN_BYTES))
        _record(feed, "", "", f"address {hinted(feed.token)}", by, now)
    return feed


@transaction.atomic
def set_stale(feed: Feed, *, minutes: int, by: StaffMember | None, now: datetime) -> bool:
    """How many minutes of open time it may be silent before it is stale. False if it was so."""
    row = Feed.objects.of_store(feed.store_id).select_for_update().get(pk=feed.pk)
    was, row.stale_after_minutes = row.stale_after_minutes, minutes
    if was == minutes:
        return False
    row.save(update_fields=["stale_after_minutes"])
    _record(row, ", silence", f"{was} min", f"{minutes} min", by, now)
    return True


@transaction.atomic
def rotate_address(feed: Feed, *, by: StaffMember | None, now: datetime) -> Feed:
    """A new secret in its address; the one before is dead at once."""
    row = Feed.objects.of_store(feed.store_id).select_for_update().get(pk=feed.pk)
    had, row.token = row.token, secrets.token_urlsafe(TOKEN_BYTES)
    row.save(update_fields=["token"])
    _record(row, ", address", hinted(had), hinted(row.token), by, now)
    return row


def _record(feed: Feed, what: str, was: str, became: str, by: StaffMember | None, now: datetime) -> None:
    changes.record(
        store_id=feed.store_id,
        area=f"feed:{feed.kind}",
        what=f"DMS feed {in_english(Feed.Kind(feed.kind).label).lower()}{what}",
        was=was or "none",
        became=became,
        by=by,
        now=now,
    )
