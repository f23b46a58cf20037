"""The lists behind the figures of the Seams page: what an address may ask of them, and which rows are meant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.staff.models import StaffMember
from tasks import fates, figures, retold, rulebook, seams
from tasks.figures import BUCKETS, FIGURES, KIND_OF, VISIT_FIGURES, Figure, Narrowed
from tasks.models import Happening
from tasks.periods import Period
from tasks.tallies import Person, labels_of

OWED_NOW = "owed_now"
NAME_MOST = 60


class NoSuchList(ValueError):
    """The address asks for a figure, a part or people that are not there."""


@dataclass(frozen=True)
class Asked:
    """Which list: a part of a figure in a period, and between whom or of whom."""

    figure: Figure
    part: str
    period: Period
    narrowed: Narrowed
    #: What narrows it, in words; and as the address says it.
    words: tuple[str, ...]
    query: dict[str, str]

    @property
    def title(self) -> str:
        """The heading."""
        if self.part == OWED_NOW:
            return _("Owed now")
        words = str(self.figure.parts[self.part])
        return f"{self.figure.things}: {words[:1].lower()}{words[1:]}"

    @property
    def kind(self) -> str:
        """What the rows are: promises, visits or happenings."""
        if self.figure.key in VISIT_FIGURES:
            return "visits"
        return "happenings" if self.figure.key in KIND_OF else "promises"


def read(wanted: Mapping[str, str], period: Period, known: Mapping[int, Person]) -> Asked:
    """What an address asks for. Raises NoSuchList."""
    figure = FIGURES.get(wanted.get("figure", "kept"))
    if figure is None:
        raise NoSuchList(_("There is no such figure."))
    part = wanted.get("part", figure.good)
    is_promises = figure.key not in VISIT_FIGURES and figure.key not in KIND_OF
    if part not in figure.parts and not (part == OWED_NOW and is_promises):
        raise NoSuchList(_("This figure has no such part."))
    narrowed, words, query = _narrowed(wanted, known) if is_promises else (Narrowed(), (), {})
    return Asked(figure, part, period, narrowed, words, {"figure": figure.key, "part": part, **query})


def _narrowed(
    wanted: Mapping[str, str], known: Mapping[int, Person]
) -> tuple[Narrowed, tuple[str, ...], dict[str, str]]:
    words, query = [], {}
    for name in ("from", "to", "owner", "team", "bucket", "rule"):
        if value := wanted.get(name, ""):
            query[name] = value[:NAME_MOST]
    owners = None
    if owner := query.get("owner"):
        if not owner.isdecimal() or int(owner) not in known:
            raise NoSuchList(_("Nobody of that number works here."))
        owners = frozenset({int(owner)})
        words.append(known[int(owner)].name)
    if team := query.get("team"):
        owners = seams.team_members(dict(known), team)
        if not owners:
            raise NoSuchList(_("There is no such team."))
        words.append(known[next(iter(owners))].team)
    bucket = None
    if text := query.get("bucket"):
        if not text.isdecimal() or not int(text[:3]) < len(BUCKETS):
            raise NoSuchList(_("There is no such bar."))
        bucket = int(text)
        words.append(_("answered in %(bucket)s open min") % {"bucket": BUCKETS[bucket][0]})
    if "from" in query:
        words.append(_("from %(name)s") % {"name": retold.end(query["from"])})
    if "to" in query:
        words.append(_("to %(name)s") % {"name": retold.end(query["to"])})
    rule = query.get("rule", "")
    if rule:
        if rule not in rulebook.rules() and rule != rulebook.BY_HAND:
            raise NoSuchList(_("There is no such rule."))
        words.append(retold.said("", rulebook.rule_of(rule).sentence))
    narrowed = Narrowed(
        labels_of(query["from"]) if "from" in query else None,
        labels_of(query["to"]) if "to" in query else None,
        owners,
        bucket,
        rule,
        # What people promise by hand stands between no departments.
        by_hand=not ("from" in query or "to" in query),
    )
    return narrowed, tuple(words), query


def rows(staff: StaffMember, asked: Asked) -> QuerySet[Any]:
    """All rows of the list, in no order."""
    if asked.part == OWED_NOW:
        owed = figures.owed_now(staff=staff, narrowed=asked.narrowed)
        return fates.told_apart(owed, store_id=staff.store_id, zone=staff.store.tz)
    return figures.rows(asked.figure, asked.part, staff=staff, period=asked.period, narrowed=asked.narrowed)


OUTCOMES = {
    "shown": later("came"),
    "missed": later("did not come"),
    "called_off": later("called off late"),
}


def happenings_of(staff: StaffMember) -> QuerySet[Happening]:
    """All of the store."""
    return Happening.objects.visible_to(staff)


def number_of(subject: str) -> str:
    """As people say it: "ro:48213" is RO 48213."""
    kind, _colon, number = subject.partition(":")
    return (_("RO %(number)s") if kind == "ro" else _("Deal %(number)s")) % {"number": number}
