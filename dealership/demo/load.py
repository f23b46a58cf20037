"""Loads the demo: stores and people, then each store's history in a process of its own, then the curtain rises on today."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import connections
from django.utils.module_loading import import_string

from dealership.demo import curtain, history, stores
from dealership.demo.history import Played
from dealership.demo.stage import Stage
from dealership.messaging import zones
from dealership.messaging.models import Message, SimulatedText
from dealership.models import PlayedAct, PlayedDay
from dealership.stores.models import Store

DAYS = 62
#: What is there before the first day, by department.
OPENINGS = (
    "service.car_demo.open_history",
    "sales.stock_demo.open_history",
    "parts.demo.open_history",
    "marketing.offer_demo.open_history",
)
#: The handsets of the phone simulator hold the texts of so many days.
HANDSETS = timedelta(days=4)
#: The last days have every lead and car, hour by hour; the weeks before are a sketch of fewer.
IN_FULL = timedelta(days=2)
LEFT = timedelta(days=21, hours=5)


def load(
    made: Sequence[Store], *, now: datetime, days: float, seed: int, volume: float, apart: bool,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """History of these stores up to now. `apart`: each in a process of its own, side by side."""
    day = PlayedDay.objects.create(seed=seed, volume=volume)
    work = partial(_store, now=now, days=days, seed=seed, volume=volume)
    slugs = [store.slug for store in made]
    zones.place_of_number(made[0].text_number)  # its table of all numbers is read once, for both
    if apart:
        connections.close_all()
        with multiprocessing.get_context("fork").Pool(len(slugs)) as pool:
            results = pool.map(work, slugs)
    else:
        results = [work(slug) for slug in slugs]
    for slug, marks, words in results:
        day.marks[slug] = marks
        say(words)
    day.save(update_fields=["marks"])


def _store(
    slug: str, *, now: datetime, days: float, seed: int, volume: float
) -> tuple[str, dict[str, int], str]:
    store = Store.objects.get(slug=slug)
    history.hurry()
    since = (now - timedelta(days=days)).astimezone(store.tz)
    begins = since.replace(hour=4, minute=30, second=0, microsecond=0)
    played = history.make(
        store,
        since=begins,
        until=now,
        seed=seed,
        volume=volume * stores.VOLUMES[slug],
        in_full_from=(now - IN_FULL).astimezone(store.tz).date(),
        opening=partial(open_store, now=now, begins=begins),
    )
    keep_acts(store, played)
    _fill_handsets(store, now)
    return slug, played.marks, f"{store.name}: {played.n_acts} acts, {len(played.left)} to come"


def open_store(on: Stage, *, now: datetime, begins: datetime) -> None:
    """What is there before the first day, who left since, and what goes on when somebody first looks."""
    for name in OPENINGS:
        import_string(name)(on)
    if (gone := stores.LEFT_LONG_AGO.get(on.store.slug)) and now - LEFT > begins:
        on.later(on.calendar("").next_open(now - LEFT) + timedelta(hours=3), "house.leave", name=gone)
    curtain.raise_on(on, now)


def keep_acts(store: Store, played: Played) -> None:
    """What has not happened yet waits for a day that is played."""
    PlayedAct.objects.bulk_create(
        (PlayedAct(store=store, at=act.at, scene=act.scene, args=act.args) for act in played.left),
        batch_size=1000,
    )


def _fill_handsets(store: Store, now: datetime) -> None:
    """The customers' phones hold what went to and fro of late."""
    rows = Message.objects.of_store(store.pk).filter(created_at__gte=now - HANDSETS).exclude(carrier_sid="")
    SimulatedText.objects.bulk_create(
        (
            SimulatedText(
                sid=row.carrier_sid,
                from_number=row.conversation.their_number if row.is_inbound else row.conversation.our_number,
                to_number=row.conversation.our_number if row.is_inbound else row.conversation.their_number,
                body=row.body,
                status="received" if row.is_inbound else "delivered",
                is_from_customer=row.is_inbound,
                at=row.sent_at or row.created_at,
            )
            for row in rows.select_related("conversation").order_by("created_at", "pk")
        ),
        batch_size=500,
    )
