"""What goes out of a store and what comes in: whether it texts, the secret address of its leads, and what people show to sign in."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from dealership.stores import changes
from dealership.stores.changes import Person
from dealership.stores.models import Store, StoreChange

TOKEN_BYTES = 24


@transaction.atomic
def set_texting(*, store_id: int, on: bool, by: Person | None, now: datetime) -> StoreChange | None:
    """Lets texts leave this store, or lets none. None when it was so already."""
    store = Store.objects.select_for_update().get(pk=store_id)
    if store.texting_on == on:
        return None
    store.texting_on = on
    store.save(update_fields=["texting_on"])
    return changes.record(
        store_id=store_id,
        area="texting",
        what="Texting",
        was=_on(not on),
        became=_on(on),
        undo={"texting_on": not on},
        by=by,
        now=now,
    )


@transaction.atomic
def rotate_lead_address(*, store_id: int, by: Person | None, now: datetime) -> Store:
    """A new secret in the address of leads; the one before is dead at once and cannot come back."""
    store = Store.objects.select_for_update().get(pk=store_id)
    had, store.lead_token = store.lead_token, secrets.token_urlsafe(TOKEN_BYTES)
    store.save(update_fields=["lead_token"])
    changes.record(
        store_id=store_id,
        area="lead_address",
        what="Address of leads",
        was=hinted(had),
        became=hinted(store.lead_token),
        by=by,
        now=now,
    )
    return store


@transaction.atomic
def set_signing_in(
    *, store_id: int, needs_second_factor: bool, idle_minutes: int, by: Person | None, now: datetime
) -> bool:
    """What whoever signs in is asked for, from their next request on; False when it was so already."""
    store = Store.objects.select_for_update().get(pk=store_id)
    had = _signing_in(store)
    store.needs_second_factor, store.idle_minutes = needs_second_factor, idle_minutes
    if had == _signing_in(store):
        return False
    store.save(update_fields=["needs_second_factor", "idle_minutes"])
    changes.record(
        store_id=store_id,
        area="signing_in",
        what="Signing in",
        was=had,
        became=_signing_in(store),
        by=by,
        now=now,
    )
    return True


def _signing_in(store: Store) -> str:
    asked = "second factor" if store.needs_second_factor else "password alone"
    return f"{asked}, locked after {store.idle_minutes} minutes"


def hinted(token: str) -> str:
    """The end of a secret, by which people tell two apart: "…x7Q2"."""
    return f"…{token[-4:]}"


def _on(is_on: bool) -> str:
    return "on" if is_on else "off"
