"""Who changed what in a store's settings, and when: written by every function that changes one, in its transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from dealership.language import later
from dealership.stores.models import StoreChange


class Person(Protocol):
    """Whoever changes a store's settings: a StaffMember, of whom stores know nothing more."""

    pk: Any
    name: Any


#: What is said of changes, and within them, in other languages.
WORDS = (
    later("Texting"),
    later("Address of leads"),
    later("Signing in"),
    later("Hours of the store"),
    later("Hours of Sales"),
    later("Hours of Service"),
    later("Hours of Parts"),
    later("Hours of F&I"),
    later("Hours of Marketing"),
    later("Places for visits, Sales"),
    later("Places for visits, Service"),
    later("Places for visits, Parts"),
    later("Places for visits, F&I"),
    later("Places for visits, Marketing"),
    later("on"),
    later("off"),
    later("no hours"),
    later("the store’s hours"),
    later("as its weekday"),
)


def record(
    *,
    store_id: int,
    area: str,
    what: str,
    was: str = "",
    became: str = "",
    undo: dict[str, Any] | None = None,
    by: Person | None,
    now: datetime,
) -> StoreChange:
    """One line of the store's history. `undo` is read by `taking_back`."""
    return StoreChange.objects.create(
        store_id=store_id,
        area=area,
        what=what,
        was=was,
        became=became,
        undo=undo,
        by=by.pk if by else None,
        by_name=by.name if by else "",
        at=now,
    )


def latest(store_id: int, *, areas: tuple[str, ...] = (), limit: int = 20) -> list[StoreChange]:
    """The newest changes first; of some areas, named by how they begin ("hours"), or of all."""
    rows = StoreChange.objects.of_store(store_id).order_by("-at", "-pk")
    if areas:
        pattern = "|".join(areas)
        rows = rows.filter(area__regex=rf"^({pattern})(:|$)")
    return list(rows[:limit])
