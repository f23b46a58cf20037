"""What became of a promise, as the seams count it. One definition each: the days are counted by them, and the lists behind figures are cut by them.

A promise belongs to the store's day of the hour that was promised *first*: a new time told to the customer moves no promise
into another day. It has exactly one fate:

- on time: kept by the hour that was promised first;
- moved: kept after that, by a new time that was told before the old one passed;
- recovered: kept after its hour; late: its hour passed and it is still owed; waived late: waived after its hour;
- waived: waived in time; open: its hour has not come; void: no longer owed, which counts nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from dealership.language import later
from tasks import rulebook
from tasks.models import Promise, Transition

Act, State = Transition.Act, Promise.State

#: A person answers whoever asks: seams whose open time is kept beside the customer's.
FIRST_ANSWERS = frozenset({1})
FIVE_MINUTES = 300


@dataclass(frozen=True)
class Measure:
    """One count of a day: the promises whose `field` (see `told_apart`) has this value."""

    field: str
    value: str
    words: str


#: The counts, by the name of their column in PromiseDay.
MEASURES: dict[str, Measure] = {
    "on_time": Measure("fate", "on_time", later("Kept on time")),
    "moved": Measure("fate", "moved", later("Kept at a new time told")),
    "recovered": Measure("fate", "recovered", later("Kept late")),
    "late": Measure("fate", "late", later("Late and still owed")),
    "waived_late": Measure("fate", "waived_late", later("Waived after its hour")),
    "waived": Measure("fate", "waived", later("Waived in time")),
    "open": Measure("fate", "open", later("Not due yet")),
    "nobody": Measure("broke", "nobody", later("Nobody on shift")),
    "passed_on": Measure("broke", "passed_on", later("Changed hands")),
    "untaken": Measure("broke", "untaken", later("Offered, not taken")),
    "warned": Measure("broke", "warned", later("Warned, not acted on")),
    "unwarned": Measure("broke", "unwarned", later("Passed without a warning")),
    "rung_0": Measure("climbed", "rung_0", later("Stayed with its owner")),
    "rung_1": Measure("climbed", "rung_1", later("Climbed once")),
    "rung_2": Measure("climbed", "rung_2", later("Climbed twice or more")),
    "same_day": Measure("saved", "same_day", later("Kept the same day")),
    "in_five": Measure("pace", "in_five", later("Answered within 5 open minutes")),
}

#: Sums of counts that exclude one another.
KEPT = ("on_time", "moved", "recovered")
BROKEN = ("recovered", "late", "waived_late")
DUE = ("on_time", "moved", "recovered", "late", "waived_late")
ALL = (*DUE, "waived", "open")
PARTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in MEASURES},
    "kept": KEPT,
    "broken": BROKEN,
    "unanswered": ("late", "waived_late"),
    "due": DUE,
    "all": ALL,
}
WORDS: dict[str, str] = {
    **{name: measure.words for name, measure in MEASURES.items()},
    "kept": later("Kept"),
    "broken": later("Not kept in time"),
    "unanswered": later("No answer yet"),
    "due": later("Due"),
    "all": later("Promised"),
}

_KEPT_LATE = Q(state=State.KEPT, broken_at__isnull=False)


def told_apart(promises: QuerySet[Promise], *, store_id: int, zone: ZoneInfo) -> QuerySet[Promise]:
    """With the fields that measures look at: `day`, `fate`, `broke`, `climbed`, `saved`, `pace`."""
    local = TruncDate("original_due_at", tzinfo=zone)
    return promises.annotate(
        day=local,
        fate=_case(
            [
                (Q(state=State.VOID), "void"),
                (_KEPT_LATE, "recovered"),
                (Q(state=State.KEPT, closed_at__gt=F("original_due_at")), "moved"),
                (Q(state=State.KEPT), "on_time"),
                (Q(state=State.WAIVED, broken_at__isnull=False), "waived_late"),
                (Q(state=State.WAIVED), "waived"),
                (Q(broken_at__isnull=False), "late"),
            ],
            "open",
        ),
        broke=_broke(store_id),
        climbed=_case(
            [
                (Q(state=State.VOID) | Q(broken_at__isnull=True), ""),
                (Q(rung=0), "rung_0"),
                (Q(rung=1), "rung_1"),
            ],
            "rung_2",
        ),
        opened_day=TruncDate("opened_at", tzinfo=zone),
        closed_day=TruncDate("closed_at", tzinfo=zone),
        saved=_case([(Q(state=State.KEPT, closed_day=F("opened_day")), "same_day")], ""),
        pace=_case([(Q(state=State.KEPT, open_seconds__lte=FIVE_MINUTES), "in_five")], ""),
    )


def within(part: str) -> Q:
    """The promises of a part, of those that were told apart. Raises KeyError for no such part."""
    chosen = Q(pk__in=[])
    for name in PARTS[part]:
        measure = MEASURES[name]
        chosen |= Q(**{measure.field: measure.value})
    return chosen


def _broke(store_id: int) -> Case:
    """How a promise came to be late, by what had happened to it before its hour."""
    before = Transition.objects.of_store(store_id).filter(
        promise=OuterRef("pk"), at__lte=OuterRef("broken_at")
    )
    offered = [key for key, rule in rulebook.rules().items() if rule.accept_within is not None]
    return _case(
        [
            (Q(state=State.VOID) | Q(broken_at__isnull=True), ""),
            (Q(nobody_free=True), "nobody"),
            (Q(Exists(before.filter(act__in=[Act.HANDED_OFF, Act.MOVED]))), "passed_on"),
            (Q(rule__in=offered) & ~Exists(before.filter(act=Act.ACCEPTED)), "untaken"),
            (Q(warned_at__isnull=False), "warned"),
        ],
        "unwarned",
    )


def _case(cases: Sequence[tuple[Q | Combinable, str]], otherwise: str) -> Case:
    return Case(
        *(When(condition, then=Value(word)) for condition, word in cases),
        default=Value(otherwise),
        output_field=CharField(),
    )
