"""Due times as playbooks write them: small frozen values, computed on a store's calendar. Pure.

    compute(open_minutes(5), start=lead.at, calendar=sales_hours).at
    words(at("appointment_at", plus=wall_minutes(60)))     "60 minutes after the appointment"

`open_…` counts open hours only, `wall_…` counts by the clock on the wall. An expression goes to and from a
small JSON dict, so that a store may lay its own numbers over a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dealership.stores.hours import Calendar, CountedRange, spoken_minutes, spoken_time

Json = dict[str, Any]

MOST_MINUTES = 366 * 24 * 60
MOST_DAYS = 3660


class BadDue(ValueError):
    """A due expression that cannot be; the message says what to write instead."""


class FactHasNoTime(ValueError):
    """The fact lacks the moment that the expression counts from, or gives one without a zone."""


@dataclass(frozen=True)
class OpenMinutes:
    """That many open minutes after the start."""

    n: int

    def __post_init__(self) -> None:
        _require_count(self.n, 0, MOST_MINUTES, "open minutes")


@dataclass(frozen=True)
class OpenDays:
    """The same time of day that many open days later, or the end of that day's hours if closed then."""

    n: int

    def __post_init__(self) -> None:
        _require_count(self.n, 1, MOST_DAYS, "open days")


@dataclass(frozen=True)
class WallMinutes:
    """That many minutes after the start, open or not."""

    n: int

    def __post_init__(self) -> None:
        _require_count(self.n, 0, MOST_MINUTES, "minutes")


@dataclass(frozen=True)
class EndOfOpenDay:
    """The last closing time of the day, or of the next open day when that has passed."""


@dataclass(frozen=True)
class NextBlock:
    """The next of the local times at which the store is open, once `silence` has passed since the start."""

    times: tuple[time, ...]
    silence: Expression | None = None

    def __post_init__(self) -> None:
        if not self.times:
            raise BadDue('A block needs at least one time of day: next_block("11:00", "15:00").')


@dataclass(frozen=True)
class At:
    """A moment that the fact names, some time after it (`plus`) or before it (`minus`, by the wall clock)."""

    field: str
    plus: Expression | None = None
    minus: WallMinutes | None = None
    called: str = ""

    def __post_init__(self) -> None:
        if not self.field.isidentifier():
            raise BadDue(f"{self.field!r} is not the name of a field of a fact.")
        if self.plus is not None and self.minus is not None:
            raise BadDue(f"{self.field}: give plus or minus, not both.")


@dataclass(frozen=True)
class Earliest:
    """Whichever of the two comes first."""

    a: Expression
    b: Expression


Expression = OpenMinutes | OpenDays | WallMinutes | EndOfOpenDay | NextBlock | At | Earliest


@dataclass(frozen=True)
class Due:
    """When it is due (UTC), the open stretches counted (none by the wall clock), and why, in words."""

    at: datetime
    counted: list[CountedRange]
    words: str


def open_minutes(n: int) -> OpenMinutes:
    """`n` minutes of the calendar's open hours."""
    return OpenMinutes(n)


def open_hours(n: int) -> OpenMinutes:
    """`n` hours of the calendar's open hours."""
    return OpenMinutes(n * 60)


def open_days(n: int) -> OpenDays:
    """The same time of day, `n` open days later."""
    return OpenDays(n)


def wall_minutes(n: int) -> WallMinutes:
    """`n` minutes by the wall clock."""
    return WallMinutes(n)


def wall_hours(n: int) -> WallMinutes:
    """`n` hours by the wall clock."""
    return WallMinutes(n * 60)


def end_of_open_day() -> EndOfOpenDay:
    """Closing time of the day, or of the next open one."""
    return EndOfOpenDay()


def next_block(*times: str, silence: Expression | None = None) -> NextBlock:
    """The next of these "HH:MM" local times, from the end of `silence` when given. Raises `BadDue`."""
    return NextBlock(tuple(_read_time(text) for text in times), silence)


def at(
    field: str, *, plus: Expression | None = None, minus: WallMinutes | None = None, called: str = ""
) -> At:
    """A moment of the fact, shifted; `called` is how a person names it ("the appointment")."""
    return At(field, plus, minus, called)


