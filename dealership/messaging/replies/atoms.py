"""The single times in a text: a day, a clock time, a part of a day, a delay. `slots.py` puts them together.

A scanner of ordered patterns: what one pattern has read is closed to those after it. Numbers without a mark of time
("3", "330") count only beside something that is a time, after a word like "at", or where a time was just asked for.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from dealership.messaging.replies import timewords as tw

USED = "\x00"
Build = Callable[[re.Match[str], "Scene"], "list[Atom]"]


class Kind(Enum):
    DAY = "day"
    PART = "part"
    CLOCK = "clock"
    MOMENT = "moment"
    SHIFT = "shift"
    PAST = "past"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Atom:
    """One time expression at `start:end` of the text. Which fields count depends on `kind`."""

    kind: Kind
    start: int
    end: int
    first: date | None = None
    last: date | None = None
    hour: int = 0
    minute: int = 0
    half: str = ""
    low: int = 0
    high: int = 0
    bound: str = ""
    moment: datetime | None = None
    to_moment: datetime | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What the times of a reply are read against."""

    now: datetime
    zone: ZoneInfo
    appointment: datetime | None = None
    opens: tuple[int, int] = (7, 19)
    time_asked: bool = False

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(slots=True)
class Scan:
    text: str
    scene: Scene
    atoms: list[Atom] = field(default_factory=list)

    def run(self, pattern: re.Pattern[str], build: Build) -> None:
        at = 0
        while match := pattern.search(self.text, at):
            built = build(match, self.scene) if match.end() > match.start() else []
            if built:
                self.atoms.extend(built)
                width = match.end() - match.start()
                self.text = self.text[: match.start()] + USED * width + self.text[match.end() :]
                at = match.end()
            else:
                at = match.start() + 1


def any_of(names: Iterable[str]) -> str:
    """An alternation of `names`, longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


WEEKDAY = any_of(tw.WEEKDAYS)
MONTH = any_of(tw.MONTHS)
AM_PM = r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?|(?<=\d)(?P<letter>[ap])\b\.?)"
HOUR = rf"(?:1\d|2[0-4]|0?\d|{any_of(tw.HOUR_WORDS)})"
MINUTE_WORD = any_of(tw.MINUTE_WORDS)
COUNT = rf"(?:\d{{1,3}}(?:\.\d)?|{any_of(tw.COUNT_WORDS)})"


def hour_of(text: str) -> int:
    return tw.HOUR_WORDS.get(text, int(text) if text.isascii() and text.isdigit() else 99)


def count_of(text: str) -> float:
    return tw.COUNT_WORDS[text] if text in tw.COUNT_WORDS else float(text)


def clock(match: re.Match[str], hour: int, minute: int, half: str = "", *doubts: str) -> list[Atom]:
    """A clock atom, or nothing where there is no such time."""
    if minute > 59 or hour > 24 or (half and not 1 <= hour <= 12) or (hour == 24 and minute):
        return []
    atom = Atom(
        Kind.CLOCK, match.start(), match.end(), hour=hour % 24, minute=minute, half=half, doubts=doubts
    )
    return [replace(atom, half="24") if hour > 12 or hour == 0 else atom]


def half_of(match: re.Match[str]) -> str:
    found = match.groupdict().get("half") or match.groupdict().get("letter")
    return f"{found}m" if found else ""


def idle(match: re.Match[str], _scene: Scene) -> list[Atom]:
    return [Atom(Kind.IDLE, match.start(), match.end())]


def past(match: re.Match[str], _scene: Scene) -> list[Atom]:
    return [Atom(Kind.PAST, match.start(), match.end(), doubts=("speaks of the past",))]


def with_colon(match: re.Match[str], _scene: Scene) -> list[Atom]:
    leading_zero = match["h"].startswith("0") and len(match["h"]) == 2
    half = half_of(match)
    found = clock(match, int(match["h"]), int(match["m"]), half)
    return (
        [replace(a, half="24") for a in found]
        if found and leading_zero and not half and int(match["h"])
        else found
    )


def with_half(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "3pm", "330 pm", "nine fifty nine a m"; a lone "4a" only where a time is being asked for."""
    digits = match["h"]
    if (
        match["letter"] == "a"
        and not scene.time_asked
        and not match.string[: match.start()].endswith(("at ", "@", "by "))
    ):
        return []
    if digits.isdigit() and len(digits) > 2:
        return clock(match, int(digits[:-2]), int(digits[-2:]), half_of(match))
    minute = tw.MINUTE_WORDS.get(match["m"], 0) if match["m"] else 0
    if match["oh"]:
        minute = hour_of(match["oh"])
    return clock(match, hour_of(digits), minute, half_of(match))


def on_the_hour(match: re.Match[str], _scene: Scene) -> list[Atom]:
    return clock(match, hour_of(match["h"]), 0)


