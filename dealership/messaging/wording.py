"""Words as they come and as they are shown: cleaned of what a database refuses, cut, quoted. Pure."""

from __future__ import annotations

from typing import Any


def clean(text: str) -> str:
    """Without NUL, and with lone surrogates replaced: PostgreSQL refuses both."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def clean_json(value: Any) -> Any:
    """The same for every string in a JSON value, keys included."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_json(item) for item in value]
    return value


def in_list(text: str, n_photos: int) -> str:
    """What a list shows of a text: its words, and that photos came or went along."""
    photos = "photo" if n_photos == 1 else f"{n_photos} photos" if n_photos else ""
    words = excerpt(text, 140 if photos else 160)
    return f"{words} ({photos})" if words and photos else words or photos or "(empty text)"


def excerpt(text: str, length: int = 120) -> str:
    """One line of at most so many characters."""
    line = " ".join(text[: length * 8].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
