"""What is kept in the code's own language, told in its reader's: titles, ends of seams, and sentences by the words they were made of.

What is not known stays as it was written; in the code's own language nothing is looked at.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from string import Formatter

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.events.base import CATALOGUE
from dealership.language import OWN, is_own, later
from dealership.retold import Gap, Retold, dated
from dealership.staff.roles import Role
from dealership.stores.hours import DAY_NAMES, MONTH_NAMES
from tasks import rulebook

#: Who stands at the ends of a seam, as playbooks write them; a name stays.
end = Retold(
    later("Accounting"),
    later("Advisor"),
    later("BDC"),
    later("Customer"),
    later("F&I"),
    later("Lead desk"),
    later("Lead source"),
    later("Lender"),
    later("Marketing"),
    later("Parts"),
    later("Parts counter"),
    later("Parts manager"),
    later("People"),
    later("Sales"),
    later("Sales manager"),
    later("Salesperson"),
    later("Service"),
    later("Service BDC"),
    later("Service manager"),
    later("Technician"),
    later("Title clerk"),
    later("General manager"),
    later("Store"),
    later("What a person promised is done"),
    later("A person"),
)
#: Why somebody is preferred (a verb), and why somebody is passed over.
reason = Retold(
    later("answers for it already"),
    later("sells the car"),
    later("holds the conversation"),
    later("is the customer’s own person"),
    later("kept it last time"),
)
_AGAINST = Retold(
    later("had it before"),
    later("off shift"),
    later("away (%(text)s)"),
    later("away"),
    later("carries %(text)s of %(most)s"),
    gaps={"text": Gap(".+?", str), "most": r"\d+"},
)
#: Moments that facts name, as due times call them, and due times that playbooks say in words of their own.
_MOMENTS = Retold(
    later("the delivery"),
    later("the promised time"),
    later("the end of the promised day"),
    later("the state’s date for title and plates"),
    later("60 minutes before the promised time, or 10 minutes where that has passed"),
    later("seven days after the close"),
    later("30 days after it arrived"),
    later("seven days after the delivery"),
    later("by one o'clock on the next open day"),
)

_DAY = rf"(?:{'|'.join(DAY_NAMES)}) \d{{1,2}} (?:{'|'.join(MONTH_NAMES)})"
_MOMENT = rf"{_DAY} \d{{1,2}}:\d\d [ap]m"
_LENGTH = r"\d+ (?:open )?(?:minutes?|hours?|days?)(?: \d+ minutes?)?"


def told(text: str) -> str:
    """A sentence that was written down."""
    if not text or is_own():
        return text
    return _SENTENCES.known(text) or _due(text) or _story(text) or text


def said(rule: str, sentence: str) -> str:
    """The title of a promise: the playbook's words; what a person promised stays as they wrote it."""
    return sentence if rule == rulebook.BY_HAND or not sentence or is_own() else _(sentence)


def time(text: str) -> str:
    """A due time, as `tasks.due.words` says it."""
    if not text or is_own():
        return text
    return _MOMENTS.known(text) or length(text) or _TIMES.known(text) or text


def length(text: str) -> str:
    """ "5 open minutes", "2 open hours 10 minutes", "3 days"; "" for anything else."""
    found = re.fullmatch(r"(\d+) (open )?(minute|hour|day)s?(?: (\d+) minutes?)?", text)
    if found is None:
        return ""
    n, unit, rest = int(found[1]), (found[3], bool(found[2])), found[4]
    many = {
        ("minute", True): ngettext("%(n)s open minute", "%(n)s open minutes", n),
        ("minute", False): ngettext("%(n)s minute", "%(n)s minutes", n),
        ("hour", True): ngettext("%(n)s open hour", "%(n)s open hours", n),
        ("hour", False): ngettext("%(n)s hour", "%(n)s hours", n),
        ("day", True): ngettext("%(n)s open day", "%(n)s open days", n),
        ("day", False): ngettext("%(n)s day", "%(n)s days", n),
    }
    whole = many[unit] % {"n": n}
    if not rest:
        return whole
    more = ngettext("%(n)s minute", "%(n)s minutes", int(rest)) % {"n": rest}
    return _("%(whole)s %(rest)s") % {"whole": whole, "rest": more}


def day(of: date) -> str:
    """ "22 Nov"."""
    return f"{of.day} {MONTH_NAMES[of.month - 1]}" if is_own() else date_format(of, "j M").lower()


def title(sentence: str) -> str:
    """The title of a promise whose rule is not at hand."""
    return _(sentence) if not is_own() and sentence in _titles() else sentence


def _role(text: str) -> str:
    label = _labels().get(text.lower())
    name = str(Role(label).label) if label else text
    return name[:1].lower() + name[1:]


def _stretches(text: str) -> str:
    text = re.sub(r"(\d+) more stretches", lambda found: _("%(n)s more stretches") % {"n": found[1]}, text)
    return dated(re.sub(rf" and (?={_DAY})", _(" and "), text))


def _closed(text: str) -> str:
    found = re.fullmatch(r" \(closed (.+)\)", text, re.DOTALL)
    return _(" (closed %(days)s)") % {"days": dated(found[1])} if found else text


