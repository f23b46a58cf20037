"""Open-hours arithmetic: what a store's clock counts, and the words that explain it. Pure.

A `Calendar` holds wall-clock ranges in an IANA zone; every answer is an aware datetime in UTC. Ranges are
half-open (at 6:00 pm a store that closes at 6:00 pm is closed). A wall-clock time that the spring change
skips means the first moment after the gap; one that the autumn change repeats means the first of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

Range = tuple[time, time]
Span = tuple[datetime, datetime]

SEARCH_DAYS = 400
MIDNIGHT = time(0, 0)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


class NoOpenHours(ValueError):
    """The calendar never opens (or never at that time) within 400 days; the message says what to set."""


class BadHours(ValueError):
    """Hours that cannot be read as ranges of one day; the message, `words` filled with what is `told`, says what to write instead."""

    def __init__(self, words: str, **told: str) -> None:
        super().__init__(words % told if told else words)
        self.words, self.told = words, told


@dataclass(frozen=True)
class CountedRange:
    """A stretch of open time that a clock counted: [start, end) in UTC, and its whole minutes."""

    start: datetime
    end: datetime
    minutes: int


@dataclass(frozen=True)
class Calendar:
    """When a store, a department or a person is open.

    `week` maps a weekday (Monday 0) to its ranges; a missing weekday is closed. `exceptions` replaces the
    ranges of one date (empty = closed); `exception_names` says why ("Thanksgiving"). A range ends later on
    the same day; an end of 00:00 means midnight at the end of that day. Raises `BadHours`.
    """

    zone: ZoneInfo
    week: Mapping[int, Sequence[Range]]
    exceptions: Mapping[date, Sequence[Range]] = field(default_factory=dict)
    exception_names: Mapping[date, str] = field(default_factory=dict)
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if bad := [day for day in self.week if day not in range(7)]:
            raise BadHours(f"Weekday {bad[0]!r} is not a day of the week: use 0 (Monday) to 6 (Sunday).")
        week = {day: _tidy(ranges, DAY_NAMES[day]) for day, ranges in self.week.items()}
        exceptions = {day: _tidy(ranges, spoken_date(day)) for day, ranges in self.exceptions.items()}
        object.__setattr__(self, "week", week)
        object.__setattr__(self, "exceptions", exceptions)

    def is_open(self, at: datetime) -> bool:
        """Whether the moment lies within open hours."""
        span = self._span_at_or_after(at)
        return span is not None and span[0] <= at

    def next_open(self, at: datetime) -> datetime:
        """The moment itself when open, else the next opening. Raises `NoOpenHours`."""
        return max(self._require(at)[0], at.astimezone(UTC))

    def closes_at(self, at: datetime) -> datetime | None:
        """When the hours that are running end, past midnight if they go on; None while closed.

        For a calendar that never closes: the end of the 400 days that are searched.
        """
        spans = self._spans_from(at)
        first = next(spans, None)
        if first is None or first[0] > at:
            return None
        end = first[1]
        for start, later in spans:
            if start != end:
                break
            end = later
        return end

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment by which that many open minutes have passed since `start`; `start` itself for none.

        Raises `NoOpenHours`, and ValueError for a negative count.
        """
        counted = self._count(start, minutes)
        return counted[-1].end if counted else start.astimezone(UTC)

    def counted_ranges(self, start: datetime, minutes: int) -> list[CountedRange]:
        """The stretches that `add_minutes` counts, in order; their minutes add up to `minutes`."""
        return self._count(start, minutes)

    def open_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Exact open time from a to b; negative when b comes first. Additive: a→b plus b→c is a→c."""
        if b < a:
            return -self.open_time_between(b, a)
        return sum((end - start for start, end in self.ranges(a, b)), timedelta())

    def minutes_between(self, a: datetime, b: datetime) -> int:
        """Whole open minutes from a to b, rounded toward zero; negative when b comes first."""
        return int(self.open_time_between(a, b) / MINUTE)

    def ranges(self, from_utc: datetime, to_utc: datetime) -> list[Span]:
        """Open stretches clipped to [from_utc, to_utc), none longer than a local day."""
        _require_aware(from_utc)
        _require_aware(to_utc)
        found: list[Span] = []
        last_day = to_utc.astimezone(self.zone).date() + DAY
        for start, end in self._spans_of_days(from_utc.astimezone(self.zone).date() - DAY, last_day):
            clipped = max(start, from_utc.astimezone(UTC)), min(end, to_utc.astimezone(UTC))
            if clipped[0] < clipped[1]:
                found.append(clipped)
        return found

    def counted_between(self, a: datetime, b: datetime) -> list[CountedRange]:
        """The open stretches between two moments, in order, with their whole minutes."""
        return _with_minutes(self.ranges(a, b))

    def open_days_after(self, start: datetime, n: int) -> datetime:
        """The same wall-clock time n open days after the day of `start`.

        If the store is closed at that time, the end of that day's hours. Raises `NoOpenHours`, and ValueError
        for n < 1.
        """
        if n < 1:
            raise ValueError(f"{n} open days cannot be counted: give 1 or more.")
        _require_aware(start)
        local = start.astimezone(self.zone)
        day = local.date()
        for _ in range(n):
            day = self._next_open_day(day + DAY)
        same_time = to_utc(self.zone, datetime.combine(day, local.time().replace(fold=0)))
        return same_time if self.is_open(same_time) else self.day_spans(day)[-1][1]

    def end_of_day(self, at: datetime) -> datetime:
        """The last closing time of the local day of `at`, or of the next open day when that has passed."""
        _require_aware(at)
        day = self._next_open_day(at.astimezone(self.zone).date())
        end = self.day_spans(day)[-1][1]
        return end if end > at else self.day_spans(self._next_open_day(day + DAY))[-1][1]

    def at_block(self, at: datetime, times: Sequence[time] = (time(11), time(15))) -> datetime:
        """The next of these local times, strictly after `at`, when it is open. Raises `NoOpenHours`."""
        _require_aware(at)
        first_day = at.astimezone(self.zone).date()
        for days in range(SEARCH_DAYS):
            day = first_day + days * DAY
            for block in sorted(times):
                moment = to_utc(self.zone, datetime.combine(day, block))
                if moment > at and self.is_open(moment):
                    return moment
        spoken = " or ".join(spoken_time(block) for block in sorted(times)) or "any time"
        raise NoOpenHours(
            f"The store is never open at {spoken} in the {SEARCH_DAYS} days after {self.spoken(at)}: "
            "set opening hours that contain it, or choose other times."
        )

    def explain(self, start: datetime, due: datetime) -> str:
        """What was counted between two moments, in a person's words and the store's time."""
        pieces = self.counted_between(start, due)
        closed = self._closed_words(start, due)
        if not pieces:
            return f"No open time between {self.spoken(start)} and {self.spoken(due)}{closed}."
        said = [self._spoken_span(piece) for piece in pieces]
        if len(said) > 3:
            said = [said[0], f"{len(said) - 2} more stretches", said[-1]]
        listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
        return f"Counted {listed}: {spoken_minutes(sum(piece.minutes for piece in pieces))}{closed}"

    def spoken(self, at: datetime) -> str:
        """A moment in the store's time, as "Mon 23 Nov 5:52 pm"."""
        return spoken_moment(at.astimezone(self.zone))

    def day_spans(self, day: date) -> tuple[Span, ...]:
        """Open stretches of one local day, in UTC and in order; empty when closed."""
        if day not in self._spans:
            ranges = self.exceptions.get(day, self.week.get(day.weekday(), ()))
            spans = [
                (self._moment(day, opens), self._moment(day, closes, end=True)) for opens, closes in ranges
            ]
            self._spans[day] = tuple(span for span in spans if span[0] < span[1])
        return self._spans[day]

    def _moment(self, day: date, wall: time, *, end: bool = False) -> datetime:
        if end and wall == MIDNIGHT:
            day += DAY
        return to_utc(self.zone, datetime.combine(day, wall))

    def _spans_of_days(self, first: date, last: date) -> Iterator[Span]:
        for days in range((last - first).days + 1):
            yield from self.day_spans(first + days * DAY)

    def _spans_from(self, at: datetime) -> Iterator[Span]:
        """Stretches that end after `at`, in order."""
        _require_aware(at)
        # One local day early: an autumn change at midnight steps back into the day before.
        day = at.astimezone(self.zone).date() - DAY
        return (span for span in self._spans_of_days(day, day + SEARCH_DAYS * DAY) if span[1] > at)

    def _span_at_or_after(self, at: datetime) -> Span | None:
        return next(self._spans_from(at), None)

    def _require(self, at: datetime) -> Span:
        span = self._span_at_or_after(at)
        if span is None:
            raise NoOpenHours(
                f"No open hours in the {SEARCH_DAYS} days after {self.spoken(at)}: set opening hours for at "
                "least one day of the week, or remove the exceptions that close every day."
            )
        return span

    def _next_open_day(self, day: date) -> date:
        for days in range(SEARCH_DAYS):
            if self.day_spans(day + days * DAY):
                return day + days * DAY
        raise NoOpenHours(
            f"No open day in the {SEARCH_DAYS} days from {spoken_date(day)}: set opening hours for at least "
            "one day of the week, or remove the exceptions that close every day."
        )

    def _count(self, start: datetime, minutes: int) -> list[CountedRange]:
        if minutes < 0:
            raise ValueError(f"{minutes} open minutes cannot be counted: give 0 or more.")
        _require_aware(start)
        left = minutes * MINUTE
        at = start.astimezone(UTC)
        counted: list[Span] = []
        while left:
            opens, closes = self._require(at)
            opens = max(opens, at)
            at = min(closes, opens + left)
            left -= at - opens
            counted.append((opens, at))
        return _with_minutes(counted)

    def _spoken_span(self, piece: CountedRange) -> str:
        start, end = piece.start.astimezone(self.zone), piece.end.astimezone(self.zone)
        same_day = start.date() == end.date() or end.time() == MIDNIGHT
        return f"{spoken_moment(start)} – {spoken_time(end.time()) if same_day else spoken_moment(end)}"

    def _closed_words(self, start: datetime, due: datetime) -> str:
        first, last = start.astimezone(self.zone).date(), due.astimezone(self.zone).date()
        shut = sorted(day for day, ranges in self.exceptions.items() if first <= day <= last and not ranges)
        named = [f"{spoken_date(day)}{_why(self.exception_names.get(day))}" for day in islice(shut, 3)]
        return f" (closed {', '.join(named)})" if named else ""


