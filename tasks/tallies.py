"""What promises came to, by department, person and team: the shapes that the Seams page counts into, and the words for how they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from dealership import clocks
from dealership.language import later, later_as
from tasks import fates

#: Departments as the page groups them, by the labels that rules use; a label of its own stands by itself.
GROUPS: dict[str, tuple[str, ...]] = {
    "Marketing": ("Lead source", "Demand", "OEM portal", "Captive/marketing"),
    "BDC": ("Lead desk", "Service BDC", "Phone"),
    "Sales": ("Desk", "Rep", "Salesperson", "Sales manager", "Used car manager", "Sales/used cars", "Inventory"),
    "F&I": ("F&I manager", "Title clerk", "Title", "Accounting", "Compliance", "Cashier"),
    "Service": ("Advisor", "Service advisor", "Technician", "Tech", "Service manager", "Dispatcher", "Foreman", "QC", "Detail"),
    "Parts": ("Parts counter", "Parts manager"),
    "General manager": ("GM", "Manager", "Department head"),
    "Customer": (),
}  # fmt: skip
_GROUP_OF = {label: group for group, labels in GROUPS.items() for label in (group, *labels)}

#: From how many percent on a cell is of this look, with its word and shape; below the last: dropped.
LOOKS = (
    (95, "h4", later("well kept")),
    (85, "h3", later_as("cell", "kept")),
    (70, "h2", later("slipping")),
    (0, "h1", later("dropped")),
)


class Tally(Counter[str]):
    """Counts of measures, and their sums by part."""

    def part(self, name: str) -> int:
        """How many promises are in this part (`fates.PARTS`)."""
        return sum(self[measure] for measure in fates.PARTS[name])

    def percent(self, good: str = "on_time", of: str = "due") -> float | None:
        """`good` of `of`; None of nothing."""
        return share(self.part(good), self.part(of))


def share(good: int, of: int) -> float | None:
    """Percent, to the tenth; None of nothing."""
    return round(100 * good / of, 1) if of else None


def look_of(percent: float | None) -> str:
    """How a share is coloured: kept, soon or late."""
    if percent is None:
        return ""
    return "kept" if percent >= 85 else "soon" if percent >= 70 else "late"


def group_of(label: str) -> str:
    """The department under which a label stands."""
    return _GROUP_OF.get(label, label)


def labels_of(group: str) -> frozenset[str]:
    """Every label that stands under this department."""
    return frozenset({group, *GROUPS.get(group, ())})


@dataclass(frozen=True)
class Person:
    """Somebody who owes or owed promises."""

    pk: int
    name: str
    team: str
    team_key: str
    is_active: bool
    n_open: int


@dataclass
class Line:
    """A person or a team, with what became of what they owed."""

    key: str
    name: str
    note: str
    tally: Tally
    median: int | None
    n_open: int

    @property
    def pk(self) -> int:
        """The person; 0 for a team."""
        return int(self.key) if self.key.isdecimal() else 0

    @property
    def due(self) -> int:
        """Fell due, whatever came of it."""
        return self.tally.part("due")

    @property
    def moved(self) -> int:
        """Kept at a new time told."""
        return self.tally.part("moved")

    @property
    def recovered(self) -> int:
        """Kept late."""
        return self.tally.part("recovered")

    @property
    def late(self) -> int:
        """Late and still owed."""
        return self.tally.part("late")

    @property
    def percent(self) -> float | None:
        """Kept on time."""
        return self.tally.percent()

    @property
    def look(self) -> str:
        """How the percentage is coloured."""
        return look_of(self.percent)

    @property
    def took(self) -> str:
        """The median, in words."""
        return "" if self.median is None else clocks.length(timedelta(seconds=self.median))


@dataclass(frozen=True)
class Cell:
    """Who keeps whose promise: one pair of departments."""

    group_from: str
    group_to: str
    tally: Tally

    @property
    def look(self) -> tuple[str, str]:
        """Its class, and the word for it."""
        percent = self.tally.percent()
        if percent is None:
            return ("h0", _("nothing due yet"))
        return next((css, str(word)) for least, css, word in LOOKS if percent >= least)

    @property
    def css(self) -> str:
        """Its class."""
        return self.look[0]

    @property
    def word(self) -> str:
        """How it stands."""
        return self.look[1]

    @property
    def percent(self) -> int | None:
        """Kept on time, whole percent, rounded down: 100 means all."""
        percent = self.tally.percent()
        return None if percent is None else int(percent)

    @property
    def n(self) -> int:
        """How many were made."""
        return self.tally.part("all")

    @property
    def n_late(self) -> int:
        """How many are late now."""
        return self.tally.part("late")
