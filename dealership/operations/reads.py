"""What the page *Operations* shows: parts of the installation, flows of one store, lines and what is parked in them. Six queries.

The tables of upper packages are named in SQL, as the invariants do: the ground does not import them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from dealership import clock, live
from dealership.dms import freshness
from dealership.dms.models import Feed
from dealership.models import Heartbeat
from dealership.staff.models import StaffMember
from dealership.stores.models import Store

#: Whoever is silent for longer than this is looked after.
SILENT_AFTER = timedelta(seconds=60)
BACKUP_AFTER = timedelta(hours=26)
SWEEP, VERIFY = "tasks.jobs.sweep_promises", "dealership.operations.jobs.verify_minute"
BACKUP, RESTORED = "backup", "backup tested"
SHOWN = 50
#: What everybody must know is known within this time; pages between ask nothing.
TROUBLE_KEPT_SECONDS = 10

_CANARY = """
SELECT max(drained_at) FILTER (WHERE drained_by = 'worker'), max(drained_at) FROM dealership_canary
"""

#: Last time, the longest pause of the fortnight before it, and how often.
_FLOWS = """
WITH told AS (
    SELECT 'Texts from customers' AS flow, created_at AS at FROM messaging_message
        WHERE store_id = %(store)s AND is_inbound AND created_at > %(now)s - interval '14 days'
    UNION ALL
    SELECT 'Receipts of the carrier', received_at FROM messaging_message
        WHERE store_id = %(store)s AND NOT is_inbound AND received_at > %(now)s - interval '14 days'
    UNION ALL
    SELECT 'Leads', received_at FROM sales_lead WHERE store_id = %(store)s AND received_at > %(now)s - interval '14 days'
), gaps AS (SELECT flow, at, at - lag(at) OVER (PARTITION BY flow ORDER BY at) AS gap FROM told)
SELECT flow, max(at), max(gap), count(*) FROM gaps GROUP BY flow
"""

_LINES = """
SELECT 'Facts to apply', count(*) FILTER (WHERE parked_at IS NULL), min(coalesce(next_try_at, told_at)) FILTER (WHERE parked_at IS NULL),
    count(*) FILTER (WHERE parked_at IS NOT NULL)
    FROM events_eventrecord WHERE store_id = %(store)s AND applied_at IS NULL
UNION ALL
SELECT 'Promises to warn of, break, hand up', count(*) FILTER (WHERE parked_at IS NULL AND next_step_at <= %(now)s),
    min(next_step_at) FILTER (WHERE parked_at IS NULL AND next_step_at <= %(now)s), count(*) FILTER (WHERE parked_at IS NOT NULL)
    FROM tasks_promise WHERE store_id = %(store)s AND state = 'open'
UNION ALL
SELECT 'Automatic texts to write', count(*) FILTER (WHERE parked_at IS NULL), min(run_at) FILTER (WHERE parked_at IS NULL),
    count(*) FILTER (WHERE parked_at IS NOT NULL)
    FROM tasks_task WHERE store_id = %(store)s AND state = 'waiting' AND kind = 'text' AND run_at <= %(now)s
UNION ALL
SELECT 'Texts to send', count(*), min(send_after), 0
    FROM messaging_message WHERE store_id = %(store)s AND state = 'queued' AND send_after <= %(now)s
UNION ALL
SELECT 'Texts in doubt', count(*), min(called_at), 0 FROM messaging_message WHERE store_id = %(store)s AND state = 'unknown'
UNION ALL
SELECT 'Calls of the carrier', count(*) FILTER (WHERE parked_at IS NULL), min(received_at) FILTER (WHERE parked_at IS NULL),
    count(*) FILTER (WHERE parked_at IS NOT NULL)
    FROM messaging_carriercall WHERE settled_at IS NULL AND payload ->> 'To' = %(number)s
UNION ALL
SELECT 'Records of the DMS', count(*) FILTER (WHERE state = 'staged'), min(stamp) FILTER (WHERE state = 'staged'),
    count(*) FILTER (WHERE state = 'parked')
    FROM dms_stagedrecord WHERE store_id = %(store)s AND state IN ('staged', 'parked')
