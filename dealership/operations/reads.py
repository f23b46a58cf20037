"""What the page *Operations* shows: parts of the installation, flows of one store, lines and what is parked in them. Eight queries.

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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership import clock, disk, rail, verify
from dealership.customers import timeline
from dealership.database import watch
from dealership.dms import freshness
from dealership.dms.models import Feed
from dealership.language import later
from dealership.models import Heartbeat
from dealership.staff.models import StaffMember
from dealership.stores.models import Store

#: Whoever is silent for longer than this is looked after.
SILENT_AFTER = timedelta(seconds=60)
BACKUP_AFTER = timedelta(hours=26)
SWEEP, VERIFY = "tasks.jobs.sweep_promises", "dealership.operations.jobs.verify_minute"
BACKUP, RESTORED = "backup", "backup tested"
SHOWN = 50
CARRIERS_WORD = "Word of the carrier"
#: What the queries below call what comes, what waits and what is parked.
NAMES = (
    later("Texts from customers"),
    later("Receipts of the carrier"),
    later("Leads"),
    later("Facts to apply"),
    later("Promises to warn of, break, hand up"),
    later("Automatic texts to write"),
    later("Texts to send"),
    later("Texts in doubt"),
    later("Calls of the carrier"),
    later("Photos to fetch"),
    later("Calls to other systems"),
    later("Records of the DMS"),
    later("Text from a customer"),
    later("Word of the carrier"),
    later("Photo from a customer"),
)

#: Where what is parked in a line has a list of its own.
_LISTS = {"Facts to apply": "tasks:failed_facts", "Calls to other systems": "hooks:call_list"}
#: When a worker last drained a canary, and when anybody did.
CANARY = """
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
SELECT 'Photos to fetch', count(*) FILTER (WHERE parked_at IS NULL), min(next_try_at), count(*) FILTER (WHERE parked_at IS NOT NULL)
    FROM messaging_photo WHERE store_id = %(store)s
    AND (parked_at IS NOT NULL OR next_try_at <= %(now)s AND next_try_at IS NOT NULL)
UNION ALL
SELECT 'Calls to other systems', count(*) FILTER (WHERE c.parked_at IS NULL AND c.next_try_at <= %(now)s),
    min(c.next_try_at) FILTER (WHERE c.parked_at IS NULL AND c.next_try_at <= %(now)s), count(*) FILTER (WHERE c.parked_at IS NOT NULL)
    FROM hooks_hookcall c JOIN hooks_hook h ON h.id = c.hook_id
    WHERE c.store_id = %(store)s AND c.answered_at IS NULL AND (h.is_on OR c.parked_at IS NOT NULL)
UNION ALL
SELECT 'Records of the DMS', count(*) FILTER (WHERE state = 'staged'), min(stamp) FILTER (WHERE state = 'staged'),
    count(*) FILTER (WHERE state = 'parked')
    FROM dms_stagedrecord WHERE store_id = %(store)s AND state IN ('staged', 'parked')
"""

#: By the way each is tried again. Whoever answers for it: the promise's owner, else the general manager.
_PARKED = """
SELECT * FROM (
    SELECT 'fact' AS kind, e.id, ltrim(lower(regexp_replace(e.kind, '([A-Z])', ' \\1', 'g'))) AS of, e.subject AS about,
            e.last_error AS why, e.parked_at AS since, boss.name AS owner
        FROM events_eventrecord e WHERE e.store_id = %(store)s AND e.parked_at IS NOT NULL AND e.applied_at IS NULL
    UNION ALL
    SELECT 'promise', p.id, p.sentence, p.detail, p.sweep_error, p.parked_at, s.name
        FROM tasks_promise p JOIN staff_staffmember s ON s.id = p.owner_id
        WHERE p.store_id = %(store)s AND p.state = 'open' AND p.parked_at IS NOT NULL
    UNION ALL
    SELECT 'step', t.id, p.sentence, p.detail, t.last_error, t.parked_at, s.name
        FROM tasks_task t JOIN tasks_promise p ON p.id = t.promise_id JOIN staff_staffmember s ON s.id = p.owner_id
        WHERE t.store_id = %(store)s AND t.state = 'waiting' AND t.parked_at IS NOT NULL
    UNION ALL
    SELECT 'call', c.id, CASE c.kind WHEN 'inbound' THEN 'Text from a customer' ELSE 'Word of the carrier' END,
        c.payload ->> 'From', c.last_error, c.parked_at, boss.name
        FROM messaging_carriercall c WHERE c.settled_at IS NULL AND c.parked_at IS NOT NULL AND c.payload ->> 'To' = %(number)s
    UNION ALL
    SELECT 'photo', h.id, 'Photo from a customer', c.full_name, h.last_error, h.parked_at, boss.name
        FROM messaging_photo h JOIN messaging_message m ON m.id = h.message_id JOIN customers_customer c ON c.id = m.customer_id
        WHERE h.store_id = %(store)s AND h.parked_at IS NOT NULL
    UNION ALL
    SELECT 'hook', c.id, h.name, c.subject, c.last_error, c.parked_at, boss.name
        FROM hooks_hookcall c JOIN hooks_hook h ON h.id = c.hook_id
        WHERE c.store_id = %(store)s AND c.answered_at IS NULL AND c.parked_at IS NOT NULL
) parked WHERE %(since)s::timestamptz IS NULL OR (since, kind, id) > (%(since)s, %(kind)s, %(id)s)
ORDER BY since, kind, id LIMIT %(most)s
""".replace(
    "boss.name",
    "(SELECT b.name FROM staff_staffmember b WHERE b.store_id = %(store)s AND b.role = 'general_manager' AND b.is_active ORDER BY b.id LIMIT 1)",
)


_N_PARKED = """
SELECT (SELECT count(*) FROM events_eventrecord WHERE store_id = %(store)s AND parked_at IS NOT NULL AND applied_at IS NULL)
    + (SELECT count(*) FROM tasks_promise WHERE store_id = %(store)s AND state = 'open' AND parked_at IS NOT NULL)
    + (SELECT count(*) FROM tasks_task WHERE store_id = %(store)s AND state = 'waiting' AND parked_at IS NOT NULL)
    + (SELECT count(*) FROM messaging_carriercall WHERE settled_at IS NULL AND parked_at IS NOT NULL AND payload ->> 'To' = %(number)s)
    + (SELECT count(*) FROM messaging_photo WHERE store_id = %(store)s AND parked_at IS NOT NULL)
    + (SELECT count(*) FROM hooks_hookcall WHERE store_id = %(store)s AND answered_at IS NULL AND parked_at IS NOT NULL)
