"""The figures of the Seams page. Each is defined here once: what is counted, of what, in words, and the rows that are meant.

`rows(figure, part, …)` is the list behind a figure; the counts on the page are made from the same parts, and a test walks
all of them. Promises are cut by `tasks.fates`, visits by what became of them, happenings by the times at which they were told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from dealership.appointments.models import Appointment
from dealership.language import later
from dealership.staff.models import StaffMember
from tasks import fates, happenings
from tasks.models import Happening, Promise
from tasks.periods import Period

#: Called off earlier than this before its time, a visit was not due.
CALLED_OFF = timedelta(hours=24)
#: As its definition says.
RECOVERY_DAYS = 180
OLD_CONTRACT = timedelta(days=7)

#: Open seconds of a first answer: more than the first number, at most the second.
BUCKETS: tuple[tuple[str, int, int], ...] = (
    ("≤1", -1, 60), ("1–3", 60, 180), ("3–5", 180, 300), ("5–10", 300, 600), ("10–15", 600, 900), ("15–30", 900, 1800),
    ("30–60", 1800, 3600), ("1–2 h", 3600, 7200), (">2 h", 7200, 2**31 - 1),
)  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure: `good` of `of`, both names of parts."""

    key: str
    label: str
    definition: str
    good: str
    of: str
    #: What is counted: the heading of its lists.
    things: str
    benchmark: str = ""
    #: Of promises alone: those of these seams; any without.
    seams: frozenset[int] = field(default_factory=frozenset)
    #: Of visits alone: those of this department; any without.
    department: str = ""

    @property
    def parts(self) -> dict[str, str]:
        """What may be listed, by the name that addresses use, in words."""
        if self.key in VISIT_FIGURES:
            return VISIT_WORDS
        if self.key in HAPPENING_PARTS:
            return {name: words for name, (words, _) in HAPPENING_PARTS[self.key].items()}
        return fates.WORDS


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "kept",
            later("Promises kept on time"),
            later(
                "Of all promises whose hour fell into the period, those kept by the hour that was promised first. A new time "
                "told in good time is counted apart and is not on time. Waived in time and no longer owed are left out; waived "
                "after its hour counts as not kept. A promise counts on the day of its first hour, whatever happens later."
            ),
            "on_time",
            "due",
            later("Promises"),
        ),
        Figure(
            "answer",
            later("First human response"),
            later(
                "From the moment somebody asked (a fresh lead) until a person’s text reached them or a call connected. Automatic "
                "answers and attempts do not count. The big figure is the median in open time; the customer’s own clock, which "
                "never stops, stands beside it. The share is of all fresh leads that were due, answered or not."
            ),
            "in_five",
            "due",
            later("Fresh leads"),
            later("Under 5 minutes is best, under 30 acceptable to most makers, over an hour poor."),
            frozenset(fates.FIRST_ANSWERS),
        ),
        Figure(
            "show",
            later("Show rate"),
            later(
                "Of the visits that were due in the period, those where the customer came. A visit called off more than 24 hours "
                "ahead was not due; one called off later was. Visits still awaited are not counted yet."
            ),
            "shown",
            "due",
            later("Visits"),
            later("60 percent is common in sales, 65 the best quarter; in service 80 to 90 come."),
        ),
        Figure(
            "show_sales",
            later("Show rate, sales"),
            later("The same, of visits in sales."),
            "shown",
            "due",
            later("Visits in sales"),
            department="sales",
        ),
        Figure(
            "show_service",
            later("Show rate, service"),
            later("The same, of visits in service."),
            "shown",
            "due",
            later("Visits in service"),
            department="service",
        ),
        Figure(
            "first_service",
            later("First service set at delivery"),
            later(
                "Of the cars delivered in the period, those whose buyer drove off with a dated first service visit. History that "
                "was loaded from the DMS is left out."
            ),
            "set",
            "delivered",
            later("Cars delivered"),
            later(
                "36 percent on average, 50 with the best makes. Who has a visit set comes back more often by half."
            ),
        ),
        Figure(
            "declined",
            later("Declined work recovered"),
            later(
                "Of the lines recommended and declined in the 180 days up to the end of the period, those bought by "
                "its end. The money is what they were offered at, where a price is known. An RO that was reopened or voided "
                "declines nothing."
            ),
            "recovered",
            "declined",
            later("Declined lines"),
            later("About 6 percent come back by themselves, 10 to 15 where somebody follows up."),
        ),
        Figure(
            "transit",
            later("Contracts in transit"),
            later(
                "Financed and leased cars that were delivered and not funded when the period ended: how many, and how many for "
                "more than 7 days."
            ),
            "old",
            "in_transit",
            later("Contracts"),
            later("4 to 10 days from delivery to money is healthy, more than 12 is not."),
        ),
        Figure(
            "saved",
            later("No-shows saved the same day"),
            later(
                "Of the visits that were missed, in sales and service, those where the customer was reached or booked again on "
                "the very day."
            ),
            "same_day",
            "due",
            later("Missed visits"),
            seams=frozenset({7, 41}),
        ),
        Figure(
            "eta",
            later("Part dates told on time"),
            later(
                "Of the dates of ordered parts, first or changed, that somebody waits for: those told to the customer by the "
                "promised hour."
            ),
            "on_time",
            "due",
            later("Part dates"),
            seams=frozenset({63, 64}),
        ),
    )
}
#: Those that have a tile, in their order.
TILES = ("kept", "answer", "show", "first_service", "declined", "transit", "saved", "eta")
PROMISE_FIGURES = ("kept", "answer", "saved", "eta")
VISIT_FIGURES = ("show", "show_sales", "show_service")

