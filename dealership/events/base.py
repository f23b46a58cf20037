"""What a fact is: a frozen dataclass in the past tense, with plain values only, that can be written down and read again."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.utils import translation

from dealership.events import words


class UnknownField(ValueError):
    """A payload carries a field that its fact does not declare."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that became true in a store.

    `subject` names the thing it is about by the number the trade uses ("lead:17", "ro:48213", "appointment:4");
    `about` one part of it ("line:BRAKE"). `at` is when it became true (aware); `by` the staff member who did it, None
    for the customer or the machine. `backfill`: history that is loaded, never news: it opens no promise.
    """

    #: The timeline's sentence; `{field}` takes the fact's own values. Empty: not shown there.
    sentence: ClassVar[str] = ""
    #: Fields that are about a person and are blanked when the customer is forgotten.
    personal: ClassVar[frozenset[str]] = frozenset()
    #: What another system is told of it, where a store has named one (`dealership/hooks/`): these fields beside who, what and
    #: when. None: it is told to nobody. Said by each kind for itself, and never words that somebody wrote.
    outside: ClassVar[tuple[str, ...] | None] = None

    store_id: int
    at: datetime
    subject: str
    about: str = ""
    customer_id: int | None = None
    vehicle_id: int | None = None
    by: int | None = None
    backfill: bool = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ in CATALOGUE:
            raise TypeError(f"Two facts are called {cls.__name__}.")
        CATALOGUE[cls.__name__] = cls

    @property
    def kind(self) -> str:
        """The name under which it is logged."""
        return type(self).__name__

    @classmethod
    def is_told_outside(cls) -> bool:
        """Whether a store may let another system hear of it; said by the kind itself, never inherited."""
        return vars(cls).get("outside") is not None

    def story(self) -> str:
        """The sentence of the timeline, filled in: in English, for what is stored."""
        with translation.override("en"):
            return self._said(getattr)

    def told(self) -> str:
        """The same for whoever reads it now, in their language; what its fields hold stays as it was stored, but for fixed words."""
        return self._said(lambda fact, name: words.said(getattr(fact, name)))

    def _said(self, value: Callable[[Fact, str], Any]) -> str:
        return self.sentence.format(
            **{field.name: value(self, field.name) for field in dataclasses.fields(self)}
        )

    def payload(self) -> dict[str, Any]:
        """The fields that are the fact's own, as JSON values; the common ones are columns of the log."""
        return {
            field.name: _to_json(getattr(self, field.name))
            for field in dataclasses.fields(self)
            if field.name not in COMMON
        }

    @classmethod
    def from_payload(cls, payload: dict[str, Any], **common: Any) -> Self:
        """The fact again. Raises UnknownField for a field that it does not declare."""
        kind: Any = cls
        hints = _hints(kind)
        names = {field.name for field in dataclasses.fields(cls)}
        unknown = set(payload) - names
        if unknown:
            raise UnknownField(f"{cls.__name__} has no field {', '.join(sorted(unknown))}.")
        return cls(**{name: _from_json(value, hints[name]) for name, value in payload.items()}, **common)


#: Every fact, by name.
CATALOGUE: dict[str, type[Fact]] = {}
COMMON = frozenset(field.name for field in dataclasses.fields(Fact)) - {"backfill"}


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    """Its fields' types: written as text, which is compiled each time that Python is asked."""
    return typing.get_type_hints(kind)


def _to_json(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return value


def _from_json(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _from_json(value, next(arg for arg in typing.get_args(hint) if arg is not type(None)))
    if origin is tuple:
        return tuple(_from_json(item, typing.get_args(hint)[0]) for item in value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        hints = _hints(hint)
        return hint(**{name: _from_json(item, hints[name]) for name, item in value.items()})
    return value
