"""Hostile input, each case a file: `texts` (what people write), `leads`, `feeds` (service files of a DMS), `lines` (one value a line)."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent


def files(kind: str) -> dict[str, bytes]:
    """Every case of a kind by the name of its file, in the order of the names."""
    return {path.name: path.read_bytes() for path in sorted((HERE / kind).iterdir())}


def texts() -> dict[str, bytes]:
    """What may stand in a text, a name, a note or a field: the files by their name in words, and one too long for a file."""
    named = {name.removesuffix(".txt").replace("_", " "): content for name, content in files("texts").items()}
    return {**named, "100k characters": b"x" * 100_000}


def lines(name: str) -> list[str]:
    """The values of one of `lines`, as they are written there."""
    return (HERE / "lines" / f"{name}.txt").read_bytes().decode().removesuffix("\n").split("\n")
