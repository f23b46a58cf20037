"""Every flow has an answer to every failure, and a test that proves it."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.resiliency.matrix import FAILURES, FLOWS, HERE, PROVED_BY

ROOT = Path(__file__).resolve().parents[2]


def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_each_cell_is_filled() -> None:
    assert list(PROVED_BY) == list(FLOWS)
    assert [tuple(row) for row in PROVED_BY.values()] == [FAILURES] * len(FLOWS)


def test_each_test_that_is_named_exists_and_none_here_is_left_out() -> None:
    named = {name for row in PROVED_BY.values() for name in row.values()}
    known = {path: names_in(path) for path in {name.partition("::")[0] for name in named}}
    assert {name for name in named if name.partition("::")[2] not in known[name.partition("::")[0]]} == set()
    here = {f"{path}::{name}" for path, names in known.items() if path.startswith(HERE) for name in names}
    assert here - named == set()
