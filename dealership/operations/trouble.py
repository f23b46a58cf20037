"""What everybody of a store must know now, because it does not work: what, since when, what that means and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection

from dealership import clock, clocks, live
from dealership.operations import reads
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.models import StoreChange

#: What everybody must know is known within this time; pages between ask nothing.
KEPT_SECONDS = 10


@dataclass(frozen=True)
class Trouble:
    """Something that does not work: what, and what it means for whoever reads it."""

    what: str
    means: str
    #: The page (by URL name) where whoever may mends it, and the words on the way there.
    needs: May
    page: str
    label: str


def now_for(staff: StaffMember) -> list[Trouble]:
    """The troubles of this person's store: shown at the top of every page, kept for a few seconds."""
    key = f"operations:trouble:{staff.store_id}:{staff.store.texting_on}"
    found: list[Trouble] | None = live.ask(lambda: cache.get(key))
    if found is None:
        found = [*_texting(staff), *_silence(staff)]
        kept = found
        live.ask(lambda: cache.set(key, kept, KEPT_SECONDS))
    return found


def _texting(staff: StaffMember) -> list[Trouble]:
    store = staff.store
    if store.texting_on:
        return []
    change = StoreChange.objects.of_store(store.pk).filter(area="texting").order_by("-at").first()
    stands, by = "is off", ""
    if change is not None:
        stands = f"has been off since {clocks.when(change.at, store.tz, clock.now())}"
        by = f" {change.by_name} turned it off." if change.by_name else ""
    means = (
        f"No text leaves, neither yours nor the automatic ones; what customers write still comes in.{by} "
        "Call who must hear something; a general manager can turn it on."
    )
    return [Trouble(f"Texting {stands}.", means, May.MANAGE_STAFF, "stores:overview", "Open Store")]


def _silence(staff: StaffMember) -> list[Trouble]:
    with connection.cursor() as cursor:
        cursor.execute(reads.CANARY)
        _, last = cursor.fetchone()
    real = clock.real()
    if last is None or real - last <= reads.SILENT_AFTER:
        return []
    now = clock.now()
    said = clocks.when(now - clock.shown_length(real - last), staff.store.tz, now)
    means = (
        "Texts wait, nothing falls due and no file is read until they are back; then all of it is done. "
        "What you write is kept. Call who cannot wait, and tell whoever looks after this installation."
    )
    return [
        Trouble(
            f"The workers have been silent since {said}.",
            means,
            May.SEE_OPERATIONS,
            "operations:overview",
            "See Operations",
        )
    ]