def earliest(a: Expression, b: Expression) -> Earliest:
    """Whichever comes first."""
    return Earliest(a, b)


def compute(due: Expression, *, start: datetime, calendar: Calendar, fact: object | None = None) -> Due:
    """The due time of an expression. Raises `NoOpenHours`, and `FactHasNoTime` where `at(...)` finds none."""
    if start.tzinfo is None:
        raise ValueError(f"{start.isoformat()} has no time zone: give an aware datetime, best in UTC.")
    start = start.astimezone(UTC)
    match due:
        case OpenMinutes(n):
            counted = calendar.counted_ranges(start, n)
            end = counted[-1].end if counted else start
            return Due(end, counted, calendar.explain(start, end) if counted else _said(due, end, calendar))
        case WallMinutes(n):
            end = start + timedelta(minutes=n)
            return Due(end, [], _said(due, end, calendar))
        case OpenDays(n):
            return _open(due, start, calendar.open_days_after(start, n), calendar)
        case EndOfOpenDay():
            return _open(due, start, calendar.end_of_day(start), calendar)
        case NextBlock():
            return _compute_block(due, start, calendar, fact)
        case At():
            return _compute_at(due, calendar, fact)
        case Earliest(a, b):
            either = [compute(one, start=start, calendar=calendar, fact=fact) for one in (a, b)]
            first = min(either, key=lambda one: one.at)
            return Due(first.at, first.counted, f"{first.words}; the first of: {words(due)}")


def words(due: Expression) -> str:
    """The expression as a rule book says it: "5 open minutes", "by the end of the open day"."""
    match due:
        case OpenMinutes(n):
            return spoken_minutes(n)
        case WallMinutes(n):
            return spoken_minutes(n, kind="")
        case OpenDays(n):
            return f"{n} open day{'' if n == 1 else 's'}"
        case EndOfOpenDay():
            return "by the end of the open day"
        case NextBlock(times, silence):
            after = f", after {words(silence)} of silence" if silence else ""
            return f"by the next of {' and '.join(spoken_time(block) for block in times)}{after}"
        case At(plus=plus, minus=minus):
            if minus and minus.n:
                return f"{words(minus)} before {_name(due)}"
            return f"{words(plus)} after {_name(due)}" if plus else f"at {_name(due)}"
        case Earliest(a, b):
            return f"{words(a)} or {words(b)}, whichever comes first"


def to_json(due: Expression) -> Json:
    """The expression as a JSON dict that `from_json` reads back as an equal value."""
    match due:
        case OpenMinutes(n):
            return {"kind": "open_minutes", "n": n}
        case OpenDays(n):
            return {"kind": "open_days", "n": n}
        case WallMinutes(n):
            return {"kind": "wall_minutes", "n": n}
        case EndOfOpenDay():
            return {"kind": "end_of_open_day"}
        case NextBlock(times, silence):
            block: Json = {"kind": "next_block", "times": [f"{one:%H:%M}" for one in times]}
            return block | ({"silence": to_json(silence)} if silence else {})
        case At(field, plus, minus, called):
            shift: Json = {"plus": to_json(plus)} if plus else {"minus": to_json(minus)} if minus else {}
            return {"kind": "at", "field": field} | shift | ({"called": called} if called else {})
        case Earliest(a, b):
            return {"kind": "earliest", "a": to_json(a), "b": to_json(b)}


def from_json(data: object) -> Expression:
    """Reads what `to_json` wrote, or a person changed. Raises `BadDue` for anything else, however wrong."""
    if not isinstance(data, Mapping):
        raise BadDue(f'A due time is a dict such as {{"kind": "open_minutes", "n": 5}}, not {data!r}.')
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in _READERS:
        raise BadDue(f"{kind!r} is no kind of due time: use one of {', '.join(sorted(_READERS))}.")
    reader, allowed = _READERS[kind]
    if unknown := sorted(map(str, set(data) - allowed - {"kind"})):
        raise BadDue(f"{kind} knows no {unknown[0]!r}: it takes {', '.join(sorted(allowed)) or 'nothing'}.")
    try:
        return reader(data)
    except KeyError as missing:
        raise BadDue(f"{kind} lacks {missing}.") from missing
    except RecursionError as deep:
        raise BadDue("This due time is nested too deeply to be read.") from deep


