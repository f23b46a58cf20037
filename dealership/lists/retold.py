"""What was done to many rows at once, kept in English, in its reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext, ngettext

from dealership.language import later
from dealership.retold import Gap, Retold, dated


def _rows(text: str) -> str:
    """ "3 leads", "1,200 customers"."""
    number, noun = text.split(" ", 1)
    n = int(number.replace(",", ""))
    many = {
        "arrival": ngettext("%(n)s arrival", "%(n)s arrivals", n),
        "call": ngettext("%(n)s call", "%(n)s calls", n),
        "car": ngettext("%(n)s car", "%(n)s cars", n),
        "conversation": ngettext("%(n)s conversation", "%(n)s conversations", n),
        "customer": ngettext("%(n)s customer", "%(n)s customers", n),
        "fact": ngettext("%(n)s fact", "%(n)s facts", n),
        "lead": ngettext("%(n)s lead", "%(n)s leads", n),
        "part": ngettext("%(n)s part", "%(n)s parts", n),
        "promise": ngettext("%(n)s promise", "%(n)s promises", n),
        "RO": ngettext("%(n)s RO", "%(n)s ROs", n),
        "visit": ngettext("%(n)s visit", "%(n)s visits", n),
    }
    return many[re.sub("s$", "", noun)] % {"n": number}


retold = Retold(
    later("%(rows)s given to %(name)s in %(department)s"),
    later("%(rows)s given to %(name)s"),
    later("%(rows)s assigned to %(name)s"),
    later("%(rows)s handed to %(name)s"),
    later("%(rows)s put away"),
    later("%(rows)s put away as no lead"),
    later("%(rows)s waived"),
    later("%(rows)s tried again"),
    later("%(rows)s closed as lost"),
    later("%(rows)s front-line ready"),
    later("%(rows)s moved: %(stage)s"),
    later("%(rows)s expected on %(date)s"),
    gaps={
        "rows": Gap(
            r"[\d,]+ (?:arrival|call|car|conversation|customer|fact|lead|part|promise|RO|visit)s?", _rows
        ),
        "name": Gap(r".+?", str),
        "department": Gap(r"Sales|Service|Parts|F&I|Marketing", gettext),
        "stage": Gap(r".+", gettext),
        "date": Gap(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2}", dated),
    },
)