def past_the_hour(match: re.Match[str], _scene: Scene) -> list[Atom]:
    """ "Quarter past 3", "20 to 2pm", "half past six", "a quarter to noon"."""
    word, way = match["m"], match["way"]
    plain_count = word.isdigit() or word in tw.HOUR_WORDS
    small = plain_count and (tw.HOUR_WORDS.get(word) or int(word if word.isdigit() else 0)) <= 12
    if not match["unit"] and ((small and way != "past") or (way in ("of", "before") and plain_count)):
        return []  # "10 to 2" is a range, "5 after 3" names nothing
    minute = 30 if word.startswith("half") else tw.MINUTE_WORDS.get(word, int(word) if word.isdigit() else 99)
    hour, half = (12, "pm") if match["noon"] else (hour_of(match["h"]), half_of(match))
    if minute > 59 or not 1 <= hour <= 24:
        return []
    if way in ("past", "after"):
        return clock(match, hour, minute, half)
    if match["noon"] or (hour == 12 and half):
        return (
            clock(match, 11, 60 - minute, "am" if half == "pm" else "pm")
            if minute
            else clock(match, 12, 0, half)
        )
    before = 12 if hour == 1 else hour - 1
    return clock(match, before, 60 - minute if minute else 0, half)


def spanish_minutes(match: re.Match[str], _scene: Scene) -> list[Atom]:
    """ "Las 3 y media", "las tres menos cuarto", "las 3 y 20"."""
    hour, word = hour_of(match["h"]), match["m"]
    minute = tw.MINUTE_WORDS.get(word, int(word) if word.isdigit() else 99)
    if match["way"] == "menos" and 1 <= hour <= 12 and 0 < minute < 60:
        return clock(match, 12 if hour == 1 else hour - 1, 60 - minute, half_of(match))
    return clock(match, hour, minute, half_of(match))


def either_hour(match: re.Match[str], _scene: Scene) -> list[Atom]:
    """ "Around 11/12": one or the other."""
    found = clock(match, int(match["h"]), 0) + clock(match, int(match["h2"]), 0)
    if len(found) != 2:
        return []
    middle = match.start("h2")
    return [replace(found[0], end=middle, bound="around"), replace(found[1], start=middle, bound="around")]


def noon(match: re.Match[str], _scene: Scene) -> list[Atom]:
    if match.group().strip() == "midnight":
        return [Atom(Kind.CLOCK, match.start(), match.end(), hour=0, half="24")]
    return clock(match, 12, 0, "pm")


def part(half: str, low: int, high: int, when: str) -> Build:
    def build(match: re.Match[str], scene: Scene) -> list[Atom]:
        opening, closing = scene.opens[0] * 60, scene.opens[1] * 60
        named = {-1: opening, -2: opening + 60, -3: closing, -4: closing - 60}
        first, last = named.get(low, low), named.get(high, high)
        atom = Atom(Kind.PART, match.start(), match.end(), half=half, low=first, high=max(first, last))
        if when and match.group().startswith("this "):
            return [replace(atom, first=scene.today, last=scene.today)]
        return [atom]

    return build


def this_part(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "Tonight", "esta tarde": today and a part of it."""
    opening = scene.opens[0] * 60
    word = match.group()
    half, low, high = "pm", 18 * 60, 21 * 60
    if word.endswith("manana"):
        half, low, high = "am", opening, 12 * 60
    elif word.endswith("tarde"):
        low, high = 12 * 60, 18 * 60
    return [
        Atom(
            Kind.PART,
            match.start(),
            match.end(),
            first=scene.today,
            last=scene.today,
            half=half,
            low=low,
            high=high,
        )
    ]


def delay(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "In 2 hours", "en 20 minutos", "in three days"; a day count gives a day, minutes give a moment."""
    amount, unit = count_of(match["n"]), match["u"]
    if unit in tw.UNIT_MINUTES:
        moment = scene.now + timedelta(minutes=round(amount * tw.UNIT_MINUTES[unit]))
        return [Atom(Kind.MOMENT, match.start(), match.end(), moment=moment.replace(second=0, microsecond=0))]
    day = scene.today + timedelta(days=round(amount * tw.UNIT_DAYS[unit]))
    loose = () if unit in ("day", "days", "dia", "dias") else ("a week from now is loosely meant",)
    return [Atom(Kind.DAY, match.start(), match.end(), first=day, last=day, doubts=loose)]


def shifted(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "An hour later", "30 minutes earlier": counted from the appointment, for a person to check."""
    if scene.appointment is None:
        return []
    sign = -1 if match["way"] in ("earlier", "sooner", "before", "antes", "mas temprano") else 1
    moment = scene.appointment + sign * timedelta(
        minutes=round(count_of(match["n"]) * tw.UNIT_MINUTES[match["u"]])
    )
    return [
        Atom(Kind.MOMENT, match.start(), match.end(), moment=moment, doubts=("counted from the appointment",))
    ]


def shift(match: re.Match[str], scene: Scene) -> list[Atom]:
    """ "Earlier", "mas tarde": before or after the time that is booked."""
    if scene.appointment is None and not scene.time_asked:
        return []
    earlier = match["way"] in ("earlier", "sooner", "mas temprano", "mas antes", "antes")
    return [Atom(Kind.SHIFT, match.start(), match.end(), bound="before" if earlier else "after")]