VISIT_WORDS = {
    "shown": later("Came"),
    "missed": later("Did not come"),
    "called_off": later("Called off late"),
    "due": later("Due"),
}
VISIT_PARTS = {
    "shown": ("shown",),
    "missed": ("missed",),
    "called_off": ("called_off",),
    "due": ("shown", "missed", "called_off"),
}

Meant = Callable[[Period], Q]


def _in_period(period: Period) -> Q:
    return Q(at__gte=period.starts_at, at__lt=period.ends_at)


def _declined(period: Period) -> Q:
    return _in_period(period.ending_with(RECOVERY_DAYS))


def _waits(period: Period) -> Q:
    still = Q(good_at__isnull=True) | Q(good_at__gte=period.ends_at)
    return Q(at__lt=period.ends_at) & still


#: By figure and part: its words, and the rows that are meant for a period, beside its kind and that it stands.
HAPPENING_PARTS: dict[str, dict[str, tuple[str, Meant]]] = {
    "first_service": {
        "delivered": (later("Delivered"), _in_period),
        "set": (
            later("With a first visit set"),
            lambda period: _in_period(period) & Q(good_at__isnull=False),
        ),
        "unset": (
            later("Without a first visit"),
            lambda period: _in_period(period) & Q(good_at__isnull=True),
        ),
    },
    "declined": {
        "declined": (later("Declined"), _declined),
        "recovered": (
            later("Bought after all"),
            lambda period: _declined(period) & Q(good_at__lt=period.ends_at),
        ),
        "not_yet": (
            later("Not bought"),
            lambda period: _declined(period) & (Q(good_at__isnull=True) | Q(good_at__gte=period.ends_at)),
        ),
    },
    "transit": {
        "in_transit": ("Waiting for money", _waits),
        "old": (
            later("For more than 7 days"),
            lambda period: _waits(period) & Q(at__lt=period.ends_at - OLD_CONTRACT),
        ),
    },
}
KIND_OF = {
    "first_service": Happening.Kind.DELIVERY,
    "declined": Happening.Kind.DECLINED,
    "transit": Happening.Kind.CONTRACT,
}