"""

#: By the way each is tried again. Whoever answers for it: the promise's owner, else the general manager.
_PARKED = """
SELECT * FROM (
    SELECT 'fact' AS kind, e.id, 'Fact:' || lower(regexp_replace(e.kind, '([A-Z])', ' \\1', 'g')) AS what, e.subject AS about,
            e.last_error AS why, e.parked_at AS since, boss.name AS owner
        FROM events_eventrecord e WHERE e.store_id = %(store)s AND e.parked_at IS NOT NULL AND e.applied_at IS NULL
    UNION ALL
    SELECT 'promise', p.id, p.sentence, p.detail, p.sweep_error, p.parked_at, s.name
        FROM tasks_promise p JOIN staff_staffmember s ON s.id = p.owner_id
        WHERE p.store_id = %(store)s AND p.state = 'open' AND p.parked_at IS NOT NULL
    UNION ALL
    SELECT 'step', t.id, 'Automatic text: ' || p.sentence, p.detail, t.last_error, t.parked_at, s.name
        FROM tasks_task t JOIN tasks_promise p ON p.id = t.promise_id JOIN staff_staffmember s ON s.id = p.owner_id
        WHERE t.store_id = %(store)s AND t.state = 'waiting' AND t.parked_at IS NOT NULL
    UNION ALL
    SELECT 'call', c.id, CASE c.kind WHEN 'inbound' THEN 'Text from a customer' ELSE 'Word of the carrier' END,
        c.payload ->> 'From', c.last_error, c.parked_at, boss.name
        FROM messaging_carriercall c WHERE c.settled_at IS NULL AND c.parked_at IS NOT NULL AND c.payload ->> 'To' = %(number)s
) parked ORDER BY since LIMIT %(most)s
""".replace(
    "boss.name",
    "(SELECT b.name FROM staff_staffmember b WHERE b.store_id = %(store)s AND b.role = 'general_manager' AND b.is_active ORDER BY b.id LIMIT 1)",
)


@dataclass(frozen=True)
class Part:
    """One part of the installation: whether it is well, and what is to be known of it."""

    name: str
    is_well: bool
    words: str
    at: datetime | None = None


@dataclass(frozen=True)
class Flow:
    """Something that usually comes: when it came last, and whether it has been silent for longer than ever in a fortnight."""

    name: str
    last_at: datetime | None
    longest: timedelta | None
    is_silent: bool
    words: str = ""


@dataclass(frozen=True)
class Line:
    """What waits: how many are due, since when, and how many are parked for a person."""

    name: str
    n: int
    since: datetime | None
    n_parked: int


@dataclass(frozen=True)
class Parked:
    """One thing that is tried no more until a person says so."""

    kind: str
    pk: int
    what: str
    about: str
    why: str
    since: datetime
    owner: str


def parts(store: Store) -> list[Part]:
    """The installation's parts. Two queries and a question to the cache."""
    beats = {beat.job: beat for beat in Heartbeat.objects.filter(job__in=[SWEEP, VERIFY, BACKUP, RESTORED])}
    with connection.cursor() as cursor:
        cursor.execute(_CANARY)
        by_worker, by_anyone = cursor.fetchone()
    real = clock.real()
    return [
        _alive("Worker", by_worker, real, "Nothing is done but what the ticker does by itself, more slowly."),
        _alive(
            "Ticker",
            beats[SWEEP].at if SWEEP in beats else by_anyone,
            real,
            "Nothing that comes with time happens: no promise breaks, no text leaves.",
        ),
        _broker(),
        _texting(store),
        _verified(beats.get(VERIFY), real),
        _backup(beats.get(BACKUP), real, "Backup"),
        _backup(beats.get(RESTORED), real, "Backup restored as a test"),
    ]