def to_utc(zone: ZoneInfo, wall: datetime) -> datetime:
    """A naive wall-clock time in UTC: a skipped time is the end of the gap, a repeated one the first."""
    later = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if later.astimezone(zone).replace(tzinfo=None, fold=0) == wall.replace(fold=0):
        return later
    earlier = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    offset_after = later.astimezone(zone).utcoffset()
    while later - earlier > timedelta(seconds=1):
        middle = (earlier + (later - earlier) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset_after:
            later = middle
        else:
            earlier = middle
    return later.replace(microsecond=0)


def spoken_time(wall: time) -> str:
    """A wall-clock time as "5:52 pm"."""
    return f"{wall.hour % 12 or 12}:{wall.minute:02d} {'am' if wall.hour < 12 else 'pm'}"


def spoken_date(day: date) -> str:
    """A date as "Mon 23 Nov"."""
    return f"{DAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month - 1]}"


def spoken_moment(local: datetime) -> str:
    """A local moment as "Mon 23 Nov 5:52 pm"."""
    return f"{spoken_date(local.date())} {spoken_time(local.time())}"


def spoken_minutes(minutes: int, kind: str = "open ") -> str:
    """A length as "5 open minutes" or "2 open hours 10 minutes"; `kind` "" for wall-clock time, of which whole days are days."""
    days, rest = divmod(minutes, 24 * 60)
    if not kind and days > 1 and not rest:
        return f"{days} days"
    hours, rest = divmod(minutes, 60)
    if hours < 2:
        return f"{minutes} {kind}minute{'' if minutes == 1 else 's'}"
    tail = f" {rest} minute{'' if rest == 1 else 's'}" if rest else ""
    return f"{hours} {kind}hours{tail}"


def _with_minutes(spans: Sequence[Span]) -> list[CountedRange]:
    """Whole minutes per stretch, rounded so that they add up to the whole minutes of the total."""
    counted: list[CountedRange] = []
    so_far = timedelta()
    for start, end in spans:
        before, so_far = so_far // MINUTE, so_far + (end - start)
        counted.append(CountedRange(start, end, so_far // MINUTE - before))
    return counted


def _tidy(ranges: Sequence[Range], day_name: str) -> tuple[Range, ...]:
    """Sorted, touching ranges joined; refuses what is empty, runs past midnight or overlaps."""
    tidy: list[Range] = []
    for opens, closes in ranges:
        if opens.tzinfo or closes.tzinfo:
            raise BadHours(f"{day_name}: opening hours are wall-clock times without a zone.")
        if closes <= opens and closes != MIDNIGHT:
            raise BadHours(
                "%(day)s: %(opens)s to %(closes)s does not end after it starts. For hours past midnight, split them: "
                "%(opens)s to midnight (00:00) on this day, and the rest on the next day.",
                day=day_name,
                opens=spoken_time(opens),
                closes=spoken_time(closes),
            )
    ordered = sorted(ranges)
    for (opens, closes), (next_opens, _) in pairwise(ordered):
        if closes == MIDNIGHT or next_opens < closes:
            raise BadHours(
                "%(day)s: the hours from %(opens)s and from %(next)s overlap: join them into one range.",
                day=day_name,
                opens=spoken_time(opens),
                next=spoken_time(next_opens),
            )
    for opens, closes in ordered:
        if tidy and tidy[-1][1] == opens:
            tidy[-1] = (tidy[-1][0], closes)
        else:
            tidy.append((opens, closes))
    return tuple(tidy)


def _why(name: str | None) -> str:
    return f": {name}" if name else ""


def _require_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone: give an aware datetime, best in UTC.")
