"""The life of an RO from the versions that files told of it: a pure fold, so that any order and any repetition ends the same.

A version is what one file said. Later stamp wins; of one minute the further state wins, then the hash, so that the order
of arrival never decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import pgettext

#: So many versions are kept as they came.
MOST_VERSIONS = 40
OPENED, CLOSED, REOPENED, VOIDED = "opened", "closed", "reopened", "voided"
_RANK = {"open": 0, "closed": 1, "voided": 2}


@dataclass(frozen=True)
class Version:
    """What one file said: when it was made, the state, the row's hash, the day it closed."""

    stamp: datetime
    status: str
    content_hash: str
    closed_on: date | None = None

    @property
    def order(self) -> tuple[datetime, int, str]:
        """The DMS's order."""
        return (self.stamp, _RANK[self.status], self.content_hash)

    @property
    def status_said(self) -> str:
        """The state, in its reader's language."""
        if self.status == "open":
            return pgettext("RO", "open")
        return pgettext("RO", "closed") if self.status == "closed" else pgettext("RO", "voided")

    def to_json(self) -> list[str]:
        """As it is kept on the RO."""
        closed_on = self.closed_on.isoformat() if self.closed_on else ""
        return [self.stamp.isoformat(), self.status, self.content_hash, closed_on]

    @classmethod
    def from_json(cls, kept: Sequence[str]) -> Version:
        """What to_json wrote."""
        stamp, status, content_hash, closed_on = kept
        return cls(
            datetime.fromisoformat(stamp),
            status,
            content_hash,
            date.fromisoformat(closed_on) if closed_on else None,
        )


@dataclass(frozen=True)
class Step:
    """Something that became true, once per cycle: opened, closed, reopened, voided."""

    what: str
    cycle: int
    version: Version

    @property
    def key(self) -> tuple[str, int]:
        """What makes it the same effect: told once, whichever file brings it."""
        return (self.what, self.cycle)


@dataclass(frozen=True)
class Life:
    """The versions in order, what they amount to, and the steps they tell."""

    versions: tuple[Version, ...] = ()
    steps: tuple[Step, ...] = ()
    cycle: int = 0
    #: The version since which the RO is closed, None unless it is.
    closed_since: Version | None = None

    @property
    def current(self) -> Version | None:
        """What holds now."""
        return self.versions[-1] if self.versions else None

    @property
    def state(self) -> str:
        """open, closed or voided; "" before anything was told."""
        return self.versions[-1].status if self.versions else ""


def fold(versions: Iterable[Version]) -> Life:
    """The life that these versions tell."""
    kept = _shortened(sorted(set(versions), key=lambda version: version.order))
    steps: list[Step] = []
    state, cycle = "", 0
    closed_since: Version | None = None
    for version in kept:
        what = _step(state, version.status, is_first=not steps)
        if what == REOPENED or (what == CLOSED and state == "voided" and steps):
            cycle += 1
        if what:
            steps.append(Step(what, cycle, version))
        if version.status != "closed":
            closed_since = None
        elif state != "closed":
            closed_since = version
        state = version.status
    return Life(tuple(kept), tuple(steps), cycle, closed_since)


def with_versions(life: Life, more: Iterable[Version]) -> Life:
    """The life with these versions added."""
    return fold([*life.versions, *more])


def _step(before: str, after: str, *, is_first: bool) -> str:
    if after == before:
        return ""
    if after == "open":
        return OPENED if is_first else REOPENED
    if after == "closed":
        return CLOSED
    return "" if is_first else VOIDED  # what was voided before anybody heard of it never was


def _shortened(versions: list[Version]) -> list[Version]:
    """Of many versions, where several equal ones follow each other, only the first and the last: files repeat an open RO for weeks."""
    if len(versions) <= MOST_VERSIONS:
        return versions
    kept: list[Version] = []
    for version in versions:
        same = [
            version.content_hash == other.content_hash and version.status == other.status
            for other in kept[-2:]
        ]
        if same == [True, True]:
            kept[-1] = version
        else:
            kept.append(version)
    return kept