"""


@dataclass(frozen=True)
class Part:
    """One part of the installation: whether it is well, and what is to be known of it."""

    name: str
    is_well: bool
    words: str
    #: How long ago it was last seen, in real time.
    ago: timedelta | None = None
    #: What is to be said of it line by line.
    lines: tuple[str, ...] = ()


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
    #: The page that lists them, by URL name.
    page: str = ""


#: What it means that one of a kind is parked.
_MEANS = {
    "fact": later("It stands, but what follows from it was not promised to anybody yet."),
    "promise": later("It is still owed, but its clock stands: nobody is warned, and it does not climb."),
    "step": later("The text was not written; the promise is still owed."),
    "call": later("Nobody has answered it: it stands in no conversation. Call them."),
    "photo": later("Their text is here, the photo is not: ask them to send it again."),
    "hook": later("The other system has not heard of it. What came later was told."),
    "word": later("What became of a text of ours is not known yet."),
}


@dataclass(frozen=True)
class Parked:
    """One thing that is tried no more until a person says so."""

    kind: str
    pk: int
    #: A promise's sentence, a fact's kind, a system's name, or one of NAMES.
    of: str
    about: str
    why: str
    since: datetime
    owner: str

    @property
    def what(self) -> str:
        """What it is, in words."""
        if self.kind == "fact":
            return _("Fact: %(kind)s") % {"kind": self.of}
        if self.kind == "step":
            return _("Automatic text: %(promise)s") % {"promise": _(self.of)}
        return _("Call to %(system)s") % {"system": self.of} if self.kind == "hook" else _(self.of)

    @property
    def means(self) -> str:
        """What does not happen while it is parked."""
        return _MEANS["word" if self.of == CARRIERS_WORD else self.kind]


def parts(store: Store) -> list[Part]:
    """The installation's parts. Three queries and a question to the cache."""
    beats = {beat.job: beat for beat in Heartbeat.objects.filter(job__in=[SWEEP, VERIFY, BACKUP, RESTORED])}
    with connection.cursor() as cursor:
        cursor.execute(CANARY)
        by_worker, by_anyone = cursor.fetchone()
    real = clock.real()
    return [
        _alive(
            _("Worker"),
            by_worker,
            real,
            _("Nothing is done but what the ticker does by itself, more slowly."),
        ),
        _alive(
            _("Sweep"),
            beats[SWEEP].at if SWEEP in beats else by_anyone,
            real,
            _("Nothing that comes with time happens: nobody is warned, no promise breaks or climbs."),
        ),
        _broker(),
        _disk(),
        _texting(store),
        _stores_apart(),
        _verified(beats.get(VERIFY), real),
        _backup(beats.get(BACKUP), real, _("Backup")),
        _backup(beats.get(RESTORED), real, _("Backup tried")),
    ]


