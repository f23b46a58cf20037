"""A deal's life is the same in whatever order its files come."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from sales.deal_lives import Version, fold, with_versions
from tests.cast import MONDAY_TEN


def version(n: int, stage: str) -> Version:
    return Version(MONDAY_TEN + timedelta(days=n), stage, f"hash{n}")


def told(*stages: str) -> list[tuple[str, int]]:
    return [step.key for step in fold(version(n, stage) for n, stage in enumerate(stages)).steps]


@pytest.mark.parametrize(
    ("stages", "steps"),
    [
        (("written", "contracted", "delivered"), [("written", 0), ("contracted", 0), ("delivered", 0)]),
        (("delivered", "delivered"), [("written", 0), ("delivered", 0)]),
        (("written", "lost"), [("written", 0), ("ended", 0)]),
        (("lost",), []),
        (("delivered", "unwound"), [("written", 0), ("delivered", 0), ("ended", 0)]),
        (("delivered", "lost", "unwound"), [("written", 0), ("delivered", 0), ("ended", 0)]),
        (
            ("delivered", "unwound", "delivered"),
            [("written", 0), ("delivered", 0), ("ended", 0), ("written", 1), ("delivered", 1)],
        ),
        # A delivery that was entered by mistake and taken back.
        (("delivered", "contracted"), [("written", 0), ("delivered", 0), ("ended", 0), ("written", 1), ("contracted", 1)]),
        (("contracted", "written", "contracted"), [("written", 0), ("contracted", 0)]),
    ],
)  # fmt: skip
def test_each_effect_is_told_once_a_cycle(stages: tuple[str, ...], steps: list[tuple[str, int]]) -> None:
    assert told(*stages) == steps


def test_any_order_of_files_ends_the_same() -> None:
    versions = [version(n, stage) for n, stage in enumerate(("written", "delivered", "unwound", "delivered"))]
    lives = []
    for order in permutations(versions):
        life = fold([])
        for item in order:
            life = with_versions(with_versions(life, [item]), [item])
        lives.append(life)
    assert all(life == lives[0] for life in lives)


def test_a_version_is_kept_and_read_again_without_loss() -> None:
    kept = Version(MONDAY_TEN, "delivered", "abc", None, MONDAY_TEN.date())
    assert Version.from_json(kept.to_json()) == kept
