"""What a carrier can answer, in our words. A transport turns its API's answers and errors into these, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Parcel:
    """One text, ready to be handed over. `valid_seconds`: the carrier may not hold it longer.

    `call_by`, by time.monotonic(): what is not on the wire by then is not sent, because what was read before is stale.
    """

    uuid: UUID
    from_number: str
    to_number: str
    body: str
    valid_seconds: int
    call_by: float | None = None
    #: Where the carrier fetches the photos that go along.
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """The carrier has it, under this id."""

    sid: str


@dataclass(frozen=True)
class Refused:
    """The carrier will not take it, for good."""

    code: str
    why: str


@dataclass(frozen=True)
class NotNow:
    """The carrier surely did not take it: it may be offered again.

    `everything`: nothing else would be taken either. `slower`: not before the number has rested.
    """

    why: str
    everything: bool = False
    slower: bool = False


@dataclass(frozen=True)
class InDoubt:
    """Nobody knows whether the carrier took it. It must never be offered again before the carrier was asked."""

    why: str


Outcome = Accepted | Refused | NotNow | InDoubt


@dataclass(frozen=True)
class Listed:
    """A text as the carrier's own list shows it."""

    sid: str
    from_number: str
    to_number: str
    body: str
    status: str
    error_code: str
    created_at: datetime | None
    changed_at: datetime | None = None
    media: tuple[tuple[str, str], ...] = ()


class CannotLook(Exception):
    """The carrier's list could not be read now."""


class Transport(Protocol):
    """A way to a carrier."""

    def send(self, parcel: Parcel) -> Outcome:
        """Hands one text over. Never raises for what the carrier or the line does."""
        ...

    def sent_to(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What the carrier sent to a number since the day of `since`. Raises CannotLook."""
        ...


class Books(Protocol):
    """The carrier's own lists of one of our numbers."""

    def received_by(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What customers sent to it. Raises CannotLook."""
        ...

    def sent_from(self, number: str, *, since: datetime) -> Sequence[Listed]:
        """What went out from it by our asking. Raises CannotLook."""
        ...


class Gone(Exception):
    """The carrier has no such picture any more, or it is none of the carrier's; it will not help to ask again."""


class Media(Protocol):
    """Where the carrier keeps the pictures of a text."""

    def picture(self, address: str, *, most: int) -> bytes:
        """At most so many bytes and one more. Raises Gone, and CannotLook for what may be had later."""
        ...
