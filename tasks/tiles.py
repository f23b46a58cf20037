"""The tiles of the Seams page: each figure with its trend, what it was before, its definition, and the list that it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median_low
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from dealership import clocks
from dealership.templatetags.kept import money
from tasks import seams
from tasks.figures import BUCKETS, FIGURES, TILES, Figure
from tasks.periods import Period
from tasks.seams import Answers, Facts, Happened, VisitDay
from tasks.tallies import Tally, look_of, share

#: A trend of a short period shows the days up to its end.
TREND_DAYS = 14
TREND_POINTS = 24
FEW_POINTS = 6
WIDTH, HEIGHT = 90, 30


@dataclass(frozen=True)
class Tile:
    """One figure as it is shown."""

    figure: Figure
    value: str
    note: str
    url: str
    #: Change against the period before, in words, and whether it is for the better ("up", "down", "").
    delta: str = ""
    delta_look: str = ""
    look: str = ""
    points: str = ""
    more: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Bar:
    """One bar of the histogram, in the units of its drawing."""

    label: str
    words: str
    n: int
    look: str
    url: str
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.x + 16


@dataclass
class Counted:
    """All that the tiles are made of."""

    period: Period
    compare: bool
    facts: Facts
    days: dict[str, dict[date, Tally]]
    answers: Answers
    visits: list[VisitDay]
    happened: Happened
    now: datetime
    found: list[Tile] = field(default_factory=list)

    @property
    def before(self) -> Period:
        """What is compared with."""
        return self.period.before

    @property
    def trend(self) -> Period:
        """The days of the trend."""
        return trend_of(self.period)


def trend_of(period: Period) -> Period:
    """The period itself, or for a short one the days up to its end."""
    return period if period.n_days >= TREND_DAYS else period.ending_with(TREND_DAYS)


def list_url(period: Period, figure: str, part: str, **more: str) -> str:
    """The list behind a part of a figure."""
    query = {**period.query, "figure": figure, "part": part, **more}
    return f"{reverse('tasks:seam_list')}?{urlencode(query)}"


def make(counted: Counted) -> list[Tile]:
    """Every tile, in order."""
    makers: dict[str, Callable[[Counted, Figure], Tile]] = {
        "answer": _answer,
        "show": _show,
        "first_service": _first_service,
        "declined": _declined,
        "transit": _transit,
    }
    return [makers.get(key, _promises)(counted, FIGURES[key]) for key in TILES]


def bars(counted: Counted, of: Tally) -> list[Bar]:
    """The histogram of first answers, in open minutes; the last bar is who has no answer yet."""
    seconds = counted.answers.open_in(counted.period)
    counts = [sum(over < second <= most for second in seconds) for _, over, most in BUCKETS]
    silent = of.part("due") - of.part("kept")
    highest = max([*counts, silent, 1])
    found = []
    for n, ((label, _over, most), count) in enumerate(zip(BUCKETS, counts, strict=True)):
        look = "kept" if most <= 300 else "soon" if most <= 1800 else "late"
        url = list_url(counted.period, "answer", "kept", bucket=str(n))
        words = label if "h" in label else _("%(n)s open minutes") % {"n": label}
        found.append(_bar(label, words, count, look, url, n, highest))
    url = list_url(counted.period, "answer", "unanswered")
    return [*found, _bar(_("none"), _("no answer yet"), silent, "late", url, len(BUCKETS), highest)]


def _bar(label: str, words: str, n: int, look: str, url: str, place: int, highest: int) -> Bar:
    height = max(round(108 * n / highest), 3 if n else 1)
    return Bar(label, words, n, look, url, 4 + 41 * place, 132 - height, height)


def _promises(counted: Counted, figure: Figure) -> Tile:
    facts = counted.facts
    now, before = (
        (facts.now, facts.before)
        if figure.key == "kept"
        else (facts.of_figure[figure.key], facts.before_of_figure[figure.key])
    )
    percent = now.percent(figure.good, figure.of)
    due = now.part(figure.of)
    delta, look = _points_apart(counted, percent, before.percent(figure.good, figure.of))
    late = now.part("late")
    note = _of_due(due)
    more = []
    if late:
        more.append((_("%(n)s late now") % {"n": f"{late:,}"}, list_url(counted.period, figure.key, "late")))
    if moved := now.part("moved"):
        more.append(
            (
                _("%(n)s at a new time told") % {"n": f"{moved:,}"},
                list_url(counted.period, figure.key, "moved"),
            )
        )
    values = [
        _sum(counted.days[figure.key], piece).percent(figure.good, figure.of)
        for piece in counted.trend.pieces(TREND_POINTS)
    ]
    return Tile(
        figure, _percent(percent), note, list_url(counted.period, figure.key, figure.good),
        delta, look, look_of(percent), line(values), more,
    )  # fmt: skip


def _answer(counted: Counted, figure: Figure) -> Tile:
    now, before = counted.facts.of_figure["answer"], counted.facts.before_of_figure["answer"]
    opened, wall = counted.answers.open_in(counted.period), counted.answers.wall_in(counted.period)
    earlier = counted.answers.open_in(counted.before) if counted.compare else []
    percent = now.percent(figure.good, figure.of)
    delta, look = _points_apart(counted, percent, before.percent(figure.good, figure.of))
    if opened and earlier:
        apart = median_low(opened) - median_low(earlier)
        words = (
            _("%(length)s slower than %(period)s") if apart > 0 else _("%(length)s faster than %(period)s")
        )
        delta = words % {"length": _took(abs(apart)), "period": counted.period.before_words}
        look = "down" if apart > 0 else "up"
        if not apart:
            delta, look = _("as %(period)s") % {"period": counted.period.before_words}, ""
    note = (
        _("median of %(n)s; by the customer’s clock %(length)s")
        % {"n": f"{len(opened):,}", "length": _took(median_low(wall))}
        if opened and wall
        else _("none answered")
    )
    more = []
    if percent is not None:
        more.append(
            (
                _("%(percent)s within 5 open min") % {"percent": _percent(percent)},
                list_url(counted.period, "answer", "in_five"),
            )
        )
    values: list[float | None] = []
    for piece in counted.trend.pieces(TREND_POINTS):
        seconds = counted.answers.open_in(piece)
        values.append(median_low(seconds) if seconds else None)
    return Tile(
        figure, _took(median_low(opened)) if opened else "–", note, list_url(counted.period, "answer", "kept"), delta, look,
        "", line(values), more,
    )  # fmt: skip


def _show(counted: Counted, figure: Figure) -> Tile:
    def percent(key: str, period: Period) -> float | None:
        return share(
            seams.count_visits(counted.visits, key, "shown", period),
            seams.count_visits(counted.visits, key, "due", period),
        )

    now = percent("show", counted.period)
    delta, look = _points_apart(counted, now, percent("show", counted.before))
    due = seams.count_visits(counted.visits, "show", "due", counted.period)
    more = [
        (words % {"percent": _percent(own)}, list_url(counted.period, key, "shown"))
        for key, words in (
            ("show_sales", _("sales %(percent)s")),
            ("show_service", _("service %(percent)s")),
        )
        if (own := percent(key, counted.period)) is not None
    ]
    values = [percent("show", piece) for piece in counted.trend.pieces(TREND_POINTS)]
    return Tile(
        figure, _percent(now), _of_due(due), list_url(counted.period, "show", "shown"), delta,
        look, "", line(values), more,
    )  # fmt: skip


def _first_service(counted: Counted, figure: Figure) -> Tile:
    def percent(period: Period) -> float | None:
        return share(
            counted.happened.n(figure.key, "set", period), counted.happened.n(figure.key, "delivered", period)
        )

    now, n = percent(counted.period), counted.happened.n(figure.key, "delivered", counted.period)
    delta, look = _points_apart(counted, now, percent(counted.before))
    unset = counted.happened.n(figure.key, "unset", counted.period)
    more = (
        [(_("%(n)s without") % {"n": unset}, list_url(counted.period, figure.key, "unset"))] if unset else []
    )
    values = [percent(piece) for piece in counted.trend.pieces(FEW_POINTS)]
    note = _("of %(n)s delivered") % {"n": f"{n:,}"} if n else _("nothing delivered")
    return Tile(
        figure,
        _percent(now),
        note,
        list_url(counted.period, figure.key, "set"),
        delta,
        look,
        "",
        line(values),
        more,
    )


def _declined(counted: Counted, figure: Figure) -> Tile:
    def percent(period: Period) -> float | None:
        return share(
            counted.happened.n(figure.key, "recovered", period),
            counted.happened.n(figure.key, "declined", period),
        )

    now = percent(counted.period)
    delta, look = _points_apart(counted, now, percent(counted.before))
    n = counted.happened.n(figure.key, "declined", counted.period)
    cents = counted.happened.recovered_cents
    said = {"n": f"{n:,}", "worth": money(cents // 100 * 100)}
    note = _("nothing declined")
    if n:
        note = (
            _("of %(n)s lines in 180 days, worth %(worth)s") if cents else _("of %(n)s lines in 180 days")
        ) % said
    values = [percent(piece) for piece in counted.trend.pieces(FEW_POINTS)]
    return Tile(
        figure, _percent(now) if n else "–", note,
        list_url(counted.period, figure.key, "recovered"), delta, look, "", line(values),
        [(_("%(n)s declined") % {"n": f"{n:,}"}, list_url(counted.period, figure.key, "declined"))] if n else [],
    )  # fmt: skip


def _transit(counted: Counted, figure: Figure) -> Tile:
    n = counted.happened.n(figure.key, "in_transit", counted.period)
    old = counted.happened.n(figure.key, "old", counted.period)
    oldest = counted.happened.oldest_at
    note = (
        _("oldest %(length)s") % {"length": clocks.length(min(counted.now, counted.period.ends_at) - oldest)}
        if oldest
        else _("none waits for money")
    )
    delta, look = "", ""
    if counted.compare:
        apart = n - counted.happened.n(figure.key, "in_transit", counted.before)
        delta = (
            _("%(change)s on %(period)s")
            % {
                "change": _signed(apart),
                "period": counted.period.before_words,
            }
            if apart
            else _("as %(period)s") % {"period": counted.period.before_words}
        )
        look = "down" if apart > 0 else "up" if apart < 0 else ""
    values: list[float | None] = [
        counted.happened.n(figure.key, "in_transit", piece) for piece in counted.trend.pieces(FEW_POINTS)
    ]
    more = [(_("%(n)s over 7 days") % {"n": old}, list_url(counted.period, figure.key, "old"))] if old else []
    return Tile(
        figure, str(n), note, list_url(counted.period, figure.key, "in_transit"), delta, look, "late" if old else "",
        line(values), more,
    )  # fmt: skip


def line(values: Sequence[float | None]) -> str:
    """The points of a small line, left to right; "" where there are not two. Days of which nothing is known are passed over."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    numbers = [value for _, value in known]
    least, most = min(numbers), max(numbers)
    spread = (most - least) or 1
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{place * step:.1f},{2 + (HEIGHT - 4) * (1 - (value - least) / spread) if most > least else HEIGHT / 2:.1f}"
        for place, value in known
    )


