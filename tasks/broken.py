"""Where the chain broke: the last promises that were not kept in time, who held them until then, and with whom they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership import clocks
from dealership.language import later
from dealership.staff.models import StaffMember
from tasks import figures, retold
from tasks.figures import FIGURES
from tasks.models import Promise, Transition
from tasks.periods import Period
from tasks.tallies import Person

SHOWN = 8
Act = Transition.Act
#: Acts by which somebody else gets it.
GIVEN = frozenset({Act.OPENED, Act.OFFERED, Act.ACCEPTED, Act.HANDED_OFF, Act.MOVED, Act.CLIMBED})
#: Acts by which somebody moves.
ANSWERED = frozenset({Act.ACCEPTED, Act.HANDED_OFF, Act.KEPT, Act.RECOVERED, Act.WAIVED, Act.RENEGOTIATED})
HOW = {
    "nobody": later("nobody was on shift with room"),
    "passed_on": later("changed hands"),
    "untaken": later("not taken"),
    "warned": later("warned, not acted on"),
    "unwarned": later("no warning"),
}


@dataclass(frozen=True)
class Break:
    """One of them."""

    pk: int
    sentence: str
    seam_from: str
    seam_to: str
    customer: str
    broken_at: datetime
    held_by: str
    now_with: str
    is_open: bool


def latest(staff: StaffMember, period: Period, known: Mapping[int, Person], now: datetime) -> list[Break]:
    """The last few of a period, by the hour that was promised first. One query."""
    acts = (
        Transition.objects.of_store(staff.store_id)
        .filter(promise=OuterRef("pk"))
        .order_by("at", "pk")
        .values(said=JSONObject(act="act", at="at", owner="owner_after_id"))
    )
    rows: Any = (
        figures.promises(FIGURES["kept"], "broken", staff=staff, period=period)
        .order_by("-original_due_at", "-pk")
        .annotate(story=ArraySubquery(acts))
        .values(
            "pk", "rule", "sentence", "seam_from", "seam_to", "customer__full_name", "detail", "broken_at", "broke", "owner_id",
            "state", "closed_at", "story",
        )[:SHOWN]
    )  # fmt: skip
    return [_break(row, known, now) for row in rows]


def _break(row: dict[str, Any], known: Mapping[int, Person], now: datetime) -> Break:
    broken_at: datetime = row["broken_at"]
    story = [{**act, "at": datetime.fromisoformat(act["at"])} for act in row["story"]]
    is_open = row["state"] == Promise.State.OPEN
    late = (row["closed_at"] or now) - broken_at
    return Break(
        pk=row["pk"],
        sentence=retold.said(row["rule"], row["sentence"]),
        seam_from=retold.end(row["seam_from"]),
        seam_to=retold.end(row["seam_to"]),
        customer=row["customer__full_name"] or row["detail"],
        broken_at=broken_at,
        held_by=_held_by(story, row["broke"], broken_at, row["closed_at"] or now, known),
        now_with=_name(row["owner_id"], known) if is_open else _ended(row["state"], clocks.length(late)),
        is_open=is_open,
    )


def _held_by(
    story: Sequence[dict[str, Any]],
    broke: str,
    broken_at: datetime,
    until: datetime,
    known: Mapping[int, Person],
) -> str:
    """ "Sam, then nobody for 16 h"; "Dana → Bea, changed hands"."""
    holders: list[int] = []
    for act in story:
        if act["at"] <= broken_at and act["act"] in GIVEN and act["owner"] and holders[-1:] != [act["owner"]]:
            holders.append(act["owner"])
    names = " → ".join(_name(pk, known) for pk in holders[-3:]) or _("Nobody")
    answered = next((act["at"] for act in story if act["at"] > broken_at and act["act"] in ANSWERED), until)
    idle = answered - broken_at
    held = f"{names}, {HOW.get(broke) or pgettext('held by', 'late')}"
    if idle.total_seconds() < 3600:
        return held
    return _("%(held)s, then nobody for %(length)s") % {"held": held, "length": clocks.length(idle)}


def _name(pk: int, known: Mapping[int, Person]) -> str:
    return known[pk].name.split(" ")[0] if pk in known else _("somebody")


def _ended(state: str, late: str) -> str:
    if state == Promise.State.KEPT:
        return _("kept %(length)s late") % {"length": late}
    return _("waived %(length)s late") % {"length": late}
