"""Parts pulls from the DMS: what lies on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dealership import clock
from dealership.dms import pulling
from dealership.dms.models import Feed, StagedRecord
from dealership.periodic import periodic
from parts import dms


@periodic()
def apply_stock() -> dict[str, Any]:
    """Applies the stock records that wait, in the order of the DMS."""
    return pull_stock(now=clock.now())


def pull_stock(*, now: datetime, seconds: float = pulling.SECONDS) -> dict[str, Any]:
    """As apply_stock, at a moment that is given."""
    return pulling.pull(Feed.Kind.PARTS_STOCK, _stock, now=now, seconds=seconds)


def _stock(staged: Sequence[StagedRecord], now: datetime) -> None:
    dms.apply(staged, now=now)
