"""The style sheets, in the order in which pages name them: tokens first, as they say the order of the layers."""

from __future__ import annotations

import functools

from django.templatetags.static import static

SHEETS = (
    "tokens",
    "base",
    "layout",
    "controls",
    "components",
    "promises",
    "boards",
    "figures",
    "pages",
    "inbox",
    "screens",
)


@functools.cache
def addresses() -> tuple[str, ...]:
    """Where a browser finds them: the same for as long as the process lives."""
    return tuple(static(f"css/{name}.css") for name in SHEETS)
