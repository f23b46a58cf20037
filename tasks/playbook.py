"""The words that playbooks are written in.

A playbook is one page per department: what it promises when a fact happens, who owes it, by when, what keeps it, and who
gets it if it is not kept. Rules are data: conditions look at the fact alone and ask nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dealership.events.base import Fact
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import Expression


class Same(StrEnum):
    """What a later fact must share with a promise to close it."""

    SUBJECT = "subject"
    CUSTOMER = "customer"
    VEHICLE = "vehicle"


class Prefer(StrEnum):
    """Who is asked first, before the fair turn; each only if they work here, are present and have room. Verbs: "Dana …"."""

    NAMED_BY_FACT = "answers for it already"
    SALESPERSON = "sells the car"
    CONVERSATION_HOLDER = "holds the conversation"
    CUSTOMERS_PERSON = "is the customer’s own person"


@dataclass(frozen=True)
class When:
    """A fact with values that it must have: `when(AppointmentMissed, department="service")`."""

    fact: type[Fact]
    having: tuple[tuple[str, Any], ...] = ()

    def fits(self, fact: Fact) -> bool:
        """Whether this fact is meant."""
        return isinstance(fact, self.fact) and all(
            getattr(fact, name) == value for name, value in self.having
        )


def when(fact: type[Fact], **having: Any) -> When:
    """A fact with values that it must have. Raises AttributeError at start for a field that the fact does not have."""
    for name in having:
        if name not in fact.__dataclass_fields__:
            raise AttributeError(f"{fact.__name__} has no field {name}.")
    return When(fact, tuple(sorted(having.items())))


@dataclass(frozen=True)
class Step:
    """One step of the plan: a text that the machine sends, or a call that the owner makes, so long after opening."""

    kind: str
    after: Expression
    copy: str = ""
    asks: str = "none"


@dataclass(frozen=True)
class Rung:
    """The promise climbs to this role, so long after it was opened (counted as its due time is)."""

    role: Role
    after: Expression


@dataclass(frozen=True)
class Ladder:
    """The rungs, lowest first."""

    rungs: tuple[Rung, ...] = ()

    def to(self, role: Role, *, after: Expression) -> Ladder:
        """One rung more."""
        return Ladder((*self.rungs, Rung(role, after)))


def to(role: Role, *, after: Expression) -> Ladder:
    """The first rung."""
    return Ladder().to(role, after=after)


@dataclass(frozen=True)
class Rule:
    """One row of a playbook. The order of fields is the order of the question: what, when, for whom, who, by when, how, kept when, and if not?"""

    key: str
    sentence: str
    seam: int
    department: Department
    opens_on: tuple[When, ...]
    owed_by: Role
    due: Expression | Callable[[Any], Expression]
    kept_on: tuple[When, ...]
    ladder: Ladder
    seam_from: str
    seam_to: str
    for_each: str = ""
    only_if: Callable[[Any], bool] | None = None
    only_if_words: str = ""
    prefer: tuple[Prefer, ...] = ()
    tasks: tuple[Step, ...] = ()
    waived_on: tuple[When, ...] = ()
    void_on: tuple[When, ...] = ()
    same: Same = Same.SUBJECT
    #: Other common ground for facts that void or waive; by default the subject.
    ends_same: Same = Same.SUBJECT
    #: Facts of the same subject that tell the customer another time; the rule's due time is computed from them anew.
    moved_on: tuple[When, ...] = ()
    again: bool = False
    warn_before: Expression | None = None
    accept_within: Expression | None = None
    detail: Callable[[Any], str] = field(default=lambda fact: "")
    due_words: str = ""


Trigger = type[Fact] | When


def _whens(triggers: Trigger | Sequence[Trigger]) -> tuple[When, ...]:
    many = triggers if isinstance(triggers, (tuple, list)) else (triggers,)
    return tuple(item if isinstance(item, When) else When(item) for item in many)


class Playbook:
    """A department's page. `playbook = Playbook(Department.SALES)`, then one `playbook.promise(...)` per rule."""

    def __init__(self, department: Department) -> None:
        self.department = department
        self.rules: list[Rule] = []

    def promise(
        self,
        key: str,
        sentence: str,
        *,
        seam: int,
        seam_from: str,
        seam_to: str,
        opens_on: Trigger | Sequence[Trigger],
        for_each: str = "",
        only_if: Callable[[Any], bool] | None = None,
        only_if_words: str = "",
        owed_by: Role,
        prefer: Sequence[Prefer] = (),
        due: Expression | Callable[[Any], Expression],
        due_words: str = "",
        warn_before: Expression | None = None,
        accept_within: Expression | None = None,
        tasks: Sequence[Step] = (),
        kept_on: Trigger | Sequence[Trigger],
        same: Same = Same.SUBJECT,
        waived_on: Trigger | Sequence[Trigger] = (),
        void_on: Trigger | Sequence[Trigger] = (),
        ends_same: Same = Same.SUBJECT,
        moved_on: Trigger | Sequence[Trigger] = (),
        again: bool = False,
        ladder: Ladder,
        detail: Callable[[Any], str] = lambda fact: "",
    ) -> None:
        """Adds a rule.

        `for_each` names a field of the fact that holds several things; each is promised by itself and must have `key`.
        `due`, `only_if` and `detail` may be functions of the fact (and, with `for_each`, `due` and `detail` of the
        element as well: `lambda fact, line: ...`); then `due_words` / `only_if_words` say in words what they decide.
        `again`: once kept it is owed anew until a fact of `void_on` ends it (status is told, and told again).
        `moved_on`: the customer was told another time. Told before the old one passed, the promise is owed by the new one;
        told later, the breach stands. `due` must then be readable from those facts too: `at("promised_at")`.
        """
        self.rules.append(
            Rule(
                key=key,
                sentence=sentence,
                seam=seam,
                department=self.department,
                seam_from=seam_from,
                seam_to=seam_to,
                opens_on=_whens(opens_on),
                for_each=for_each,
                only_if=only_if,
                only_if_words=only_if_words,
                owed_by=owed_by,
                prefer=tuple(prefer),
                due=due,
                due_words=due_words,
                warn_before=warn_before,
                accept_within=accept_within,
                tasks=tuple(tasks),
                kept_on=_whens(kept_on),
                same=same,
                waived_on=_whens(waived_on),
                void_on=_whens(void_on),
                ends_same=ends_same,
                moved_on=_whens(moved_on),
                again=again,
                ladder=ladder,
                detail=detail,
            )
        )


def text(copy: str, *, after: Expression, asks: str = "none") -> Step:
    """A step: the machine sends this copy. `asks`: how an answer will be read (none, confirm, survey)."""
    return Step("text", after, copy, asks)


def call(*, after: Expression) -> Step:
    """A step: the owner calls."""
    return Step("call", after)