def _story(text: str) -> str:
    """What a fact told."""
    for pattern, sentence, gaps in _stories():
        if (anew := _(sentence)) != sentence and (found := pattern.fullmatch(text)):
            return anew.format(**{name: dated(found.groupdict()[name] or "") for name in gaps})
    return ""


def _due(text: str) -> str:
    """ "By the end of the open day: Mon 23 Nov 6:00 pm"."""
    found = re.fullmatch(rf"(.+): ({_MOMENT})", text)
    if found is None:
        return ""
    words = found[1][:1].lower() + found[1][1:]
    anew = time(words)
    return f"{anew[:1].upper()}{anew[1:]}: {dated(found[2])}" if anew != words else ""


#: What stands in the gaps of what follows, and how it is said.
_GAPS: dict[str, str | Gap | Retold] = {
    "text": Gap(r".+?", str),
    "name": Gap(r"(?:(?!\. |: ).)+?", str),
    "department": Gap(r"[^:]+", _),
    "story": Gap(r".*", lambda text: _story(text) or text),
    "when": Gap(_MOMENT, dated),
    "length": Gap(_LENGTH, lambda text: length(text) or text),
    "stretches": Gap(rf"{_DAY}.+?", _stretches),
    "closed": Gap(r"(?: \(closed .+\))?", _closed),
    "time": Gap(r".+?", time),
    "moment": Gap(r".+", time),
    "blocks": Gap(r".+?", lambda text: text.replace(" and ", _(" and "))),
    "reason": reason,
    "against": _AGAINST,
    "role": Gap(r".+?", _role),
    "title": Gap(r".+?", title),
    "sentence": Gap(r".+?", told),
}
#: Due times.
_TIMES = Retold(
    later("by the end of the open day"),
    later("by the next of %(blocks)s, after %(time)s of silence"),
    later("by the next of %(blocks)s"),
    later("%(time)s before %(moment)s"),
    later("%(time)s after %(moment)s"),
    later("at %(moment)s"),
    later("%(time)s or %(other_time)s, whichever comes first"),
    gaps=_GAPS,
)
_SENTENCES = Retold(
    # Why it exists, and why this hour.
    later("%(name)s promised it."),
    later("%(department)s promises it: %(story)s."),
    later("No open time between %(when)s and %(other_when)s%(closed)s."),
    later("Counted %(stretches)s: %(length)s%(closed)s"),
    later("%(sentence)s; the first of: %(time)s"),
    later("%(name)s said so: %(when)s"),
    # Why this owner.
    later("%(name)s %(reason)s."),
    later("Not %(name)s, who %(reason)s: %(against)s."),
    later("Not %(name)s: %(against)s."),
    later("Nobody works here as %(role)s."),
    later("%(name)s is the only one left to answer."),
    later("%(name)s is the only %(role)s."),
    later("%(name)s is the next in turn as %(role)s."),
    later("%(name)s answers: nobody is here with room, and somebody must."),
    later("%(name)s: named by %(other_name)s."),
    later("%(name)s no longer works here."),
    later("%(name)s is away (%(text)s)."),
    later("%(name)s is away."),
    # What happened to it.
    later("Its hour is near."),
    later("Not kept in time. It is still owed."),
    later("Not taken on in time. %(sentence)s"),
    later("Still owed."),
    later("Climbed to the %(role)s."),
    later("Taken back."),
    later("Waiver undone."),
    later("No longer needed."),
    later("No longer owed."),
    later("Nobody to write to."),
    later("Handed to the outbox."),
    later("Said in the same text as the rest of its visit."),
    later("An automatic text was written."),
    later("Facts arrived in another order than they happened."),
    later("%(sentence)s Known only later."),
    # Notices.
    later("Due soon: %(title)s"),
    later("Late: %(title)s"),
    later("Offered to you: %(title)s"),
    later("Climbed to you: %(title)s"),
    later("No longer with you: %(title)s"),
    later("Still owed: %(title)s"),
    later("Now yours: %(title)s. %(sentence)s"),
    later("Now yours: %(title)s"),
    later("%(name)s handed this to you: %(text)s"),
    later("%(name)s promised this in your name"),
    # Somebody else has it, as a fact told.
    later("%(name)s: %(story)s."),
    gaps=_GAPS,
)


@cache
def _titles() -> frozenset[str]:
    return frozenset(rule.sentence for rule in rulebook.rules().values())


@cache
def _labels() -> dict[str, str]:
    with translation.override(OWN):
        return {str(role.label).lower(): role.value for role in Role}


@cache
def _stories() -> list[tuple[re.Pattern[str], str, list[str]]]:
    """Of every fact, the ones with the most words of their own first."""
    found: list[tuple[re.Pattern[str], str, list[str]]] = []
    with translation.override(OWN):
        sentences = [str(kind.sentence) for kind in CATALOGUE.values()]
    for sentence in sentences:
        parts = [(own, name) for own, name, _spec, _how in Formatter().parse(sentence)]
        names = [name for _own, name in parts if name]
        if len(set(names)) == len(names):
            made = "".join(re.escape(own) + (f"(?P<{name}>.*?)" if name else "") for own, name in parts)
            found.append((re.compile(made.strip(), re.DOTALL), sentence, names))
    return sorted(found, key=lambda one: -len(re.sub(r"\{.*?\}", "", one[1])))
