"""Sessions: rows of the database, with copies in Redis where it answers. Without Redis they cost a query, and nobody is signed out.

A copy is believed for a minute at most: what was changed or ended while Redis was away counts soon after it is back.
"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.base import UpdateError
from django.core.cache import BaseCache, caches
from django.db import OperationalError

from dealership import live

log = logging.getLogger(__name__)

LONGEST_COPY_SECONDS = 60


class _Copies:
    """The cache, as the library asks it: a question that has no answer is a copy that is not there."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache

    def get(self, key: str) -> Any:
        return live.ask(lambda: self._cache.get(key))

    def set(self, key: str, value: Any, seconds: int) -> None:
        live.ask(lambda: self._cache.set(key, value, min(seconds, LONGEST_COPY_SECONDS)))

    def delete(self, key: str) -> None:
        live.ask(lambda: self._cache.delete(key))

    def __contains__(self, key: str) -> bool:
        return bool(live.ask(lambda: key in self._cache))


class SessionStore(cached_db.SessionStore):
    """As Django's, but for a Redis that is away, and for a disk that is full."""

    _cache: Any
    _session: Any

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _Copies(caches[settings.SESSION_CACHE_ALIAS])

    def save(self, must_create: bool = False) -> None:
        """As Django's; but what a session notes may be lost where nothing can be written, so that whoever only reads goes on."""
        try:
            super().save(must_create)
        except UpdateError as error:
            # So the library calls whatever the database says.
            if not isinstance(error.__context__, OperationalError):
                raise
            log.warning("A session is not written: %s", error.__context__)
            self._cache.set(self.cache_key, self._session, self.get_expiry_age())