@dataclass(frozen=True)
class Narrowed:
    """Which of a figure's promises: between these departments, owned by these people, answered in this bucket. None: any."""

    labels_from: frozenset[str] | None = None
    labels_to: frozenset[str] | None = None
    owner_ids: frozenset[int] | None = None
    bucket: int | None = None
    rule: str = ""
    by_hand: bool = True

    def apply(self, promises: QuerySet[Promise]) -> QuerySet[Promise]:
        """These of them."""
        if self.labels_from is not None:
            promises = promises.filter(seam_from__in=self.labels_from)
        if self.labels_to is not None:
            promises = promises.filter(seam_to__in=self.labels_to)
        if self.owner_ids is not None:
            promises = promises.filter(owner_id__in=self.owner_ids)
        if self.rule:
            promises = promises.filter(rule=self.rule)
        if not self.by_hand:
            promises = promises.filter(seam__isnull=False)
        if self.bucket is not None:
            _, over, most = BUCKETS[self.bucket]
            promises = promises.filter(open_seconds__gt=over, open_seconds__lte=most)
        return promises


def promises(
    figure: Figure, part: str, *, staff: StaffMember, period: Period, narrowed: Narrowed | None = None
) -> QuerySet[Promise]:
    """The promises of a part of a figure. Raises KeyError for no such part."""
    store = staff.store
    rows = Promise.objects.visible_to(staff).filter(
        original_due_at__gte=period.starts_at, original_due_at__lt=period.ends_at
    )
    if figure.seams:
        rows = rows.filter(seam__in=figure.seams)
    told: Any = fates.told_apart((narrowed or Narrowed()).apply(rows), store_id=store.pk, zone=store.tz)
    found: QuerySet[Promise] = told.filter(fates.within(part)).exclude(fate="void")
    return found


def owed_now(*, staff: StaffMember, narrowed: Narrowed) -> QuerySet[Promise]:
    """What is owed at this moment, of any day."""
    return narrowed.apply(Promise.objects.visible_to(staff).filter(state=Promise.State.OPEN))


def visits(figure: Figure, part: str, *, staff: StaffMember, period: Period) -> QuerySet[Appointment]:
    """The visits of a part. Raises KeyError for no such part."""
    told: Any = outcomes(figure, staff=staff, period=period)
    found: QuerySet[Appointment] = told.filter(outcome__in=VISIT_PARTS[part])
    return found


def outcomes(figure: Figure, *, staff: StaffMember, period: Period) -> QuerySet[Appointment]:
    """The visits of a period with their `outcome`: shown, missed, called_off, or nothing yet."""
    state = Appointment.State
    rows = Appointment.objects.visible_to(staff).filter(
        starts_at__gte=period.starts_at, starts_at__lt=period.ends_at
    )
    if figure.department:
        rows = rows.filter(department=figure.department)
    return rows.annotate(
        outcome=Case(
            When(state=state.ARRIVED, then=Value("shown")),
            When(state=state.MISSED, then=Value("missed")),
            When(
                Q(state=state.CANCELLED, cancelled_at__gt=F("starts_at") - CALLED_OFF),
                then=Value("called_off"),
            ),
            default=Value(""),
            output_field=CharField(),
        )
    )


def happened(figure: Figure, part: str, *, staff: StaffMember, period: Period) -> QuerySet[Happening]:
    """The happenings of a part. Raises KeyError for no such part."""
    return Happening.objects.visible_to(staff).filter(meant(figure.key, part, period))


def meant(key: str, part: str, period: Period) -> Q:
    """The same as a condition, so that many can be counted at once."""
    return Q(kind=KIND_OF[key]) & happenings.STANDS & HAPPENING_PARTS[key][part][1](period)


def rows(
    figure: Figure, part: str, *, staff: StaffMember, period: Period, narrowed: Narrowed | None = None
) -> QuerySet[Any]:
    """The list behind a part of a figure, whatever it is made of."""
    if figure.key in VISIT_FIGURES:
        return visits(figure, part, staff=staff, period=period)
    if figure.key in KIND_OF:
        return happened(figure, part, staff=staff, period=period)
    return promises(figure, part, staff=staff, period=period, narrowed=narrowed)
