"""A promise of the product is proved by a pair: its test passes, and turns red when the product is sabotaged.

    @promise("P5", saboteur=saboteurs.the_last_word_wins)
    def test_…

The test runs twice: as it is, where it must pass; and with the product patched to the naive design (tests/saboteurs.py), where
it must fail by what it asserts or by what the database refuses. A test that stays green then proves nothing, and fails the build.
`make saboteurs` runs the pairs alone and prints what was caught.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import pytest
from django.db import DatabaseError

Test = TypeVar("Test", bound=Callable[..., None])
Saboteur = Callable[[], AbstractContextManager[Any]]
AS_IT_IS = "as it is"
_NAMED = re.compile(r"\b(?P<number>P\d+) sabotaged: (?P<how>[a-z ]+)")


def promise(number: str, *, saboteur: Saboteur) -> Callable[[Test], Test]:
    """Makes of a test a pair: it must pass, and it must fail while `saboteur()` is in force."""
    how = saboteur.__name__.replace("_", " ")

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        extra = inspect.Parameter("sabotaged", inspect.Parameter.KEYWORD_ONLY)

        @functools.wraps(test)
        def run(*args: Any, sabotaged: bool, **kwargs: Any) -> None:
            if not sabotaged:
                test(*args, **kwargs)
                return
            with saboteur():
                try:
                    test(*args, **kwargs)
                except (AssertionError, DatabaseError):
                    return
            pytest.fail(f"{number} stays green though {how}: this test proves nothing.")

        run.__signature__ = signature.replace(parameters=[*signature.parameters.values(), extra])  # type: ignore[attr-defined]
        ids = [AS_IT_IS, f"{number} sabotaged: {how}"]
        made: Test = pytest.mark.pair(pytest.mark.parametrize("sabotaged", [False, True], ids=ids)(run))
        return made

    return decorate


def told(nodeids: dict[str, list[str]]) -> list[str]:
    """The report: a line a promise with its saboteur, from the names of tests by their outcome."""
    lines = {
        (int(found["number"][1:]), found["how"], words)
        for outcome, words in (("passed", "caught"), ("failed", "NOT CAUGHT"), ("error", "NOT CAUGHT"))
        for nodeid in nodeids.get(outcome, [])
        if (found := _NAMED.search(nodeid))
    }
    told = [f"P{number:<3} {words:<11} {how}" for number, how, words in sorted(lines)]
    numbers, caught = {number for number, *_ in lines}, sum(words == "caught" for *_, words in lines)
    return [*told, f"{len(numbers)} promises, {len(lines)} saboteurs, {caught} caught"]
