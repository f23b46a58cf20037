"""What tests go on from: built once a worker, in a transaction that is never committed, and left standing while they follow one another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from django.db import transaction

Fixture = TypeVar("Fixture", bound=Callable[..., Any])

_stands = ExitStack()
_build: Callable[[], Any] | None = None
_what: Any = None


def on(build: Callable[[], Any]) -> Callable[[Fixture], Fixture]:
    """Marks a fixture's function: before a test that uses it, `build` has been called, and what it returned is `what()`."""

    def mark(fixture: Fixture) -> Fixture:
        fixture.stands_on = build  # type: ignore[attr-defined]
        return fixture

    return mark


def asked_for(item: Any) -> Callable[[], Any] | None:
    """What a test is to stand on, by its fixtures; None: nothing."""
    info = getattr(item, "_fixtureinfo", None)
    found = (
        (getattr(last.func, "stands_on", None) for *_, last in info.name2fixturedefs.values()) if info else ()
    )
    return next(filter(None, found), None)


def what() -> Any:
    """What was built. It must stand."""
    assert _build is not None
    return _what


def stand(build: Callable[[], Any], blocker: Any) -> None:
    """Builds it, unless it stands; what stood before falls. `blocker`: pytest-django's, which keeps other tests from the database."""
    global _build, _what
    if _build is build:
        return
    fall()
    _stands.callback(blocker.restore)
    blocker.unblock()
    outer = transaction.atomic()
    outer._from_testcase = True  # type: ignore[attr-defined]  # as a test's own: durable blocks may open inside
    _stands.enter_context(outer)
    _stands.callback(transaction.set_rollback, True)
    try:
        _build, _what = build, build()
    except BaseException:
        fall()
        raise


def fall() -> None:
    """Before any test that is not of this."""
    global _build, _what
    _build = _what = None
    _stands.close()
