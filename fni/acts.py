"""What was done with a jacket is kept in English; here it is said in its reader's language, as far as its words are fixed ones."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dealership.language import is_own, known_parts

_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile("Put away"), lambda it: pgettext("jacket", "Put away")),
    (
        re.compile("Asked for (.+), phone"),
        lambda it: _("Asked for %(paper)s, phone") % {"paper": known_parts(it[1])},
    ),
    (
        re.compile("Asked for (.+), in person"),
        lambda it: _("Asked for %(paper)s, in person") % {"paper": known_parts(it[1])},
    ),
    (
        re.compile("Asked for (.+) by text"),
        lambda it: _("Asked for %(paper)s by text") % {"paper": known_parts(it[1])},
    ),
    (
        re.compile("A text asks for (.+)"),
        lambda it: _("A text asks for %(paper)s") % {"paper": known_parts(it[1])},
    ),
    (
        re.compile(r"Stip dropped: (.+) \((.+)\)"),
        lambda it: (
            _("Stip dropped: %(paper)s (%(why)s)") % {"paper": known_parts(it[1]), "why": known_parts(it[2])}
        ),
    ),
    (
        re.compile(r"Title and plates are out \((.+)\)"),
        lambda it: _("Title and plates are out (%(proof)s)") % {"proof": it[1]},
    ),
    (
        re.compile("Funded on the day of the delivery"),
        lambda it: _("Funded on the day of the delivery"),
    ),
    (
        re.compile(r"Funded (\d+) days? after the delivery"),
        lambda it: (
            ngettext(
                "Funded %(n)s day after the delivery", "Funded %(n)s days after the delivery", int(it[1])
            )
            % {"n": it[1]}
        ),
    ),
)


def said(words: str) -> str:
    """The words of an act, for whoever reads."""
    if is_own():
        return words
    for pattern, say in _SENTENCES:
        if found := pattern.fullmatch(words):
            return say(found)
    head, colon, rest = words.partition(": ")
    if _(head) != head:
        return f"{_(head)}{colon}{known_parts(rest)}"
    head = words.partition(", ")[0]
    return known_parts(words) if _(head) != head else words
