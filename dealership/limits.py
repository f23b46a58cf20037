"""How often somebody may try: exact limits, in PostgreSQL, one row a bucket and one statement a try.

A bucket holds half of what is allowed at once, and the other half trickles in over the span: so in no span of that length
there are ever more than `n` tries, however many come at the same moment. Losing Redis opens no door, and several servers
count together. The library's own limits are off (ACCOUNT_RATE_LIMITS): they are kept in the cache, and two locks on one door
would have to be explained to whoever stands before it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.models import Bucket


@dataclass(frozen=True)
class Limit:
    """At most `n` times in any span of this length; half of them at once."""

    purpose: str
    n: int
    per: timedelta

    @property
    def at_once(self) -> int:
        """What an untouched bucket holds."""
        return max(1, self.n // 2)

    @property
    def per_second(self) -> float:
        """How fast it fills again."""
        return (self.n - self.at_once) / self.per.total_seconds()


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Wrong passwords: the right one is given back. Many people of a store come from one address.
PASSWORD = Limit("password", 20, DAY)
PASSWORD_IP = Limit("password from", 40, HOUR)
RESET_MAIL = Limit("reset mail", 10, HOUR)
RESET_MAIL_IP = Limit("reset mail from", 20, HOUR)
RESET_KEY_IP = Limit("reset link from", 60, HOUR)
#: Wrong codes of a second factor: the right one is given back, and is good once.
CODE = Limit("code", 96, DAY)
PASSKEY_IP = Limit("passkey from", 600, HOUR)
#: Addresses where people choose a password; a store is filled with people on its first day.
INVITE = Limit("invite", 80, DAY)
SEARCH = Limit("search", 240, timedelta(minutes=1))
EXPORT = Limit("export", 60, HOUR)
#: Pings to another system: a store tries out what it has just set up.
TRY_OUT = Limit("try out", 40, HOUR)
#: Machines: a store's leads, a feed's files, and whoever calls at all.
HOOK = Limit("hook", 2400, timedelta(minutes=1))
HOOK_IP = Limit("hook from", 4800, timedelta(minutes=1))

# One statement: whoever comes second waits for the row and reads what the first has left.
_TAKE = """
INSERT INTO dealership_bucket AS b (key, tokens, filled_at) VALUES (%(key)s, %(most)s - 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE
SET tokens = LEAST(%(most)s, b.tokens + GREATEST(0, EXTRACT(epoch FROM EXCLUDED.filled_at - b.filled_at)) * %(rate)s) - 1,
    filled_at = GREATEST(b.filled_at, EXCLUDED.filled_at)
WHERE LEAST(%(most)s, b.tokens + GREATEST(0, EXTRACT(epoch FROM EXCLUDED.filled_at - b.filled_at)) * %(rate)s) >= 1
RETURNING tokens
"""
_LEFT = """
SELECT tokens + GREATEST(0, EXTRACT(epoch FROM clock_timestamp() - filled_at)) * %(rate)s
FROM dealership_bucket WHERE key = %(key)s
"""


class TooMany(Exception):
    """Tried too often. `wait` is the number of seconds after which one more try is allowed; `words` says it."""

    def __init__(self, limit: Limit, wait: int) -> None:
        self.wait = wait
        super().__init__(limit, wait)

    @property
    def words(self) -> str:
        """How long, in the reader's language."""
        return said(self.wait)

    def __str__(self) -> str:
        return _("Too many tries. Wait %(wait)s, then try once more.") % {"wait": self.words}


def take(limit: Limit, who: object) -> None:
    """Counts one try of this person, address or token. Raises TooMany, and then nothing was counted.

    Not for within a transaction that may be undone: the try would be undone with it.
    """
    asked: dict[str, str | float] = {"key": _key(limit, who), "most": limit.at_once, "rate": limit.per_second}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, asked)
        if cursor.fetchone():
            return
        cursor.execute(_LEFT, asked)
        row = cursor.fetchone()
    missing = 1.0 - float(row[0]) if row else 0.0
    raise TooMany(limit, max(1, math.ceil(missing / limit.per_second)))


def give_back(limit: Limit, who: object) -> None:
    """What was taken was no guess."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dealership_bucket SET tokens = LEAST(%s, tokens + 1) WHERE key = %s",
            [limit.at_once, _key(limit, who)],
        )


def forget(limit: Limit, who: object) -> None:
    """They may try as if for the first time: somebody who may do so let them in again."""
    Bucket.objects.filter(key=_key(limit, who)).delete()


def once(purpose: str, what: object) -> bool:
    """Whether this is the first time; of any number at once, one is told so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dealership_bucket (key, tokens, filled_at) VALUES (%s, 0, clock_timestamp())"
            " ON CONFLICT DO NOTHING RETURNING key",
            [_key(Limit(purpose, 1, DAY), what)],
        )
        return cursor.fetchone() is not None


def forget_old() -> int:
    """Rows of two days ago are full again, and say nothing any more. Returns how many went."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM dealership_bucket WHERE filled_at < clock_timestamp() - interval '2 days'"
        )
        return int(cursor.rowcount)


def ip_of(request: HttpRequest) -> str:
    """Where the request comes from: the last address that our own proxy names, or the caller. A network, where it is IPv6."""
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    text = told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network(f"{address}/64", strict=False).network_address)
    return text


def limited(
    limit: Limit, asked: str = ""
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For views behind `staff_only`: so often may one person ask; with `asked`, only where the address asks that."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not asked or request.GET.get(asked, "").strip():
                take(limit, request.staff.pk)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def said(seconds: int) -> str:
    """ "40 seconds", "12 minutes", "3 hours"."""
    if seconds >= 3600:
        n = math.ceil(seconds / 3600)
        return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}
    if seconds >= 60:
        n = math.ceil(seconds / 60)
        return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}
    if seconds >= 1:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    return _("a moment")


class TooManyMiddleware:
    """Answers 429 with Retry-After wherever somebody tried too often: a page, a sentence, or JSON for machines."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """None for every other error."""
        return refusal(request, error) if isinstance(error, TooMany) else None


def refusal(request: HttpRequest, error: TooMany) -> HttpResponse:
    """The answer to one try too many."""
    response: HttpResponse
    if request.path.startswith("/hooks/"):
        response = JsonResponse({"error": str(error)}, status=429)
    elif request.headers.get("HX-Request"):
        response = HttpResponse(str(error), status=429, content_type="text/plain")
    else:
        response = render(request, "429.html", {"error": error}, status=429)
    response["Retry-After"] = str(error.wait)
    return response


def _key(limit: Limit, who: object) -> str:
    return hashlib.sha256(f"{limit.purpose}\n{who}".encode("utf-8", "replace")).hexdigest()
