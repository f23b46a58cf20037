"""What a text costs, before it is sent: its segments, counted as the carrier counts them, and their price where one is set.

The browser counts the same while somebody types (`static/kept.js`), with the alphabet and the price that the page carries.
"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.messaging import copy


def said(text: str, n_photos: int = 0) -> str:
    """ "1 segment · 42 of 160 · $0.0079"; nothing for no text, no price where none is set.

    With photos it is one message, however long its words are and however many they be.
    """
    if n_photos:
        words = [
            ngettext("1 photo message, %(n)s photo", "1 photo message, %(n)s photos", n_photos)
            % {"n": n_photos}
        ]
        if settings.PHOTO_MESSAGE_PRICE:
            words.append(dollars(settings.PHOTO_MESSAGE_PRICE))
        return " · ".join(words)
    if not text:
        return ""
    size = copy.size(text)
    alone, joined = copy.ROOM[size.alphabet]
    room = alone if size.segments == 1 else size.segments * joined
    words = [
        ngettext("%(n)s segment", "%(n)s segments", size.segments) % {"n": size.segments},
        _("%(n)s of %(room)s") % {"n": size.length, "room": room},
    ]
    if odd := copy.odd_mark(text):
        words.append(_("“%(mark)s” leaves %(n)s a segment") % {"mark": odd, "n": alone})
    if settings.TEXT_SEGMENT_PRICE:
        words.append(dollars(size.segments * settings.TEXT_SEGMENT_PRICE))
    return " · ".join(words)


def dollars(amount: Decimal) -> str:
    """ "$0.0079", "$0.02": as many decimals as it has, two at least and four at most."""
    whole, _, rest = f"{amount:.4f}".partition(".")
    return f"${whole}.{rest.rstrip('0').ljust(2, '0')}"
