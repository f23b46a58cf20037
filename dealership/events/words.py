"""Fixed words that fields of facts hold: stored in English, said to whoever reads them in their language."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.utils.translation import gettext as _

from dealership.language import in_english, later

T = TypeVar("T")

#: Nobody typed these: departments, and what states, reasons and outcomes are called.
FIXED = (
    # departments
    later("sales"), later("service"), later("parts"), later("marketing"),
    # sales
    later("sold"), later("lost"), later("not a lead"),
    later("from the maker"), later("traded in"), later("bought"), later("the DMS says so"),
    # service
    later("checked in"), later("dispatched"), later("in work"), later("waiting for parts"),
    later("waiting for approval"), later("quality check"), later("ready"), later("the DMS corrected the RO"),
    # parts
    later("no date yet"), later("on the shelf"), later("comes on another day"), later("backordered"),
    later("replaced by a newer number"), later("the wrong part came"), later("arrived damaged"),
    later("went back to the source"), later("went to the shelf"), later("was written off"),
    later("the text told the day before that"),
    # marketing
    later("they are unhappy"), later("they were asked already"),
    # visits
    later("whoever is free"),
    # conversations
    later("nobody in particular"), later("left a message"), later("no answer"), later("wrong number"),
    later("this is no phone number"), later("too much waits at the carrier"),
    later("we sent faster than the carrier lets us"), later("texts to this country are not allowed"),
    later("they opted out with the carrier"), later("the carrier cannot reach this number"),
    later("this number cannot take texts"), later("the text is too long"),
    later("their phone cannot be reached now"), later("they block our texts"),
    later("the number is not in service"), later("it is a landline"),
    later("the carrier filtered it as unwanted"), later("the carrier does not say why"),
    later("our number is not registered with the carriers"), later("it waited too long at the carrier"),
    later("the carrier never got it"),
)  # fmt: skip


def said(value: T) -> T | str:
    """A field's value for its reader; what is no fixed word stays as it is."""
    return _(value) if isinstance(value, str) and value in _fixed() else value


@cache
def _fixed() -> frozenset[str]:
    return frozenset(map(in_english, FIXED))