def flows(store: Store, now: datetime) -> list[Flow]:
    """What usually comes to this store, and its feeds."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"store": store.pk, "now": now})
        rows = cursor.fetchall()
    found = [Flow(_(name), last, longest, _silent(last, longest, n, now)) for name, last, longest, n in rows]
    for feed in Feed.objects.of_store(store.pk).order_by("kind"):
        fresh = freshness.of(feed, now)
        words = _("no file has come yet") if fresh.is_waiting else ""
        found.append(
            Flow(
                _("DMS: %(feed)s") % {"feed": feed.get_kind_display().lower()},
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
        return [
            Line(_(name), n, since, n_parked, _LISTS.get(name, ""))
            for name, n, since, n_parked in cursor.fetchall()
        ]


def parked(store: Store, after: str = "") -> tuple[list[Parked], str]:
    """What a person of this store must look at, longest first: fifty from a place on, and the place from which there are more."""
    kind, _at, rest = after.partition("_")
    since, pk = (timeline.read_cursor(rest) if kind in _MEANS else None) or (None, 0)
    asked: dict[str, Any] = {"store": store.pk, "number": store.text_number, "most": SHOWN + 1}
    asked |= {"since": since, "kind": kind, "id": pk}
    with connection.cursor() as cursor:
        cursor.execute(_PARKED, asked)
        found = [Parked(*row) for row in cursor.fetchall()]
    last = found[SHOWN - 1] if len(found) > SHOWN else None
    return found[:SHOWN], f"{last.kind}_{last.since.isoformat()}_{last.pk}" if last else ""


@rail.counter("operations:overview")
def n_parked(staff: StaffMember, now: datetime) -> rail.Count:
    """How much is parked for a person: nothing of it goes on by itself, so all of it is late. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_N_PARKED, {"store": staff.store_id, "number": staff.store.text_number})
        n = cursor.fetchone()[0]
    return rail.Count(n, late=n > 0)


def _alive(name: str, at: datetime | None, now: datetime, otherwise: str) -> Part:
    is_well = at is not None and now - at <= SILENT_AFTER
    return Part(name, is_well, _("at work") if is_well else otherwise, now - at if at else None)


def _broker() -> Part:
    try:
        cache.get("operations")
    except Exception:  # whatever ails it
        return Part(
            _("Broker"),
            False,
            _("It does not answer: the ticker does the work itself, and pages are not live."),
        )
    return Part(_("Broker"), True, _("answers"))


def _disk() -> Part:
    used = disk.used(settings.DATA_DIR)
    share = {"share": f"{used:.0%}"}
    full = _("%(share)s taken: no file is taken in.") % share
    return Part(_("Disk"), used < disk.FULL, _("%(share)s taken") % share if used < disk.FULL else full)


def _texting(store: Store) -> Part:
    if not store.texting_on:
        return Part(_("Texting"), False, _("Switched off for this store: no text leaves."))
    return Part(
        _("Texting"),
        True,
        _("by the phone simulator, to nobody") if settings.PHONE_SIMULATOR else _("by Twilio"),
    )


def _stores_apart() -> Part:
    words = watch.trouble()
    return Part(_("Row security"), not words, words or _("in force: the database itself keeps stores apart"))


def _verified(beat: Heartbeat | None, now: datetime) -> Part:
    if beat is None:
        return Part(_("Data judged"), False, _("Not judged yet."))
    broken: Mapping[str, int] = beat.result.get("broken", {})
    if broken:
        return Part(
            _("Data judged"),
            False,
            _("What must be true is not. “manage.py verify” prints the rows:"),
            now - beat.at,
            tuple(_not_so(name, n) for name, n in sorted(broken.items())),
        )
    is_recent = now - beat.at <= 5 * SILENT_AFTER
    return Part(
        _("Data judged"),
        is_recent,
        _("%(n)s invariants hold") % {"n": beat.result.get("checked", 0)}
        if is_recent
        else _("Not judged lately."),
        now - beat.at,
    )


def _not_so(name: str, n: int) -> str:
    """The sentence that does not hold, and of how many rows; its name where no such sentence is written any more."""
    says = {one.name: one.says for one in verify.chosen()}.get(name, name)
    return ngettext("“%(says)s” Not so of %(n)s row.", "“%(says)s” Not so of %(n)s rows.", n) % {
        "says": says,
        "n": n,
    }


def _backup(beat: Heartbeat | None, now: datetime, name: str) -> Part:
    if beat is None:
        return Part(name, False, _("None yet. It is made every night, and by “manage.py backup”."))
    is_recent = now - beat.at <= BACKUP_AFTER
    return Part(
        name,
        is_recent,
        str(beat.result.get("file", "")) if is_recent else _("Longer ago than a day."),
        now - beat.at,
    )


def _silent(last: datetime | None, longest: timedelta | None, n: int, now: datetime) -> bool:
    """Longer than the longest pause of a fortnight in which it came often enough to tell."""
    return last is not None and longest is not None and n >= 8 and now - last > longest
