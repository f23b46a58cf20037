"""The connection: PostgreSQL, told before a statement which stores are seen, where that has changed since it was last told.

The setting belongs to the connection and `dealership.sight` to the request, so nothing can be left over from an earlier one:
every statement compares the two. It costs a round trip where they differ, which for a page is one at most: the worker's
connection keeps the setting from page to page. A pooler between must keep sessions (PgBouncer: pool_mode=session).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from dealership import sight
from dealership.database import watch

#: Clocks that differ by no more than this are the same: it is what asking takes on a busy machine.
SAME = timedelta(seconds=2)
_TELL = "SELECT set_config('app.stores', %s, false), set_config('app.across', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows what it has been told. `_told` None: unknown, since a rollback takes settings back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: sight.Sight | None = None
        self._between = False
        #: How far the server's clock is ahead of this machine's; nothing while they are the same.
        self.clock_ahead = timedelta()
        self.execute_wrappers.append(self._as_is_seen)

    def tell(self) -> None:
        """Tells the server what is seen now, if it was told something else. For those who use the driver's own cursor."""
        seen = sight.now()
        if self._told == seen:
            return
        self._told = None
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_TELL, [_array(seen), "on" if seen.is_all else ""])
        self._told = seen

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._told = sight.NOTHING
        watch.look_once(self)
        if settings.DATABASE_CLOCK:
            self.compare_clocks()

    def compare_clocks(self) -> None:
        """Asks what time it is there. A connection lives for a minute (CONN_MAX_AGE), so it is asked that often."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM now())")
            ahead = timedelta(seconds=float(cursor.fetchone()[0]) - time.time())
        self.clock_ahead = ahead if abs(ahead) > SAME else timedelta()

    def _as_is_seen(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if not self._between:
            self.tell()
        return execute(sql, params, many, context)

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint(self, sid: str) -> None:
        with self._telling_nothing():
            super()._savepoint(sid)  # type: ignore[misc]

    def _savepoint_commit(self, sid: str) -> None:
        with self._telling_nothing():
            super()._savepoint_commit(sid)  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = None
        with self._telling_nothing():
            super()._savepoint_rollback(sid)  # type: ignore[misc]

    @contextmanager
    def _telling_nothing(self) -> Iterator[None]:
        """A failed transaction takes no other statement than its savepoint's."""
        self._between = True
        try:
            yield
        finally:
            self._between = False


def _array(seen: sight.Sight) -> str:
    return "{" + ",".join(map(str, sorted(seen.stores))) + "}" if seen.stores else ""
