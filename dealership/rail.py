"""The rail: where a person may go, and how much waits there.

Pages are named by URL name only, and whoever owns a page counts for it (`@rail.counter("service:lane")`, from the app's
`ready()`): the ground does not import upper packages. Counts are kept in Redis until one of their topics changes, at most
for KEEP_SECONDS, because lateness comes by itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from dealership import live
from dealership.language import later
from dealership.staff.access import places_of
from dealership.staff.models import StaffMember
from dealership.staff.roles import May

KEEP_SECONDS = 20
#: A person's own affairs, behind their name at the foot of the rail.
OWN_PAGES = {"staff:security"}


@dataclass(frozen=True)
class Count:
    """What waits behind a link; `late` if some of it should have been done."""

    n: int
    late: bool = False


@dataclass(frozen=True)
class Stop:
    """One place on the rail."""

    name: str
    label: str
    icon: str
    needs: tuple[May, ...] = ()
    key: str = ""
    #: Other pages, by URL name, that belong here and not to the first stop of their app.
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A stop as this person sees it on this page."""

    label: str
    icon: str
    url: str
    here: bool
    count: Count | None
    key: str


Counter = Callable[[StaffMember, datetime], Count]

GROUPS: tuple[tuple[str, tuple[Stop, ...]], ...] = (
    (
        "",
        (
            Stop("tasks:my_day", later("My day"), "list-checks", key="g d"),
            Stop("messaging:inbox", later("Inbox"), "message-circle", (May.SEE_CUSTOMERS,), "g i"),
            Stop(
                "customers:customer_list",
                later("Customers"),
                "users",
                (May.SEE_CUSTOMERS,),
                "g c",
                ("audit:customer_history",),
            ),
            Stop(
                "appointments:day",
                later("Appointments"),
                "calendar",
                (May.SEE_CUSTOMERS,),
                "g a",
                ("appointments:appointment_list",),
            ),
        ),
    ),
    (
        later("Departments"),
        (
            Stop("sales:lead_list", later("Sales"), "car", (May.SEE_LEADS,), "g s"),
            Stop(
                "sales:deal_board",
                later("Deals"),
                "handshake",
                (May.SEE_DEALS,),
                "",
                (
                    "sales:deal_new",
                    "sales:deal_detail",
                    "sales:deal_list",
                    "sales:we_owe_list",
                    "sales:stock_list",
                    "sales:unit_new",
                    "audit:deal_history",
                ),
            ),
            Stop(
                "service:lane", later("Service"), "wrench", (May.SEE_SERVICE,), "g l", ("audit:ro_history",)
            ),
            Stop("parts:parts_board", later("Parts"), "package", (May.SEE_PARTS,)),
            Stop("fni:board", "F&I", "landmark", (May.SEE_FNI,), "g f"),
            Stop("marketing:board", later("Marketing"), "megaphone", (May.SEE_MARKETING,), "g m"),
        ),
    ),
    (
        later("Store"),
        (
            Stop("tasks:seams", later("Seams"), "git-compare", (May.SEE_SEAMS,), "g e", ("tasks:seam_list",)),
            Stop(
                "tasks:playbook",
                later("Playbook"),
                "book-open",
                (May.SEE_PLAYBOOK,),
                "g p",
                ("tasks:rule_detail",),
            ),
            Stop(
                "staff:person_list",
                later("People"),
                "contact",
                (May.MANAGE_STAFF,),
                "",
                ("audit:staff_history",),
            ),
            Stop(
                "stores:overview",
                later("Store"),
                "store",
                (May.MANAGE_STAFF,),
                "",
                (
                    "appointments:plans",
                    "dms:feeds",
                    "messaging:texting",
                    "hooks:overview",
                    "hooks:hook_new",
                    "hooks:hook_detail",
                    "hooks:call_list",
                    "audit:store_history",
                ),
            ),
            Stop("audit:trail", later("Who did what"), "footprints", (May.SEE_TRAIL,)),
            Stop("dms:imports", later("Imports"), "download", (May.SEE_IMPORTS,)),
            Stop("operations:overview", later("Operations"), "activity", (May.SEE_OPERATIONS,)),
            Stop("tasks:failed_facts", later("Facts that failed"), "triangle-alert", (May.SEE_FAILED_FACTS,)),
            Stop(
                "messaging:phones",
                later("Phone simulator"),
                "smartphone",
                (May.PLAY_PHONES,),
                "",
                ("messaging:phone_detail",),
            ),
        ),
    ),
)

_counters: dict[str, Counter] = {}


def counter(name: str) -> Callable[[Counter], Counter]:
    """Registers the function that counts what waits behind the page of this URL name: one query, capped."""

    def register(function: Counter) -> Counter:
        _counters[name] = function
        return function

    return register


def groups(
    staff: StaffMember, here: str, versions: dict[str, int], now: datetime
) -> list[tuple[str, list[Link]]]:
    """The groups of links for this person; `here` is the namespace or the URL name of the page that is shown."""
    counts, owner = _counts(staff, versions, now), owner_of(here)
    found = []
    for title, stops in GROUPS:
        links = [link for stop in stops if (link := _link(stop, staff, owner, counts)) is not None]
        if links:
            found.append((title, links))
    return found


def places(staff: StaffMember) -> list[dict[str, Any]]:
    """The stores where this sign-in works: [{"pk", "name"}], this one included."""
    if staff.user is None:
        return []
    user = staff.user

    def ask() -> list[dict[str, Any]]:
        return [{"pk": place.pk, "name": place.store.name} for place in places_of(user)]

    found: list[dict[str, Any]] = _kept(f"rail:places:{user.pk}", ask)
    return found


def forget_places(user_id: int) -> None:
    """After somebody was given, or lost, a place."""
    live.ask(lambda: cache.delete(f"rail:places:{user_id}"))


def _link(stop: Stop, staff: StaffMember, owner: str | None, counts: dict[str, Count]) -> Link | None:
    if not all(staff.may(need) for need in stop.needs):
        return None
    return Link(
        stop.label, stop.icon, _address(stop.name), stop.name == owner, counts.get(stop.name), stop.key
    )


@functools.cache
def _address(name: str) -> str:
    return reverse(name)


@functools.cache
def owner_of(here: str) -> str | None:
    """The stop ("sales:lead_list") to which the page `here` ("sales:lead_detail") belongs, by their names."""
    if here in OWN_PAGES:
        return None
    stops = [stop for _, group in GROUPS for stop in group]
    owner = next((stop.name for stop in stops if here == stop.name or here in stop.also), None)
    return owner or next((stop.name for stop in stops if stop.name.split(":")[0] == here.split(":")[0]), None)


def _counts(staff: StaffMember, versions: dict[str, int], now: datetime) -> dict[str, Count]:
    wanted = [
        stop.name for _, stops in GROUPS for stop in stops if all(staff.may(need) for need in stop.needs)
    ]
    stamp = "-".join(str(number) for number in versions.values())

    def ask() -> dict[str, tuple[int, bool]]:
        counted = {name: _counters[name](staff, now) for name in wanted if name in _counters}
        return {name: (count.n, count.late) for name, count in counted.items()}

    return {name: Count(*pair) for name, pair in _kept(f"rail:counts:{staff.pk}:{stamp}", ask).items()}


def _kept(key: str, ask: Callable[[], Any]) -> Any:
    """From Redis, else asked and put there; without Redis asked each time."""
    found = live.ask(lambda: cache.get(key))
    if found is None:
        found = ask()
        live.ask(lambda: cache.set(key, found, KEEP_SECONDS))
    return found