def _sum(days: dict[date, Tally], period: Period) -> Tally:
    total = Tally()
    for day, tally in days.items():
        if period.first <= day <= period.last:
            total.update(tally)
    return total


def _points_apart(counted: Counted, now: float | None, before: float | None) -> tuple[str, str]:
    if not counted.compare or now is None or before is None:
        return "", ""
    apart = round(now - before, 1)
    if not apart:
        return _("as %(period)s") % {"period": counted.period.before_words}, ""
    return _("%(change)s on %(period)s") % {
        "change": _signed(apart),
        "period": counted.period.before_words,
    }, "up" if apart > 0 else "down"


def _of_due(due: int) -> str:
    return _("of %(n)s due") % {"n": f"{due:,}"} if due else _("none due")


def _signed(apart: float) -> str:
    number = f"{abs(apart):g}"
    return f"+{number}" if apart > 0 else f"−{number}"


def _percent(percent: float | None) -> str:
    return "–" if percent is None else f"{percent:g}%"


def _took(seconds: int) -> str:
    """ "4 min 50", "42 s", "1 h 05", "3 d"."""
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        minutes, rest = divmod(seconds, 60)
        return f"{minutes} min {rest:02d}" if rest else f"{minutes} min"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d}" if hours < 48 else f"{hours // 24} d"