def _open(due: Expression, start: datetime, end: datetime, calendar: Calendar) -> Due:
    return Due(end, calendar.counted_between(start, end), _said(due, end, calendar))


def _compute_block(due: NextBlock, start: datetime, calendar: Calendar, fact: object | None) -> Due:
    since = start
    if due.silence is not None:
        # A block at the very end of the silence is the block that ends it.
        since = compute(due.silence, start=start, calendar=calendar, fact=fact).at - timedelta(microseconds=1)
    return _open(due, start, calendar.at_block(since, due.times), calendar)


def _compute_at(due: At, calendar: Calendar, fact: object | None) -> Due:
    moment = getattr(fact, due.field, None)
    if not isinstance(moment, datetime):
        given = "it is empty" if moment is None else f"it is {moment!r}"
        raise FactHasNoTime(f"{words(due)}: the fact must name a moment in {due.field!r}, but {given}.")
    if moment.tzinfo is None:
        raise FactHasNoTime(f"{words(due)}: {due.field!r} has no time zone ({moment.isoformat()}).")
    moment = moment.astimezone(UTC)
    if due.minus is not None:
        moment -= timedelta(minutes=due.minus.n)
    if due.plus is None:
        return Due(moment, [], _said(due, moment, calendar))
    shifted = compute(due.plus, start=moment, calendar=calendar, fact=fact)
    return Due(shifted.at, shifted.counted, _said(due, shifted.at, calendar))


def _said(due: Expression, end: datetime, calendar: Calendar) -> str:
    said = words(due)
    return f"{said[0].upper()}{said[1:]}: {calendar.spoken(end)}"


def _name(due: At) -> str:
    if due.called:
        return due.called
    plain = due.field
    for ending in ("_starts_at", "_start_at", "_start", "_at"):
        if plain.endswith(ending) and plain != ending:
            plain = plain.removesuffix(ending)
            break
    return f"the {plain.replace('_', ' ').strip()}"


def _require_count(n: object, least: int, most: int, what: str) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or not least <= n <= most:
        raise BadDue(f"{n!r} {what}: give a whole number from {least} to {most}.")


def _read_time(text: object) -> time:
    try:
        return datetime.strptime(str(text), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise BadDue(f'{text!r} is not a time of day: write it as "11:00" or "15:30".') from error


def _read_block(data: Mapping[str, Any]) -> NextBlock:
    if not isinstance(data["times"], list):
        raise BadDue('next_block takes "times" as a list, such as ["11:00", "15:00"].')
    silence = from_json(data["silence"]) if "silence" in data else None
    return NextBlock(tuple(_read_time(text) for text in data["times"]), silence)


def _read_at(data: Mapping[str, Any]) -> At:
    field, called = data["field"], data.get("called", "")
    if not isinstance(field, str) or not isinstance(called, str):
        raise BadDue('at takes "field" and "called" as words.')
    plus = from_json(data["plus"]) if "plus" in data else None
    minus = from_json(data["minus"]) if "minus" in data else None
    if minus is not None and not isinstance(minus, WallMinutes):
        raise BadDue('at takes "minus" in wall_minutes: time before a moment is counted by the wall clock.')
    return At(field, plus, minus, called)


_READERS: dict[str, tuple[Callable[[Mapping[str, Any]], Expression], set[str]]] = {
    "open_minutes": (lambda data: OpenMinutes(data["n"]), {"n"}),
    "open_days": (lambda data: OpenDays(data["n"]), {"n"}),
    "wall_minutes": (lambda data: WallMinutes(data["n"]), {"n"}),
    "end_of_open_day": (lambda data: EndOfOpenDay(), set()),
    "next_block": (_read_block, {"times", "silence"}),
    "at": (_read_at, {"field", "plus", "minus", "called"}),
    "earliest": (lambda data: Earliest(from_json(data["a"]), from_json(data["b"])), {"a", "b"}),
}
