"""One line of a list of promises, from plain values: how long, what, about whom, between whom, and the one thing worth knowing now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership import clocks
from dealership.language import is_own
from dealership.lists.page import Page
from dealership.lists.shape import Column
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from tasks import retold, rulebook
from tasks.models import Promise

HOUR = timedelta(hours=1)
FIELDS = (
    "pk", "rule", "sentence", "detail", "subject", "seam_from", "seam_to", "opened_at", "due_at", "broken_at", "state",
    "accepted_at", "offered_until", "rung", "rung_ats", "customer__full_name", "owner_id", "owner__name", "closed_at",
    "closed_why", "renegotiated_at",
)  # fmt: skip

#: Columns that have their own place in a line.
_DRAWN = frozenset({"sentence", "detail", "customer", "from", "to", "owner", "due", "state"})


@dataclass(frozen=True)
class Row:
    """One line of a list: how long, what is promised, about whom, between which departments."""

    url: str
    sentence: str
    detail: str
    seam_from: str
    seam_to: str
    look: str = ""
    due_at: datetime | None = None
    since: datetime | None = None
    chip: str = ""
    chip_look: str = ""
    owner: str = ""
    owner_id: int = 0
    take_url: str = ""
    has_ended: bool = False
    #: What a list shows besides: what it is called, and its time or words.
    more: tuple[tuple[str, datetime | None, str], ...] = ()


def of_many(promises: Iterable[dict[str, Any]], staff: StaffMember, now: datetime) -> list[Row]:
    """Rows of a list from `values(*FIELDS)`, open or closed, with their owners. One query."""
    names = names_of_roles(staff.store_id)
    return [of(row, now, names, show_owner=True) for row in promises]


def of(row: dict[str, Any], now: datetime, names: dict[str, str], *, show_owner: bool = False) -> Row:
    """The line for one row of `values(*FIELDS)`; `names` as `names_of_roles` gives them."""
    left = row["due_at"] - now
    is_open = row["state"] == Promise.State.OPEN
    look = ("late" if left < timedelta(0) else "soon" if left < HOUR else "") if is_open else ""
    chip, chip_look = _chip(row, now, names) if is_open else _end(row)
    return Row(
        url=reverse("tasks:promise_detail", args=[row["pk"]]),
        sentence=retold.said(row["rule"], row["sentence"]),
        detail=about(row),
        seam_from=retold.end(row["seam_from"]),
        seam_to=retold.end(row["seam_to"]),
        look=look,
        due_at=row["due_at"],
        chip=chip,
        chip_look=chip_look,
        owner=row["owner__name"] if show_owner else "",
        owner_id=row["owner_id"],
        has_ended=not is_open,
    )


def lines(listed: Page, now: datetime) -> list[tuple[int, Row]]:
    """The lines of a list's page with their keys: what was not chosen is left out, what was added stands below. One query."""
    cols = set(listed.asked.columns)
    added = [column for column in listed.columns if column.key not in _DRAWN]
    drawn = zip(listed.rows, of_many(listed.rows, listed.staff, now), strict=True)
    return [(row["pk"], _cut(line, row, cols, added)) for row, line in drawn]


def _cut(line: Row, row: dict[str, Any], cols: Collection[str], added: Sequence[Column]) -> Row:
    known = {**row, "customer__full_name": row["customer__full_name"] if "customer" in cols else ""}
    return replace(
        line,
        sentence=line.sentence if "sentence" in cols else "",
        detail=about({**known, "detail": row["detail"] if "detail" in cols else ""}),
        seam_from=line.seam_from if "from" in cols else "",
        seam_to=line.seam_to if "to" in cols else "",
        due_at=line.due_at if "due" in cols else None,
        chip=line.chip if "state" in cols else "",
        owner=line.owner if "owner" in cols else "",
        more=tuple(_more(column, row[column.value_of]) for column in added if row[column.value_of]),
    )


def _more(column: Column, value: Any) -> tuple[str, datetime | None, str]:
    if isinstance(value, datetime):
        return column.label, value, ""
    return column.label, None, str(column.words.get(value, value))


def _chip(row: dict[str, Any], now: datetime, names: dict[str, str]) -> tuple[str, str]:
    """The one thing worth knowing now: take it on by then, who gets it next and when, or how often it was tried."""
    offered = row["offered_until"]
    if offered and row["accepted_at"] is None and offered > now:
        return _("take it on in %(length)s") % {"length": clocks.length(offered - now)}, "soon"
    late = row["due_at"] < now
    upward = next_rung(row["rule"], row["rung"], row["rung_ats"], names)
    if upward and upward[1] > now and (late or upward[1] - now < HOUR):
        said = {"name": upward[0], "length": clocks.length(upward[1] - now)}
        return _("with %(name)s in %(length)s") % said, "late" if late else "soon"
    if row.get("n_calls"):
        return _("%(ordinal)s try") % {"ordinal": ordinal(row["n_calls"] + 1)}, "late" if late else ""
    if row["renegotiated_at"]:
        return _("new time told"), ""
    return "", ""


def _end(row: dict[str, Any]) -> tuple[str, str]:
    if row["state"] == Promise.State.KEPT:
        return (_("kept late"), "late") if row["broken_at"] else (pgettext("promise", "kept"), "kept")
    return (
        (pgettext("promise", "waived"), "")
        if row["state"] == Promise.State.WAIVED
        else (_("no longer owed"), "")
    )


def next_rung(
    rule: str, rung: int, rung_ats: Sequence[datetime], names: dict[str, str]
) -> tuple[str, datetime] | None:
    """Who gets it next if it is not kept, and when; None past the last rung."""
    try:
        rungs = rulebook.rule_of(rule).ladder.rungs
    except KeyError:
        return None
    if rung >= len(rungs) or rung >= len(rung_ats):
        return None
    role = rungs[rung].role
    return names.get(role) or _("the %(role)s") % {"role": role_words(role)}, rung_ats[rung]


def role_words(role: str) -> str:
    """A role within a sentence: "service manager", "BDC agent", "F&I manager"."""
    label = str(Role(role).label)
    return label if label[:2].isupper() or "&" in label else label[:1].lower() + label[1:]


def ordinal(n: int) -> str:
    """2 as "2nd"."""
    if not is_own():
        return _("%(n)sth") % {"n": n}
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def names_of_roles(store_id: int) -> dict[str, str]:
    """First names of roles that one person alone has, by role."""
    people: dict[str, list[str]] = {}
    for role, name in (
        StaffMember.objects.of_store(store_id).filter(is_active=True).values_list("role", "name")
    ):
        people.setdefault(role, []).append(name.split(" ")[0])
    return {role: names[0] for role, names in people.items() if len(names) == 1}


def about(row: dict[str, Any]) -> str:
    """The second line: whom it is about, and what."""
    name, detail = row["customer__full_name"] or "", row["detail"]
    if name and name not in detail:
        return f"{name} · {detail}" if detail else name
    return str(detail)


def seam(row: dict[str, Any]) -> str:
    """Between which departments."""
    return f"{retold.end(row['seam_from'])} → {retold.end(row['seam_to'])}"
