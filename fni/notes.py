"""The free words of F&I as they are kept: cleaned, without social security and card numbers, on one line, cut. Pure."""

from __future__ import annotations

from dealership import sensitive
from dealership.messaging.wording import clean


def kept(text: str, most: int) -> str:
    """What may be written down of these words, at most so many characters."""
    return " ".join(sensitive.mask(clean(text)).split())[:most].rstrip()
