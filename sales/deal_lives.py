"""The life of a deal from the versions that files told of it: a pure fold, so that any order and any repetition ends the same.

A version is what one file said. Later stamp wins; of one minute the further stage wins, then the hash. A deal that goes on
after it ended, or of which a delivery is taken back, begins a new cycle: each effect is told once per cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

#: So many versions are kept as they came.
MOST_VERSIONS = 40
WRITTEN, AGREED, CONTRACTED, DELIVERED, ENDED = "written", "agreed", "contracted", "delivered", "ended"
OVER = ("lost", "unwound")
RANK = {"written": 0, "agreed": 1, "contracted": 2, "delivered": 3, "lost": 4, "unwound": 5}
#: What is true of a deal that has come so far. Nobody waits for F&I who has signed, or drives the car.
_REACHED = {
    "written": (WRITTEN,),
    "agreed": (WRITTEN, AGREED),
    "contracted": (WRITTEN, CONTRACTED),
    "delivered": (WRITTEN, DELIVERED),
}


@dataclass(frozen=True)
class Version:
    """What one file said: when it was made, the stage, the row's hash, the days of contract and delivery."""

    stamp: datetime
    stage: str
    content_hash: str
    contracted_on: date | None = None
    delivered_on: date | None = None

    @property
    def order(self) -> tuple[datetime, int, str]:
        """The DMS's order."""
        return (self.stamp, RANK[self.stage], self.content_hash)

    def to_json(self) -> list[str]:
        """As it is kept on the deal."""
        days = [day.isoformat() if day else "" for day in (self.contracted_on, self.delivered_on)]
        return [self.stamp.isoformat(), self.stage, self.content_hash, *days]

    @classmethod
    def from_json(cls, kept: Sequence[str]) -> Version:
        """What to_json wrote."""
        stamp, stage, content_hash, contracted_on, delivered_on = kept
        return cls(
            datetime.fromisoformat(stamp),
            stage,
            content_hash,
            date.fromisoformat(contracted_on) if contracted_on else None,
            date.fromisoformat(delivered_on) if delivered_on else None,
        )


@dataclass(frozen=True)
class Step:
    """Something that became true, once per cycle."""

    what: str
    cycle: int
    version: Version

    @property
    def key(self) -> tuple[str, int]:
        """What makes it the same effect: told once, whichever file brings it."""
        return (self.what, self.cycle)


@dataclass(frozen=True)
class Life:
    """The versions in order, and the steps they tell."""

    versions: tuple[Version, ...] = ()
    steps: tuple[Step, ...] = ()
    cycle: int = 0

    @property
    def current(self) -> Version | None:
        """What holds now."""
        return self.versions[-1] if self.versions else None

    @property
    def stage(self) -> str:
        """What the DMS says now; "" before anything was told."""
        return self.versions[-1].stage if self.versions else ""

    def first(self, what: str) -> Version | None:
        """The version that told this of the present cycle."""
        return next((step.version for step in self.steps if step.key == (what, self.cycle)), None)


def fold(versions: Iterable[Version]) -> Life:
    """The life that these versions tell."""
    kept = _shortened(sorted(set(versions), key=lambda version: version.order))
    steps: list[Step] = []
    told: set[str] = set()
    cycle = 0
    for version in kept:
        over = version.stage in OVER
        taken_back = DELIVERED in told and RANK[version.stage] < RANK["delivered"]
        # What ended before anybody heard of it never was.
        if (over or taken_back) and told and ENDED not in told:
            steps.append(Step(ENDED, cycle, version))
            told.add(ENDED)
        if over:
            continue
        if ENDED in told:
            cycle, told = cycle + 1, set()
        for what in _REACHED[version.stage]:
            if what not in told:
                steps.append(Step(what, cycle, version))
                told.add(what)
    return Life(tuple(kept), tuple(steps), cycle)


def with_versions(life: Life, more: Iterable[Version]) -> Life:
    """The life with these versions added."""
    return fold([*life.versions, *more])


def _shortened(versions: list[Version]) -> list[Version]:
    """Of many versions, where several equal ones follow each other, only the first and the last: files repeat a deal for weeks."""
    if len(versions) <= MOST_VERSIONS:
        return versions
    kept: list[Version] = []
    for version in versions:
        same = [
            version.content_hash == other.content_hash and version.stage == other.stage for other in kept[-2:]
        ]
        if same == [True, True]:
            kept[-1] = version
        else:
            kept.append(version)
    return kept
