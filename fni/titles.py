"""Title and plates: by when a state wants them sent in, and that they are out.

The days are data of `title_days.toml`, which the dealer's counsel checks and edits; nothing here knows the law.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.events import bus
from dealership.events.catalogue.fni import TitleSent
from dealership.staff.models import StaffMember
from fni import jackets, notes
from fni.models import DealJacket

Stage = DealJacket.Stage
TABLE = Path(__file__).parent / "title_days.toml"


@cache
def table() -> dict[str, Any]:
    """The states that are known, and `default_days`. Raises TOMLDecodeError for a file that cannot be read."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def days(state: str, condition: str = "") -> int:
    """Calendar days from the sale, in this state, for a new or a used car; where nobody says which, the fewer."""
    known = table()
    row = known.get(state) or {}
    choices = {name: row[name] for name in ("new", "used") if name in row}
    if choices:
        return int(choices.get(condition, min(choices.values())))
    return int(row.get("days", known["default_days"]))


def due_at(*, sold_at: datetime, state: str, condition: str = "") -> datetime:
    """By when title and plates must be out: so many days after the sale, at the same hour."""
    return sold_at + timedelta(days=days(state, condition))


@transaction.atomic
def send(jacket: DealJacket, *, proof: str, by: StaffMember, now: datetime) -> DealJacket:
    """Title and plates are out, with a proof (tracking or receipt number). Twice is once. Raises NoReason, WrongStage."""
    row = jackets.locked(jacket)
    if row.title_sent_at is not None:
        return row
    said = notes.kept(proof, 120)
    if not said:
        raise jackets.NoReason(_("Give the tracking or receipt number, so that it can be followed."))
    if row.delivered_at is None and row.funded_at is None:
        raise jackets.WrongStage(
            _("Deal %(number)s is neither delivered nor funded: no title is due yet.")
            % {"number": row.deal_number}
        )
    if row.stage == Stage.UNWOUND:
        raise jackets.WrongStage(_("Deal %(number)s ended without a sale.") % {"number": row.deal_number})
    row.title_sent_at, row.title_proof = now, said
    if row.funded_at is not None or not row.has_lender:
        row.stage = Stage.TITLE_SENT
    row.save(update_fields=["title_sent_at", "title_proof", "stage"])
    jackets.note(row, f"Title and plates are out ({said})", by=by, now=now)
    bus.publish(TitleSent(**jackets.common(row, now, by), proof=said))
    return row
