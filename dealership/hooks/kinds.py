"""What can be told outside: the facts of which the catalogue says so, and what becomes of promises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dealership.events.base import CATALOGUE

PROMISES = "Promises"
HANDED_OVER = "PromiseHandedOver"
#: By the acts of a promise (the ground knows them by name only): what each is called, and what it means.
ACTS = {
    "opened": ("PromiseMade", "Something is owed to a customer, by a named person, by an hour."),
    "kept": ("PromiseKept", "It was kept in time."),
    "broken": ("PromiseBroken", "Its hour passed. It is still owed."),
    "recovered": ("PromiseRecovered", "It was kept after its hour."),
    "waived": ("PromiseWaived", "A named person said, with a reason, that it is not owed."),
    "voided": ("PromiseVoided", "What it was about is gone; it counts nowhere."),
    "renegotiated": ("PromiseMoved", "The customer was told another hour before the old one passed."),
    "reopened": ("PromiseReopened", "It had ended, and is owed again."),
}


@dataclass(frozen=True)
class Kind:
    """One kind of thing that a hook may be told."""

    name: str
    #: Under which heading people find it.
    group: str
    #: What it means, a sentence.
    means: str
    #: What is told beside who, what and when.
    fields: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """ "Repair order closed"."""
        return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", self.name)


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by its name, in the order in which people are shown them."""
    found = [Kind(name, PROMISES, means) for name, means in ACTS.values()]
    found.append(Kind(HANDED_OVER, PROMISES, "Somebody else owes it from now on."))
    for fact in sorted(
        (fact for fact in CATALOGUE.values() if fact.is_told_outside()), key=lambda fact: fact.__module__
    ):
        group = fact.__module__.rpartition(".")[2]
        means = re.split(r"(?<=\.)\s", (fact.__doc__ or "").strip(), maxsplit=1)[0]
        found.append(
            Kind(fact.__name__, "F&I" if group == "fni" else group.capitalize(), means, fact.outside or ())
        )
    return {kind.name: kind for kind in found}


def facts() -> dict[str, list[str]]:
    """The fields that are told of each fact, by its kind."""
    return {kind.name: list(kind.fields) for kind in all_kinds().values() if kind.group != PROMISES}