def flows(store: Store, now: datetime) -> list[Flow]:
    """What usually comes to this store, and its feeds."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"store": store.pk, "now": now})
        rows = cursor.fetchall()
    found = [Flow(name, last, longest, _silent(last, longest, n, now)) for name, last, longest, n in rows]
    for feed in Feed.objects.of_store(store.pk).order_by("kind"):
        fresh = freshness.of(feed, now)
        words = "no file has come yet" if fresh.is_waiting else ""
        found.append(
            Flow(
                f"DMS: {feed.get_kind_display().lower()}",
                feed.last_file_at,
                timedelta(minutes=feed.stale_after_minutes),
                fresh.is_stale,
                words,
            )
        )
    return found


def lines(store: Store, now: datetime) -> list[Line]:
    """How long each line of this store is."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"store": store.pk, "now": now, "number": store.text_number})
        return [Line(*row) for row in cursor.fetchall()]


def parked(store: Store) -> list[Parked]:
    """What a person of this store must look at, longest first, at most 50."""
    with connection.cursor() as cursor:
        cursor.execute(_PARKED, {"store": store.pk, "number": store.text_number, "most": SHOWN})
        return [Parked(*row) for row in cursor.fetchall()]


def trouble(staff: StaffMember) -> list[str]:
    """What everybody of a store must know now, in sentences: shown on the rail of every page, kept for a few seconds."""
    key = f"operations:trouble:{staff.store_id}"
    found: list[str] | None = live.ask(lambda: cache.get(key))
    if found is None:
        found = _trouble(staff)
        kept = found
        live.ask(lambda: cache.set(key, kept, TROUBLE_KEPT_SECONDS))
    return found


def _trouble(staff: StaffMember) -> list[str]:
    store = staff.store
    found = [] if store.texting_on else ["Texting is off: no text leaves."]
    with connection.cursor() as cursor:
        cursor.execute(_CANARY)
        _, last = cursor.fetchone()
    if last is not None and clock.real() - last > SILENT_AFTER:
        found.append(
            f"Nothing is sent or swept since {last.astimezone(store.tz):%-I:%M %p}: the workers are silent.".replace(
                "AM", "am"
            ).replace("PM", "pm")
        )
    return found


def _alive(name: str, at: datetime | None, now: datetime, otherwise: str) -> Part:
    is_well = at is not None and now - at <= SILENT_AFTER
    return Part(name, is_well, "at work" if is_well else otherwise, at)


def _broker() -> Part:
    try:
        cache.get("operations")
    except Exception:  # whatever ails it
        return Part(
            "Broker", False, "It does not answer: the ticker does the work itself, and pages are not live."
        )
    return Part("Broker", True, "answers")


def _texting(store: Store) -> Part:
    if not store.texting_on:
        return Part("Texting", False, "Switched off for this store: no text leaves.")
    return Part(
        "Texting", True, "by the phone simulator, to nobody" if settings.PHONE_SIMULATOR else "by Twilio"
    )


def _verified(beat: Heartbeat | None, now: datetime) -> Part:
    if beat is None:
        return Part("Data judged", False, "Not judged yet.")
    broken: Mapping[str, Any] = beat.result.get("broken", {})
    if broken:
        return Part(
            "Data judged", False, f"Broken: {', '.join(sorted(broken))}. Run `manage.py verify`.", beat.at
        )
    is_recent = now - beat.at <= 5 * SILENT_AFTER
    return Part(
        "Data judged",
        is_recent,
        f"{beat.result.get('checked', 0)} invariants hold" if is_recent else "Not judged lately.",
        beat.at,
    )


def _backup(beat: Heartbeat | None, now: datetime, name: str) -> Part:
    if beat is None:
        return Part(name, False, "Never: `manage.py backup` makes one, `manage.py restore --test` tries it.")
    is_recent = now - beat.at <= BACKUP_AFTER
    return Part(
        name, is_recent, str(beat.result.get("file", "")) if is_recent else "Longer ago than a day.", beat.at
    )


def _silent(last: datetime | None, longest: timedelta | None, n: int, now: datetime) -> bool:
    """Longer than the longest pause of a fortnight in which it came often enough to tell."""
    return last is not None and longest is not None and n >= 8 and now - last > longest
