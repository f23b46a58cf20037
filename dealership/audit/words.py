"""An entry in words: what was done, to which record, what changed, by what way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership import clocks
from dealership.audit import called
from dealership.audit.kinds import KINDS
from dealership.audit.models import Action, Entry
from dealership.customers.models import Customer
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.stores.hours import DAY_NAMES, spoken_time

#: Columns that name a colleague.
_COLLEAGUES = frozenset(
    {
        "staff_id",
        "owner_id",
        "person_id",
        "salesperson_id",
        "desk_manager_id",
        "advisor_id",
        "technician_id",
        "lead_id",
    }
)
_CALLED = {
    "is_living": "in use",
    "is_primary": "preferred",
    "texting_on": "texting",
    "promised_at": "promised",
    "starts_at": "starts",
    "full_name": "name",
}
#: What a form that keeps its own history is called.
_DEEDS = {
    "tasks:make": later("Made a promise"),
    "tasks:accept": later("Took a promise"),
    "tasks:hand_off": later("Handed a promise off"),
    "tasks:waive": later("Waived a promise"),
    "tasks:finish": later("Finished a promise"),
    "tasks:renegotiate": later("Gave a promise another time"),
    "tasks:see_notices": later("Read notices"),
    "messaging:hold_conversation": later("Took, gave or let go a conversation"),
    "messaging:move_conversation": later("Put a conversation into a queue"),
    "messaging:take_back": later("Took a hand-over back"),
    "messaging:put_away": later("Put a conversation away"),
    "messaging:bring_back": later("Brought a conversation back"),
    "staff:password_link": later("Made a password link"),
    "staff:switch_place": later("Went to another store"),
}
_MOST = 6
_HOUR = re.compile(r"\d\d:\d\d(:\d\d(\.\d+)?)?")


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it."""

    at: datetime
    who: str
    title: str
    thing: str
    url: str
    changes: list[str]
    way: str
    ip: str
    is_look: bool


