"""The style sheets, in the order in which pages name them: tokens first, as they say the order of the layers."""

from __future__ import annotations

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


def addresses() -> list[str]:
    """Where a browser finds them."""
    return [static(f"css/{name}.css") for name in SHEETS]
