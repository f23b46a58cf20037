"""The owner of the tables, for tests that change them; row security does not hold for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.db.utils import load_backend


@contextmanager
def as_owner() -> Iterator[None]:
    """Within the block `connection` is a second one, the owner's: it sees nothing that the test has not committed."""
    ours = connections["default"]
    named = {**ours.settings_dict, **{name: settings.DATABASE_OWNER[name] for name in ("USER", "PASSWORD")}}
    connections["default"] = theirs = load_backend(named["ENGINE"]).DatabaseWrapper(named, "default")
    theirs.inc_thread_sharing()
    try:
        yield
    finally:
        theirs.close()
        connections["default"] = ours