@dataclass
class Words:
    """Says entries for one person's pages: names are looked up once, and only those of their own store."""

    staff: StaffMember
    now: datetime
    _people: Mapping[int, str] = field(default_factory=dict)
    _customers: Mapping[int, str] = field(default_factory=dict)
    _acts: Mapping[str, str] = field(default_factory=called.acts)
    _parts: Mapping[str, str] = field(default_factory=called.parts)
    _columns: Mapping[str, str] = field(default_factory=called.columns)
    _values: Mapping[str, str] = field(default_factory=called.values)
    _deeds: Mapping[str, str] = field(default_factory=called.deeds)

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """The entries in words. Two queries for any number of them."""
        rows = list(entries)
        self._people = dict(StaffMember.objects.visible_to(self.staff).values_list("pk", "name"))
        wanted = {row.customer_id for row in rows if row.customer_id}
        customers = Customer.objects.visible_to(self.staff).filter(pk__in=wanted)
        self._customers = dict(customers.values_list("pk", "full_name")) if wanted else {}
        return [self._line(row) for row in rows]

    def who(self, entry: Entry) -> str:
        """Whoever did it."""
        if entry.staff_id is not None:
            return self._people.get(entry.staff_id, _("Somebody of another store"))
        if entry.agent == "database":
            return _("Past the product")
        return _("Nobody signed in") if entry.agent == "page" else "Kept"

    def thing(self, entry: Entry) -> str:
        """The record: its kind, and the number or the name it goes by."""
        kind = KINDS.get(entry.kind)
        if kind is None or entry.kind == "list":
            return str(entry.details.get("file") or entry.ref)
        if entry.kind == "staff":
            return self._people.get(entry.key, _("somebody"))
        name = self._customers.get(entry.customer_id or 0, "")
        if entry.kind in ("customer", "store", "consent"):
            return name or str(kind.label)
        # What has no number of the trade's own goes by the customer.
        number = entry.ref if kind.ref not in ("", "id", "subject") else ""
        return " ".join(part for part in (str(kind.label), number) if part) + (f", {name}" if name else "")

    def changes(self, entry: Entry) -> list[str]:
        """What changed, in short: values where they are not personal."""
        details = entry.details
        if "n" in details and entry.action != Action.EXPORTED:
            return [_("%(n)s rows") % {"n": details["n"]}]
        if entry.action == Action.EXPORTED:
            n = details.get("n")
            if not isinstance(n, int):
                return []
            return [ngettext("%(n)s row", "%(n)s rows", n) % {"n": f"{n:,}"}]
        said = [self._row(row) for row in details.get("rows", ()) if row]
        return [text for text in said[:_MOST] if text] + (
            [_("and %(n)s more") % {"n": len(said) - _MOST}] if len(said) > _MOST else []
        )

    def _line(self, entry: Entry) -> Line:
        return Line(
            at=entry.at,
            who=self.who(entry),
            title=self._title(entry),
            thing=self.thing(entry),
            url=self._url(entry),
            changes=self.changes(entry),
            way="" if entry.agent == "page" else _way(entry.agent),
            ip=entry.ip or "",
            is_look=entry.action in (Action.SAW, Action.SEARCHED, Action.EXPORTED),
        )

    def _title(self, entry: Entry) -> str:
        if entry.action == Action.DID:
            name = entry.address.partition(":")[2].replace("_", " ")
            said = name[:1].upper() + name[1:]
            return str(_DEEDS.get(entry.address) or self._deeds.get(said, said))
        label = self._acts[entry.action]
        if entry.action == Action.SEARCHED:
            return _("%(searched)s for %(what)s") % {"searched": label, "what": entry.ref}
        if not entry.part or entry.action in (Action.TEXTED, Action.CALLED):
            return label
        return f"{label}: {self._parts.get(entry.part, entry.part)}"

    def _row(self, row: dict[str, Any]) -> str:
        # A row that was made or removed is told by its values, one that was changed by what it was and became.
        differs = all(
            value is None or (isinstance(value, list) and len(value) == 2) for value in row.values()
        )
        named = []
        for column, value in sorted(row.items()):
            word = _CALLED.get(column, column.removesuffix("_id").removesuffix("_at").replace("_", " "))
            name = self._columns.get(word, word)
            if differs and value is None:
                named.append(_("%(name)s changed") % {"name": name})
            elif differs:
                named.append(f"{name} {self._value(column, value[0])} → {self._value(column, value[1])}")
            elif value not in (None, "", [], {}):
                named.append(f"{name} {self._value(column, value)}")
        return ", ".join(named)

    def _value(self, column: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return _("none")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if column in _COLLEAGUES and isinstance(value, int):
            return self._people.get(value, _("somebody"))
        if column.endswith("_at") and isinstance(value, str):
            return _moment(value, self.staff.store.tz, self.now)
        if column == "weekday" and value in range(7):
            return DAY_NAMES[value]
        if isinstance(value, str) and _HOUR.fullmatch(value):
            return spoken_time(time.fromisoformat(value))
        if isinstance(value, dict):
            return ", ".join(f"{name} {self._value(name, one)}" for name, one in value.items())
        text = str(value).replace("_", " ") if isinstance(value, str) else str(value)
        if column in called.SAID:
            text = self._values.get(text, text)
        return text if len(text) <= 60 else f"{text[:57]}…"

    def _url(self, entry: Entry) -> str:
        kind = KINDS.get(entry.kind)
        if (
            kind is None
            or not kind.page
            or not entry.key
            or not all(self.staff.may(need) for need in kind.needs)
        ):
            return ""
        try:
            return reverse(kind.page, args=[entry.key])
        except NoReverseMatch:
            return ""


def _way(agent: str) -> str:
    """ "job dealership.messaging.jobs.compare_books": "by itself: compare books"."""
    kind, _blank, name = agent.partition(" ")
    if kind == "job":
        return _("by itself: %(what)s") % {"what": name.rpartition(".")[2].replace("_", " ")}
    return agent


def _moment(text: str, zone: ZoneInfo, now: datetime) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return clocks.when(at, zone, now) if at.tzinfo else text
