"""What goes wrong at a carrier, drawn by seed: the same text asked for the same time meets the same fate in every run."""

import hashlib
import random
from dataclasses import asdict, dataclass, fields


@dataclass
class Faults:
    """Shares of 1. Of an answer that is lost or a 500 the text was taken; of a 429 it was not; of a 503 one in two was."""

    answer_lost: float = 0.0
    error_after: float = 0.0
    too_many: float = 0.0
    unavailable: float = 0.0
    hang: float = 0.0
    hang_seconds: float = 12.0
    slow: float = 0.0
    slow_seconds: float = 0.3
    filtered: float = 0.0
    call_dropped: float = 0.0
    call_doubled: float = 0.0
    call_late: float = 0.0
    late_seconds: float = 2.0
    call_shuffled: float = 0.0
    never_called: float = 0.0

    @classmethod
    def rough(cls, **changed: float) -> "Faults":
        """The usual mixture of the chaos run."""
        return cls(
            **{
                "answer_lost": 0.04,
                "error_after": 0.03,
                "too_many": 0.03,
                "unavailable": 0.02,
                "hang": 0.002,
                "slow": 0.05,
                "filtered": 0.01,
                "call_dropped": 0.05,
                "call_doubled": 0.2,
                "call_late": 0.1,
                "call_shuffled": 0.2,
                "never_called": 0.03,
                **changed,
            }
        )

    def as_dict(self) -> dict[str, float]:
        return asdict(self)

    def take(self, changed: dict[str, float]) -> None:
        """Another mixture from now on."""
        known = {field.name for field in fields(self)}
        for name, value in changed.items():
            if name not in known:
                raise ValueError(f"{name} is no fault: {', '.join(sorted(known))}.")
            setattr(self, name, float(value))

    def off(self) -> None:
        """The carrier works as it should."""
        self.take({field.name: 0.0 for field in fields(self) if not field.name.endswith("seconds")})


def dice(seed: int, *names: object) -> random.Random:
    """Dice that fall the same for the same names, in whatever order they are thrown."""
    digest = hashlib.sha256(":".join(map(str, (seed, *names))).encode()).digest()
    return random.Random(digest)


def pick(throw: float, shares: dict[str, float]) -> str:
    """Which of these a throw between 0 and 1 meets; "" for none."""
    for name, share in shares.items():
        if throw < share:
            return name
        throw -= share
    return ""
