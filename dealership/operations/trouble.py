"""What everybody of a store must know now, because it does not work: what, since when, what that means and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dealership import clock, clocks, disk, live
from dealership.dms import freshness
from dealership.dms.models import Feed
from dealership.language import later
from dealership.operations import reads
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores import calendars
from dealership.stores.models import Department, Store, StoreChange

#: What everybody must know is known within this time; pages between ask nothing.
KEPT_SECONDS = 10
#: One text in doubt is looked up, and nobody's trouble; so many at once are the carrier's.
SOME_IN_DOUBT = 3
_OPERATIONS = ("operations:overview", later("See Operations"))
#: A number that rests for half a minute is nobody's trouble; and of the feeds those that may be silent for too long, whose open
#: hours are counted afterwards.
_PARTS = """
SELECT (SELECT max(drained_at) FROM dealership_canary), s.rests_since, s.rests_why, d.since, f.feeds
FROM (SELECT 1) one
LEFT JOIN messaging_sender s ON s.store_id = %(store)s AND s.rests_until > %(now)s
    AND (s.rests_since < %(now)s - interval '1 minute' OR s.rests_until > %(now)s + interval '1 minute')
LEFT JOIN LATERAL (
    SELECT min(called_at) AS since FROM messaging_message WHERE store_id = %(store)s AND state = 'unknown'
    HAVING count(*) >= %(some)s
) d ON true
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_object('kind', kind, 'last_file_at', last_file_at, 'stale_after_minutes', stale_after_minutes)
        ORDER BY kind) AS feeds
    FROM dms_feed WHERE store_id = %(store)s AND last_file_at < %(now)s - stale_after_minutes * interval '1 minute'
) f ON true
"""


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
    key = f"operations:trouble:{staff.store_id}:{staff.store.texting_on}:{get_language()}"
    found: list[Trouble] | None = live.ask(lambda: cache.get(key))
    if found is None:
        found = [*_texting(staff), *_of_the_parts(staff), *_disk()]
        kept = found
        live.ask(lambda: cache.set(key, kept, KEPT_SECONDS))
    return found


def _texting(staff: StaffMember) -> list[Trouble]:
    store = staff.store
    if store.texting_on:
        return []
    change = StoreChange.objects.of_store(store.pk).filter(area="texting").order_by("-at").first()
    what, by = _("Texting is off."), ""
    if change is not None:
        since = clocks.when(change.at, store.tz, clock.now())
        what = _("Texting has been off since %(when)s.") % {"when": since}
        by = _("%(name)s turned it off.") % {"name": change.by_name} if change.by_name else ""
    said = (
        _("No text leaves, neither yours nor the automatic ones; what customers write still comes in."),
        by,
        _("Call who must hear something; a general manager can turn it on."),
    )
    means = " ".join(filter(None, said))
    return [Trouble(what, means, May.MANAGE_STAFF, "stores:overview", _("Open Store"))]


def _of_the_parts(staff: StaffMember) -> list[Trouble]:
    """Workers, the carrier, the DMS. One query, and one more while a feed may be silent for too long."""
    store, now = staff.store, clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, {"store": store.pk, "now": now, "some": SOME_IN_DOUBT})
        drained, rests_since, rests_why, doubt_since, feeds = cursor.fetchone()
    return [
        *_silence(store, drained, now),
        *_carrier(store, rests_since, rests_why, doubt_since, now),
        *_dms(store, feeds or [], now),
    ]


def _silence(store: Store, last: datetime | None, now: datetime) -> list[Trouble]:
    real = clock.real()
    if last is None or real - last <= reads.SILENT_AFTER:
        return []
    said = clocks.when(now - clock.shown_length(real - last), store.tz, now)
    means = _(
        "Texts wait, nothing falls due and no file is read until they are back; then all of it is done. "
        "What you write is kept. Call who cannot wait, and tell whoever looks after this installation."
    )
    what = _("The workers have been silent since %(when)s.") % {"when": said}
    return [Trouble(what, means, May.SEE_OPERATIONS, *_OPERATIONS)]


def _carrier(
    store: Store, rests_since: datetime | None, why: str, doubt_since: datetime | None, now: datetime
) -> list[Trouble]:
    if rests_since is not None:
        what = _("No text leaves since %(when)s.") % {"when": clocks.when(rests_since, store.tz, now)}
        waits = _("What is written waits, and nothing is lost. Call who cannot wait.")
        means = f"{_(why)} {waits}"
    elif doubt_since is not None:
        since = clocks.when(doubt_since, store.tz, now)
        what = _("The carrier has not answered since %(when)s.") % {"when": since}
        means = _(
            "Whether the last texts left is looked up, and none is sent twice. What customers write still comes in. "
            "Call who must hear something."
        )
    else:
        return []
    return [Trouble(what, means, May.SEE_OPERATIONS, *_OPERATIONS)]


def _dms(store: Store, feeds: list[dict[str, Any]], now: datetime) -> list[Trouble]:
    if not feeds:
        return []
    calendar, silent = calendars.of(store.pk, Department.SERVICE), []
    for said in feeds:
        last = datetime.fromisoformat(said.pop("last_file_at"))
        feed = Feed(store=store, last_file_at=last, **said)
        if freshness.of(feed, now, calendar).is_stale:
            silent.append((last, feed.get_kind_display()))
    if not silent:
        return []
    what = _("DMS as of %(when)s.") % {"when": clocks.when(min(silent)[0], store.tz, now)}
    times = len(silent) > 1
    kinds = ", ".join(
        f"{kind.lower()} ({clocks.when(last, store.tz, now)})" if times else kind.lower()
        for last, kind in sorted(silent)
    )
    means = _(
        "%(kinds)s: what happened since is not known here yet. Look in the DMS before you tell a customer."
    ) % {"kinds": f"{kinds[:1].upper()}{kinds[1:]}"}
    return [Trouble(what, means, May.SEE_IMPORTS, "dms:imports", _("See Imports"))]


def _disk() -> list[Trouble]:
    if not disk.is_full(settings.DATA_DIR):
        return []
    means = _(
        "Soon nothing can be kept, and no file is taken in. Tell whoever looks after this installation to make room."
    )
    return [Trouble(_("The disk is full."), means, May.SEE_OPERATIONS, *_OPERATIONS)]
