"""Which stores' rows may be seen here and now: by this request, this job, this command.

The database asks for it: each statement is sent under what is seen at that moment (`dealership.database.base`), and PostgreSQL
shows and takes rows of no other store. Nothing seen, nothing shown.

A page sees its person's store (`one_store`). A job or a command sees all (`all_stores`), unless it works within one. What a
page must know of other stores, such as where else its person works, is asked `beyond_the_store`, for that one question.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Sight:
    """The stores whose rows are seen: all, or these."""

    stores: frozenset[int] = frozenset()
    is_all: bool = False

    def __bool__(self) -> bool:
        return self.is_all or bool(self.stores)


NOTHING = Sight()
EVERYTHING = Sight(is_all=True)
_sight: ContextVar[Sight] = ContextVar("sight", default=NOTHING)


def now() -> Sight:
    """What is seen."""
    return _sight.get()


@contextmanager
def one_store(store_id: int) -> Iterator[None]:
    """Within the block this store is seen and no other; work that serves all stores serves this one."""
    with _seeing(Sight(frozenset({store_id}))):
        yield


@contextmanager
def all_stores(reason: str) -> Iterator[None]:
    """Within the block every store is seen, by work that serves all of them. Within `one_store` it is that one still."""
    _ask_for(reason)
    with _seeing(_sight.get() or EVERYTHING):
        yield


@contextmanager
def beyond_the_store(reason: str) -> Iterator[None]:
    """Within the block every store is seen, whatever was seen before: for the few questions that a page asks beyond its own."""
    _ask_for(reason)
    with _seeing(EVERYTHING):
        yield


@contextmanager
def nothing() -> Iterator[None]:
    """Within the block no store is seen: nobody has signed in yet."""
    with _seeing(NOTHING):
        yield


def _ask_for(reason: str) -> None:
    if not reason:
        raise ValueError("Say why this may see all stores.")


@contextmanager
def _seeing(sight: Sight) -> Iterator[None]:
    token = _sight.set(sight)
    try:
        yield
    finally:
        _sight.reset(token)
